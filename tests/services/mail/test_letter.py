"""The envelope of a mail: headers that nothing breaks out of, the same octets as the standard library makes."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.mail.letter import compose, seal
from tests.services.mail.rendering import AGENCY, FACTS, HOSTILE, NOW, received, rendered, text_of

NAMES = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=120),
    st.from_regex(r"\A[A-Za-z0-9 '.-]{0,90}\Z"),
)
MAILBOXES = st.from_regex(r"\A[a-z0-9][A-Za-z0-9._+'!#<>-]{0,40}\Z")
DOMAINS = st.from_regex(r"\A[a-z0-9-]{1,30}(\.[a-z0-9-]{1,20}){0,3}>?\Z")


def test_the_headers_tell_a_machine_what_this_is() -> None:
    message = received(FACTS)

    assert str(message["From"]) == "Ray Staging <desk@ray.example>"
    assert str(message["Reply-To"]) == "Ray Staging <office@ray.example>"
    assert str(message["To"]) == "Frank Jones <frank@example.com>"
    assert message["Message-ID"] == f"<{FACTS.uuid}@ray.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == NOW
    assert message.get_content_type() == "multipart/alternative"


def test_a_name_for_the_sender_can_be_set() -> None:
    assert str(received(FACTS, from_name="Access desk")["From"]) == "Access desk <desk@ray.example>"


def test_without_an_address_of_the_agency_there_is_no_reply_to() -> None:
    bare = replace(AGENCY, email="", phone="", address="")
    message = received(replace(FACTS, agency=bare))

    assert message["Reply-To"] is None
    assert "Ray Staging\n\n-- \n" in text_of(message)


@pytest.mark.parametrize("hostile", ["not an address", "a@x\r\nBcc: b@x", "@", "Ann <ann@example.com>"])
def test_an_agency_address_that_is_none_stops_no_mail(hostile: str) -> None:
    assert received(replace(FACTS, agency=replace(AGENCY, email=hostile)))["Reply-To"] is None


@pytest.mark.parametrize(
    "address", ["a@x.com\nBcc: e@e", "a@x.com\r\nRCPT TO:<b@x>", "a b@x.com", "a@", "@x.com", "", "a\x00@x.com"]
)
def test_an_address_that_is_none_makes_no_mail(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        seal(rendered(replace(FACTS, to_address=address)))


def test_the_longest_address_and_a_long_name_arrive_whole() -> None:
    address = "a" * 64 + "@" + ".".join(["b" * 60] * 3) + ".example"
    message = received(replace(FACTS, to_address=address, to_name="Zoë " * 30))

    assert message["To"].addresses[0].addr_spec == address


def test_an_address_beyond_ascii_waits_for_what_the_server_can_do() -> None:
    letter = seal(rendered(replace(FACTS, to_address="zoë@exämple.com")))

    assert isinstance(letter.content, EmailMessage)
    assert letter.content["To"].addresses[0].addr_spec == "zoë@exämple.com"


def test_every_line_of_a_mail_is_short_ascii() -> None:
    """So that no server needs to be asked what it takes."""
    agency = replace(AGENCY, name="名" * 100, address="é" * 99 + "\n" + "名" * 99)
    content = seal(rendered(replace(FACTS, to_name="名" * 400, created_by="名" * 100, agency=agency))).content

    assert isinstance(content, bytes)
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert b"\n" not in content.replace(b"\r\n", b"")


@pytest.mark.slow
@given(name=NAMES, agency=NAMES, mailbox=MAILBOXES, domain=DOMAINS, sender=DOMAINS)
@example("Frank Jones", "Ray", "frank", "example.com", "ray.example")
@example("", "", "a.", "b", "c")
@example("Frank Jones " * 5, "Ray", "frank", "example.com", "ray.example")
@example("Frank", "b" * 90, "frank", "b", "x" * 40)
def test_the_quick_way_makes_the_same_octets_as_the_standard_library(
    name: str, agency: str, mailbox: str, domain: str, sender: str
) -> None:
    facts = replace(FACTS, to_name=name, to_address=f"{mailbox}@{domain}", agency=replace(AGENCY, name=agency))
    mail = replace(rendered(facts), from_address=f"desk@{sender}", message_id=f"<{FACTS.uuid}@{sender}>")

    assert seal(mail).content == compose(mail).as_bytes()
