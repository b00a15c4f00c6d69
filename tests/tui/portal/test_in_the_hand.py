"""A telephone: forty columns, a finger, and a keyboard that comes up."""

from __future__ import annotations

import pytest
from textual.widgets import Button

from models.client import Client
from screens.entry.choose_password import ChoosePassword
from screens.entry.start import Start
from screens.factor.enrol import Enrol
from screens.factor.proof import Proof
from screens.factor.recovery_codes import RecoveryCodes
from screens.settings.second_factor import SecondFactorScreen
from screens.settings.security import SecuritySettings
from screens.widgets.menu import Menu
from screens.widgets.qr import QrCode
from services.desk import Desk
from tests import making
from tests.enrolling import app_behind
from tests.making import PASSWORD, MadeAgency
from tests.settling import screen_text, shows, type_in, until, until_screen
from tests.tui.portal.test_app import BRENT, assert_fits, page, signed_in

PHONE = (42, 36)
KEYBOARD_UP = (42, 20)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The services' own tests run on both engines."""
    return sqlite_url


@pytest.fixture
def ray(desk: Desk) -> MadeAgency:
    return making.make_agency(desk)


@pytest.fixture
def brent(desk: Desk, ray: MadeAgency) -> Client:
    client = making.make_client(desk, ray.agency)
    making.give_account(desk, ray.admin, client)
    return client


async def test_the_field_that_is_typed_into_stays_above_the_keyboard(desk: Desk, ray: MadeAgency) -> None:
    client = making.make_client(desk, ray.agency)
    identity = making.give_account(desk, ray.admin, client, password=None)
    link = making.sent_secrets(desk.ctx, identity).link.partition("#")[2]
    async with page(desk, PHONE, link=link, touch=True) as (pilot, _, _):
        await shows(pilot, "Choose a password")
        await pilot.press("enter")
        screen = await until_screen(pilot, ChoosePassword)
        await type_in(pilot, PASSWORD.reveal())
        await pilot.press("a", "b", "c")
        await pilot.resize_terminal(*KEYBOARD_UP)
        room = screen.query_one(".card-room")
        focused = screen.focused
        assert focused is not None
        await until(pilot, lambda: room.size.height < KEYBOARD_UP[1] and focused.region in room.region)
        await shows(pilot, "Confirm password", "\u2022\u2022\u2022")


async def test_the_picture_of_an_app_fits_and_the_same_telephone_is_handed_its_key(desk: Desk, brent: Client) -> None:
    actor = signed_in(desk, BRENT)
    ticket = desk.returns.make(actor).reveal()
    async with page(desk, PHONE, ticket=f"{ticket}.settings", touch=True) as (pilot, _, wire):
        await until_screen(pilot, SecuritySettings)
        await shows(pilot, "Two-step sign-in", "What happened lately")
        # Two rows of words and one for the finger.
        menu = pilot.app.screen.query_one(Menu)
        assert menu.virtual_size.height > 1.8 * menu.option_count
        await pilot.press("t")
        await until_screen(pilot, SecondFactorScreen)
        await shows(pilot, "Set up an authenticator app")
        await pilot.press("s")
        await until_screen(pilot, Proof)
        await type_in(pilot, PASSWORD.reveal())
        screen = await until_screen(pilot, Enrol)
        picture = screen.query_one(QrCode)
        await until(pilot, lambda: picture.size.height > 10)
        assert (picture.region.x >= 0, picture.region.right <= PHONE[0]) == (True, True)
        assert picture.region.bottom <= screen.query_one("#enrol-key").region.y
        key = app_behind(desk.ctx, actor.identity_id or 0).key
        await shows(pilot, " ".join(key[at : at + 4] for at in range(0, 16, 4)))
        assert_fits(pilot)
        await type_in(pilot, "000000")
        await shows(pilot, "This is not the code")
        screen.query_one("#to_app", Button).press()
        await until(pilot, lambda: wire.last("to_app"))
        assert wire.last("to_app").startswith("otpauth://totp/")
        assert f"secret={key}" in wire.last("to_app")
        await pilot.resize_terminal(*KEYBOARD_UP)
        await until(pilot, lambda: picture.size.height == 0)
        await shows(pilot, "Code", "Confirm")


@pytest.mark.parametrize("size", [(40, 36), (60, 24)])
async def test_a_recovery_code_is_never_broken_in_two(desk: Desk, brent: Client, size: tuple[int, int]) -> None:
    actor = signed_in(desk, BRENT)
    codes = [f"{number}BCD-EFGH-JKLM-NPQR-STUV" for number in range(10)]
    async with page(desk, size, touch=size[0] < 60) as (pilot, app, _):
        await until_screen(pilot, Start)
        app.push_screen(RecoveryCodes(app.place, actor, codes))
        await shows(pilot, *codes, "I have kept them")


async def test_the_brand_stands_apart_from_the_title_and_the_page_opens_no_other_address(
    desk: Desk, ray: MadeAgency
) -> None:
    async with page(desk, PHONE, touch=True) as (pilot, app, wire):
        await until_screen(pilot, Start)
        await shows(pilot, "Sign in with your account")
        assert screen_text(pilot).splitlines()[1].strip() == ""
        app.open_url("https://example.com/otpauth://totp/")
        assert wire.last("to_app") is None


async def test_what_happened_is_seen_on_a_telephone(desk: Desk, brent: Client) -> None:
    ticket = desk.returns.make(signed_in(desk, BRENT)).reveal()
    async with page(desk, PHONE, ticket=f"{ticket}.settings", touch=True) as (pilot, _, _):
        await until_screen(pilot, SecuritySettings)
        await shows(pilot, "What happened lately")
        await pilot.press("h")
        await shows(pilot, "When", "What", "signed in")
