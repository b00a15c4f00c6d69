"""What the pictures of the portal in the hand stand on: a desk with its people, a device, and a tab."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from models.agency import Agency
from models.client import Client
from models.identity import Identity, Throttle
from services.desk import Desk
from tests import making, recovering
from tests.making import PASSWORD
from tests.surfaces.portal.browsing import PHONE, SMALL_PHONE, Tab
from tests.surfaces.portal.house import CODE
from tests.surfaces.portal.running import Portal
from tests.surfaces.shots.stage import SHOTS, Stage

SIZES = ((390, 844), (360, 640), (60, 20), (120, 40))
"""Two telephones, by the points of their screens, and two windows of a computer, by columns and rows."""

KEYBOARD = {844: 336, 640: 260}
"""How many points the keyboard of such a telephone takes."""

_CELL = (9.633, 19)
"""Points of a sign in the window of a computer."""


class Hand:
    """A portal, its people, and the device from which it is looked at."""

    def __init__(self, stage: Stage) -> None:
        self.desk, self.made = stage.found()
        self.phone = stage.size in SIZES[:2]
        self.where = "x".join(map(str, stage.size))
        width, height = stage.size
        self.device: dict[str, Any] = {844: PHONE, 640: SMALL_PHONE}.get(height) or {
            "viewport": {"width": int(width * _CELL[0]) + 4, "height": int(height * _CELL[1]) + 4}
        }
        self.adjust()

    def adjust(self, **policy: object) -> None:
        """Let the agency have these rules besides those of the plays."""
        with self.desk.ctx.unit():
            Agency.update(adjustments=json.dumps({"factor": "nobody", "reset_mails": 1} | policy)).execute()

    def person(self, name: str, *, password: bool = True, first: str = "", last: str = "Thomas") -> Identity:
        """A client with an account that is set up, or that was only just welcomed."""
        client = making.make_client(
            self.desk, self.made.agency, f"{name}@mortgageclient.example.com", first=first or name.title(), last=last
        )
        identity = making.give_account(self.desk, self.made.admin, client, PASSWORD if password else None)
        if not password:
            with self.desk.ctx.unit():
                making.secure(self.desk.ctx, identity, secured=False)
        return identity

    def client_of(self, identity: Identity) -> Client:
        """Whose account it is."""
        with self.desk.ctx.read():
            return Client.get(Client.identity == identity.id)

    def link_of(self, identity: Identity) -> str:
        """The fragment of the newest mail."""
        return "#" + making.sent_secrets(self.desk.ctx, identity).link.partition("#")[2]

    def ask_reset(self, identity: Identity, *, mails: int) -> str:
        """Forgot password: the fragment of the mail."""
        self.adjust(reset_mails=mails)
        self.desk.ctx.clock.advance(minutes=5)  # type: ignore[attr-defined]  # the clock of the plays
        recovering.ask(Desk(making.with_mail_server(self.desk.ctx)), identity.email)
        return self.link_of(identity)

    def shoot(self, tab: Tab, name: str) -> None:
        """Draw it, and where one types on a telephone once more with its keyboard up."""
        tab.settle(0.5)
        tab.page.screenshot(path=SHOTS / f"hand-{name}-{self.where}.png")
        field = tab.page.locator(".xterm-helper-textarea")
        if not self.phone or field.evaluate("field => field.inputMode") != "text":
            return
        view = self.device["viewport"]
        tab.page.set_viewport_size({**view, "height": view["height"] - KEYBOARD[view["height"]]})
        tab.settle(0.5)
        tab.page.screenshot(path=SHOTS / f"hand-{name}-{self.where}-keyboard.png")
        tab.page.set_viewport_size(view)
        tab.settle(0.5)

    def waits_no_more(self) -> None:
        """What was counted is forgotten."""
        with self.desk.ctx.unit():
            Throttle.delete().execute()


class Visit:
    """A tab of the portal, to be opened by a link or without one."""

    def __init__(self, tab: Tab, portal: Portal) -> None:
        self.tab = tab
        self.portal = portal

    def come(self, fragment: str, wanted: str) -> Tab:
        """Open the page."""
        self.tab.page.goto("about:blank")
        self.tab.open(f"{self.portal.url}/{fragment}").expect(wanted).settle(0.5)
        return self.tab

    def sign_in(self, name: str, wanted: str, password: str = PASSWORD.reveal()) -> Tab:
        """Fill in the form."""
        tab = self.come("", "Sign in with your account")
        tab.page.evaluate("localStorage.clear()")
        tab.reload().expect("Sign in with your account").settle(0.5)
        tab.fill(CODE, f"{name}@mortgageclient.example.com", password).key("f2").expect(wanted).settle(0.5)
        return tab


@contextmanager
def opened(tab: Tab, portal: Portal) -> Iterator[Visit]:
    """Closed at the end."""
    yield Visit(tab, portal)
    tab.context.close()


def retype(tab: Tab, text: str) -> None:
    """Something else in the field."""
    tab.settle().key("end", *["backspace"] * 60).type(text).settle()
