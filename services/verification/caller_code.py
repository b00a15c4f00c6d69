"""The six digits that a caller reads out of a mail: for the session that sent them, for minutes, and three tries."""

from __future__ import annotations

from datetime import timedelta

from models.audit import AuditEntry
from models.identity import Identity, OneTimeToken
from models.outbox import OutboxMessage
from models.security import CallerCheck
from models.states import CheckMethod, MailState, TokenPurpose, TokenState
from services import throttle
from services.actor import Actor
from services.audit import Action
from services.context import Context
from services.credentials import codes, tokens, totp
from services.credentials.passwords import Secret
from services.errors import Invalid, Refused, TooSoon
from services.mail.outbox import WAITING
from services.mail.trail import outcome_of
from services.verification.levels import GIVES
from services.verification.values import CodeStanding
from services.when import show_moment, show_wait

TRIES = 3
"""How often the digits may be typed."""

SPACING = timedelta(minutes=1)
A_DAY = 6
"""Codes to one person: enough for a bad line, too few for somebody who guesses."""

FRESH = timedelta(hours=24)
"""How long a changed address proves nothing of who reads it."""

_MOVED = "The e-mail address was changed within the last day, so a code proves nothing. Verify in another way."
_NONE_SENT = "No code was sent in this session. Send one."
_OVER = "Send another code, or verify in another way."
_ENDED = {
    TokenState.USED: f"This code has been used. {_OVER}",
    TokenState.SUPERSEDED: f"A newer code was sent to this person, which counts instead. {_OVER}",
    TokenState.REVOKED: f"This code ended: it was typed wrongly three times, or the account changed. {_OVER}",
}


def why_not(ctx: Context, identity: Identity) -> str:
    """Why no code can reach this person; empty if one can."""
    if not ctx.settings.mail.host:
        return "No mail server is configured, so no code reaches anybody. Verify in another way."
    changed = (
        (AuditEntry.identity_id == identity.id)
        & (AuditEntry.action == Action.EMAIL_CHANGED.value)
        & (AuditEntry.at > ctx.clock.now() - FRESH)
    )
    # Else whoever knows the answers would move the address, and then read the code where it goes now.
    return _MOVED if AuditEntry.select().where(changed).exists() else ""


def take_slot(ctx: Context, identity: Identity) -> None:
    """Count one more code to this person; call it inside `ctx.unit()`. Raises TooSoon."""
    wait = throttle.take_slot(ctx, _key(ctx, identity), SPACING, A_DAY)
    if wait > SPACING.total_seconds():
        raise TooSoon(f"{A_DAY} codes were mailed to this person within a day. Verify in another way.", wait)
    if wait:
        raise TooSoon(f"A code was mailed a moment ago. Wait {show_wait(wait)}, then send the next one.", wait)


def waiting(ctx: Context, identity: Identity) -> int:
    """Seconds until the next code may go, 0 for now; call it inside `ctx.read()` or `ctx.unit()`."""
    return throttle.waiting(ctx, _key(ctx, identity))


def send(ctx: Context, actor: Actor, identity: Identity) -> None:
    """Queue the mail; an older code dies. Call it with the account held."""
    token = tokens.issue(ctx, identity, TokenPurpose.CALLER, by=actor.name)
    CallerCheck.create(
        agency=identity.agency_id,
        session=actor.session_id,
        identity=identity,
        method=CheckMethod.CODE,
        level=GIVES[CheckMethod.CODE].value,
        token=token,
        created_at=ctx.clock.now(),
    )


def standing(ctx: Context, actor: Actor, identity: Identity) -> CodeStanding:
    """Where the newest code of this session is; call it inside `ctx.read()` or `ctx.unit()`."""
    check = _newest(actor, identity)
    if check is None or check.token is None:
        return CodeStanding("", None, 0, _NONE_SENT)
    token, message, now = check.token, check.token.message, ctx.clock.now()
    words = outcome_of(message, None, now)
    left = TRIES - token.wrong_tries
    over = _why_over(token, message, ctx)
    return CodeStanding(words, token.expires_at if message.state is MailState.SENT else None, max(0, left), over)


def compare(ctx: Context, actor: Actor, identity: Identity, typed: Secret) -> int | None:
    """Use the digits up and give the number of their check; None for wrong ones, of which the third ends them.

    Call it with the account held. Raises Invalid for `code` if it can be none, Refused for one that is over.
    """
    digits = totp.read_code(typed.reveal())
    if digits is None:
        raise Invalid({"code": "A code has six digits. Type all of them."})
    check = _newest(actor, identity)
    if check is None or check.token is None:
        raise Refused(_NONE_SENT)
    token = check.token
    told = _why_over(token, token.message, ctx)
    if told:
        raise Refused(told)
    # Counted first: of tries at the same instant no more than three are compared.
    OneTimeToken.update(wrong_tries=OneTimeToken.wrong_tries + 1).where(OneTimeToken.id == token.id).execute()
    if codes.code_hash(ctx.keys.lookup, str(identity.id), digits) == token.code_hash and tokens.use(ctx, token.id):
        return int(check.id)
    if token.wrong_tries + 1 >= TRIES:
        OneTimeToken.update(state=TokenState.REVOKED, ended_at=ctx.clock.now()).where(
            (OneTimeToken.id == token.id) & (OneTimeToken.state == TokenState.LIVE)
        ).execute()
    return None


def _newest(actor: Actor, identity: Identity) -> CallerCheck | None:
    mine = (
        (CallerCheck.session == actor.session_id)
        & (CallerCheck.identity == identity.id)
        & (CallerCheck.method == CheckMethod.CODE)
    )
    found: CallerCheck | None = CallerCheck.select().where(mine).order_by(CallerCheck.id.desc()).first()
    return found


def _why_over(token: OneTimeToken, message: OutboxMessage, ctx: Context) -> str:
    if token.state is not TokenState.LIVE:
        return _ENDED[token.state]
    if message.state not in (*WAITING, MailState.SENT):
        return f"The mail did not arrive: {outcome_of(message, None, ctx.clock.now())}. Verify in another way."
    if token.expires_at <= ctx.clock.now():
        return f"The five minutes of this code are over, {show_moment(token.expires_at, ctx.clock.now())}. {_OVER}"
    return ""


def _key(ctx: Context, identity: Identity) -> str:
    return throttle.key(ctx, "caller-code", str(identity.id))
