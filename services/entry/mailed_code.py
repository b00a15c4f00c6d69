"""The code that is mailed to an account's owner after very many failed sign-ins."""

from __future__ import annotations

import hmac
from datetime import timedelta

from models.identity import Identity, OneTimeToken
from models.states import TokenPurpose, TokenState
from services import throttle
from services.context import Context
from services.credentials import codes, tokens
from services.credentials.passwords import Secret
from services.errors import TooSoon

SPACING = timedelta(minutes=1)
A_DAY = 6
"""How often such a mail goes at most; whoever needs more chooses "Forgot password", which ends the need."""

FREE_TRIES = 2
"""Wrong codes that cost no wait."""

_BY = "Sign-in"


def send(ctx: Context, identity: Identity, *, again: bool) -> bool:
    """Queue the mail, if the limits allow it; call it with the account held. Returns whether it goes.

    Args:
        again: whether a new code was asked for; else one that still helps is left alone, as its mail may be late.
    """
    if not again and _live(ctx, identity.id) is not None:
        return False
    if throttle.take_slot(ctx, throttle.key(ctx, "sign-in-mail", str(identity.id)), SPACING, A_DAY):
        return False
    tokens.issue(ctx, identity, TokenPurpose.SIGN_IN, by=_BY)
    return True


def claim(ctx: Context, identity_id: int) -> None:
    """Count one try as wrong until `forgive`; call it in a unit of work of its own, before `use`. Raises TooSoon."""
    wait = throttle.claim(ctx, _key(ctx, identity_id), free=FREE_TRIES)
    if wait:
        seconds = "1 second" if wait == 1 else f"{wait} seconds"
        raise TooSoon(f"Wait {seconds}, then type the code again. Each wrong code makes the next wait longer.", wait)


def use(ctx: Context, identity_id: int, typed: Secret) -> bool:
    """Use the code up; False for a wrong one, of which five end it. Call it with the account held, after `claim`."""
    token = _live(ctx, identity_id)
    code = codes.read_code(typed.reveal())
    if token is None:
        return False
    kept = codes.code_hash(ctx.keys.lookup, str(identity_id), code or "")
    if code is not None and hmac.compare_digest(token.code_hash, kept):
        return tokens.use(ctx, token.id)
    OneTimeToken.update(wrong_tries=OneTimeToken.wrong_tries + 1).where(
        (OneTimeToken.id == token.id) & (OneTimeToken.wrong_tries < tokens.TRIES)
    ).execute()
    return False


def helps(ctx: Context, identity_id: int) -> bool:
    """Whether there is a code that can still be typed; call it inside `ctx.read()` or `ctx.unit()`."""
    return _live(ctx, identity_id) is not None


def waiting(ctx: Context, identity_id: int) -> int:
    """Seconds until the next code is heard, 0 for now; call it inside `ctx.read()`."""
    return throttle.waiting(ctx, _key(ctx, identity_id))


def forgive(ctx: Context, identity_id: int) -> None:
    """Forget the wrong codes; call it inside `ctx.unit()`."""
    throttle.forgive(_key(ctx, identity_id))


def _live(ctx: Context, identity_id: int) -> OneTimeToken | None:
    found: OneTimeToken | None = OneTimeToken.get_or_none(
        (OneTimeToken.identity == identity_id)
        & (OneTimeToken.purpose == TokenPurpose.SIGN_IN)
        & (OneTimeToken.state == TokenState.LIVE)
        & (OneTimeToken.expires_at > ctx.clock.now())
        & (OneTimeToken.wrong_tries < tokens.TRIES)
    )
    return found


def _key(ctx: Context, identity_id: int) -> str:
    return throttle.key(ctx, "sign-in-code", str(identity_id))
