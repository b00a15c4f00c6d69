"""Every screen of the portal in the hand: on telephones, with their keyboard up and without, and in small windows."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.surfaces.portal.browsing import chromium_command, launched
from tests.surfaces.portal.running import Portal
from tests.surfaces.shots import portal_hand_entry, portal_hand_inside
from tests.surfaces.shots.portal_hand_stage import SIZES, Hand, opened
from tests.surfaces.shots.stage import Stage

__all__ = ["SIZES", "play"]

PARTS = (
    portal_hand_entry.strangers,
    portal_hand_entry.wrong_password,
    portal_hand_entry.activation,
    portal_hand_entry.temporary,
    portal_hand_entry.two_mails,
    portal_hand_entry.one_mail,
    portal_hand_inside.second_factor,
    portal_hand_inside.settings,
    portal_hand_inside.help_chat,
    portal_hand_inside.undo,
    portal_hand_inside.dead_links,
    portal_hand_inside.hostile,
    portal_hand_inside.line,
)


def play(stage: Stage) -> None:
    """Part by part; what comes to a halt is told, and the others go on."""
    if chromium_command() is None:
        print("No pictures of the portal: Chromium is not installed.", file=sys.stderr)
        return
    hand = Hand(stage)
    home = Path(stage.environment["TRAKDESK_HOME"]).parent
    environment = stage.environment | {"TRAKDESK_PORTAL_SESSIONS_PER_ADDRESS": "50"}
    halts = []
    with Portal(environment, home) as portal, launched() as open_tab:
        for part in PARTS:
            try:
                with opened(open_tab(hand.device), portal) as visit:
                    part(hand, visit)
            except (AssertionError, Exception) as halt:  # noqa: BLE001  # told below
                halts.append(f"{part.__name__}: {type(halt).__name__}: {halt}")
    assert not halts, "\n\n".join(halts)
