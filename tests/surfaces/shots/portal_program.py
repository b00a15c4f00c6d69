"""One's own account in the browser, as the program draws it: a link, the form, home, settings, and asking for help."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import making, recovering
from tests.surfaces.shots.stage import SHOTS, Stage
from tests.surfaces.term import Term
from tests.tui.portal.page import Page
from tui.portal.packets import meta

SIZES = ((40, 20), (40, 14), (80, 24))
"""A telephone, the same with its keyboard up, and a terminal."""

BRENT = "brent@mortgageclient.example.com"
ESC, DOWN, F2, F3, F4, F6 = "\x1b", "\x1b[B", "\x1bOQ", "\x1bOR", "\x1bOS", "\x1b[17~"


class Shown(Page):
    """A page that can be drawn."""

    def shoot(self, name: str) -> None:
        """Draw it as it is once it has settled."""
        self.settle()
        size = f"{self.screen.columns}x{self.screen.lines}"
        # All that a terminal's picture needs is its screen.
        Term.png(self, str(SHOTS / f"program-{name}-{size}.png"))

    def look(self, keys: str, name: str) -> None:
        """Press keys, and draw what comes."""
        self.settle()
        self.type(keys)
        self.shoot(name)

    def back(self) -> None:
        """Esc, and wait for what lies below."""
        self.settle()
        self.type(ESC)
        self.settle()


def play(stage: Stage) -> None:
    """Activate by link, meet the same link dead, look at every way in, sign in, and look around."""
    desk, made = stage.found()
    identity = making.give_account(desk, made.admin, making.make_client(desk, made.agency), password=None)
    link = making.sent_secrets(desk.ctx, identity).link.partition("#")[2]
    home = Path(stage.environment["TRAKDESK_HOME"])
    with opened(home, stage.size, link=link) as page:
        page.until("Activate your account")
        page.shoot("link")
        page.look("\r", "choose")
        page.look("short\r", "choose-wrong")
    desk.recovery.choose_password(f"#{link}", "", making.PASSWORD, making.HERE)
    recovering.answer(desk.ctx, identity)
    with opened(home, stage.size, link=link) as page:
        page.until("no longer works")
        page.shoot("dead-link")
    with opened(home, stage.size) as page:
        page.until("Sign in")
        page.shoot("start")
        for key, name in ((F3, "forgot"), (F4, "code"), (F6, "help")):
            page.look(key, name)
            page.back()
    with opened(home, stage.size, remembered={"company_code": "RAY-919", "user_name": BRENT}) as page:
        page.until("Sign in")
        page.look("wrong\r", "start-wrong")
    with opened(home, stage.size, remembered={"company_code": "RAY-919", "user_name": BRENT}) as page:
        page.until("Sign in")
        page.settle(1.5)
        page.type(f"{making.PASSWORD.reveal()}\r")
        page.until("Welcome")
        inside(page)


def inside(page: Shown) -> None:
    """What somebody meets who is signed in."""
    page.shoot("home")
    page.look("p", "settings")
    page.look("\r", "password")
    page.back()
    page.look(f"{DOWN}\r", "questions")
    page.back()
    page.look(f"{DOWN}\r", "factor")
    page.back()
    page.back()
    page.look("h", "asking")
    page.look(F2, "chat")
    page.look(ESC, "leave")


@contextmanager
def opened(home: Path, size: tuple[int, int], **brought: object) -> Iterator[Shown]:
    """A page, closed at the end; a narrow one is a telephone."""
    page = Shown(home, size, touch=size[0] < 60, **brought)
    yield page
    page.send(meta("hang_up"))
    page.ends()
