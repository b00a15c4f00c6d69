"""What every play stands on: a desk of its own, terminals of one size, and the way to draw them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from services.clock import ManualClock
from services.desk import Desk
from services.opening import open_desk
from services.remembered import Remembered, remember
from services.settings import load_settings
from tests import making
from tests.making import MadeAgency
from tests.places import DATA, ROOT
from tests.services.smtp_server import SmtpServer
from tests.surfaces.playing import sign_in
from tests.surfaces.term import Term

SHOTS = ROOT / "shots"
TRAKDESK = str(Path(sys.executable).with_name("trakdesk"))
PORTAL = "https://portal.example"

NO_COLOUR = "nocolor"
"""The look of a terminal that asks for no colours."""

Shoot = Callable[[str], None]


class Stage:
    """One desk of its own, played at one size."""

    def __init__(self, home: Path, size: tuple[int, int], post: SmtpServer, look: str = "") -> None:
        """`home` is empty; `post` takes the mail from `with_mail` on; `look` names a theme, or is `nocolor`."""
        self.size = size
        self.look = look
        self.post = post
        self.environment = {
            "PATH": os.environ["PATH"],
            "LANG": "C.UTF-8",
            "HOME": str(home),
            "TZ": "UTC",
            "TRAKDESK_HOME": str(home / "desk"),
            "TRAKDESK_PUBLIC_URL": PORTAL,
        }
        if look:
            self.environment |= {"NO_COLOR": "1"} if look == NO_COLOUR else {"TRAKDESK_THEME": look}

    @property
    def wide(self) -> bool:
        """Whether the person under the cursor stands beside the list."""
        return self.size[0] >= 120

    def with_mail(self) -> None:
        """From now on mail leaves through the server."""
        self.environment |= {
            "TRAKDESK_MAIL_HOST": "127.0.0.1",
            "TRAKDESK_MAIL_PORT": str(self.post.port),
            "TRAKDESK_MAIL_SECURITY": "none",
            "TRAKDESK_MAIL_FROM_ADDRESS": "desk@ray-staging.example.com",
        }

    def desk(self) -> Desk:
        """The same desk without a screen, ten minutes ago, so that mails of the present do not come too soon."""
        home = Path(self.environment["TRAKDESK_HOME"])
        return open_desk(load_settings(home, self.environment), ManualClock(datetime.now(UTC) - timedelta(minutes=10)))

    def found(self) -> tuple[Desk, MadeAgency]:
        """An agency whose administrator has only the password left to type."""
        desk = self.desk()
        made = making.make_agency(desk)
        self.remember(made.agency.code, "sue@raystaging.example.com")
        # Who acts in the name of the administrator before the play is signed in nowhere, or the play would tell it.
        desk.sign_in.sign_out(made.admin)
        return desk, made._replace(admin=replace(made.admin, session_id=None))

    def remember(self, code: str, user_name: str) -> None:
        """Let the sign-in form know them."""
        home = Path(self.environment["TRAKDESK_HOME"])
        remember(load_settings(home, self.environment).remembered_path, Remembered(code, user_name))

    def take_in(self, kind: str, file: Path | None = None) -> None:
        """Import a list: clients, staff or legacy."""
        names = {"clients": "clients.csv", "staff": "office-staff.csv", "legacy": "legacy-users.csv"}
        self.command("import", kind, str(file or DATA / names[kind]))

    def command(self, *words: str) -> None:
        """Run a command to its end; one means only that something needs a look."""
        done = subprocess.run([TRAKDESK, *words], env=self.environment, check=False, capture_output=True, text=True)
        assert done.returncode in (0, 1), done

    @contextmanager
    def terminal(self, *words: str) -> Iterator[tuple[Term, Shoot]]:
        """The desk, or what the words of a command say, in a terminal, and the way to draw it."""
        columns, rows = self.size
        with Term([TRAKDESK, *words], columns, rows, env=self.environment) as term:

            def shoot(name: str) -> None:
                term.settle(0.5, 2)
                look = f"{self.look}-" if self.look else ""
                term.png(str(SHOTS / f"{name}-{look}{columns}x{rows}.png"))

            yield term, shoot

    @contextmanager
    def signed_in(self, wanted: str = "Clients") -> Iterator[tuple[Term, Shoot]]:
        """The desk in a terminal, with the administrator signed in."""
        with self.terminal() as (term, shoot):
            sign_in(term, making.PASSWORD.reveal())
            term.expect(wanted, 30).settle(0.3, 5)
            yield term, shoot


def retype(term: Term, text: str) -> None:
    """Something else in the field under the cursor, once it is there."""
    term.settle(0.2, 5)
    for _ in range(60):
        term.send("\x7f")
    term.type(text)


def close(term: Term, times: int = 1) -> None:
    """Esc, so many times, and wait for what lies below."""
    for _ in range(times):
        term.key("esc").settle(0.4, 3)


def find(term: Term, words: str) -> None:
    """Search for somebody and go to the list."""
    term.key("/")
    retype(term, words)
    term.expect("1 of ", 20)
    term.key("enter").expect("e Edit").settle(0.3, 4)


def migrate(term: Term) -> None:
    """An identity for the colleague under the cursor, who has an old account, with all that the wizard proposes."""
    term.key("i").expect("Step 1 of 4", 20).key("f4").key("f2").expect("Step 2 of 4", 20)
    term.key("f2").expect("Migrate it?", 20).key("f2").expect("Step 4 of 4", 20)
    term.key("f2").expect("Are you sure?", 20).key("y").expect("is created", 30)


def clean() -> None:
    """Begin with an empty folder."""
    shutil.rmtree(SHOTS, ignore_errors=True)
    SHOTS.mkdir()
