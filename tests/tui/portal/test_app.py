"""The application of one person in the browser."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot

from models.client import Client
from models.identity import OneTimeToken, Session
from models.states import Surface, TokenState
from screens.client_home import ClientHome
from screens.desk import DeskMain
from screens.dialogs.confirm import Confirm
from screens.entry.by_link import ByLink
from screens.entry.choose_password import ChoosePassword
from screens.entry.forgot_password import ForgotPassword
from screens.entry.start import Start
from screens.settings.security import SecuritySettings
from screens.too_small import TooSmall
from screens.workplace import Workplace
from services.actor import Actor, Origin
from services.clock import ManualClock
from services.desk import Desk
from services.errors import Refused
from tests import making
from tests.making import PASSWORD, MadeAgency
from tests.settling import screen_text, shows, type_in, until, until_screen
from tui.portal.app import PortalApp
from tui.portal.memory import PageMemory
from tui.portal.protocol import RESET_LINK, Hello, Leaving
from tui.portal.tickets import parted
from tui.portal.wire import Wire

BRENT = "brent@mortgageclient.example.com"
SUE = "sue@raystaging.example.com"
HERE = Origin(Surface.PORTAL, "198.51.100.4")
KNOWN = {"company_code": "RAY-919", "user_name": BRENT}


class Heard(Wire):
    """Keeps what the page would be told."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[str, Any]] = []

    def tell(self, word: str, **values: object) -> None:
        self.told.append((word, values.get("value")))

    def last(self, word: str) -> Any:
        """What was told with this word last; None if it never was."""
        return next((value for told, value in reversed(self.told) if told == word), None)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The services' own tests run on both engines."""
    return sqlite_url


@pytest.fixture
def ray(desk: Desk) -> MadeAgency:
    made = making.make_agency(desk)
    # Who prepares things is signed in nowhere, or the person would be told of it.
    desk.sign_in.sign_out(made.admin)
    return made._replace(admin=replace(made.admin, session_id=None))


@pytest.fixture
def brent(desk: Desk, ray: MadeAgency) -> Client:
    """A client without an account."""
    return making.make_client(desk, ray.agency)


@asynccontextmanager
async def page(
    desk: Desk, size: tuple[int, int] = (80, 24), **brought: Any
) -> AsyncIterator[tuple[Pilot[Any], PortalApp, Heard]]:
    """The application, opened by a page that brings this."""
    wire, hello = Heard(), Hello(*size, **brought)
    memory = PageMemory(hello, lambda kept: wire.tell("remember", value=dict(kept)))
    place = Workplace(desk, HERE, memory)
    app = PortalApp(place, wire, hello)
    async with app.run_test(size=size, notifications=True) as pilot:
        yield pilot, app, wire
    place.close()


def signed_in(desk: Desk, user_name: str) -> Actor:
    return desk.sign_in.sign_in("RAY-919", user_name, PASSWORD, HERE)


async def test_a_link_leads_to_its_wizard_with_nothing_to_type_and_then_to_the_form_filled_in(
    desk: Desk, ray: MadeAgency, brent: Client
) -> None:
    identity = making.give_account(desk, ray.admin, brent, password=None)
    link = making.sent_secrets(desk.ctx, identity).link.partition("#")[2]
    async with page(desk, (40, 20), link=link) as (pilot, _, wire):
        await until_screen(pilot, ByLink)
        await shows(pilot, "Activate your account", "b••••@mortgageclient", "Choose a password")
        with desk.ctx.read():
            assert OneTimeToken.get().state is TokenState.LIVE
        await until(pilot, lambda: wire.last("title") == "Activate your account")
        await pilot.press("enter")
        await until_screen(pilot, ChoosePassword)
        await type_in(pilot, PASSWORD.reveal())
        await type_in(pilot, PASSWORD.reveal())
        start = await until_screen(pilot, Start)
        await shows(pilot, "Your password has been set")
        assert (start.company_code.value, start.user_name.value) == ("RAY-919", BRENT)
        await until(pilot, lambda: wire.last("form") == "sign-in")
        assert ("link_done", None) in wire.told


async def test_the_address_that_staff_read_out_opens_forgot_password(desk: Desk, ray: MadeAgency) -> None:
    async with page(desk, (40, 20), link=RESET_LINK) as (pilot, _, wire):
        await until_screen(pilot, ForgotPassword)
        await until(pilot, lambda: ("link_done", None) in wire.told)


async def test_a_dead_link_says_why_and_offers_a_fresh_one(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    identity = making.give_account(desk, ray.admin, brent)
    link = making.sent_secrets(desk.ctx, identity).link.partition("#")[2]
    async with page(desk, link=link) as (pilot, _, wire):
        await shows(pilot, "no longer works", "Used", "Send me a fresh one")
        assert "Choose a password" not in screen_text(pilot)
        await pilot.press("enter")
        await shows(pilot, "A fresh mail is on its way")
        await pilot.press("enter")
        await until_screen(pilot, Start)
        await until(pilot, lambda: ("link_done", None) in wire.told)


@pytest.mark.parametrize("link", ["activate=nonsense", "foo=bar"])
async def test_a_damaged_link_says_so_and_is_forgotten(desk: Desk, ray: MadeAgency, link: str) -> None:
    async with page(desk, link=link) as (pilot, _, wire):
        await shows(pilot, "no longer works", "Paste the whole link", "To the sign-in")
        assert "Try again" not in screen_text(pilot)
        await pilot.press("enter")
        await until_screen(pilot, Start)
        await until(pilot, lambda: ("link_done", None) in wire.told)


async def test_a_ticket_leads_to_where_the_person_was_and_its_successor_is_handed_out(
    desk: Desk, ray: MadeAgency, brent: Client
) -> None:
    making.give_account(desk, ray.admin, brent)
    ticket = desk.returns.make(signed_in(desk, BRENT)).reveal()
    async with page(desk, ticket=f"{ticket}.settings") as (pilot, _, wire):
        await until_screen(pilot, SecuritySettings)
        await until(pilot, lambda: str(wire.last("ticket")).endswith(".settings"))
        fresh = wire.last("ticket")
        assert not fresh.startswith(ticket)
    # The page was lost, not closed: whoever brings the new ticket is still signed in.
    desk.returns.come_back(parted(fresh)[0], HERE)


@pytest.mark.parametrize(("why", "good_for"), [(Leaving.CLOSED, 2), (Leaving.LOST, 10), (Leaving.OVER, 0)])
async def test_how_long_somebody_may_come_back_depends_on_why_the_program_ended(
    desk: Desk, ray: MadeAgency, brent: Client, clock: ManualClock, why: Leaving, good_for: int
) -> None:
    making.give_account(desk, ray.admin, brent)
    ticket = desk.returns.make(signed_in(desk, BRENT)).reveal()
    async with page(desk, ticket=f"{ticket}.") as (pilot, app, wire):
        await until_screen(pilot, ClientHome)
        await until(pilot, lambda: wire.last("ticket"))
        app.hang_up(why)
    # The pilot runs the screens only.
    app._finish()
    fresh = parted(wire.last("ticket"))[0]
    with desk.ctx.read():
        open_still = Session.select().where(Session.surface == Surface.PORTAL).get().ended_at is None
    assert open_still == bool(good_for)
    clock.advance(minutes=good_for, seconds=-1 if good_for else 0)
    if good_for:
        desk.returns.come_back(fresh, HERE)
    else:
        with pytest.raises(Refused):
            desk.returns.come_back(fresh, HERE)


async def test_a_ticket_that_opens_nothing_leads_to_the_form_and_is_forgotten(desk: Desk, ray: MadeAgency) -> None:
    async with page(desk, ticket="x" * 43) as (pilot, _, wire):
        await shows(pilot, "You are not signed in any more")
        assert wire.last("ticket") == ""


async def test_staff_have_their_own_account_here_and_the_desk_only_where_the_agency_allows_it(
    desk: Desk, ray: MadeAgency
) -> None:
    ticket = desk.returns.make(signed_in(desk, SUE)).reveal()
    async with page(desk, (80, 30), ticket=f"{ticket}.mail") as (pilot, _, wire):
        await until_screen(pilot, ClientHome)
        await shows(pilot, "does not have its desk in the browser", SUE)
        fresh = wire.last("ticket")
    view = desk.rules.view(ray.admin)
    desk.rules.change(ray.admin, view.version, replace(view.policy, staff_portal=True))
    async with page(desk, ticket=f"{parted(fresh)[0].reveal()}.mail") as (pilot, _, _):
        main = await until_screen(pilot, DeskMain)
        await until(pilot, lambda: main.parts.current == "mail")


async def test_the_browser_fills_in_and_the_person_logs_in(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    making.give_account(desk, ray.admin, brent)
    async with page(desk, (40, 14), remembered=KNOWN, touch=True) as (pilot, app, wire):
        start = await until_screen(pilot, Start)
        await until(pilot, lambda: start.user_name.value == BRENT)
        app.fill({"password": PASSWORD.reveal(), "nonsense": "x"})
        await pilot.pause()
        with desk.ctx.read():
            assert Session.select().where(Session.surface == Surface.PORTAL).count() == 0
        await pilot.press("enter")
        await until_screen(pilot, ClientHome)
        await until(pilot, lambda: wire.last("ticket"))
        await until(pilot, lambda: wire.last("form") == "")
        assert wire.last("remember")["user_name"] == BRENT
        await pilot.press("ctrl+q")
        await until_screen(pilot, Confirm)
        await pilot.press("y")
        await until(pilot, lambda: wire.last("end"))
    assert wire.last("end")["why"] == "left"
    assert wire.last("ticket") == ""
    with desk.ctx.read():
        assert Session.select().where(Session.surface == Surface.PORTAL).get().ended_because == "you signed out"


async def test_every_way_in_fits_a_telephone_and_less_than_that_is_said(desk: Desk, ray: MadeAgency) -> None:
    async with page(desk, (40, 14), touch=True) as (pilot, app, _):
        start = await until_screen(pilot, Start)
        for key, words in (("f3", "Forgot password"), ("f4", "I have a link or code"), ("f6", "Get help")):
            await pilot.press(key)
            await until(pilot, lambda: app.screen is not start)
            await shows(pilot, words)
            assert_fits(pilot)
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is start)
        assert_fits(pilot)
        start.query_one("#get_help").focus()
        await shows(pilot, "Get help")
        await pilot.resize_terminal(35, 14)
        await until(pilot, lambda: start.query_children(TooSmall))


def assert_fits(pilot: Pilot[Any]) -> None:
    """Nothing that can be pressed or typed into goes beyond the sides."""
    width = pilot.app.size.width
    for widget in pilot.app.screen.query("Input, Button, Tick"):
        if widget.display and widget.region:
            assert widget.region.x >= 0, widget
            assert widget.region.right <= width, widget


async def test_a_fault_ends_with_a_reference_and_nothing_else(desk: Desk, ray: MadeAgency) -> None:
    async with page(desk) as (pilot, app, wire):
        await until_screen(pilot, Start)
        app._handle_exception(RuntimeError("secret words"))
        await until(pilot, lambda: wire.last("end"))
    end = wire.last("end")
    assert end["why"] == "fault"
    assert "reference" in end["words"]
    assert "secret" not in end["words"]


async def test_nobody_sets_up_an_agency_from_a_browser(desk: Desk) -> None:
    async with page(desk) as (pilot, _, wire):
        await until(pilot, lambda: wire.last("end"))
    assert wire.last("end")["why"] == "busy"
