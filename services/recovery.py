"""What the owner of a mailbox can do without signing in: ask for a reset, open a link or code, choose a password."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from models.identity import Identity
from models.states import IdentityState, TokenPurpose
from services import audit, reset_asking, reset_ending
from services.accounts.identities import (
    about,
    client_id_of,
    hold,
    policy_of,
    verifier_of,
)
from services.accounts.owed import owed_by
from services.actor import Origin
from services.context import Context
from services.credentials.passwords import Passwords, Secret
from services.credentials.policy import problem, same_as_last
from services.credentials.presented import Presented, TokenAnswer, present, why_ended
from services.credentials.questions import Answered
from services.errors import Invalid, Refused
from services.recovery_values import OPENS, OpenedToken, PasswordChosen, ResetConfirmed, opened
from services.reset_hurdles import CHANGED, Hurdles, check_questions, claim_factor, hurdles_of, take_factor

__all__ = ["OpenedToken", "PasswordChosen", "Recovery", "ResetConfirmed", "TokenAnswer"]

_OTHER_PURPOSE = 'This link or code is for something else. Open it with "I have a link or code", and follow the steps.'
_NOTHING = Secret("")


@dataclass(frozen=True, slots=True)
class _Case:
    """Whose link or code it is, and what is asked besides."""

    purpose: TokenPurpose
    identity: Identity
    client_id: int | None
    hurdles: Hurdles


class Recovery:
    """Lets the owner of a mailbox back in; nobody is signed in by it."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._passwords = Passwords(ctx.keys, ctx.bcrypt_cost)

    def ask_reset(self, email: str, confirm: str, origin: Origin) -> None:
        """Send the mail that helps to whoever has this address; silent about who that is and about all caps.

        Raises Invalid for `email` and `confirm` if they are no addresses or differ.
        """
        asked = reset_asking.same_address(email, confirm)
        with self._ctx.unit():
            reset_asking.ask(self._ctx, asked, origin)

    def open(self, link_or_code: str, email: str, origin: Origin) -> OpenedToken:
        """Show what a link, a bare token or a code is for; it stays as it is however often that happens.

        Args:
            email: to whom the code was sent; not needed with a link.

        Raises Refused, TooSoon, or Invalid for `email`.
        """
        held = present(self._ctx, link_or_code, email, origin)
        with self._ctx.unit():
            identity = Identity.get_by_id(held.identity_id)
            self._record(
                identity,
                origin,
                audit.Action.TOKEN_OPENED,
                state=held.answer.value,
                purpose=held.purpose.value,
            )
            return opened(held, identity)

    def ask_fresh(self, link_or_code: str, email: str, origin: Origin) -> None:
        """Send a new mail to whom an ended link or code was sent; silent about caps, nothing for one that lives.

        Raises Refused, TooSoon, or Invalid for `email`, as `open` does; Refused where no mail can take its place.
        """
        held = present(self._ctx, link_or_code, email, origin)
        if held.answer is TokenAnswer.LIVE:
            return
        if held.purpose is TokenPurpose.UNDO_EMAIL:
            raise Refused(held.why_not)
        with self._ctx.unit():
            reset_asking.ask_again(self._ctx, held.identity_id, origin)

    def check_answers(self, link_or_code: str, email: str, answers: Sequence[Answered], origin: Origin) -> None:
        """Say whether the security answers are right before somebody goes on; no later call trusts it.

        Raises HurdleFailed, TooSoon, Refused for an ended or unknown link or code, or Invalid for `email`.
        """
        held = present(self._ctx, link_or_code, email, origin)
        case = self._look(held)
        with self._refusals(case, origin):
            _refuse_ended(held)
            check_questions(self._ctx, self._passwords, held.identity_id, case.hurdles, answers)

    def confirm_reset(
        self, link_or_code: str, email: str, answers: Sequence[Answered], code: Secret, origin: Origin
    ) -> ResetConfirmed:
        """Use up the link or code of the first mail and send the second one, which brings a temporary password.

        The present password stays until its owner has signed in with the temporary one and chosen another; the
        sessions end at once.

        Args:
            answers: to all the questions that `open` named.
            code: of the authenticator app, or a recovery code, where `open` said that one is needed.

        Raises HurdleFailed, TooSoon, Refused for an ended or unknown link or code, or Invalid for `email`.
        """
        held = present(self._ctx, link_or_code, email, origin)
        case = self._look(held)
        with self._refusals(case, origin):
            _refuse_ended(held)
            if held.purpose is not TokenPurpose.CONFIRM_RESET:
                raise Refused(_OTHER_PURPOSE)
            check_questions(self._ctx, self._passwords, held.identity_id, case.hurdles, answers)
            claim_factor(self._ctx, held.identity_id, case.hurdles)
            with self._ctx.unit():
                return self._send_temporary(held, case.hurdles, code, origin)

    def choose_password(
        self,
        link_or_code: str,
        email: str,
        password: Secret,
        origin: Origin,
        answers: Sequence[Answered] = (),
        code: Secret = _NOTHING,
    ) -> PasswordChosen:
        """Use up the link or code and set the password; of two who try at once exactly one wins.

        Args:
            answers: as for `confirm_reset`; code: likewise.

        Raises Invalid for `password` (and `email` with a code), HurdleFailed, TooSoon, or Refused for an ended or
        unknown link or code.
        """
        held = present(self._ctx, link_or_code, email, origin)
        case = self._look(held)
        with self._ctx.read():
            told = problem(policy_of(case.identity), password, about(case.identity))
            stored = verifier_of(held.identity_id)
        with self._refusals(case, origin):
            _refuse_ended(held)
            if held.purpose not in OPENS.values():
                raise Refused(_OTHER_PURPOSE)
            if told is not None:
                raise Invalid({"password": told})
            check_questions(self._ctx, self._passwords, held.identity_id, case.hurdles, answers)
            claim_factor(self._ctx, held.identity_id, case.hurdles)
            same = stored is not None and self._passwords.verify(password, stored).ok
            verifier = "" if same else self._passwords.hash(password)
            with self._ctx.unit():
                return self._set_password(held, case.hurdles, code, verifier, origin)

    def _look(self, held: Presented) -> _Case:
        with self._ctx.read():
            identity = Identity.get_by_id(held.identity_id)
            return _Case(held.purpose, identity, client_id_of(identity.id), hurdles_of(held, identity))

    def _refusals(self, case: _Case, origin: Origin) -> AbstractContextManager[None]:
        confirms = case.purpose is TokenPurpose.CONFIRM_RESET
        return audit.refusals_recorded(
            self._ctx,
            origin,
            audit.Action.RESET_CONFIRMED if confirms else audit.Action.PASSWORD_CHOSEN,
            agency_id=case.identity.agency_id,
            client_id=case.client_id,
            identity_id=case.identity.id,
            subject=case.identity.email,
        )

    def _proved(
        self, held: Presented, hurdles: Hurdles, code: Secret, origin: Origin, *, opened_by: IdentityState | None
    ) -> tuple[Identity, str]:
        """The account, held, with link or code and second factor used up; what the latter was, for the audit.

        Args:
            opened_by: the state of the account that the link or code is for; None if it is for none.
        """
        # Before the account is held, as where mails are asked for: two orders of locking could end in a deadlock.
        reset_asking.forgive(self._ctx, origin)
        identity = hold(self._ctx, held.identity_id)
        reset_ending.spend(self._ctx, held)
        if identity is None or identity.state is not opened_by:
            raise Refused(why_ended(held.purpose, TokenAnswer.REVOKED))
        if hurdles_of(held, identity) != hurdles:
            raise Refused(CHANGED)
        taken = take_factor(self._ctx, identity, hurdles, code)
        reset_ending.settle(self._ctx, identity)
        return identity, taken

    def _send_temporary(self, held: Presented, hurdles: Hurdles, code: Secret, origin: Origin) -> ResetConfirmed:
        identity, taken = self._proved(held, hurdles, code, origin, opened_by=IdentityState.ACTIVE)
        reset_ending.send_temporary(self._ctx, identity)
        self._record(identity, origin, audit.Action.RESET_CONFIRMED, **reset_ending.proofs(hurdles, taken))
        return ResetConfirmed(identity.agency.code, identity.email, identity.agency.name)

    def _set_password(
        self, held: Presented, hurdles: Hurdles, code: Secret, verifier: str, origin: Origin
    ) -> PasswordChosen:
        state = next((state for state, purpose in OPENS.items() if purpose is held.purpose), None)
        identity, taken = self._proved(held, hurdles, code, origin, opened_by=state)
        if not verifier:
            # Only now: whoever lacks the second factor must not try out passwords here. It is not used up by it.
            raise Invalid({"password": same_as_last()})
        reset_ending.set_password(self._ctx, identity, verifier, first=held.purpose is TokenPurpose.ACTIVATE)
        shown = reset_ending.proofs(hurdles, taken)
        self._record(identity, origin, audit.Action.PASSWORD_CHOSEN, purpose=held.purpose.value, **shown)
        asked = owed_by(identity).questions
        return PasswordChosen(identity.agency.code, identity.email, identity.agency.name, held.purpose, asked)

    def _record(self, identity: Identity, origin: Origin, action: audit.Action, **details: str | bool) -> None:
        audit.record(
            self._ctx,
            origin,
            action,
            agency_id=identity.agency_id,
            client_id=client_id_of(identity.id),
            identity_id=identity.id,
            subject=identity.email,
            details=details,
        )


def _refuse_ended(held: Presented) -> None:
    if held.answer is not TokenAnswer.LIVE:
        raise Refused(held.why_not)
