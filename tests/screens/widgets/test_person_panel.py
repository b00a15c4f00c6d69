"""What the panel says of a person, and how it breaks what is too long for a line."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from models.states import Access, IdentityState, MailPurpose, MailState
from screens.widgets.person_panel import person_words
from services import person_key
from services.accounts.cause_kinds import CauseKind
from services.clients.values import Cause, ClientFields, ClientRecord, PersonPanel, TrailEntry
from services.verification.values import Standing

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
EMAIL = "brent.thomas@mortgageclient.example.com"


def panel(*purposes: MailPurpose) -> PersonPanel:
    """Somebody who got these mails."""
    return PersonPanel(
        person=person_key.client(1),
        record=ClientRecord(1, 1, ClientFields("Brent", "Thomas", EMAIL), "", NOW, "Sue Wright"),
        access=Access.ACTIVE,
        causes=(Cause(CauseKind.FINE, "can sign in", blocks=False),),
        caller=Standing(),
        identity_state=IdentityState.ACTIVE,
        mortgages=(),
        trail=tuple(
            TrailEntry(number, NOW, purpose, EMAIL, MailState.QUEUED, "queued")
            for number, purpose in enumerate(purposes)
        ),
        events=(),
        reset_allowed_at=None,
    )


@pytest.mark.parametrize(
    ("purpose", "words"),
    [
        (MailPurpose.TEMPORARY, "temporary password: queued"),
        (MailPurpose.EMAIL_CHANGED_OLD, "address changed, told the old one: queued"),
        (MailPurpose.EMAIL_CHANGED_NEW, "address changed, told the new one: queued"),
        (MailPurpose.REACTIVATED, "account reactivated: queued"),
    ],
)
def test_each_mail_is_told_in_words(purpose: MailPurpose, words: str) -> None:
    assert words in person_words(panel(purpose), NOW, 80).plain


def test_every_kind_of_mail_has_words() -> None:
    assert person_words(panel(*MailPurpose), NOW, 80).plain.count(": queued") == len(MailPurpose)


def test_an_address_that_is_longer_than_a_line_breaks_before_its_domain() -> None:
    assert person_words(panel(), NOW, 30).plain.splitlines()[1:3] == ["brent.thomas", "@mortgageclient.example.com"]
    assert person_words(panel(), NOW, 40).plain.splitlines()[1] == EMAIL
