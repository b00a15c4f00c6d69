"""Whoever asks from outside learns nothing from the answer or from its time: known and unknown take the same.

Trials of both kinds take turns, and each is compared with its neighbour: a machine that is busy for a while slows both.
The median of these ratios may differ from one by a tenth.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from statistics import median

import pytest

from models.agency import Agency
from models.identity import Credential, Identity
from models.states import IdentityState, Role, TokenPurpose
from services import sessions
from services.accounts.identities import store_verifier
from services.context import Context
from services.credentials import answers, tokens
from services.credentials.passwords import Passwords, Secret
from services.desk import Desk
from services.errors import DeskError
from services.kiosks import limits
from tests import making
from tests.kiosking import Person
from tests.making import HERE, MadeAgency
from tests.recovering import NOWHERE, answer
from tests.services.signing_in import CODE

pytestmark = pytest.mark.slow

TRIALS = 60
ROUNDS = 4
TENTH = 0.1
COST = 8
"""Dear enough that the hash is felt, cheap enough for hundreds of trials."""

WRONG = Secret("certainly not the right one")
WRONG_CODE = Secret("ZZZZ-7777")
Ask = Callable[[int], object]


def known(number: int) -> str:
    return f"known{number:05}@example.com"


def stranger(number: int) -> str:
    return f"guess{number:05}@example.com"


def people(ctx: Context, agency: Agency, count: int, state: IdentityState = IdentityState.ACTIVE) -> list[Identity]:
    """So many accounts with one and the same password."""
    verifier = Passwords(ctx.keys, COST).hash(making.PASSWORD)
    now = ctx.clock.now()
    made = []
    with ctx.unit():
        for number in range(count):
            email = known(number)
            one = Identity.create(
                agency=agency,
                email=email,
                email_key=email,
                name=f"Known {number}",
                role=Role.CLIENT,
                state=state,
                created_at=now,
                activated_at=now,
                state_changed_at=now,
                state_changed_by="test",
                secured_at=now,
            )
            store_verifier(ctx, one.id, verifier)
            made.append(one)
    return made


def answer_to(ask: Ask, number: int) -> tuple[float, str]:
    """How long an answer takes, and what it is."""
    started = time.perf_counter()
    said = "nothing"
    try:
        ask(number)
    except DeskError as refusal:
        said = f"{type(refusal).__name__}: {refusal.sentence}"
    return time.perf_counter() - started, said


def assert_alike(one: Ask, other: Ask) -> None:
    """The same words, and the same time within a tenth; more trials decide where a few were disturbed."""
    spent: tuple[list[float], list[float]] = ([], [])
    words: tuple[set[str], set[str]] = (set(), set())
    for warm in (0, 1):
        answer_to(one, warm)
        answer_to(other, warm)
    number = 2
    ratio = 0.0
    for _ in range(ROUNDS):
        for _ in range(TRIALS):
            for which in (0, 1) if number % 2 else (1, 0):
                took, said = answer_to((one, other)[which], number)
                spent[which].append(took)
                words[which].add(said)
            number += 1
        ratio = median(took / other_took for took, other_took in zip(*spent, strict=True))
        if abs(ratio - 1) <= TENTH / 2:
            break
    middle = [round(median(times) * 1000, 2) for times in spent]
    print(f"ratio {ratio:.3f}, medians {middle} ms, {len(spent[0])} pairs")
    assert words[0] == words[1]
    assert abs(ratio - 1) <= TENTH


COUNT = TRIALS * ROUNDS + 2


@pytest.fixture
def dear(ctx: Context) -> Desk:
    """A desk whose hashes are felt."""
    return Desk(replace(making.with_mail_server(ctx), bcrypt_cost=COST))


@pytest.fixture
def agency(dear: Desk) -> MadeAgency:
    """Resets take two mails here."""
    return making.make_agency(dear, reset_mails=2)


@pytest.mark.parametrize("state", [IdentityState.ACTIVE, IdentityState.DEACTIVATED])
def test_a_sign_in(dear: Desk, agency: MadeAgency, state: IdentityState) -> None:
    people(dear.ctx, agency.agency, COUNT, state)
    assert_alike(
        lambda number: dear.sign_in.sign_in(CODE, known(number), WRONG, NOWHERE),
        lambda number: dear.sign_in.sign_in(CODE, stranger(number), WRONG, NOWHERE),
    )


def test_a_sign_in_with_an_unknown_company_code(dear: Desk, agency: MadeAgency) -> None:
    people(dear.ctx, agency.agency, COUNT)
    assert_alike(
        lambda number: dear.sign_in.sign_in(CODE, known(number), WRONG, NOWHERE),
        lambda number: dear.sign_in.sign_in(f"NO-{number}", known(number), WRONG, NOWHERE),
    )


def test_a_forgotten_password(dear: Desk, agency: MadeAgency) -> None:
    people(dear.ctx, agency.agency, COUNT)
    assert_alike(
        lambda number: dear.recovery.ask_reset(known(number), known(number), NOWHERE),
        lambda number: dear.recovery.ask_reset(stranger(number), stranger(number), NOWHERE),
    )


def sent(dear: Desk, agency: MadeAgency, purpose: TokenPurpose, state: IdentityState) -> None:
    """Everybody has a live link and code of a purpose."""
    made = people(dear.ctx, agency.agency, COUNT, state)
    with dear.ctx.unit():
        for one in made:
            tokens.issue(dear.ctx, one, purpose, by="test")


def test_an_activation_code(dear: Desk, agency: MadeAgency) -> None:
    sent(dear, agency, TokenPurpose.ACTIVATE, IdentityState.PENDING)
    assert_alike(
        lambda number: dear.recovery.open("ZZZZ-7777", known(number), NOWHERE),
        lambda number: dear.recovery.open("ZZZZ-7777", stranger(number), NOWHERE),
    )


def test_the_confirmation_of_a_reset(dear: Desk, agency: MadeAgency) -> None:
    sent(dear, agency, TokenPurpose.CONFIRM_RESET, IdentityState.ACTIVE)
    assert_alike(
        lambda number: dear.recovery.confirm_reset("ZZZZ-7777", known(number), (), Secret(""), NOWHERE),
        lambda number: dear.recovery.confirm_reset("ZZZZ-7777", stranger(number), (), Secret(""), NOWHERE),
    )


@pytest.mark.parametrize("state", [IdentityState.ACTIVE, IdentityState.PENDING, IdentityState.DEACTIVATED])
def test_a_forgotten_password_at_a_kiosk(
    dear: Desk, agency: MadeAgency, monkeypatch: pytest.MonkeyPatch, state: IdentityState
) -> None:
    people(dear.ctx, agency.agency, COUNT, state)
    monkeypatch.setattr(limits, "MAILS_AN_HOUR", 10**6)
    one, other = Person(dear, agency.agency, "Lobby"), Person(dear, agency.agency, "Hall")
    assert_alike(lambda number: one.ask(known(number)) and None, lambda number: other.ask(stranger(number)) and None)


def test_the_code_of_a_kiosk(dear: Desk, agency: MadeAgency, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "WRONG_CODES_AN_HOUR", 10**6)
    monkeypatch.setattr(limits, "MAILS_AN_HOUR", 10**6)
    people(dear.ctx, agency.agency, COUNT)
    one, other = Person(dear, agency.agency, "Lobby"), Person(dear, agency.agency, "Hall")
    for number in range(COUNT):
        one.ask(known(number))
        other.ask(stranger(number))
    assert_alike(
        lambda number: one.open(WRONG_CODE, known(number)), lambda number: other.open(WRONG_CODE, stranger(number))
    )


def test_which_answer_was_wrong(dear: Desk, agency: MadeAgency) -> None:
    """A wrong first answer takes as long as a wrong last one."""
    [one] = people(dear.ctx, agency.agency, 1)
    given = answer(dear.ctx, one)
    passwords = Passwords(dear.ctx.keys, COST)
    first = (replace(given[0], answer=WRONG), *given[1:])
    last = (*given[:2], replace(given[2], answer=WRONG))
    assert_alike(
        lambda _: answers.check(dear.ctx, passwords, one.id, first),
        lambda _: answers.check(dear.ctx, passwords, one.id, last),
    )


def test_an_unlocking(dear: Desk, agency: MadeAgency) -> None:
    """Whether there is a password at all is nobody's business either."""
    made = people(dear.ctx, agency.agency, 2 * COUNT)
    with dear.ctx.unit():
        locked = [sessions.open_session(dear.ctx, one, HERE) for one in made]
        Credential.delete().where(Credential.identity >= made[COUNT].id).execute()
    for actor in locked:
        dear.own_sessions.lock(actor, idle=True)
    assert_alike(
        lambda number: dear.own_sessions.unlock(locked[number], WRONG),
        lambda number: dear.own_sessions.unlock(locked[COUNT + number], WRONG),
    )


def test_the_measure_would_find_a_difference() -> None:
    with pytest.raises(AssertionError):
        assert_alike(lambda _: time.sleep(0.001), lambda _: time.sleep(0.0013))
