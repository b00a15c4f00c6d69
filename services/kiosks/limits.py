"""What one kiosk may cause in an hour, whoever stands there: a bound on what somebody can do to people elsewhere."""

from __future__ import annotations

from datetime import timedelta

from services import throttle
from services.actor import Origin
from services.context import Context
from services.errors import TooSoon

HOUR = timedelta(hours=1)

MAILS_AN_HOUR = 30
WRONG_CODES_AN_HOUR = 60


def claim_mail(ctx: Context, origin: Origin) -> None:
    """Count a mail that is asked for here, before anybody is looked up; call it inside `ctx.unit()`.

    Counted whether or not one leaves. Raises TooSoon.
    """
    _claim(ctx, _key(ctx, "kiosk-mails", origin), MAILS_AN_HOUR)


def claim_code(ctx: Context, origin: Origin) -> None:
    """Count a code, answer or second factor as wrong until `was_right`; call it inside `ctx.unit()`. Raises TooSoon."""
    _claim(ctx, _key(ctx, "kiosk-codes", origin), WRONG_CODES_AN_HOUR)


def was_right(ctx: Context, origin: Origin) -> None:
    """Take the newest of them back; call it inside `ctx.unit()`."""
    throttle.take_back(ctx, _key(ctx, "kiosk-codes", origin))


def _key(ctx: Context, scope: str, origin: Origin) -> str:
    return throttle.key(ctx, scope, str(origin.kiosk_id))


def _claim(ctx: Context, row_key: str, most: int) -> None:
    wait = throttle.claim_of(ctx, row_key, HOUR, most)
    if wait:
        minutes = -(-wait // 60)
        told = "1 minute" if minutes == 1 else f"{minutes} minutes"
        raise TooSoon(f"This kiosk is very busy. Try again in {told}, or ask for help here.", wait)
