"""The way in by access key in a real terminal, from the files of the old system on, on both engines."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest

from tests.places import DATA
from tests.surfaces.term import Term


@pytest.mark.slow
def test_the_first_administrator_of_an_existing_site_comes_in_by_the_old_door(
    command: Callable[..., subprocess.CompletedProcess[str]], terminal: Callable[..., Term]
) -> None:
    command("init", "--agency", "HomeTrak", "--code", "919236", "--admin", "boss@hometraksupport.example")
    assert command("import", "staff", str(DATA / "office-staff.csv")).returncode == 0
    done = command("import", "legacy", str(DATA / "legacy-users.csv"))
    assert (done.returncode, "20 added" in done.stdout) == (0, True), done
    desk = terminal(80, 24)
    desk.expect("Log in with access key").click("Log in with access key")
    desk.expect("For accounts of the old system")
    for value in ("HTK4-92QX-7MDP-55TZ", "ray", "not it", "hometrak software"):
        desk.type(value)
        desk.key("tab")
    desk.key("f2").expect("do not belong").expect("Next try in").absent("Next try in")
    desk.type("legacy-Ray")
    desk.key("f2").expect("Ray · administrator").expect("Office staff")
