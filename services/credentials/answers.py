"""Security answers as a hurdle: all of a person's questions are asked, and one verdict comes back.

Never alone and never in the place of a second factor: whoever asks has seen another proof. The wrong tries of the
person and of those who ask on the telephone are counted together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models.identity import Identity, SecurityAnswer
from services import throttle
from services.context import Context
from services.credentials import questions
from services.credentials.passwords import Passwords
from services.credentials.questions import Answered
from services.errors import TooSoon

WRONG = "These answers are not right. Check every one of them, and try again after the wait."


def asked(identity_id: int) -> tuple[str, ...]:
    """The keys of the questions that a person has answered, always in the same order; call it inside `ctx.read()`."""
    rows = SecurityAnswer.select(SecurityAnswer.question).where(SecurityAnswer.identity == identity_id)
    return tuple(row.question for row in rows.order_by(SecurityAnswer.id))


def claim(ctx: Context, identity_id: int) -> None:
    """Count one try as wrong until `check` forgives it; call it in a unit of work of its own. Raises TooSoon."""
    wait = throttle.claim(ctx, _key(ctx, identity_id))
    if wait:
        seconds = "1 second" if wait == 1 else f"{wait} seconds"
        raise TooSoon(f"Wait {seconds}, then answer again. Each wrong try makes the next wait longer.", wait)


def check(ctx: Context, passwords: Passwords, identity_id: int, answers: Sequence[Answered]) -> bool:
    """Whether every question is answered rightly; which one is not is told to nobody.

    Opens its own transactions, because hashing takes its time: a quarter of a second an answer. Call `claim` first.
    """
    with ctx.read():
        rows = SecurityAnswer.select().where(SecurityAnswer.identity == identity_id)
        kept = {row.question: str(row.verifier) for row in rows}
    given = {answered.question: answered for answered in answers}
    # All are checked whatever came before, so that the time does not tell which one was wrong.
    verdicts = [
        questions.check_answer(passwords, given.get(question, Answered(question)), stored).ok
        for question, stored in kept.items()
    ]
    right = bool(verdicts) and all(verdicts)
    if right:
        with ctx.unit():
            throttle.forgive(_key(ctx, identity_id))
    return right


def waiting(ctx: Context, identity_id: int) -> int:
    """Seconds until answers are heard again, 0 for now; call it inside `ctx.read()`."""
    return throttle.waiting(ctx, _key(ctx, identity_id))


def store(ctx: Context, identity_id: int, hashed: Mapping[str, str]) -> None:
    """Put hashed answers, by their questions, in the place of all earlier ones; call it inside `ctx.unit()`.

    Wrong answers to the earlier ones are forgotten.
    """
    now = ctx.clock.now()
    SecurityAnswer.delete().where(SecurityAnswer.identity == identity_id).execute()
    for question, verifier in hashed.items():
        SecurityAnswer.create(identity=identity_id, question=question, verifier=verifier, created_at=now)
    Identity.update(secured_at=now).where(Identity.id == identity_id).execute()
    throttle.forgive(_key(ctx, identity_id))


def _key(ctx: Context, identity_id: int) -> str:
    return throttle.key(ctx, "answers", str(identity_id))
