"""The pictures of somebody who comes with a temporary password; `shots.py` plays everything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from models.agency import Agency
from models.identity import Identity
from models.states import MailPurpose, Role
from services import person_key, sessions
from services.clock import ManualClock
from services.opening import open_desk
from services.settings import load_settings
from tests import making
from tests.surfaces.term import Term

Opened = AbstractContextManager[tuple[Term, Callable[[str], None]]]

ADDRESS = "nora.newcomer@example.com"
OWN = "nine copper kettles sing"


def play(environment: Mapping[str, str], terminal: Callable[[], Opened]) -> None:
    """Every step of a new account, with what is refused on the way."""
    password = _send(environment)
    with terminal() as (term, shoot):
        term.expect("Sign in with your account", 20)
        term.key("shift+tab")
        for _ in range(40):
            term.send("\x7f")
        term.type(ADDRESS).key("tab").type(password).key("enter").expect("Step 1 of 7", 30)
        term.key("f2").settle(0.5, 3)
        shoot("first-steps-terms")
        term.key("esc").expect("Stop here")
        shoot("first-steps-leave")
        term.key("n").settle(0.5, 3)
        term.type(" ").key("f2").expect("New password", 20)
        term.type(password).key("tab").type(password).key("f2").expect("temporary", 20)
        shoot("first-steps-password-refused")
        for _ in range(2):
            for _ in range(40):
                term.send("\x7f")
            term.type(OWN)
            shoot("first-steps-password")
            term.key("tab")
        term.key("f2").expect("Cell number", 20)
        shoot("first-steps-contact")


def _send(environment: Mapping[str, str]) -> str:
    """A client with an account ten minutes ago, and a temporary password now; gives what stands in its mail."""
    home = Path(environment["TRAKDESK_HOME"])
    clock = ManualClock(datetime.now(UTC) - timedelta(minutes=10))
    desk = open_desk(load_settings(home, environment), clock)
    with desk.ctx.unit():
        agency = Agency.get()
        chief = Identity.get(Identity.role == Role.ADMINISTRATOR)
        admin = sessions.open_session(desk.ctx, chief, making.HERE)
    client = making.make_client(desk, agency, ADDRESS, first="Nora", last="Newcomer")
    identity = making.give_account(desk, admin, client, password=None)
    with desk.ctx.unit():
        making.secure(desk.ctx, identity, secured=False)
    clock.advance(minutes=9)
    desk.temporary.send(admin, person_key.client(client.id))
    return making.temporary_in(desk.ctx, making.mails(desk.ctx, identity, MailPurpose.TEMPORARY)[-1]).reveal()
