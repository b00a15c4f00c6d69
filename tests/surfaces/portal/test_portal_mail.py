"""The mail that a portal sends by itself, where no desk is open."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack, suppress

import psutil
import pytest

from models.outbox import OutboxMessage
from models.states import MailState
from tests.services.smtp_server import SmtpServer
from tests.surfaces.playing import text_of
from tests.surfaces.portal.people import ENTER, F2, F3, Agency, Visitors, address, at_field, press, until
from tests.surfaces.portal.running import Portal, still_running
from tests.surfaces.term import Term

pytestmark = pytest.mark.slow

OWN = "seven plum orbits a candle"
MANY = 60


@pytest.fixture
def agency(environment: dict[str, str]) -> Agency:
    return Agency.founded(environment)


def couriers(portal: Portal) -> list[psutil.Process]:
    """Who sends the mail of a portal."""
    found = []
    for child in portal.process.children():
        # One that has just died has no words any more.
        with suppress(psutil.Error):
            found += [child] if "tui.kiosk.courier" in " ".join(child.cmdline()) else []
    return found


async def test_forgot_password_in_a_portal_alone_leads_to_a_mail_and_its_link_to_a_new_password(
    agency: Agency, post: SmtpServer, start_portal: Callable[..., Portal]
) -> None:
    agency.member("gwen")
    portal = start_portal()
    async with AsyncExitStack() as stack:
        visitors = Visitors(stack, portal)
        asking = await visitors.come()
        await press(asking, F3, b"Confirm e-mail")
        await at_field(asking)
        await press(asking, f"{address('gwen')}\t{address('gwen')}{F2}", b"Look into your mailbox")
        reset = []

        def arrived() -> bool:
            reset[:] = [text for mail in post.received if f"{portal.url}/#reset=" in (text := text_of(mail))]
            return bool(reset)

        await until(arrived)
        link = reset[0].partition(f"{portal.url}/#")[2].split()[0]
        page = await visitors.come(b"Choose a", link=link)
        await press(page, ENTER, b"New password")
        await at_field(page)
        await press(page, f"{OWN}\t{OWN}{F2}", b"Your password has been set", 60)
        # Who forgot it is told that it was changed; nothing came twice.
        await until(lambda: post.addresses().count(address("gwen")) == 2)
    assert set(post.message_ids().values()) == {1}


async def test_two_portals_and_a_desk_send_each_mail_once(
    agency: Agency, post: SmtpServer, start_portal: Callable[..., Portal], terminal: Callable[..., Term]
) -> None:
    for _ in range(2):
        start_portal()
    terminal().expect("Sign in with your account", 40)
    for number in range(MANY):
        agency.member(f"p{number}", password=None)

    def all_written_down() -> bool:
        with agency.desk.ctx.read():
            return OutboxMessage.select().where(OutboxMessage.state == MailState.SENT).count() == MANY

    await until(all_written_down, 60)
    assert set(post.message_ids().values()) == {1}
    assert sorted(post.addresses()) == sorted(address(f"p{number}") for number in range(MANY))


async def test_a_courier_that_dies_is_replaced_and_none_outlives_its_portal(
    agency: Agency, post: SmtpServer, start_portal: Callable[..., Portal]
) -> None:
    portal = start_portal()
    [first] = couriers(portal)
    first.kill()
    await until(lambda: any(courier != first for courier in couriers(portal)))
    agency.member("ida", password=None)
    await until(lambda: address("ida") in post.addresses())
    [second] = couriers(portal)
    portal.kill()
    assert still_running([second], 5) == []
