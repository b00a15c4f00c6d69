"""Keys that are turned while a portal runs, whose programs were prepared with the old ones."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import pytest

from models.identity import Credential
from models.unfinished import Draft
from tests import making
from tests.services.smtp_server import SmtpServer
from tests.surfaces.playing import text_of
from tests.surfaces.portal.people import (
    ENTER,
    F2,
    F3,
    HOME,
    LOCK,
    Agency,
    Visitors,
    address,
    at_field,
    press,
    sign_in,
    ticket_of,
    until,
)
from tests.surfaces.portal.running import Portal
from tests.surfaces.portal.talking import Page

pytestmark = pytest.mark.slow

OWN = "seven plum orbits a candle"
TYPED = "my lamp is broken"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The keys lie beside either database."""
    return sqlite_url


@pytest.fixture
def agency(environment: dict[str, str]) -> Agency:
    return Agency.founded(environment)


@pytest.fixture
async def visitors(agency: Agency, post: SmtpServer, start_portal: Callable[..., Portal]) -> AsyncIterator[Visitors]:
    async with AsyncExitStack() as stack:
        yield Visitors(stack, start_portal())


def links_to(post: SmtpServer, portal: Portal, first: str, purpose: str) -> list[str]:
    """The fragments of the links of this purpose that were mailed to somebody."""
    begins = f"{portal.url}/#{purpose}="
    mails = [text_of(mail) for mail in post.received if mail.recipients == (address(first),)]
    return [f"{purpose}={text.partition(begins)[2].split()[0]}" for text in mails if begins in text]


async def choose(page: Page) -> None:
    """From the first screen of a link to the form again, with the password OWN."""
    await press(page, ENTER, b"New password")
    await at_field(page)
    await press(page, f"{OWN}\t{OWN}{F2}", b"Your password has been set", 60)


async def test_keys_that_are_turned_under_a_running_portal_cost_nobody_anything(
    visitors: Visitors, agency: Agency, post: SmtpServer
) -> None:
    for first in ("erin", "brent", "carl", "dora", "gwen"):
        agency.member(first)
    agency.member("ida", password=None)
    portal = visitors.portal
    at_form = await visitors.come()
    at_work = await visitors.signed_in("brent")
    leaving, program = await visitors.program_of(lambda: visitors.signed_in("carl"))
    ticket = await ticket_of(leaving)
    typing = await visitors.signed_in("dora")
    await press(typing, "h", b"In your words")
    await at_field(typing)
    await typing.type(TYPED)
    await until(lambda: agency_has_draft(agency))
    await typing.socket.close()
    await until(lambda: bool(links_to(post, portal, "ida", "activate")))

    turned = agency.run("keys", "rotate")
    assert turned.returncode == 0, turned.stderr

    # Programs that were there before: somebody signs in, somebody else is asked for the password again.
    await sign_in(at_form, "erin")
    await press(at_work, LOCK, b"is locked")
    await at_field(at_work)
    await press(at_work, making.PASSWORD.reveal() + ENTER, HOME)
    # New ones: by a ticket, by a link of before and one of after, and to what was typed before.
    program.kill()
    assert (await leaving.ended())["why"] == "fault"
    await visitors.come(HOME, ticket=ticket)
    await choose(await visitors.come(b"Activate your account", link=links_to(post, portal, "ida", "activate")[-1]))
    asking = await visitors.come()
    await press(asking, F3, b"Confirm e-mail")
    await at_field(asking)
    await press(asking, f"{address('gwen')}\t{address('gwen')}{F2}", b"Look into your mailbox")
    await until(lambda: links_to(post, portal, "gwen", "reset"))
    await choose(await visitors.come(b"Choose a", link=links_to(post, portal, "gwen", "reset")[-1]))
    again = await visitors.come()
    # Her page was closed a moment ago, and may be loaded anew for two minutes.
    await sign_in(again, "dora", b"also signed in")
    await press(again, ENTER, b"You were typing")
    await press(again, ENTER, TYPED.encode())

    # Whoever signed in or chose a password since has it under the new key, whichever program it was.
    with agency.desk.ctx.read():
        stored = {row.identity.name: row.verifier.split("$")[1] for row in Credential.select()}
        assert all(row.sealed.startswith("es1$2$") for row in Draft.select())
    assert {stored[name] for name in ("Erin Adams", "Ida Adams", "Gwen Adams")} == {"2"}
    assert stored["Carl Adams"] == "1"
    assert portal.log.count("fault") == 1, "that of the program that was killed here"


def agency_has_draft(agency: Agency) -> bool:
    with agency.desk.ctx.read():
        return bool(Draft.select().exists())


@pytest.mark.parametrize("trouble", ["open to others", "damaged", "away"])
async def test_a_key_file_that_cannot_be_used_ends_nobodys_program(
    visitors: Visitors, agency: Agency, trouble: str
) -> None:
    agency.member("brent")
    agency.member("erin")
    at_work = await visitors.signed_in("brent")
    warm = visitors.portal.warm_parent()
    keys = agency.home / "keys"
    kept = keys.read_bytes()
    if trouble == "open to others":
        keys.chmod(0o644)
    elif trouble == "damaged":
        keys.write_bytes(kept[:100])
    else:
        keys.rename(agency.home / "kept")
    comer = await visitors.come()
    await at_work.say("ping", "1")
    assert await at_work.until("pong") == "1"
    assert visitors.portal.warm_parent() == warm
    # The keys that were read last do as long as this lasts.
    await sign_in(comer, "erin")
    assert "fault" not in visitors.portal.log
    assert trouble != "away" or not keys.exists(), "nobody makes other keys in the place of those"
