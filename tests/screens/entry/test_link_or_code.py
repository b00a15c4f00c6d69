"""I have a link or code: what is read in a paste, what is opened, and what becomes of an ended one."""

from __future__ import annotations

from typing import Any

import pytest
from textual.events import Paste
from textual.pilot import Pilot

from models.identity import Identity
from models.states import MailPurpose, TokenState
from screens.dialogs.confirm import Confirm
from screens.entry.choose_password import ChoosePassword
from screens.entry.link_or_code import LinkOrCode
from screens.workplace import Workplace
from services import person_key
from services.clock import ManualClock
from services.credentials.passwords import Secret
from tests.making import (
    MadeAgency,
    Secrets,
    give_account,
    mails,
    make_agency,
    make_client,
    send_reset,
    sent_secrets,
    server_took,
    tokens_of,
)
from tests.screens.screen_time import ScreenTime
from tests.screens.stage import Staged, staged
from tests.settling import screen_text, until, until_screen

BRENT = "brent@mortgageclient.example.com"


@pytest.fixture
def made(place: Workplace) -> MadeAgency:
    """An agency with its administrator."""
    return make_agency(place.desk)


@pytest.fixture
def brent(place: Workplace, made: MadeAgency, clock: ManualClock) -> Identity:
    """A client with an account, six minutes after the last mail."""
    identity = give_account(place.desk, made.admin, make_client(place.desk, made.agency))
    clock.advance(minutes=6)
    return identity


@pytest.fixture
def secrets(place: Workplace, brent: Identity) -> Secrets:
    """What the mail brought that Brent asked for."""
    place.desk.recovery.ask_reset(BRENT, BRENT, place.origin)
    return sent_secrets(place.desk.ctx, brent)


def form(place: Workplace, email: str = "") -> Staged[LinkOrCode]:
    """The form on a screen."""
    return staged(place, LinkOrCode(place, email))


def shown(pilot: Pilot[Any]) -> str:
    """The screen's words, whatever lines they are broken into."""
    return " ".join(screen_text(pilot).replace("│", " ").split())


async def paste(pilot: Pilot[Any], screen: LinkOrCode, text: str) -> None:
    """Paste as a terminal does."""
    screen.secret.input.post_message(Paste(text))
    await until(pilot, lambda: screen.secret.value or screen.secret.problem)
    await pilot.pause()


async def test_a_pasted_link_opens_the_choice_of_a_password_and_is_not_used_up(
    place: Workplace, brent: Identity, secrets: Secrets
) -> None:
    async with form(place) as (pilot, app, screen):
        await paste(pilot, screen, secrets.link)
        assert "✓ A whole link." in screen_text(pilot)
        await pilot.press("f2")
        await until_screen(pilot, ChoosePassword)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen and not screen.busy)
        assert tokens_of(place.desk.ctx, brent)[-1].state is TokenState.LIVE


async def test_a_link_that_a_mail_program_wrapped_is_put_together(place: Workplace, secrets: Secrets) -> None:
    wrapped = f"{secrets.link[:30]}\r\n{secrets.link[30:50]}\n{secrets.link[50:]}\n"
    async with form(place) as (pilot, _, screen):
        await paste(pilot, screen, wrapped)
        assert screen.secret.problem == ""
        await pilot.press("f2")
        await until_screen(pilot, ChoosePassword)


async def test_a_whole_mail_may_be_pasted(place: Workplace, secrets: Secrets) -> None:
    async with form(place) as (pilot, _, screen):
        await paste(pilot, screen, f"Hello Brent,\n\nopen this link:\n\n{secrets.link}\n\nSincerely,\nRay Staging\n")
        await pilot.press("f2")
        await until_screen(pilot, ChoosePassword)


async def test_a_code_with_look_alikes_is_shown_as_it_is_read_and_opens(place: Workplace, secrets: Secrets) -> None:
    typed = secrets.code.lower().replace("0", "o").replace("1", "l").replace("-", " ")
    async with form(place, BRENT) as (pilot, _, screen):
        screen.secret.value = typed
        await until(pilot, lambda: f"✓ Read as the code {secrets.code}." in screen_text(pilot))
        await pilot.press("f2")
        await until_screen(pilot, ChoosePassword)


async def test_a_code_asks_for_the_address(place: Workplace, secrets: Secrets) -> None:
    async with form(place) as (pilot, _, screen):
        screen.secret.value = secrets.code
        await pilot.press("f2")
        await until(pilot, lambda: screen.email.problem)
        assert screen.email.problem == "Write the e-mail address to which the code was sent."
        await until(pilot, lambda: screen.email.input.has_focus)


async def test_what_is_neither_link_nor_code_is_said_before_it_counts(place: Workplace, secrets: Secrets) -> None:
    async with form(place, BRENT) as (pilot, _, screen):
        for text in ("", "hello", secrets.link[:-5]):
            screen.secret.value = text
            await pilot.press("f2")
            await until(pilot, lambda: screen.secret.problem)
            assert not screen.busy


async def test_a_wrong_code_is_told_in_the_form_and_the_next_one_waits(
    place: Workplace, secrets: Secrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    time = ScreenTime().govern(monkeypatch)
    async with form(place, BRENT) as (pilot, app, screen):
        screen.secret.value = "ABCD-EFGH"
        await pilot.press("f2")
        await until(pilot, lambda: "This code does not belong to this e-mail address." in shown(pilot))
        await until(pilot, lambda: not screen.busy)
        await pilot.press("f2")
        await until(pilot, lambda: "then try the code again" in shown(pilot))
        assert screen.waiting
        assert app.screen is screen
        assert screen.secret.value == "ABCD-EFGH"
        time.now += 1
        await until(pilot, lambda: "You can try again now." in shown(pilot))


async def test_what_was_said_of_the_last_code_goes_with_the_next_one(place: Workplace, secrets: Secrets) -> None:
    async with form(place, BRENT) as (pilot, _, screen):
        screen.secret.value = "AAAA-AAAA"
        await pilot.press("f2")
        await until(pilot, lambda: "does not belong" in shown(pilot))
        await pilot.press("backspace")
        await until(pilot, lambda: "does not belong" not in shown(pilot))


async def test_an_unknown_link_says_so(place: Workplace, secrets: Secrets) -> None:
    async with form(place) as (pilot, _, screen):
        screen.secret.value = "a" * 26
        await pilot.press("f2")
        await until(pilot, lambda: "This link is not known here." in shown(pilot))


async def test_a_used_link_says_when_and_brings_a_fresh_mail(
    place: Workplace, brent: Identity, secrets: Secrets, clock: ManualClock
) -> None:
    place.desk.recovery.choose_password(secrets.link, "", Secret("copper kettle morning"), place.origin)
    clock.advance(minutes=6)
    async with form(place) as (pilot, app, screen):
        screen.secret.value = secrets.link
        await pilot.press("f2")
        await until_screen(pilot, Confirm)
        assert "Used (" in shown(pilot)
        assert "This link or code has been used" in shown(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is screen and "A fresh mail is on its way" in shown(pilot))
        assert len(mails(place.desk.ctx, brent, MailPurpose.RESET)) == 2
        assert screen.secret.value == ""


async def test_a_superseded_link_says_that_a_newer_mail_was_sent(
    place: Workplace, secrets: Secrets, clock: ManualClock
) -> None:
    clock.advance(minutes=6)
    place.desk.recovery.ask_reset(BRENT, BRENT, place.origin)
    async with form(place) as (pilot, app, screen):
        screen.secret.value = secrets.link
        await pilot.press("f2")
        await until_screen(pilot, Confirm)
        assert "Replaced by a newer mail (" in shown(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)
        assert screen.secret.value == secrets.link


async def test_an_expired_code_says_so(place: Workplace, brent: Identity, secrets: Secrets, clock: ManualClock) -> None:
    server_took(place.desk.ctx, mails(place.desk.ctx, brent)[-1])
    clock.advance(minutes=61)
    async with form(place, BRENT) as (pilot, _, screen):
        screen.secret.value = secrets.code
        await pilot.press("f2")
        await until_screen(pilot, Confirm)
        assert "Expired (" in shown(pilot)


async def test_a_withdrawn_link_says_so(
    place: Workplace, made: MadeAgency, clock: ManualClock, brent: Identity
) -> None:
    client = make_client(place.desk, made.agency, "ann@example.ca", first="Ann", last="Bell")
    give_account(place.desk, made.admin, client)
    clock.advance(minutes=6)
    old = send_reset(place.desk, made.admin, client)
    place.desk.accounts.deactivate(made.admin, person_key.client(client.id), "left us")
    async with form(place) as (pilot, _, screen):
        screen.secret.value = old.link
        await pilot.press("f2")
        await until_screen(pilot, Confirm)
        assert "Withdrawn (" in shown(pilot)


async def test_it_fits_on_80x24_with_the_longest_answer(place: Workplace, secrets: Secrets) -> None:
    async with form(place, BRENT) as (pilot, _, screen):
        screen.secret.value = "ABCD-EFGH"
        await pilot.press("f2")
        await until(pilot, lambda: "does not belong" in shown(pilot))
        assert screen.query_one(".card-room").max_scroll_y == 0
