"""A forgotten password at a kiosk: the code helps there alone, and nothing is stored before the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from models.client import Client
from models.help_queue import KioskVisit
from models.identity import Identity
from models.states import AuditResult, IdentityState, MailPurpose, TokenState
from services.accounts.identities import verifier_of
from services.clock import ManualClock
from services.credentials import tokens
from services.credentials.passwords import Secret
from services.desk import Desk
from services.errors import DeskError, Invalid, Refused, TooSoon
from services.kiosks import limits
from services.kiosks.reset_values import KioskProof
from services.kiosks.standing import KioskClosed
from services.reset_hurdles import Hurdle, HurdleFailed, Hurdles
from tests import making
from tests.enrolling import enrol
from tests.kiosking import NONE, WRONG, Person, kiosk_codes, newest_code, newest_secrets
from tests.making import MadeAgency
from tests.recovering import NEW, NOWHERE, STRANGER, USER, answer, put, wrong
from tests.services.help_queue.asking import make_kiosk
from tests.services.signing_in import CODE

WRONG_SENTENCE = "This code is not right"


@pytest.fixture
def posted(desk: Desk) -> Desk:
    """The desk with a mail server."""
    return Desk(making.with_mail_server(desk.ctx))


@pytest.fixture
def active(desk: Desk, ray: MadeAgency, brent: Client, clock: ManualClock) -> Identity:
    """Brent's account, with the five minutes after its mails over."""
    found = making.give_account(desk, ray.admin, brent)
    clock.advance(minutes=6)
    return found


@pytest.fixture
def person(posted: Desk, ray: MadeAgency, active: Identity) -> Person:
    """Brent, in the lobby."""
    return Person(posted, ray.agency)


def test_the_way_to_a_new_password(posted: Desk, person: Person, active: Identity) -> None:
    asked = person.ask()
    assert (asked.masked, asked.can_mail) == ("b••••@mortgageclient.example.com", True)
    code = newest_code(posted.ctx, active)
    opened = person.open(code)
    assert (opened.user_name, opened.first, opened.on_the_spot, opened.hurdles) == (USER, False, True, Hurdles())
    done = person.choose(code)
    assert (done.first, done.temporary, done.user_name) == (False, False, USER)
    assert posted.sign_in.sign_in(CODE, USER, NEW, NOWHERE).identity_id == active.id
    [entry] = making.entries(posted.ctx, "password_chosen")[-1:]
    assert (entry.place, entry.subject, entry.identity_id) == ("Lobby", USER, active.id)
    with pytest.raises(Refused, match="has been used"):
        person.choose(code)


def test_the_mail_names_the_kiosk_and_carries_no_link(posted: Desk, person: Person, active: Identity) -> None:
    code = person.asked(active)
    [mail] = making.mails(posted.ctx, active, MailPurpose.KIOSK_CODE)
    assert '"Lobby"' in mail.details
    assert code.reveal() not in mail.details


@pytest.mark.parametrize("state", [IdentityState.ACTIVE, IdentityState.DEACTIVATED, None])
def test_the_answer_is_the_same_for_everybody(
    posted: Desk, person: Person, active: Identity, state: IdentityState | None
) -> None:
    if state is not None:
        put(posted.ctx, active, state)
    email = STRANGER if state is None else USER
    asked = person.ask(email)
    assert asked == replace(asked, masked=f"{email[0]}••••@{email.partition('@')[2]}", can_mail=True)
    with pytest.raises(Refused, match=WRONG_SENTENCE):
        person.open(WRONG, email)


def test_a_deactivated_account_gets_the_mail_that_says_so(posted: Desk, person: Person, active: Identity) -> None:
    put(posted.ctx, active, IdentityState.DEACTIVATED)
    person.ask()
    assert making.mails(posted.ctx, active, MailPurpose.DEACTIVATED)
    assert not kiosk_codes(posted.ctx, active)


def test_codes_swapped_between_two_kiosks_fail(
    posted: Desk, ray: MadeAgency, person: Person, active: Identity, clock: ManualClock
) -> None:
    pat = making.give_account(posted, ray.admin, making.make_client(posted, ray.agency, "pat@example.com", first="Pat"))
    clock.advance(minutes=6)
    other = Person(posted, ray.agency, "Hall")
    code, pats = person.asked(active), other.asked(pat)
    for somebody, typed, email in (
        (other, code, USER),
        (person, pats, pat.email),
        (person, pats, USER),
        (other, code, pat.email),
    ):
        with pytest.raises(Refused, match=WRONG_SENTENCE):
            somebody.open(typed, email)
        clock.advance(minutes=1)
    assert [token.wrong_tries for token in (*kiosk_codes(posted.ctx, active), *kiosk_codes(posted.ctx, pat))] == [2, 2]
    assert person.open(code).user_name == USER
    assert other.open(pats, pat.email).user_name == pat.email


@pytest.mark.parametrize("held", ["code", "token"])
def test_the_code_helps_nowhere_else_and_is_counted_there(
    posted: Desk, person: Person, active: Identity, held: str
) -> None:
    person.ask()
    secrets = newest_secrets(posted.ctx, active)
    with pytest.raises(Refused):
        posted.recovery.open(getattr(secrets, held), USER, NOWHERE)
    assert kiosk_codes(posted.ctx, active)[-1].wrong_tries == (1 if held == "code" else 0)


def test_a_code_of_another_mail_does_not_help_at_the_kiosk(
    posted: Desk, ray: MadeAgency, brent: Client, person: Person, clock: ManualClock
) -> None:
    reset = making.send_reset(posted, ray.admin, brent)
    with pytest.raises(Refused, match=WRONG_SENTENCE):
        person.open(Secret(reset.code))


def test_after_five_wrong_codes_the_right_one_helps_no_more(
    posted: Desk, person: Person, active: Identity, clock: ManualClock
) -> None:
    code = person.asked(active)
    for _ in range(tokens.TRIES):
        with pytest.raises(Refused, match=WRONG_SENTENCE):
            person.open(WRONG)
        clock.advance(seconds=30)
    with pytest.raises(Refused, match=WRONG_SENTENCE):
        person.open(code)


def test_wrong_codes_make_the_next_one_wait(posted: Desk, person: Person, active: Identity) -> None:
    person.ask()
    with pytest.raises(Refused):
        person.open(WRONG)
    with pytest.raises(TooSoon) as soon:
        person.open(WRONG)
    assert soon.value.wait == 1


def test_the_ten_minutes_begin_when_the_server_takes_the_mail(
    posted: Desk, person: Person, active: Identity, clock: ManualClock
) -> None:
    code = person.asked(active)
    clock.advance(minutes=9)
    making.server_took(posted.ctx, making.mails(posted.ctx, active)[-1])
    clock.advance(minutes=9)
    assert person.open(code)
    clock.advance(minutes=1)
    with pytest.raises(Refused, match="ten minutes of this code are over"):
        person.choose(code)


def test_within_five_minutes_no_other_mail_goes_and_the_code_helps_on(
    posted: Desk, ray: MadeAgency, person: Person, active: Identity, clock: ManualClock
) -> None:
    code = person.asked(active)
    posted.visits.end(person.visit)
    clock.advance(minutes=4)
    again = Person(posted, ray.agency, at=person.origin)
    again.ask()
    assert len(kiosk_codes(posted.ctx, active)) == 1
    assert again.choose(code).user_name == USER


def test_a_newer_code_takes_the_place_of_the_older_one(
    posted: Desk, person: Person, active: Identity, clock: ManualClock
) -> None:
    older = person.asked(active)
    clock.advance(minutes=6)
    newer = person.asked(active)
    with pytest.raises(Refused, match="newer code"):
        person.open(older)
    assert person.open(newer)


def test_somebody_of_another_agency_is_a_stranger_here(posted: Desk, ray: MadeAgency, clock: ManualClock) -> None:
    other = making.make_agency(posted, "OTHER-1", "ann@other.example.com")
    clock.advance(minutes=6)
    Person(posted, other.agency).ask("sue@raystaging.example.com")
    with posted.ctx.read():
        sue = Identity.get_by_id(ray.admin.identity_id)
    assert not kiosk_codes(posted.ctx, sue)


def test_a_pending_account_ends_in_its_activation(
    posted: Desk, ray: MadeAgency, brent: Client, clock: ManualClock
) -> None:
    pending = making.give_account(posted, ray.admin, brent, password=None)
    clock.advance(minutes=6)
    person = Person(posted, ray.agency)
    code = person.asked(pending)
    opened = person.open(code)
    assert (opened.first, opened.on_the_spot) == (True, True)
    assert person.choose(code).first
    assert making.identity_of(posted.ctx, brent).state is IdentityState.ACTIVE
    welcome = making.tokens_of(posted.ctx, pending)[0]
    assert welcome.state is TokenState.REVOKED


class TestTwoMails:
    @pytest.fixture
    def ray(self, desk: Desk) -> MadeAgency:
        return making.make_agency(desk, reset_mails=2)

    def test_a_temporary_password_is_mailed_and_the_present_one_stays(
        self, posted: Desk, person: Person, active: Identity
    ) -> None:
        code = person.asked(active)
        assert not person.open(code).on_the_spot
        with pytest.raises(Refused, match="Start again"):
            person.choose(code)
        done = person.let_be_mailed(code)
        assert (done.temporary, done.masked) == (True, "b••••@mortgageclient.example.com")
        [mail] = making.mails(posted.ctx, active, MailPurpose.TEMPORARY)
        assert posted.sign_in.sign_in(CODE, USER, making.PASSWORD, NOWHERE)
        assert posted.sign_in.sign_in(CODE, USER, making.temporary_in(posted.ctx, mail), person.origin).limited

    def test_a_first_password_is_chosen_on_the_spot_all_the_same(
        self, posted: Desk, ray: MadeAgency, brent: Client, clock: ManualClock
    ) -> None:
        pending = making.give_account(posted, ray.admin, brent, password=None)
        clock.advance(minutes=6)
        person = Person(posted, ray.agency)
        code = person.asked(pending)
        assert person.open(code).on_the_spot
        with pytest.raises(Refused, match="Start again"):
            person.let_be_mailed(code)


def test_all_hurdles_are_asked_and_the_end_checks_them_again(
    posted: Desk, person: Person, active: Identity, clock: ManualClock
) -> None:
    given = answer(posted.ctx, active)
    app = enrol(posted.ctx, active.id)
    code = person.asked(active)
    hurdles = person.open(code).hurdles
    assert (hurdles.questions, hurdles.second_factor) == (tuple(each.question for each in given), True)
    proof = KioskProof(USER, code, wrong(given, 1))
    with pytest.raises(HurdleFailed) as failed:
        posted.kiosk_resets.check_answers(person.origin, person.visit, proof)
    assert (failed.value.hurdle, failed.value.wait) == (Hurdle.QUESTIONS, 1)
    clock.advance(seconds=2)
    posted.kiosk_resets.check_answers(person.origin, person.visit, replace(proof, answers=given))
    with pytest.raises(HurdleFailed) as failed:
        person.choose(code, answers=wrong(given, 0), factor=app.code(clock.now()))
    assert failed.value.hurdle is Hurdle.QUESTIONS
    clock.advance(seconds=2)
    with pytest.raises(HurdleFailed) as failed:
        person.choose(code, answers=given, factor=app.wrong(clock.now()))
    assert failed.value.hurdle is Hurdle.SECOND_FACTOR
    assert person.choose(code, answers=given, factor=Secret(app.recovery[0]))
    entry = making.entries(posted.ctx, "password_chosen")[-1]
    assert '"second_factor": "recovery"' in entry.details
    assert '"questions": true' in entry.details


@pytest.mark.parametrize(
    ("password", "told"), [(Secret("short"), "at least"), (making.PASSWORD, "differ"), (Secret("brent thomas 1"), "")]
)
def test_a_refused_password_uses_nothing_up(
    posted: Desk, person: Person, active: Identity, password: Secret, told: str
) -> None:
    code = person.asked(active)
    with posted.ctx.read():
        before = verifier_of(active.id)
    with pytest.raises(Invalid) as refusal:
        person.choose(code, password)
    assert list(refusal.value.problems) == ["password"]
    with posted.ctx.read():
        assert verifier_of(active.id) == before
    assert kiosk_codes(posted.ctx, active)[-1].state is TokenState.LIVE
    assert person.choose(code)


def test_of_two_with_the_same_code_at_once_exactly_one_wins(
    posted: Desk, ray: MadeAgency, person: Person, active: Identity, at_once: Callable[..., list[Any]]
) -> None:
    code = person.asked(active)
    outcomes = at_once(
        lambda: person.choose(code, Secret("walnut river eleven sky")),
        lambda: person.choose(code, Secret("copper meadow nine kites")),
    )
    assert sum(isinstance(outcome, DeskError) for outcome in outcomes) == 1, outcomes


def test_when_the_kiosk_is_revoked_in_between_nothing_is_changed(
    posted: Desk, ray: MadeAgency, person: Person, active: Identity
) -> None:
    code = person.asked(active)
    assert person.origin.kiosk_id is not None
    posted.kiosks.revoke(ray.admin, person.origin.kiosk_id)
    for act in (lambda: person.choose(code), lambda: person.open(code), lambda: person.ask()):
        with pytest.raises(KioskClosed):
            act()
    assert posted.sign_in.sign_in(CODE, USER, making.PASSWORD, NOWHERE)


def test_only_a_kiosk_can_ask(posted: Desk, person: Person) -> None:
    with pytest.raises(Refused, match="only possible at a kiosk"):
        posted.kiosk_resets.ask(NOWHERE, person.visit, USER, USER)
    with pytest.raises(Refused, match="only possible at a kiosk"):
        posted.visits.begin(NOWHERE)


@pytest.mark.parametrize("gone", ["ended", "elsewhere"])
def test_a_visit_that_is_over_or_elsewhere_asks_for_nothing(
    posted: Desk, ray: MadeAgency, person: Person, active: Identity, gone: str
) -> None:
    code = person.asked(active)
    if gone == "ended":
        posted.visits.end(person.visit)
    else:
        person.origin = make_kiosk(posted, ray.agency, "Hall")
    mails = len(making.mails(posted.ctx, active))
    for act in (lambda: person.ask(STRANGER), lambda: person.open(code), lambda: person.at(None)):
        with pytest.raises(Refused, match="visit has ended"):
            act()
    assert len(making.mails(posted.ctx, active)) == mails


def test_without_a_mail_server_it_says_so_and_sends_nothing(
    desk: Desk, ray: MadeAgency, active: Identity, clock: ManualClock
) -> None:
    person = Person(desk, ray.agency)
    mails = len(making.mails(desk.ctx, active))
    assert not person.ask().can_mail
    assert not person.ask(STRANGER).can_mail
    assert len(making.mails(desk.ctx, active)) == mails


def test_staff_do_not_read_the_code_of_a_kiosk(
    desk: Desk, posted: Desk, ray: MadeAgency, person: Person, active: Identity
) -> None:
    code = person.asked(active)
    [mail] = making.mails(posted.ctx, active, MailPurpose.KIOSK_CODE)
    view = desk.mail.view(ray.admin, mail.id)
    assert code.reveal() not in view.text
    assert "code is hidden" in view.note


@pytest.mark.parametrize(
    ("email", "confirm", "field"),
    [("", "", "email"), ("no address", "no address", "email"), (USER, STRANGER, "confirm"), (USER, "", "confirm")],
)
def test_the_address_is_written_twice(posted: Desk, person: Person, email: str, confirm: str, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        posted.kiosk_resets.ask(person.origin, person.visit, email, confirm)
    assert list(refusal.value.problems) == [field]


def test_a_kiosk_that_asks_for_very_much_waits(posted: Desk, person: Person, clock: ManualClock) -> None:
    for number in range(limits.MAILS_AN_HOUR):
        person.ask(f"stranger{number}@example.com")
    with pytest.raises(TooSoon, match="very busy"):
        person.ask()
    clock.advance(hours=1)
    person.ask()


def test_the_visit_keeps_whose_account_it_is_and_what_waits(posted: Desk, person: Person, active: Identity) -> None:
    person.ask()
    with posted.ctx.read():
        row = KioskVisit.get_by_id(person.visit)
        assert (row.identity_id, row.step) == (active.id, "code")
    person.ask(STRANGER)
    with posted.ctx.read():
        assert KioskVisit.get_by_id(person.visit).identity_id is None


def test_refusals_stand_in_the_history_of_the_person(posted: Desk, person: Person, active: Identity) -> None:
    person.ask()
    with pytest.raises(Refused):
        person.open(WRONG)
    entry = making.entries(posted.ctx, "token_wrong")[-1]
    assert (entry.identity_id, entry.result, entry.place) == (active.id, AuditResult.FAILED, "Lobby")


def test_an_hour_later_nothing_of_it_helps(posted: Desk, person: Person, active: Identity, clock: ManualClock) -> None:
    code = person.asked(active)
    making.server_took(posted.ctx, making.mails(posted.ctx, active)[-1])
    clock.advance(hours=1)
    with pytest.raises(Refused, match="ten minutes"):
        person.open(code)
    assert timedelta(minutes=10) == tokens.lifetime("standard", kiosk_codes(posted.ctx, active)[-1].purpose)
    with pytest.raises(Refused):
        person.open(NONE)
