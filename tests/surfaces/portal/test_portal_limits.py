"""How long a session lasts in the browser: fifteen minutes untouched, twelve hours in all, whichever way one came."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import pytest

from models.identity import Session
from models.unfinished import SessionReturn
from services.settings import PortalSettings
from tests.services.smtp_server import SmtpServer
from tests.surfaces.portal.people import FORM, HOME, LOCK, Agency, Visitors, at_field, press, ticket_of, until
from tests.surfaces.portal.running import Portal, still_running

pytestmark = pytest.mark.slow

OVER = b"its time is over"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Whether a session holds, the services' own tests try on both engines."""
    return sqlite_url


@pytest.fixture
def agency(environment: dict[str, str]) -> Agency:
    found = Agency.founded(environment)
    found.member("brent")
    found.member("carl")
    return found


@pytest.fixture
async def visitors(agency: Agency, post: SmtpServer, start_portal: Callable[..., Portal]) -> AsyncIterator[Visitors]:
    async with AsyncExitStack() as stack:
        yield Visitors(stack, start_portal())


def twelve_hours_pass(agency: Agency) -> None:
    """For all sessions that are open."""
    now = datetime.now(UTC)
    with agency.desk.ctx.unit():
        Session.update(expires_at=now).where(Session.ended_at.is_null()).execute()
        # As they were made: never past the end of their session.
        SessionReturn.update(expires_at=now).execute()


async def test_after_twelve_hours_the_next_key_is_the_last(visitors: Visitors, agency: Agency) -> None:
    at_work = await visitors.signed_in("brent")
    locked = await visitors.signed_in("carl")
    await press(locked, LOCK, b"is locked")
    await at_field(locked)
    twelve_hours_pass(agency)
    await press(at_work, "p", OVER)
    await press(at_work, "\r", FORM)
    await press(locked, "swift wren\r", OVER)
    assert "fault" not in visitors.portal.log


async def test_whoever_is_brought_back_by_a_ticket_has_what_is_left_of_the_twelve_hours(
    visitors: Visitors, agency: Agency
) -> None:
    page, program = await visitors.program_of(lambda: visitors.signed_in("brent"))
    ticket = await ticket_of(page)
    with agency.desk.ctx.read():
        ends = Session.select().order_by(Session.id.desc()).get().expires_at
    program.kill()
    await page.ended()
    back, program = await visitors.program_of(lambda: visitors.come(HOME, ticket=ticket))
    with agency.desk.ctx.read():
        assert Session.select().order_by(Session.id.desc()).get().expires_at == ends
    fresh = await ticket_of(back)
    twelve_hours_pass(agency)
    await press(back, "p", OVER)
    program.kill()
    await back.ended()
    # Not even a ticket that was not used yet opens it again.
    await visitors.come(b"not signed in any more", ticket=fresh)


async def test_a_portal_that_is_restarted_leaves_ten_minutes_to_come_back(visitors: Visitors, agency: Agency) -> None:
    await visitors.signed_in("brent")
    await asyncio.to_thread(visitors.portal.stop)
    with agency.desk.ctx.read():
        left = SessionReturn.get().expires_at - datetime.now(UTC)
    assert left > timedelta(minutes=8)


def test_the_portal_is_patient_for_fifteen_minutes() -> None:
    assert timedelta(minutes=PortalSettings().idle_minutes) == timedelta(minutes=15)


async def test_untouched_every_page_ends_signed_in_or_in_the_middle_of_a_wizard_and_one_that_is_typed_into_does_not(
    agency: Agency, post: SmtpServer, start_portal: Callable[..., Portal]
) -> None:
    agency.member("ida", password=None)
    portal = start_portal(TRAKDESK_PORTAL_IDLE_MINUTES="1")
    async with AsyncExitStack() as stack:
        visitors = Visitors(stack, portal)
        await until(lambda: post.received)
        text = post.received[0].message.get_body(("plain",))
        assert text is not None
        link = text.get_content().partition(f"{portal.url}/#")[2].split()[0]
        wizard = await visitors.come(b"Activate your account", link=link)
        await press(wizard, "\r", b"New password")
        await at_field(wizard)
        signed_in = await visitors.signed_in("brent")
        typing = await visitors.come()
        await at_field(typing)
        programs = portal.programs()
        assert len(programs) == 3
        for _ in range(4):
            await asyncio.sleep(12)
            await typing.type("x")
            # What a page sends by itself tells of nobody.
            for page in (wizard, signed_in):
                await page.say("ping", "1")
                await page.say("blur")
                await page.say("resize", {"width": 80, "height": 24})
        assert {(await page.ended(30))["why"] for page in (wizard, signed_in)} == {"idle"}
        await typing.say("ping", "still here")
        assert await typing.until("pong") == "still here"
        await until(lambda: len(still_running(programs, 0)) == 1)
        ticket = str([value for word, value in signed_in.told if word == "ticket"][-1])
    # Of a page that nobody touched nothing is left that a stranger could go on with.
    async with AsyncExitStack() as stack:
        await Visitors(stack, portal).come(b"not signed in any more", ticket=ticket)
