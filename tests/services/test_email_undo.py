"""Undoing a change of address from the old one: who may, for how long, and what is put back."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from models.client import Client
from models.identity import Identity, OneTimeToken
from models.outbox import OutboxMessage
from models.staff import StaffMember
from models.states import AuditResult, MailPurpose, MailState, TokenPurpose, TokenState
from services import email_change, person_key
from services.accounts.identities import email_key
from services.actor import Actor
from services.clock import ManualClock
from services.context import Context
from services.credentials.passwords import Secret
from services.credentials.presented import WRONG_CODE
from services.desk import Desk
from services.errors import Refused, SignedOut
from services.history_words import entry_of
from services.mail import queue
from services.mail.facts import facts_of, rows_where
from services.mail.render import HIDDEN, Renderer
from services.persons import Relation
from services.recovery import TokenAnswer
from services.recovery_values import ChangeUndone
from services.rules import clean_email
from services.sign_in import WrongCredentials
from tests import making
from tests.making import HERE, PASSWORD, MadeAgency, Secrets
from tests.recovering import NEW, NOWHERE, USER, ask

CODE = "RAY-919"
SECOND = "brent.thomas@example.ca"
THIRD = "third@example.ca"


def change(ctx: Context, actor: Actor, person: Relation, to: str) -> None:
    """What a save of the form does."""
    new, kind = clean_email(to), type(person)
    with ctx.unit():
        kind.update(email=new.address, email_key=new.key).where(kind.id == person.id).execute()
        email_change.email_changed(ctx, actor, person, new)


def undoing(ctx: Context, identity: Identity) -> list[OneTimeToken]:
    """What undoes changes of somebody's address, oldest first."""
    return making.tokens_of(ctx, identity, TokenPurpose.UNDO_EMAIL)


@pytest.fixture
def changed(ctx: Context, ray: MadeAgency, brent: Client, active: Identity) -> Secrets:
    """Brent's address was changed; what the mail to the old one carries."""
    change(ctx, ray.admin, brent, SECOND)
    return making.secrets_of(ctx, undoing(ctx, active)[-1])


def test_the_old_address_is_shown_what_was_changed_by_whom_and_when(desk: Desk, ctx: Context, changed: Secrets) -> None:
    for held, email in ((changed.link, ""), (changed.code, USER)):
        opened = desk.recovery.open(held, email, NOWHERE)
        assert (opened.purpose, opened.state) == (TokenPurpose.UNDO_EMAIL, TokenAnswer.LIVE)
        assert opened.change is not None
        assert (opened.change.old, opened.change.new_hidden) == (USER, f"b{HIDDEN}@example.ca")
        assert (opened.change.by, opened.change.at) == ("Sue Wright", ctx.clock.now())
        assert SECOND not in repr(opened)


def test_opening_changes_nothing(desk: Desk, ctx: Context, brent: Client, changed: Secrets) -> None:
    desk.recovery.open(changed.link, "", NOWHERE)
    assert making.identity_of(ctx, brent).email == SECOND


def test_address_and_user_name_are_put_back_in_account_and_list(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, changed: Secrets, clock: ManualClock
) -> None:
    version = making.reread(ctx, brent).version
    assert desk.email_undo.undo(changed.link, "", NOWHERE) == ChangeUndone(CODE, USER, "Ray Staging")
    client = making.reread(ctx, brent)
    assert (client.email, client.email_key, client.version) == (USER, USER, version + 1)
    assert "mortgageclient" in client.search
    assert "brent.thomas" not in client.search
    with pytest.raises(WrongCredentials):
        desk.sign_in.sign_in(CODE, SECOND, PASSWORD, HERE)
    clock.advance(seconds=1)
    assert desk.sign_in.sign_in(CODE, USER, PASSWORD, HERE)


def test_a_colleague_gets_it_back_too(desk: Desk, ctx: Context, ray: MadeAgency, clock: ManualClock) -> None:
    making.make_staff(desk, ray.agency, "ann@example.com")
    with ctx.read():
        ann = StaffMember.get(StaffMember.email == "ann@example.com")
        identity = Identity.get_by_id(ann.identity_id)
    change(ctx, ray.admin, ann, SECOND)
    code = making.secrets_of(ctx, undoing(ctx, identity)[-1]).code
    desk.email_undo.undo(code, "ANN@example.com", NOWHERE)
    with ctx.read():
        member = StaffMember.get_by_id(ann.id)
    assert (member.email, member.email_key) == ("ann@example.com", "ann@example.com")
    assert "ann" in member.search.split()
    assert making.entries(ctx, "email_undone")[-1].staff_id == ann.id


def test_sessions_and_everything_mailed_to_the_other_address_end(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, active: Identity, changed: Secrets, clock: ManualClock
) -> None:
    thief = desk.sign_in.sign_in(CODE, SECOND, PASSWORD, HERE)
    clock.advance(minutes=5)
    reset = making.send_reset(desk, ray.admin, brent)
    clock.advance(minutes=5)
    desk.temporary.send(ray.admin, person_key.client(brent.id))
    [temporary] = making.mails(ctx, active, MailPurpose.TEMPORARY)
    desk.email_undo.undo(changed.link, "", NOWHERE)
    with pytest.raises(SignedOut, match="the change of the e-mail address was undone"):
        desk.own.home(thief)
    assert desk.recovery.open(reset.link, "", HERE).state is TokenAnswer.REVOKED
    assert making.mails(ctx, active, MailPurpose.TEMPORARY)[-1].state is MailState.SUPERSEDED
    with pytest.raises(WrongCredentials):
        desk.sign_in.sign_in(CODE, USER, making.temporary_in(ctx, temporary), HERE)


def test_both_addresses_get_a_notice_and_neither_learns_the_other(
    desk: Desk, ctx: Context, active: Identity, changed: Secrets
) -> None:
    desk.email_undo.undo(changed.link, "", NOWHERE)
    back, released = making.mails(ctx, active, MailPurpose.NOTICE)
    assert (back.to_address, released.to_address) == (USER, SECOND)
    with ctx.read():
        rows = {row["id"]: facts_of(row) for row in rows_where(OutboxMessage.purpose == MailPurpose.NOTICE)}
    renderer = Renderer(ctx.settings, ctx.keys.mail)
    mails = {number: renderer.render(facts, ctx.clock.now()) for number, facts in rows.items()}
    assert f"your user name is {USER} again" in " ".join(mails[back.id].text.split())
    assert SECOND not in mails[back.id].text + mails[back.id].html
    assert USER not in mails[released.id].text + mails[released.id].html
    assert CODE not in mails[released.id].text + mails[released.id].html


def test_it_is_written_down_with_both_addresses_and_the_history_says_it(
    desk: Desk, ctx: Context, brent: Client, active: Identity, changed: Secrets
) -> None:
    desk.email_undo.undo(changed.link, "", NOWHERE)
    entry = making.entries(ctx, "email_undone")[-1]
    assert (entry.result, entry.client_id, entry.identity_id) == (AuditResult.DONE, brent.id, active.id)
    assert json.loads(entry.details) == {"new": USER, "old": SECOND}
    assert entry_of(entry).words == f"undid the change of the e-mail address: it is {USER} again instead of {SECOND}"


def test_the_waits_of_both_user_names_are_forgotten(
    desk: Desk, ctx: Context, changed: Secrets, clock: ManualClock
) -> None:
    for user_name in (USER, SECOND):
        with pytest.raises(WrongCredentials):
            desk.sign_in.sign_in(CODE, user_name, NEW, NOWHERE)
    desk.email_undo.undo(changed.link, "", NOWHERE)
    assert [desk.sign_in.wait(CODE, user_name, NOWHERE) for user_name in (USER, SECOND)] == [0, 0]


def test_it_survives_a_changed_password_a_reset_and_a_deactivation(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, active: Identity, changed: Secrets, clock: ManualClock
) -> None:
    thief = desk.sign_in.sign_in(CODE, SECOND, PASSWORD, HERE)
    desk.own.change_password(thief, PASSWORD, NEW)
    clock.advance(minutes=5)
    ask(desk, SECOND)
    reset = making.tokens_of(ctx, active, TokenPurpose.RESET)[-1]
    desk.recovery.choose_password(making.secrets_of(ctx, reset).link, "", Secret("a third one of words"), NOWHERE)
    desk.accounts.deactivate(ray.admin, person_key.client(brent.id), "asked for")
    assert desk.email_undo.undo(changed.link, "", NOWHERE)


def test_it_works_once_and_says_so(desk: Desk, ctx: Context, changed: Secrets) -> None:
    desk.email_undo.undo(changed.link, "", NOWHERE)
    opened = desk.recovery.open(changed.link, "", NOWHERE)
    assert (opened.state, opened.renewable, opened.change) == (TokenAnswer.USED, False, None)
    with pytest.raises(Refused) as refused:
        desk.email_undo.undo(changed.link, "", NOWHERE)
    assert refused.value.sentence == opened.why_not
    assert "works once" in opened.why_not
    assert making.entries(ctx, "email_undone")[-1].result is AuditResult.REFUSED


def test_it_lives_three_days_from_when_the_server_took_the_mail_link_and_code_alike(
    desk: Desk, ctx: Context, clock: ManualClock, active: Identity, changed: Secrets
) -> None:
    clock.advance(hours=20)
    making.server_took(ctx, making.mails(ctx, active, MailPurpose.EMAIL_CHANGED_OLD)[-1])
    clock.advance(hours=72, seconds=-1)
    for held, email in ((changed.link, ""), (changed.code, USER)):
        assert desk.recovery.open(held, email, NOWHERE).state is TokenAnswer.LIVE
    clock.advance(seconds=1)
    with pytest.raises(Refused, match="three days"):
        desk.email_undo.undo(changed.link, "", NOWHERE)


def test_of_two_at_once_exactly_one_wins(
    desk: Desk, ctx: Context, active: Identity, changed: Secrets, at_once: Callable[..., list[Any]]
) -> None:
    outcomes = at_once(*[lambda: desk.email_undo.undo(changed.link, "", NOWHERE)] * 4)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["ChangeUndone"] + ["Refused"] * 3
    assert len(making.mails(ctx, active, MailPurpose.NOTICE)) == 2


def test_an_undo_of_the_first_change_undoes_the_later_ones_too(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, active: Identity, changed: Secrets, clock: ManualClock
) -> None:
    proved_second(desk, ctx, active, clock)
    change(ctx, ray.admin, brent, THIRD)
    first, later = undoing(ctx, active)
    desk.email_undo.undo(changed.link, "", NOWHERE)
    assert making.identity_of(ctx, brent).email == USER
    assert [token.state for token in undoing(ctx, active)] == [TokenState.USED, TokenState.REVOKED]
    with pytest.raises(Refused, match="nothing left to undo"):
        desk.email_undo.undo(making.secrets_of(ctx, later).link, "", NOWHERE)
    assert first.id < later.id


def test_an_undo_of_the_last_change_leaves_the_first_to_be_undone(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, active: Identity, changed: Secrets, clock: ManualClock
) -> None:
    proved_second(desk, ctx, active, clock)
    change(ctx, ray.admin, brent, THIRD)
    desk.email_undo.undo(making.secrets_of(ctx, undoing(ctx, active)[-1]).link, "", NOWHERE)
    assert making.identity_of(ctx, brent).email == SECOND
    desk.email_undo.undo(changed.link, "", NOWHERE)
    assert making.identity_of(ctx, brent).email == USER


def proved_second(desk: Desk, ctx: Context, identity: Identity, clock: ManualClock) -> None:
    """The second address is the owner's too: a mail that went there was used."""
    clock.advance(minutes=5)
    ask(desk, SECOND)
    desk.recovery.choose_password(making.sent_secrets(ctx, identity).link, "", NEW, NOWHERE)


def test_an_address_that_nobody_proved_to_have_undoes_nothing(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, active: Identity, changed: Secrets
) -> None:
    change(ctx, ray.admin, brent, THIRD)
    assert [token.address_key for token in undoing(ctx, active)] == [USER]
    notice = making.mails(ctx, active, MailPurpose.EMAIL_CHANGED_OLD)[-1]
    assert (notice.to_address, notice.state) == (SECOND, MailState.QUEUED)


def test_a_mistyped_address_of_an_account_that_was_never_activated_undoes_nothing(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, clock: ManualClock
) -> None:
    identity = making.give_account(desk, ray.admin, brent, password=None)
    change(ctx, ray.admin, brent, SECOND)
    assert undoing(ctx, identity) == []
    clock.advance(minutes=5)
    ask(desk, SECOND)
    desk.recovery.choose_password(making.sent_secrets(ctx, identity).link, "", NEW, NOWHERE)
    change(ctx, ray.admin, brent, THIRD)
    assert [token.address_key for token in undoing(ctx, identity)] == [SECOND], "at which it was activated"


def test_a_change_that_staff_take_back_cannot_be_undone_from_the_wrong_address(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, active: Identity, changed: Secrets, clock: ManualClock
) -> None:
    proved_second(desk, ctx, active, clock)
    change(ctx, ray.admin, brent, USER)
    assert [token.state for token in undoing(ctx, active)] == [TokenState.REVOKED]
    with pytest.raises(Refused, match="nothing left to undo"):
        desk.email_undo.undo(changed.link, "", NOWHERE)


def test_it_is_refused_when_the_address_is_somebody_elses_account_by_now(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, active: Identity, changed: Secrets
) -> None:
    making.make_staff(desk, ray.agency, USER)
    with pytest.raises(Refused, match="somebody else's account by now"):
        desk.email_undo.undo(changed.link, "", NOWHERE)
    assert (making.identity_of(ctx, brent).email, making.reread(ctx, brent).email) == (SECOND, SECOND)
    assert undoing(ctx, active)[-1].state is TokenState.LIVE


def test_it_is_refused_when_somebody_else_in_the_list_has_the_address(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, changed: Secrets
) -> None:
    making.make_client(desk, ray.agency, USER, first="Cindy", last="Baxter")
    with pytest.raises(Refused, match="somebody else's account by now"):
        desk.email_undo.undo(changed.link, "", NOWHERE)
    assert making.identity_of(ctx, brent).email == SECOND


def test_the_same_address_in_another_agency_is_no_matter(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, changed: Secrets
) -> None:
    other = making.make_agency(desk, "OTHER-1", "owner@other.example.com")
    making.make_client(desk, other.agency, USER)
    assert desk.email_undo.undo(changed.link, "", NOWHERE)


def test_no_other_link_undoes_and_this_one_does_nothing_else(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, active: Identity, changed: Secrets, clock: ManualClock
) -> None:
    clock.advance(minutes=5)
    with pytest.raises(Refused, match="does not undo"):
        desk.email_undo.undo(making.send_reset(desk, ray.admin, brent).link, "", NOWHERE)
    with pytest.raises(Refused, match="for something else"):
        desk.recovery.choose_password(changed.link, "", NEW, NOWHERE)
    with pytest.raises(Refused, match="for something else"):
        desk.recovery.confirm_reset(changed.link, "", (), Secret(""), NOWHERE)
    with ctx.unit():
        OneTimeToken.update(state=TokenState.REVOKED, ended_at=clock.now()).where(
            OneTimeToken.purpose == TokenPurpose.UNDO_EMAIL
        ).execute()
    with pytest.raises(Refused, match="nothing left to undo"):
        desk.recovery.ask_fresh(changed.link, "", NOWHERE)


def test_its_code_belongs_to_the_old_address_and_dies_after_five_wrong_ones(
    desk: Desk, ctx: Context, changed: Secrets, clock: ManualClock
) -> None:
    for email in (SECOND, "nobody@example.com"):
        with pytest.raises(Refused, match="does not belong"):
            desk.recovery.open(changed.code, email, NOWHERE)
    for _ in range(5):
        with pytest.raises(Refused):
            desk.recovery.open("ZZZZ-ZZZZ", USER, NOWHERE)
        clock.advance(minutes=1)
    with pytest.raises(Refused) as refused:
        desk.email_undo.undo(changed.code, USER, NOWHERE)
    assert refused.value.sentence == WRONG_CODE
    assert desk.email_undo.undo(changed.link, "", NOWHERE)


def test_a_notice_leaves_without_link_and_code_when_there_is_nothing_left_to_undo(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, active: Identity, changed: Secrets
) -> None:
    [notice] = making.mails(ctx, active, MailPurpose.EMAIL_CHANGED_OLD)
    renderer = Renderer(ctx.settings, ctx.keys.mail)

    def leaving() -> str:
        queue.claim(ctx, "test", 50, timedelta(seconds=60))
        [turn] = queue.look(ctx, "test", [notice.id])
        assert turn.needed
        return renderer.render(turn.facts, ctx.clock.now()).text

    assert changed.token in leaving()
    change(ctx, ray.admin, brent, USER)
    text = leaving()
    assert "#undo-email=" not in text
    assert changed.code not in text
    assert "tell the agency below at once" in text


@pytest.mark.parametrize("broken", ["mail.notices.tell", "audit.record"])
def test_a_fault_leaves_address_link_and_sessions_as_they_were(
    desk: Desk, ctx: Context, brent: Client, changed: Secrets, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    actor = desk.sign_in.sign_in(CODE, SECOND, PASSWORD, HERE)

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("fault")

    with monkeypatch.context() as fault:
        fault.setattr(f"services.{broken}", fails)
        with pytest.raises(RuntimeError):
            desk.email_undo.undo(changed.link, "", NOWHERE)
    assert making.identity_of(ctx, brent).email == SECOND
    assert desk.own.home(actor)
    assert desk.email_undo.undo(changed.link, "", NOWHERE)


def test_a_user_name_that_is_taken_between_look_and_change_is_refused(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, changed: Secrets, monkeypatch: pytest.MonkeyPatch
) -> None:
    making.make_staff(desk, ray.agency, USER)
    monkeypatch.setattr(email_change, "_refuse_taken", lambda *_: None)
    with pytest.raises(Refused, match="somebody else's account by now"):
        desk.email_undo.undo(changed.link, "", NOWHERE)
    assert email_key(making.identity_of(ctx, brent).email) == SECOND
