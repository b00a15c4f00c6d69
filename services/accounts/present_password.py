"""The present password of somebody signed in, asked again before something weighty."""

from __future__ import annotations

from models.identity import Identity, Session
from models.states import AuditResult
from services import audit, sessions, temporary_credential, throttle
from services.accounts.identities import client_id_of, sign_in_key, verifier_of
from services.actor import Actor
from services.context import Context
from services.credentials.passwords import Passwords, Secret
from services.entry.arrival import MAILED_CODE_FROM
from services.errors import Invalid, Refused
from services.sign_in import too_soon
from services.temporary_credential import TemporaryState

WRONG = "This is not your present password. Write the one with which you signed in."


TOO_MANY = "too many wrong passwords were typed in it"


class PresentPassword:
    """Checks it: the wrong ones are counted together with the failed sign-ins of the account."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._passwords = Passwords(ctx.keys, ctx.bcrypt_cost)

    def check(
        self,
        actor: Actor,
        typed: Secret,
        action: audit.Action,
        *,
        field: str = "current",
        limited: bool = False,
        locked: bool = False,
    ) -> str | None:
        """The stored form of the password that was typed rightly, by which a change in the meantime is noticed.

        Opens its own transactions, because hashing takes its time. A session that a temporary password began may show
        that one until its owner has chosen a password.

        Args:
            action: under which a wrong password is written down.
            field: the name of the field under which a wrong password is told.
            limited: whether a session will do that opens nothing yet but what the person still owes.
            locked: whether a locked one will do.

        Raises Invalid for `field`, TooSoon, SignedOut, or Refused.
        """
        with self._ctx.unit():
            sessions.require(self._ctx, actor, limited=limited, locked=locked)
            identity = own(actor)
            key = sign_in_key(self._ctx, identity.agency.code, identity.email)
            wait = throttle.claim(self._ctx, key)
            if wait:
                raise too_soon(wait)
            stored = verifier_of(identity.id)
            temporary = temporary_credential.kept_for(identity.id) if limited else None
        right = self._passwords.verify(typed, stored).ok
        if temporary is not None and temporary.state is TemporaryState.USED:
            right = temporary.matches(self._ctx, typed) or right
        with self._ctx.unit():
            if right:
                throttle.forgive(key)
                return stored
            record(self._ctx, actor, action, AuditResult.FAILED, "wrong password")
            if throttle.failures(key) >= MAILED_CODE_FROM:
                # Somebody guesses who sits at an open desk: as at the front door, a mailed code comes first now.
                over = Session.update(ended_at=self._ctx.clock.now(), ended_because=TOO_MANY)
                over.where((Session.id == actor.session_id) & Session.ended_at.is_null()).execute()
        raise Invalid({field: WRONG})


def own(actor: Actor) -> Identity:
    """The account of somebody signed in; call it inside `ctx.read()` or `ctx.unit()`.

    Raises Refused at the command line, and for somebody who came in by the access key.
    """
    identity = Identity.get_or_none(Identity.id == actor.identity_id)
    if identity is None:
        raise Refused("You have no account of your own here yet. Sign in at the desk with one for that.")
    found: Identity = identity
    return found


def record(
    ctx: Context,
    actor: Actor,
    action: audit.Action,
    result: AuditResult = AuditResult.DONE,
    reason: str = "",
    **details: str | int | bool,
) -> None:
    """Write down what somebody did with the own account; call it inside `ctx.unit()`."""
    audit.record(
        ctx,
        actor,
        action,
        result=result,
        client_id=client_id_of(actor.identity_id) if actor.identity_id else None,
        identity_id=actor.identity_id,
        subject=actor.name,
        reason=reason,
        details=details,
    )
