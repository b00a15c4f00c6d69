"""One-time tokens: issued with their mail, one live per person and purpose, the newest wins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from models.identity import Identity, OneTimeToken
from models.states import MailPurpose, TokenPurpose, TokenState
from services import temporary_credential
from services.context import Context
from services.credentials import codes
from services.mail import outbox
from services.rules import Email

TRIES = 5
"""Wrong codes after which a typed code no longer helps; the link, which nobody can guess, still does."""

_LIFETIMES = {
    TokenPurpose.RESET: timedelta(hours=1),
    TokenPurpose.CONFIRM_RESET: timedelta(hours=1),
    TokenPurpose.UNDO_EMAIL: timedelta(hours=72),
    # Within the ten minutes that OWASP ASVS 5.0 (6.5.5) gives a code out of band.
    TokenPurpose.SIGN_IN: timedelta(minutes=10),
    TokenPurpose.KIOSK: timedelta(minutes=10),
    TokenPurpose.CALLER: timedelta(minutes=5),
}
_ACTIVATION = {"standard": timedelta(hours=72), "strict": timedelta(hours=24)}

_CODE_LIFETIMES = {"standard": timedelta(hours=1), "strict": timedelta(minutes=10)}

MAIL_OF = {
    TokenPurpose.ACTIVATE: MailPurpose.WELCOME,
    TokenPurpose.RESET: MailPurpose.RESET,
    TokenPurpose.CONFIRM_RESET: MailPurpose.CONFIRM_RESET,
    TokenPurpose.UNDO_EMAIL: MailPurpose.EMAIL_CHANGED_OLD,
    TokenPurpose.SIGN_IN: MailPurpose.SIGN_IN_CODE,
    TokenPurpose.CALLER: MailPurpose.CALLER_CODE,
    TokenPurpose.KIOSK: MailPurpose.KIOSK_CODE,
}

CODE_ONLY = (TokenPurpose.SIGN_IN, TokenPurpose.CALLER, TokenPurpose.KIOSK)
"""What a code opens that is typed where it was asked for, or said to whoever asked; its mail has no link."""


def lifetime(profile: str, purpose: TokenPurpose) -> timedelta:
    """How long a token opens something, from the moment the mail server took its mail."""
    return _ACTIVATION[profile] if purpose is TokenPurpose.ACTIVATE else _LIFETIMES[purpose]


def code_lifetime(profile: str, purpose: TokenPurpose) -> timedelta:
    """How long the typed code of a token helps, counted alike; it never outlives its link, which nobody can guess."""
    # An undoing is for people who read their mail on the third day.
    longest = lifetime(profile, purpose)
    return longest if purpose is TokenPurpose.UNDO_EMAIL else min(_CODE_LIFETIMES[profile], longest)


def code_of(mail_key: bytes, message_uuid: str, purpose: TokenPurpose) -> str:
    """The code that the mail of a token carries; nothing keeps it."""
    make = codes.spoken_code if purpose is TokenPurpose.CALLER else codes.typed_code
    return make(mail_key, message_uuid, purpose.value)


def issue(
    ctx: Context,
    identity: Identity,
    purpose: TokenPurpose,
    *,
    by: str,
    to: Email | None = None,
    details: Mapping[str, str] | None = None,
    kiosk_id: int | None = None,
) -> OneTimeToken:
    """Queue the mail of a new token and end the older one; call it inside `ctx.unit()`.

    Until the mail has left, the token lives as long as the outbox has patience, plus its own lifetime; when the
    server takes the mail, the hour begins that the person was promised. One that undoes a change of address ends no
    older one: each undoes a change of its own.

    Args:
        to: the mailbox, if it is not the account's own.
        details: what the template needs besides; never a secret.
        kiosk_id: the kiosk at which alone it opens something.
    """
    if purpose is not TokenPurpose.UNDO_EMAIL:
        end_live(ctx, identity.id, TokenState.SUPERSEDED, purpose)
    address = "" if to is None else to.address
    message = outbox.enqueue(ctx, identity, MAIL_OF[purpose], by=by, to_address=address, details=details)
    return OneTimeToken.create(
        identity=identity,
        message=message,
        purpose=purpose,
        state=TokenState.LIVE,
        kiosk=kiosk_id,
        address_key=identity.email_key if to is None else to.key,
        link_hash=codes.link_hash(codes.link_token(ctx.keys.mail, message.uuid, purpose.value)),
        code_hash=codes.code_hash(ctx.keys.lookup, str(identity.id), code_of(ctx.keys.mail, message.uuid, purpose)),
        created_at=message.created_at,
        expires_at=message.expires_at + lifetime(identity.agency.profile, purpose),
    )


def accepted(message_ids: Sequence[int], purpose: TokenPurpose, profile: str, at: datetime) -> None:
    """Start the hour of tokens when the server took their mail; call it inside `ctx.unit()`.

    All of one purpose and of agencies with one profile, because a batch of mail is written down at once.
    """
    OneTimeToken.update(expires_at=at + lifetime(profile, purpose)).where(
        OneTimeToken.message.in_(list(message_ids)) & (OneTimeToken.state == TokenState.LIVE)
    ).execute()


def end_live(ctx: Context, identity_id: int, state: TokenState, purpose: TokenPurpose | None = None) -> int:
    """End the live tokens of an identity and take back their mail if it still waits; call it inside `ctx.unit()`.

    Without a purpose a temporary password ends with them, but nothing that undoes a change of address: whoever took
    an account over by its address would only have to change the password. Returns how many tokens ended.
    """
    which = (OneTimeToken.identity == identity_id) & (OneTimeToken.state == TokenState.LIVE)
    if purpose is not None:
        which &= OneTimeToken.purpose == purpose
    else:
        which &= OneTimeToken.purpose != TokenPurpose.UNDO_EMAIL
        temporary_credential.withdraw(ctx, identity_id)
    outbox.take_back(ctx, OneTimeToken.select(OneTimeToken.message).where(which))
    return int(OneTimeToken.update(state=state, ended_at=ctx.clock.now()).where(which).execute())


def use(ctx: Context, token_id: int) -> bool:
    """Use up a live token; of two people who try at once exactly one gets True. Call it inside `ctx.unit()`."""
    now = ctx.clock.now()
    used = (
        OneTimeToken.update(state=TokenState.USED, ended_at=now)
        .where(
            (OneTimeToken.id == token_id) & (OneTimeToken.state == TokenState.LIVE) & (OneTimeToken.expires_at > now)
        )
        .execute()
    )
    return bool(used == 1)
