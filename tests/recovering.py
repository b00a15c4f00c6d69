"""Shorthands for tests in which somebody gets back in."""

from __future__ import annotations

from models.identity import Identity, SecurityAnswer
from models.states import IdentityState, Surface
from services.actor import Origin
from services.context import Context
from services.credentials import questions
from services.credentials.passwords import Passwords, Secret
from services.credentials.questions import Answered
from services.desk import Desk
from tests import making
from tests.making import Secrets

USER = "brent@mortgageclient.example.com"
STRANGER = "nobody@example.com"
NEW = Secret("walnut river eleven sky")
NOWHERE = Origin(Surface.PORTAL)


def ask(desk: Desk, email: str = USER, origin: Origin = NOWHERE) -> None:
    """Ask for a reset as somebody who writes the same address twice."""
    desk.recovery.ask_reset(email, email, origin)


def asked(desk: Desk, ctx: Context, identity: Identity) -> Secrets:
    """Ask for a reset, and read the mail."""
    ask(desk)
    return making.sent_secrets(ctx, identity)


def put(ctx: Context, identity: Identity, state: IdentityState) -> None:
    """Bring an account into a state without anything that belongs to it."""
    with ctx.unit():
        Identity.update(state=state).where(Identity.id == identity.id).execute()


def answer(ctx: Context, identity: Identity) -> tuple[Answered, ...]:
    """Let somebody have answered the security questions; the right answers."""
    given = tuple(
        Answered(question, Secret(words))
        for question, words in (("first_street", "Elm Street"), ("first_school", "Hillside"), ("first_pet", "Rex"))
    )
    passwords = Passwords(ctx.keys, ctx.bcrypt_cost)
    kept = [(answered.question, questions.hash_answer(passwords, answered)) for answered in given]
    now = ctx.clock.now()
    with ctx.unit():
        for question, verifier in kept:
            SecurityAnswer.create(identity=identity, question=question, verifier=verifier, created_at=now)
    return given


def wrong(answers: tuple[Answered, ...], number: int) -> tuple[Answered, ...]:
    """The answers with one of them wrong."""
    return tuple(
        Answered(answered.question, Secret("Something else")) if place == number else answered
        for place, answered in enumerate(answers)
    )
