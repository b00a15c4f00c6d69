"""The end of every reset: what was shown is used up, and the account gets its new password, or a temporary one."""

from __future__ import annotations

from models.identity import Identity
from models.states import MailPurpose, TokenState
from services import sessions, temporary_credential, throttle
from services.accounts import access
from services.accounts.activation import activate
from services.accounts.identities import sign_in_key, store_verifier
from services.context import Context
from services.credentials import tokens
from services.credentials.presented import Presented, TokenAnswer, answer_now, why_ended
from services.errors import Refused
from services.mail import outbox
from services.reset_hurdles import Hurdles
from services.ssh_keys.standing import told_with_password

_BECAUSE = "the password was reset"


def spend(ctx: Context, held: Presented) -> None:
    """Use up a link or code; of two who bring it at once exactly one goes on. Call it with the account held.

    Raises Refused.
    """
    outbox.take_back(ctx, [held.message_id])
    if not tokens.use(ctx, held.token_id):
        answer = answer_now(ctx, held.token_id)
        raise Refused(why_ended(held.purpose, answer) or why_ended(held.purpose, TokenAnswer.EXPIRED))


def settle(ctx: Context, identity: Identity) -> None:
    """Whoever has proved everything needs no other link or code, and no wait; call it with the account held."""
    tokens.end_live(ctx, identity.id, TokenState.REVOKED)
    throttle.forgive(sign_in_key(ctx, identity.agency.code, identity.email))


def send_temporary(ctx: Context, identity: Identity) -> None:
    """Mail a temporary password; the present one stays until it is used. Call it with the account held."""
    temporary_credential.issue(ctx, identity, by=outbox.SELF_SERVICE)
    sessions.end_sessions(ctx, identity.id, _BECAUSE)
    access.refresh(identity.id)


def set_password(ctx: Context, identity: Identity, verifier: str, *, first: bool) -> None:
    """Store the new password; call it with the account held.

    Args:
        first: whether the account is activated by it.
    """
    store_verifier(ctx, identity.id, verifier)
    if first:
        activate(ctx, identity)
    else:
        sessions.end_sessions(ctx, identity.id, _BECAUSE)
        told = told_with_password(identity.id)
        outbox.enqueue(ctx, identity, MailPurpose.PASSWORD_CHANGED, by=identity.name, details=told)
    access.refresh(identity.id)


def proofs(hurdles: Hurdles, taken: str) -> dict[str, str | bool]:
    """What was shown besides the link or code, for the audit."""
    told: dict[str, str | bool] = {}
    if hurdles.questions:
        told["questions"] = True
    if taken:
        told["second_factor"] = taken
    return told
