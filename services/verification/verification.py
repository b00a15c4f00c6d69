"""Verifying a caller: what they say is compared, and only right or wrong comes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta

from models.identity import Identity
from models.states import AuditResult, CheckMethod
from services import agency_policy, audit, persons, rights, sessions
from services.accounts.identities import hold
from services.accounts.taking import allowed
from services.actor import Actor
from services.clients.values import PersonAction
from services.context import Context
from services.credentials import answers, factor
from services.credentials.passwords import Passwords, Secret
from services.credentials.questions import QUESTIONS, Answered
from services.errors import Refused
from services.person_key import PersonKey
from services.reasons import clean_reason
from services.rights import Right
from services.text import safe
from services.verification import caller_code
from services.verification.standing import keep, standing_of, with_method
from services.verification.values import CallerOffers, CodeStanding, MethodOffer, Question, Standing, Verdict

_GONE = "The account of this person is not there any more. Go back and look again."
_OWN = "This is your own account: nobody vouches for themselves. Ask a colleague."
_NO_SESSION = "The command line answers no telephone. Sign in at the desk to verify a caller."
_WRONG_ANSWERS = "Not all of these answers are right. Ask again after the wait; which one is wrong is told to nobody."
_WRONG_CODE = "This code is not right, or it was used already. Wait for the next one in the app and type that."
_BEFORE = {
    CheckMethod.QUESTIONS: "Wrong answers were given a moment ago. Ask again after the wait.",
    CheckMethod.CODE: "A code was mailed a moment ago. Send the next one after the wait.",
    CheckMethod.SECOND_FACTOR: "Wrong codes were typed a moment ago. Ask for the next one after the wait.",
}


class Verification:
    """Tells how a caller can be verified, and does it."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._passwords = Passwords(ctx.keys, ctx.bcrypt_cost)

    def offers(self, actor: Actor, person: PersonKey) -> CallerOffers:
        """Every method, possible or not, and what has been shown already. Raises NotFound or Refused."""
        with self._ctx.read():
            identity = self._caller(actor, person)
            return CallerOffers(
                name=safe(identity.name),
                address=identity.email,
                standing=standing_of(self._ctx, actor, identity.id),
                methods=tuple(self._offer(actor, identity, method) for method in CheckMethod),
            )

    def questions_for(self, actor: Actor, person: PersonKey) -> tuple[Question, ...]:
        """The questions to ask, without their answers. Raises NotFound or Refused."""
        with self._ctx.read():
            identity = self._caller(actor, person)
            _refuse(self._why_not(actor, identity, CheckMethod.QUESTIONS))
            return tuple(Question(key, QUESTIONS[key]) for key in answers.asked(identity.id))

    def check_answers(self, actor: Actor, person: PersonKey, given: Sequence[Answered]) -> Verdict:
        """Whether all the answers are right. Raises NotFound, Refused, or TooSoon after wrong ones of whomever."""
        with self._refusals(actor, person):
            with self._ctx.unit():
                identity = self._allowed(actor, person, CheckMethod.QUESTIONS)
                answers.claim(self._ctx, identity.id)
            right = answers.check(self._ctx, self._passwords, identity.id, given)
            with self._ctx.unit():
                identity = self._held(actor, person)
                standing = self._kept(actor, person, identity, CheckMethod.QUESTIONS, right)
                wait = answers.waiting(self._ctx, identity.id)
        return Verdict(right, standing) if right else Verdict(False, standing, _WRONG_ANSWERS, wait)

    def check_factor(self, actor: Actor, person: PersonKey, code: Secret) -> Verdict:
        """Whether this is the present code of the person's app; it is used up. Raises NotFound, Refused or TooSoon."""
        with self._refusals(actor, person):
            with self._ctx.unit():
                identity = self._allowed(actor, person, CheckMethod.SECOND_FACTOR)
                factor.claim(self._ctx, identity.id)
            with self._ctx.unit():
                identity = self._held(actor, person)
                right = factor.take(self._ctx, identity, code, recovery=False) is not None
                standing = self._kept(actor, person, identity, CheckMethod.SECOND_FACTOR, right)
                wait = factor.waiting(self._ctx, identity.id)
        return Verdict(right, standing) if right else Verdict(False, standing, _WRONG_CODE, wait)

    def send_code(self, actor: Actor, person: PersonKey) -> CodeStanding:
        """Mail six digits to the person, which count for this session alone. Raises NotFound, Refused or TooSoon."""
        with self._refusals(actor, person, audit.Action.CALLER_CODE_SENT), self._ctx.unit():
            identity = self._allowed(actor, person, CheckMethod.CODE)
            # The slot before the account, as wherever both are taken: two orders of locking could end in a deadlock.
            caller_code.take_slot(self._ctx, identity)
            identity = self._held(actor, person)
            caller_code.send(self._ctx, actor, identity)
            self._record(actor, person, identity, audit.Action.CALLER_CODE_SENT, to=identity.email)
            return caller_code.standing(self._ctx, actor, identity)

    def code_standing(self, actor: Actor, person: PersonKey) -> CodeStanding:
        """Where the newest mail with a code is that this session sent. Raises NotFound or Refused."""
        with self._ctx.read():
            return caller_code.standing(self._ctx, actor, self._caller(actor, person))

    def check_code(self, actor: Actor, person: PersonKey, code: Secret) -> Verdict:
        """Whether these are the digits that this session sent; after three wrong tries they help no more.

        Raises NotFound, or Refused for a code that is over.
        """
        with self._refusals(actor, person), self._ctx.unit():
            identity = self._held(actor, person)
            _refuse(self._why_not(actor, identity, CheckMethod.CODE))
            check_id = caller_code.compare(self._ctx, actor, identity, code)
            standing = self._kept(actor, person, identity, CheckMethod.CODE, check_id is not None, check_id=check_id)
            left = caller_code.standing(self._ctx, actor, identity)
        if check_id is not None:
            return Verdict(True, standing)
        tries = "1 try is left" if left.tries_left == 1 else f"{left.tries_left} tries are left"
        return Verdict(False, standing, left.why_over or f"These are not the digits of the mail. {tries}.")

    def override(self, actor: Actor, person: PersonKey, reason: str) -> Standing:
        """Vouch for the caller without a proof. Raises Invalid for `reason`, Forbidden, NotFound or Refused."""
        told = clean_reason(reason)
        with self._refusals(actor, person), self._ctx.unit():
            identity = self._held(actor, person)
            sessions.require_staff(self._ctx, actor, Right.OVERRIDE)
            _refuse(self._why_not(actor, identity, CheckMethod.OVERRIDE))
            return self._kept(actor, person, identity, CheckMethod.OVERRIDE, True, reason=told)

    def _refusals(
        self, actor: Actor, person: PersonKey, action: audit.Action = audit.Action.CALLER_VERIFIED
    ) -> AbstractContextManager[None]:
        return audit.refusals_recorded(self._ctx, actor, action, **persons.numbers(person))

    def _caller(self, actor: Actor, person: PersonKey) -> Identity:
        """The account of a person about whom the actor may act. Raises NotFound or Refused."""
        sessions.require_staff(self._ctx, actor)
        row = persons.find(actor, person)
        return allowed(actor, row, persons.account_of(row), PersonAction.VERIFY)

    def _allowed(self, actor: Actor, person: PersonKey, method: CheckMethod) -> Identity:
        identity = self._caller(actor, person)
        _refuse(self._why_not(actor, identity, method))
        return identity

    def _held(self, actor: Actor, person: PersonKey) -> Identity:
        """The same account, held until the unit of work ends."""
        identity = hold(self._ctx, self._caller(actor, person).id)
        if identity is None:
            raise Refused(_GONE)
        return identity

    def _why_not(self, actor: Actor, identity: Identity, method: CheckMethod) -> str:
        """Why this caller cannot be verified so, whatever the waits are; empty if they can."""
        if actor.session_id is None:
            return _NO_SESSION
        return self._hurdles()[method](actor, identity)

    def _hurdles(self) -> dict[CheckMethod, Callable[[Actor, Identity], str]]:
        return {
            CheckMethod.QUESTIONS: _about_questions,
            CheckMethod.CODE: lambda _, identity: caller_code.why_not(self._ctx, identity),
            CheckMethod.SECOND_FACTOR: _about_factor,
            CheckMethod.OVERRIDE: _about_override,
        }

    def _offer(self, actor: Actor, identity: Identity, method: CheckMethod) -> MethodOffer:
        offer = MethodOffer(method, with_method(self._ctx, actor, identity.id, method))
        told = self._why_not(actor, identity, method)
        wait = 0 if told else self._wait(identity, method)
        if not wait:
            return replace(offer, reason=told)
        return replace(offer, reason=_BEFORE[method], allowed_at=self._ctx.clock.now() + timedelta(seconds=wait))

    def _wait(self, identity: Identity, method: CheckMethod) -> int:
        match method:
            case CheckMethod.QUESTIONS:
                return answers.waiting(self._ctx, identity.id)
            case CheckMethod.SECOND_FACTOR:
                return factor.waiting(self._ctx, identity.id)
            case CheckMethod.CODE:
                return caller_code.waiting(self._ctx, identity)
            case _:
                return 0

    def _kept(
        self,
        actor: Actor,
        person: PersonKey,
        identity: Identity,
        method: CheckMethod,
        right: bool,
        *,
        reason: str = "",
        check_id: int | None = None,
    ) -> Standing:
        """Keep what was shown, and write it down; a wrong try is written down alone."""
        if right:
            standing = keep(self._ctx, actor, identity, method, reason=reason, check_id=check_id)
        else:
            standing = standing_of(self._ctx, actor, identity.id)
        self._record(
            actor,
            person,
            identity,
            audit.Action.CALLER_VERIFIED,
            result=AuditResult.DONE if right else AuditResult.FAILED,
            reason=reason if right else "wrong",
            method=method.value,
        )
        return standing

    def _record(
        self,
        actor: Actor,
        person: PersonKey,
        identity: Identity,
        action: audit.Action,
        *,
        result: AuditResult = AuditResult.DONE,
        reason: str = "",
        **details: str,
    ) -> None:
        audit.record(
            self._ctx,
            actor,
            action,
            result=result,
            **persons.numbers(person),
            identity_id=identity.id,
            subject=identity.name,
            reason=reason,
            details=details,
        )


def _refuse(sentence: str) -> None:
    if sentence:
        raise Refused(sentence)


def _about_questions(_: Actor, identity: Identity) -> str:
    if not agency_policy.policy_of(identity.agency).questions:
        return "The agency does not use security questions. Verify in another way."
    if not answers.asked(identity.id):
        return "This person has not answered any security questions yet. Verify in another way."
    return ""


def _about_factor(_: Actor, identity: Identity) -> str:
    if not factor.is_enrolled(identity.id):
        return "This person has no authenticator app set up. Verify in another way."
    return ""


def _about_override(actor: Actor, identity: Identity) -> str:
    return _OWN if identity.id == actor.identity_id else rights.why_not(actor.role, Right.OVERRIDE)
