"""The codes of a sign-in whose password or SSH key was right: the one that was mailed, and the second factor."""

from __future__ import annotations

from collections.abc import Callable

from models.identity import Identity, Session
from models.states import AuditResult, Awaited, IdentityState
from services import audit, throttle
from services.accounts.identities import client_id_of, hold
from services.actor import Actor
from services.context import Context
from services.credentials import factor
from services.credentials.passwords import Secret
from services.entry import arrival, awaiting, mailed_code, places
from services.errors import Refused, SignedOut, TooSoon
from services.mail import notices
from services.mail.notices import Notice

TOLD_AT = 3
"""Wrong codes behind the right password after which the owner is told, once until the next sign-in."""

WRONG_MAILED = "This is not the code of the newest mail. Check it, and type it again."
NO_MAILED = "This code helps no more: its time is over, or five wrong ones were typed. Have a new one sent."


class WrongCode(Refused):
    """A code that is not the right one.

    Attributes:
        wait: seconds until the next code is heard.
    """

    def __init__(self, sentence: str, wait: int) -> None:
        super().__init__(sentence)
        self.wait = wait


def prove(ctx: Context, actor: Actor, code: Secret) -> Actor:
    """Take a code of the app or a recovery code, and open the session. Raises as `SignIn.prove` does."""
    return _Proof(ctx, actor, Awaited.SECOND_FACTOR, factor.claim).try_code(code)


def prove_mailed(ctx: Context, actor: Actor, code: Secret) -> Actor:
    """Take the mailed code; the session opens, or awaits the second factor. Raises as `SignIn.prove_mailed` does."""
    return _Proof(ctx, actor, Awaited.MAILED_CODE, mailed_code.claim).try_code(code)


def waiting(ctx: Context, actor: Actor) -> int:
    """Seconds until the next code is heard, 0 for now."""
    with ctx.read():
        ask = mailed_code.waiting if actor.awaits is Awaited.MAILED_CODE else factor.waiting
        return ask(ctx, actor.identity_id or 0)


def send_again(ctx: Context, actor: Actor) -> None:
    """Mail a new code, unless one went a moment ago or six went today; which of these is told to nobody.

    Raises SignedOut.
    """
    with ctx.unit():
        identity = hold(ctx, actor.identity_id or 0)
        awaiting.require(ctx, actor, Awaited.MAILED_CODE)
        if identity is not None:
            mailed_code.send(ctx, identity, again=True)


class _Proof:
    """One try."""

    def __init__(self, ctx: Context, actor: Actor, awaits: Awaited, claim: Callable[[Context, int], None]) -> None:
        self._ctx = ctx
        self._actor = actor
        self._awaits = awaits
        self._claim = claim

    def try_code(self, code: Secret) -> Actor:
        """Count the try, look, and open or write down what was wrong; each in a transaction of its own."""
        try:
            with self._ctx.unit():
                awaiting.require(self._ctx, self._actor, self._awaits)
                self._claim(self._ctx, self._actor.identity_id or 0)
        except TooSoon as refusal:
            with self._ctx.unit():
                self._record(audit.Action.SIGN_IN_DELAYED, AuditResult.REFUSED, refusal.sentence)
            raise
        with self._ctx.unit():
            identity = hold(self._ctx, self._actor.identity_id or 0)
            session = awaiting.require(self._ctx, self._actor, self._awaits)
            opened = self._take(_usable(identity, session), session, code)
            if opened is not None:
                return opened
        raise self._wrong()

    def _take(self, identity: Identity, session: Session, code: Secret) -> Actor | None:
        if self._awaits is Awaited.MAILED_CODE:
            if not mailed_code.use(self._ctx, identity.id, code):
                return None
            return arrival.after_mailed_code(self._ctx, self._actor, identity, session)
        taken = factor.take(self._ctx, identity, code)
        if taken is None:
            return None
        return arrival.after_second_factor(self._ctx, self._actor, identity, session, taken)

    def _wrong(self) -> WrongCode:
        mailed = self._awaits is Awaited.MAILED_CODE
        with self._ctx.unit():
            wrong = throttle.count(self._ctx, arrival.series_key(self._ctx, self._actor.identity_id or 0))
            identity = Identity.get_by_id(self._actor.identity_id)
            if wrong == TOLD_AT:
                place = places.place_of(self._actor.origin) or "an unknown place"
                told = {"place": place, "failures": str(wrong)}
                if self._ssh_key():
                    notice, told = Notice.WRONG_CODES_AFTER_KEY, told | {"key": self._ssh_key()}
                else:
                    notice = Notice.WRONG_CODES
                notices.tell(self._ctx, identity, notice, by=arrival.BY, **told)
            sentence = factor.WRONG_CODE
            if mailed:
                sentence = WRONG_MAILED if mailed_code.helps(self._ctx, identity.id) else NO_MAILED
            reason = "wrong mailed code" if mailed else "wrong code of the second factor"
            self._record(audit.Action.SIGN_IN_CODE_WRONG, AuditResult.FAILED, reason)
        return WrongCode(sentence, waiting(self._ctx, self._actor))

    def _ssh_key(self) -> str:
        """The key that stood for the password; empty for none."""
        session = Session.get_or_none(Session.id == self._actor.session_id)
        return "" if session is None else str(session.ssh_key)

    def _record(self, action: audit.Action, result: AuditResult, reason: str) -> None:
        audit.record(
            self._ctx,
            # Whoever types codes is nobody yet.
            self._actor.origin,
            action,
            result=result,
            agency_id=self._actor.agency_id,
            client_id=client_id_of(self._actor.identity_id or 0),
            identity_id=self._actor.identity_id,
            subject=self._actor.name,
            reason=reason,
            details={"ssh_key": key} if (key := self._ssh_key()) else None,
        )


def _usable(identity: Identity | None, session: Session) -> Identity:
    states = (IdentityState.ACTIVE, IdentityState.PENDING) if session.by_temporary else (IdentityState.ACTIVE,)
    if identity is None or identity.state not in states:
        raise SignedOut("This sign-in has ended: the account is not active. Ask the helpdesk.")
    return identity
