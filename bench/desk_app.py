"""The desk as staff see it, on a database that a benchmark filled, with nobody having to sign in.

`python -m bench.desk_app HOME DATABASE_URL AGENCY_ID`
"""
# ruff: noqa: E402 - the environment comes first, as in the real program

from __future__ import annotations

from tui.terminal import scrub

scrub()

import sys
from datetime import UTC, datetime
from pathlib import Path

from textual import work

from models.identity import Identity
from models.states import IdentityState, Role, Surface
from screens.desk import DeskMain
from screens.workplace import Workplace
from services import sessions
from services.actor import Actor, Origin
from services.desk import Desk
from services.opening import open_desk
from services.settings import Settings
from tui.app import DeskApp

HERE = Origin(Surface.DESK, "bench")
AGENT = "agent@bench.example"


class BenchApp(DeskApp):
    """Begins where somebody has signed in."""

    def __init__(self, place: Workplace, actor: Actor) -> None:
        super().__init__(place)
        self.actor = actor

    @work(exit_on_error=False)
    async def run_desk(self) -> None:
        """Straight to the client list."""
        assert self.actor is not None
        await self.push_screen_wait(DeskMain(self.place, self.actor))


def sign_in(desk: Desk, agency_id: int) -> Actor:
    """An agent of the agency, signed in."""
    now = datetime.now(UTC)
    with desk.ctx.unit():
        agent, _ = Identity.get_or_create(
            agency=agency_id,
            email_key=AGENT,
            defaults={
                "email": AGENT,
                "name": "Ann Agent",
                "role": Role.AGENT,
                "state": IdentityState.ACTIVE,
                "created_at": now,
                "state_changed_at": now,
                "state_changed_by": "bench",
            },
        )
        return sessions.open_session(desk.ctx, agent, HERE)


def main(home: str, url: str, agency_id: str) -> None:
    """Open the desk in this terminal."""
    desk = open_desk(Settings(home=Path(home), database_url=url))
    BenchApp(Workplace(desk, HERE), sign_in(desk, int(agency_id))).run()


if __name__ == "__main__":
    main(*sys.argv[1:4])
