"""What a notice says: to an old address, to a new one, and after each change of what opens an account."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from models.states import MailPurpose
from services.credentials import codes
from services.mail.facts import SECRET
from services.mail.notice_words import Notice
from services.mail.render import HIDDEN
from tests.services.mail.rendering import (
    FACTS,
    KEY,
    Page,
    rendered,
    words_in,
)


def test_the_notice_to_the_old_address_does_not_tell_the_new_one() -> None:
    mail = rendered(replace(FACTS, purpose=MailPurpose.EMAIL_CHANGED_OLD, to_address="old@example.com"))

    assert "frank@example.com" not in mail.text + mail.html
    assert f"f{HIDDEN}@example.com" in mail.text


def test_the_notice_to_the_old_address_brings_what_undoes_the_change_while_it_can_be_undone() -> None:
    facts = replace(FACTS, purpose=MailPurpose.EMAIL_CHANGED_OLD, to_address="old@example.com")
    undo, plain = rendered(facts), rendered(replace(facts, undo=False))

    link = f"https://portal.example/#undo-email={codes.link_token(KEY, FACTS.uuid, 'undo-email')}"
    code = codes.show_code(codes.typed_code(KEY, FACTS.uuid, "undo-email"))
    for said in (
        link,
        code,
        "within 3 days of this mail",
        "type the old\naddress and this code",
        "undo it with the link",
    ):
        assert said in undo.text, said
    assert "newer mail" not in undo.text
    for absent in ("#undo-email", code, "undo"):
        assert absent not in plain.text
    assert "tell the agency below at once" in plain.text


@pytest.mark.parametrize("notice", list(Notice))
@pytest.mark.parametrize("hostile", ["", "[/x]", "{by} {0} {reason.__class__}", "a\x00b\n\nHello", "x" * 400])
def test_every_notice_says_what_happened_and_what_to_do_whatever_its_facts_are(notice: Notice, hostile: str) -> None:
    facts = dict.fromkeys(("place", "reason", "failures", "left", "address", "key", "comment"), hostile)
    details = json.dumps({"notice": notice.value, **facts})
    mail = rendered(replace(FACTS, purpose=MailPurpose.NOTICE, details=details, created_by=hostile or "Sue Wright"))

    assert "tell the agency below" in " ".join(mail.text.split()) or "call the agency below" in mail.text
    assert max(map(len, mail.text.splitlines())) <= 90
    assert all(sign.isprintable() or sign == "\n" for sign in mail.text)
    assert "class 'str'" not in mail.text
    # Without blanks: the text breaks words that are longer than a line.
    assert "".join(words_in(mail.text)) == "".join(words_in(Page(mail.html).words))


def test_a_place_that_is_not_known_is_told_so() -> None:
    details = json.dumps({"notice": "new-place", "place": ""})

    assert (
        "from a place that is not known, where"
        in rendered(replace(FACTS, purpose=MailPurpose.NOTICE, details=details)).text
    )


def test_the_notice_to_the_new_address_names_it_as_user_name() -> None:
    text = rendered(replace(FACTS, purpose=MailPurpose.EMAIL_CHANGED_NEW)).text

    assert "User Name: frank@example.com" in text
    assert "old@example.com" not in text


@pytest.mark.parametrize("purpose", [purpose for purpose in MailPurpose if purpose not in SECRET])
def test_a_notice_carries_neither_link_nor_code(purpose: MailPurpose) -> None:
    text = rendered(replace(FACTS, purpose=purpose)).text

    assert "#" not in text
    assert not re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}", text)
