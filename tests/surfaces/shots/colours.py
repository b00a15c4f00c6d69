"""Choosing colours: in the palette, and in My password and security."""

from __future__ import annotations

from tests.surfaces.shots.stage import Stage, close


def play(stage: Stage) -> None:
    """The choices, and another look at once; where there are no colours, there is nothing to choose."""
    stage.found()
    stage.take_in("clients")
    with stage.signed_in("Clients 1,") as (term, shoot):
        term.key("ctrl+p").type("colours").settle(0.5, 3)
        shoot("colours-palette")
        close(term, 2)
        term.key("f9").expect("What you see", 20)
        shoot("colours-settings")
        if stage.environment.get("NO_COLOR"):
            return
        term.key("c").expect("They are yours", 20)
        shoot("colours-choose")
        term.key("end").key("enter").settle(0.5, 3)
        shoot("colours-chosen")
