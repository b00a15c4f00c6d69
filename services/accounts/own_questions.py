"""Answering the security questions anew, for somebody signed in."""

from __future__ import annotations

from collections.abc import Sequence

from models.identity import Identity
from services import agency_policy, audit, sessions
from services.accounts.identities import hold, verifier_of
from services.accounts.present_password import PresentPassword, own, record
from services.actor import Actor
from services.context import Context
from services.credentials import answers as stored_answers
from services.credentials import questions
from services.credentials.passwords import Passwords, Secret
from services.credentials.questions import Answered
from services.errors import Invalid, Refused
from services.mail import notices
from services.mail.notices import Notice

_UNUSED = "Your agency asks no security questions, so there is nothing to answer."


class OwnQuestions:
    """Shows which questions are answered, never how, and takes other ones."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._passwords = Passwords(ctx.keys, ctx.bcrypt_cost)
        self._present = PresentPassword(ctx)

    def asked(self, actor: Actor) -> tuple[str, ...]:
        """The keys of the questions that are answered. Raises SignedOut, Locked, or Refused where none are asked."""
        with self._ctx.read():
            sessions.require(self._ctx, actor)
            _refuse_unused(own(actor))
            return stored_answers.asked(actor.identity_id or 0)

    def change(self, actor: Actor, current: Secret, answers: Sequence[Answered]) -> None:
        """Put other questions and answers in the place of the earlier ones; their owner is told of it by mail.

        Raises Invalid for `current`, `answer1`, `answer2` or `answer3`; TooSoon after wrong passwords; SignedOut,
        Locked, or Refused where the agency asks none.
        """
        action = audit.Action.QUESTIONS_CHANGED
        with audit.refusals_recorded(self._ctx, actor, action, identity_id=actor.identity_id, subject=actor.name):
            with self._ctx.read():
                sessions.require(self._ctx, actor)
                _refuse_unused(own(actor))
            told = questions.problems(answers)
            if told:
                raise Invalid(told)
            stored = self._present.check(actor, current, action)
            hashed = {answered.question: questions.hash_answer(self._passwords, answered) for answered in answers}
            with self._ctx.unit():
                identity = hold(self._ctx, actor.identity_id or 0)
                sessions.require(self._ctx, actor)
                if identity is None or verifier_of(identity.id) != stored:
                    raise Refused("Your password was changed elsewhere in the meantime. Sign in with the new one.")
                if stored_answers.asked(identity.id):
                    notices.tell(self._ctx, identity, Notice.QUESTIONS, by=identity.name)
                stored_answers.store(self._ctx, identity.id, hashed)
                record(self._ctx, actor, action)


def _refuse_unused(identity: Identity) -> None:
    if not agency_policy.policy_of(identity.agency).questions:
        raise Refused(_UNUSED)
