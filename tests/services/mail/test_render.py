"""What stands in a mail, and that no name, address or agency can make anything else of it."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from datetime import timedelta
from html import unescape
from subprocess import run

import pytest
from jinja2 import UndefinedError

from models.identity import Identity
from models.outbox import OutboxMessage
from models.states import MailPurpose, TokenPurpose
from services.clock import ManualClock
from services.context import Context
from services.credentials import codes
from services.desk import Desk
from services.mail import render as render_module
from services.mail.facts import OPENED_BY, facts_of, rows_where
from services.mail.letter import seal
from services.mail.render import HIDDEN, Renderer, in_words
from tests import making
from tests.making import HERE, MadeAgency
from tests.services.mail.rendering import (
    AGENCY,
    FACTS,
    HOSTILE,
    KEY,
    NOW,
    Page,
    html_of,
    received,
    rendered,
    renderer,
    text_of,
    words_in,
)


def test_the_welcome_mail_says_who_granted_access_to_what_and_how_to_begin() -> None:
    message = received(FACTS)
    text = text_of(message)
    token = codes.link_token(KEY, FACTS.uuid, "activate")
    code = codes.show_code(codes.typed_code(KEY, FACTS.uuid, "activate"))

    assert message["Subject"] == "Activate your account at Ray Staging"
    for said in (
        "Hello Frank Jones,",
        "You have been granted access to Ray Staging by Sue Wright.",
        f"https://portal.example/#activate={token}",
        code,
        "within 3 days of this mail",
        "Company Code: 919236",
        "User Name: frank@example.com",
        "bookmark this address",
        "\nhttps://portal.example\n",
        "If you did not expect this mail, do nothing",
        "10636 Scripps Summit Court\nSan Diego, CA 92130\n(519) 332-0868\noffice@ray.example",
    ):
        assert said in text, said
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}", code)


def test_the_reset_mail_carries_another_secret_and_lives_one_hour() -> None:
    text = text_of(received(replace(FACTS, purpose=MailPurpose.RESET)))

    assert f"https://portal.example/#reset={codes.link_token(KEY, FACTS.uuid, 'reset')}" in text
    assert "within 1 hour of this mail" in text
    assert "Sue Wright of Ray Staging sends you" in text
    assert codes.link_token(KEY, FACTS.uuid, "activate") not in text


def test_a_strict_agency_tells_its_shorter_time() -> None:
    assert "within 24 hours of this mail" in rendered(replace(FACTS, agency=replace(AGENCY, profile="strict"))).text


def test_the_secrets_are_those_that_the_desk_takes(desk: Desk, ray: MadeAgency, brent: object) -> None:
    identity = making.give_account(desk, ray.admin, brent, password=None)  # type: ignore[arg-type]
    with desk.ctx.read():
        row = rows_where(OutboxMessage.identity_id == identity.id)[0]
    text = Renderer(desk.ctx.settings, desk.ctx.keys.mail).render(facts_of(row), NOW).text

    link = re.search(r"https://\S+#activate=\S+", text)
    code = re.search(r"^ +([0-9A-Z]{4}-[0-9A-Z]{4})$", text, re.MULTILINE)
    assert link
    assert code
    assert desk.recovery.open(link[0], "", HERE).user_name == identity.email
    assert desk.recovery.open(code[1], identity.email, HERE).user_name == identity.email
    assert desk.recovery.open(text, "", HERE).user_name == identity.email, "the whole mail, pasted"


def test_what_somebody_asked_for_without_signing_in_is_not_put_into_a_strangers_mouth(
    desk: Desk, ray: MadeAgency, brent: object, clock: ManualClock
) -> None:
    identity = making.give_account(desk, ray.admin, brent)  # type: ignore[arg-type]
    clock.advance(minutes=6)
    desk.recovery.ask_reset(identity.email, identity.email, HERE)
    with desk.ctx.read():
        row = rows_where(OutboxMessage.purpose == MailPurpose.RESET)[0]

    text = Renderer(desk.ctx.settings, desk.ctx.keys.mail).render(facts_of(row), NOW).text

    assert "Somebody, most likely you, asked for a new password" in text
    assert "Forgot password of" not in text


def test_the_mail_with_a_temporary_password_carries_it_and_no_link() -> None:
    password = codes.show_code(codes.temporary_password(KEY, FACTS.uuid))
    mail = received(replace(FACTS, purpose=MailPurpose.TEMPORARY))

    for words in (text_of(mail), Page(html_of(mail)).words):
        assert password in words
        assert "within 1 hour of this mail" in words
        assert "#" not in words
    assert mail["Subject"] == "Your temporary password for Ray Staging"


def test_a_temporary_password_is_hidden_from_staff_in_both_bodies() -> None:
    hidden = renderer().render(replace(FACTS, purpose=MailPurpose.TEMPORARY), NOW, hide_secrets=True)

    for body in (hidden.text, hidden.html):
        assert codes.show_code(codes.temporary_password(KEY, FACTS.uuid)) not in body
        assert HIDDEN in body


@pytest.mark.parametrize("purpose", list(MailPurpose))
def test_text_and_html_say_the_same_words(purpose: MailPurpose) -> None:
    mail = rendered(replace(FACTS, purpose=purpose))

    assert words_in(mail.text) == words_in(Page(mail.html).words)


@pytest.mark.parametrize("purpose", list(MailPurpose))
def test_html_loads_nothing_and_links_only_to_the_portal_and_the_agency(purpose: MailPurpose) -> None:
    mail = rendered(replace(FACTS, purpose=purpose))
    page = Page(mail.html)

    assert page.tags <= {"body", "div", "p", "a", "strong", "br"}
    assert all(target.startswith(("https://portal.example", "mailto:office@ray.example")) for target in page.targets)
    assert "url(" not in mail.html
    assert "@import" not in mail.html


@pytest.mark.parametrize("purpose", list(MailPurpose))
def test_colours_suit_a_dark_and_a_light_ground(purpose: MailPurpose) -> None:
    """Where the ground is named, so is the ink; nothing else has a colour of its own."""
    html = rendered(replace(FACTS, purpose=purpose)).html

    assert '<meta name="color-scheme" content="light dark">' in html
    for style in re.findall(r'style="([^"]*)"', html):
        assert ("background" in style) == bool(re.search(r"(?<![-\w])color:", style))


def test_an_agency_may_have_a_portal_address_of_its_own() -> None:
    text = rendered(replace(FACTS, agency=replace(AGENCY, portal_address="https://ray.example/portal"))).text

    assert "\nhttps://ray.example/portal\n" in text


@pytest.mark.parametrize("purpose", list(MailPurpose))
@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_names_stay_words(purpose: MailPurpose, hostile: str) -> None:
    agency = replace(AGENCY, name=hostile, address=f"{hostile}\n{hostile}")
    facts = replace(FACTS, purpose=purpose, to_name=hostile, created_by=hostile, agency=agency)
    expected, plain = received(replace(FACTS, purpose=purpose)), Page(rendered(replace(FACTS, purpose=purpose)).html)

    message = received(facts)

    assert message.keys() == expected.keys()
    assert [address.addr_spec for address in message["To"].addresses] == ["frank@example.com"]
    assert [address.addr_spec for address in message["From"].addresses] == ["desk@ray.example"]
    assert not message.defects
    for shown in (text_of(message), html_of(message), unescape(html_of(message)), str(message["Subject"])):
        assert all(sign.isprintable() or sign in "\n\r" for sign in shown), [s for s in shown if not s.isprintable()]
        assert "\u202e" not in shown
    page = Page(html_of(message))
    assert page.tags == plain.tags
    assert page.attributes == plain.attributes
    assert set(page.targets) == set(plain.targets)
    assert "49" not in str(message["Subject"])
    assert "xxxx" * 30 not in text_of(message)


def test_a_name_that_looks_like_another_header_adds_no_line_to_the_text() -> None:
    text = text_of(received(replace(FACTS, to_name="Ann\r\n\r\nYour code is 1234-5678")))

    assert "Hello Ann Your code is 1234-5678," in text


def test_a_retry_says_the_same_under_the_same_message_id() -> None:
    first, later = rendered(FACTS), renderer().render(FACTS, NOW + timedelta(hours=2))

    assert (first.message_id, first.text, first.html) == (later.message_id, later.text, later.html)
    assert later.date > first.date


def test_staff_see_signs_in_the_place_of_the_secrets() -> None:
    mail = renderer().render(FACTS, NOW, hide_secrets=True)

    token, code = codes.link_token(KEY, FACTS.uuid, "activate"), codes.typed_code(KEY, FACTS.uuid, "activate")
    for secret in (token, code, codes.show_code(code)):
        assert secret not in mail.text + mail.html
    assert f"#activate={HIDDEN}" in mail.text


def test_no_secret_shows_in_what_a_traceback_would_print() -> None:
    token = codes.link_token(KEY, FACTS.uuid, "activate")

    assert token not in repr(rendered(FACTS))
    assert token not in repr(seal(rendered(FACTS)))


def test_a_fact_that_a_template_lacks_is_a_fault_and_no_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render_module, "_addresses", lambda facts: {})

    with pytest.raises(UndefinedError):
        rendered(replace(FACTS, purpose=MailPurpose.EMAIL_CHANGED_OLD))


@pytest.mark.parametrize(
    ("hours", "words"),
    [(1, "1 hour"), (2, "2 hours"), (24, "24 hours"), (48, "2 days"), (72, "3 days"), (49, "49 hours")],
)
def test_times_are_told_in_words(hours: int, words: str) -> None:
    assert in_words(timedelta(hours=hours)) == words


def test_every_purpose_of_a_token_has_its_mail() -> None:
    assert set(OPENED_BY.values()) == set(TokenPurpose)


def test_the_templates_are_imported_only_when_a_mail_is_written() -> None:
    program = "import sys, services.mail.render, services.mail.mailbox; assert 'jinja2' not in sys.modules"

    assert run([sys.executable, "-c", program], timeout=30, check=False).returncode == 0


def test_facts_come_with_the_account_as_it_is_now(ctx: Context, desk: Desk, ray: MadeAgency, brent: object) -> None:
    identity = making.give_account(desk, ray.admin, brent, password=None)  # type: ignore[arg-type]
    with ctx.unit():
        Identity.update(email="new@example.com").where(Identity.id == identity.id).execute()
    with ctx.read():
        facts = facts_of(rows_where(OutboxMessage.identity_id == identity.id)[0])

    assert (facts.user_name, facts.to_address) == ("new@example.com", identity.email)
    assert (facts.agency.name, facts.agency.code, facts.agency.phone) == ("Ray Staging", "RAY-919", "+15195550143")


def test_the_phone_number_stands_in_a_mail_as_the_agency_writes_it(desk: Desk) -> None:
    made = making.make_agency(desk, writing="fr-CA")
    client = making.make_client(desk, made.agency)
    identity = making.give_account(desk, made.admin, client, password=None)
    with desk.ctx.read():
        row = rows_where(OutboxMessage.identity_id == identity.id)[0]
    text = Renderer(desk.ctx.settings, desk.ctx.keys.mail).render(facts_of(row), NOW).text
    assert "\n519 555-0143\n" in text
    assert "(519)" not in text
