"""A forgotten password, at a kiosk: a code by mail that helps there alone, what else is asked, one call at the end."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass

from models.help_queue import KioskVisit
from models.identity import Identity
from models.kiosk import Kiosk
from models.states import IdentityState, KioskStep
from services import agency_policy, audit, reset_asking, reset_ending, throttle
from services.accounts.identities import about, client_id_of, email_key, hold, policy_of, verifier_of
from services.actor import Origin
from services.context import Context
from services.credentials.passwords import Passwords, Secret
from services.credentials.policy import problem, same_as_last
from services.credentials.presented import Presented, TokenAnswer, present_at_kiosk
from services.errors import Invalid, Refused
from services.kiosks import limits, released, standing, visits
from services.kiosks.reset_values import CodeAsked, KioskOpened, KioskProof, KioskReset
from services.kiosks.tries import counted
from services.mail.render import masked
from services.reset_hurdles import (
    CHANGED,
    Hurdle,
    HurdleFailed,
    Hurdles,
    all_of,
    check_questions,
    claim_factor,
    take_factor,
)

_NOT_THAT_WAY = "The way to a new password has changed meanwhile. Start again."
_DEACTIVATED = "This account is not open any more. Ask for help, or call the agency."


@dataclass(frozen=True, slots=True)
class _Case:
    """Whose password it is about, and what of the proof is there.

    Attributes:
        held: the code that was typed; None where an agent let the person pass it.
        open_steps: what an agent let them pass, of everything that is asked.
        hurdles: what is asked besides, without that.
    """

    visit_id: int
    identity: Identity
    client_id: int | None
    held: Presented | None
    open_steps: frozenset[KioskStep]
    hurdles: Hurdles
    on_the_spot: bool


class KioskResets:
    """Lets people at a kiosk back in; nobody is signed in by it, and nothing is stored before the end."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._passwords = Passwords(ctx.keys, ctx.bcrypt_cost)

    def ask(self, origin: Origin, visit_id: int, email: str, confirm: str) -> CodeAsked:
        """Mail a code to whoever has this address; silent about who that is, and about all caps of the address.

        A code that was mailed within the last five minutes at this kiosk helps on.

        Raises Invalid for `email` and `confirm` if they are no addresses or differ; TooSoon for a kiosk that has asked
        for very much; Refused.
        """
        asked = reset_asking.same_address(email, confirm)
        with self._ctx.unit():
            kiosk = standing.require(origin)
            limits.claim_mail(self._ctx, origin)
            identity_id = reset_asking.ask_at_kiosk(self._ctx, asked, origin, kiosk)
            visits.about(origin, visit_id, identity_id)
        return CodeAsked(masked(asked.address), bool(self._ctx.settings.mail.host))

    def open(self, origin: Origin, visit_id: int, proof: KioskProof) -> KioskOpened:
        """Say what a code is for, or what is left where an agent let the person pass it; nothing is used up.

        Raises HurdleFailed with one sentence for every wrong code, whoever's the address is; TooSoon, or Refused.
        """
        with self._counted(origin, proof):
            case = self._case(origin, visit_id, proof)
            with self._refusals(case, origin):
                _refuse_ended(case)
            with self._ctx.unit():
                identity = case.identity
                self._record(case, origin, audit.Action.TOKEN_OPENED, purpose="kiosk")
                return KioskOpened(
                    name=identity.name,
                    user_name=identity.email,
                    company_code=identity.agency.code,
                    first=identity.state is IdentityState.PENDING,
                    on_the_spot=case.on_the_spot,
                    hurdles=case.hurdles,
                    policy=policy_of(identity),
                    about=about(identity),
                )

    def check_answers(self, origin: Origin, visit_id: int, proof: KioskProof) -> None:
        """Say whether the security answers are right before somebody goes on; no later call trusts it.

        Raises HurdleFailed, TooSoon, or Refused.
        """
        with self._counted(origin, proof):
            case = self._case(origin, visit_id, proof)
            with self._refusals(case, origin):
                _refuse_ended(case)
                check_questions(self._ctx, self._passwords, case.identity.id, case.hurdles, proof.answers)

    def send_temporary(self, origin: Origin, visit_id: int, proof: KioskProof) -> KioskReset:
        """Use everything up that was shown, and mail a temporary password; the present one stays until then.

        Raises HurdleFailed, TooSoon, or Refused.
        """
        with self._counted(origin, proof):
            case = self._case(origin, visit_id, proof)
            with self._refusals(case, origin):
                if case.on_the_spot:
                    raise Refused(_NOT_THAT_WAY)
                self._check(case, proof)
                with self._ctx.unit():
                    identity, taken = self._prove(case, origin, proof)
                    reset_ending.send_temporary(self._ctx, identity)
                    self._record(case, origin, audit.Action.RESET_CONFIRMED, **taken)
                    return _ended(identity, first=False, temporary=True)

    def choose_password(self, origin: Origin, visit_id: int, proof: KioskProof, password: Secret) -> KioskReset:
        """Use everything up that was shown, and set the password; of two who try at once exactly one wins.

        Raises Invalid for `password`, HurdleFailed, TooSoon, or Refused.
        """
        with self._counted(origin, proof):
            case = self._case(origin, visit_id, proof)
            with self._ctx.read():
                told = problem(policy_of(case.identity), password, about(case.identity))
                stored = verifier_of(case.identity.id)
            with self._refusals(case, origin):
                if not case.on_the_spot:
                    raise Refused(_NOT_THAT_WAY)
                if told is not None:
                    raise Invalid({"password": told})
                self._check(case, proof)
                same = stored is not None and self._passwords.verify(password, stored).ok
                verifier = "" if same else self._passwords.hash(password)
                with self._ctx.unit():
                    return self._set_password(case, origin, proof, verifier)

    def _set_password(self, case: _Case, origin: Origin, proof: KioskProof, verifier: str) -> KioskReset:
        identity, taken = self._prove(case, origin, proof)
        if not verifier:
            # Only now, as in services/recovery.py: whoever lacks a proof must not try out passwords here.
            raise Invalid({"password": same_as_last()})
        first = identity.state is IdentityState.PENDING
        reset_ending.set_password(self._ctx, identity, verifier, first=first)
        self._record(case, origin, audit.Action.PASSWORD_CHOSEN, purpose="kiosk", **taken)
        return _ended(identity, first=first, temporary=False)

    def _counted(self, origin: Origin, proof: KioskProof) -> AbstractContextManager[None]:
        return counted(self._ctx, origin, tried=bool(proof.code or proof.answers or proof.factor))

    def _case(self, origin: Origin, visit_id: int, proof: KioskProof) -> _Case:
        """Raises HurdleFailed or TooSoon for a code that is none of this kiosk, of this person, or of these tries."""
        with self._ctx.read():
            kiosk = standing.require(origin)
            visit = visits.present(origin, visit_id)
            open_steps = released.steps(self._ctx, origin, visit_id)
        held = None if self._passed(visit, open_steps, proof) else self._present(origin, kiosk, proof)
        with self._ctx.read():
            identity = Identity.get_by_id(visit.identity_id if held is None else held.identity_id)
            if visit.identity_id != identity.id:
                # Then it was opened to whoever owns another address.
                open_steps = frozenset()
            everything = all_of(identity)
            return _Case(
                visit_id=visit_id,
                identity=identity,
                client_id=client_id_of(identity.id),
                held=held,
                open_steps=open_steps & _steps_of(everything, with_code=held is None),
                hurdles=_without(everything, open_steps),
                on_the_spot=_on_the_spot(self._ctx, identity),
            )

    def _passed(self, visit: KioskVisit, open_steps: frozenset[KioskStep], proof: KioskProof) -> bool:
        """Whether an agent let the owner of this very address pass the code."""
        if KioskStep.CODE not in open_steps or proof.code:
            return False
        with self._ctx.read():
            return bool(Identity.get_by_id(visit.identity_id).email_key == email_key(proof.email))

    def _present(self, origin: Origin, kiosk: Kiosk, proof: KioskProof) -> Presented:
        if not proof.code:
            raise Refused(released.OVER)
        try:
            return present_at_kiosk(self._ctx, proof.code.reveal(), proof.email, origin, kiosk)
        except Refused as refusal:
            with self._ctx.read():
                wait = throttle.waiting(self._ctx, throttle.key(self._ctx, "code", email_key(proof.email)))
            raise HurdleFailed(Hurdle.CODE, refusal.sentence, wait) from refusal

    def _check(self, case: _Case, proof: KioskProof) -> None:
        """What takes long, or is counted before it is tried; all in transactions of their own."""
        _refuse_ended(case)
        check_questions(self._ctx, self._passwords, case.identity.id, case.hurdles, proof.answers)
        claim_factor(self._ctx, case.identity.id, case.hurdles)

    def _prove(self, case: _Case, origin: Origin, proof: KioskProof) -> tuple[Identity, dict[str, str | bool]]:
        """The account, held, with everything used up; what was shown, for the audit. Call it inside `ctx.unit()`."""
        identity = hold(self._ctx, case.identity.id)
        kiosk = standing.require(origin)
        if case.held is not None:
            reset_ending.spend(self._ctx, case.held)
        if identity is None or identity.state is not case.identity.state or identity.agency_id != kiosk.agency_id:
            raise Refused(CHANGED)
        if _without(all_of(identity), case.open_steps) != case.hurdles:
            raise Refused(CHANGED)
        let_pass = released.use(self._ctx, visits.present(origin, case.visit_id), case.open_steps)
        taken = take_factor(self._ctx, identity, case.hurdles, proof.factor)
        reset_ending.settle(self._ctx, identity)
        shown = reset_ending.proofs(case.hurdles, taken)
        return identity, shown | ({"released": let_pass} if let_pass else {})

    def _refusals(self, case: _Case, origin: Origin) -> AbstractContextManager[None]:
        return audit.refusals_recorded(
            self._ctx,
            origin,
            audit.Action.PASSWORD_CHOSEN if case.on_the_spot else audit.Action.RESET_CONFIRMED,
            agency_id=case.identity.agency_id,
            client_id=case.client_id,
            identity_id=case.identity.id,
            subject=case.identity.email,
        )

    def _record(self, case: _Case, origin: Origin, action: audit.Action, **details: str | bool) -> None:
        audit.record(
            self._ctx,
            origin,
            action,
            agency_id=case.identity.agency_id,
            client_id=case.client_id,
            identity_id=case.identity.id,
            subject=case.identity.email,
            details=details,
        )


def _on_the_spot(ctx: Context, identity: Identity) -> bool:
    """Whether a password is chosen at the kiosk: the first one always, another one where one mail is enough."""
    two_mails = agency_policy.policy_of(identity.agency).reset_mails == 2 and ctx.settings.mail.host
    return identity.state is IdentityState.PENDING or not two_mails


def _steps_of(hurdles: Hurdles, *, with_code: bool) -> frozenset[KioskStep]:
    """Everything that is asked of somebody."""
    asked = {
        KioskStep.CODE: with_code,
        KioskStep.QUESTIONS: bool(hurdles.questions),
        KioskStep.SECOND_FACTOR: hurdles.second_factor,
    }
    return frozenset(step for step, is_asked in asked.items() if is_asked)


def _without(hurdles: Hurdles, open_steps: frozenset[KioskStep]) -> Hurdles:
    """What is left of it."""
    return Hurdles(
        () if KioskStep.QUESTIONS in open_steps else hurdles.questions,
        hurdles.second_factor and KioskStep.SECOND_FACTOR not in open_steps,
    )


def _refuse_ended(case: _Case) -> None:
    if case.held is not None and case.held.answer is not TokenAnswer.LIVE:
        raise Refused(case.held.why_not)
    if case.identity.state is IdentityState.DEACTIVATED:
        raise Refused(_DEACTIVATED)


def _ended(identity: Identity, *, first: bool, temporary: bool) -> KioskReset:
    return KioskReset(identity.agency.code, identity.email, masked(identity.email), first, temporary)
