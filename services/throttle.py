"""Waits and caps, counted in the database under keyed hashes, before anybody is looked up."""

from __future__ import annotations

import hmac
import math
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

from peewee import Case, Expression, IntegrityError

from models.identity import Throttle
from services.context import Context

RESET_MAIL_SPACING = timedelta(minutes=5)
RESET_MAILS_A_DAY = 6
LONGEST_WAIT = 60
"""Seconds that a sign-in waits at most, however often it failed."""

SOURCE_GRACE = 20
"""Failures that a source may cause in `SOURCE_WINDOW` before it waits: an office shares one address."""

SOURCE_WINDOW = timedelta(hours=1)
"""After this long a source begins anew; a success of one person takes back that person's failures only."""

_BLOCK = 64
"""Octets that SHA-256 takes at a time; a key is shorter."""


def key(ctx: Context, scope: str, *parts: str) -> str:
    """The row's key: a keyed hash, so that the table tells nobody which addresses were typed."""
    text = "\0".join((scope, *parts))
    return hmac.digest(ctx.keys.lookup, text.encode("utf-8", "replace"), "sha256").hex()


def keys(ctx: Context, scope: str, *parts: str) -> Callable[[str], str]:
    """What makes `key` of each last part, for very many: the beginning of the HMAC is worked once, in half the time."""
    secret = ctx.keys.lookup.ljust(_BLOCK, b"\0")
    inner, outer = (sha256(bytes(octet ^ pad for octet in secret)) for pad in (0x36, 0x5C))
    inner.update("\0".join((scope, *parts, "")).encode("utf-8", "replace"))

    def of(last: str) -> str:
        begun, ended = inner.copy(), outer.copy()
        begun.update(last.encode("utf-8", "replace"))
        ended.update(begun.digest())
        return ended.hexdigest()

    return of


def account_wait(failures: int) -> int:
    """Seconds after the given number of failures in a row: 1, 2, 4, 8 … 60."""
    return 0 if failures <= 0 else min(LONGEST_WAIT, 2 ** (min(failures, 10) - 1))


def source_wait(failures: int) -> int:
    """The same for a source, which is gentler."""
    return 0 if failures <= SOURCE_GRACE else min(LONGEST_WAIT, failures - SOURCE_GRACE)


def seconds_until(now: datetime, moment: datetime) -> int:
    """Whole seconds to wait, rounded up; 0 when the moment has come."""
    return max(0, math.ceil((moment - now).total_seconds()))


def waiting(ctx: Context, row_key: str) -> int:
    """Seconds until the next try under this key is heard; call it inside `ctx.read()` or `ctx.unit()`."""
    row = Throttle.get_or_none(Throttle.key == row_key)
    wait = 0 if row is None else seconds_until(ctx.clock.now(), row.next_at)
    return wait if wait <= LONGEST_WAIT else 0


def failures(row_key: str) -> int:
    """How many tries under this key have failed since the last success; call it inside `ctx.read()`."""
    row = Throttle.get_or_none(Throttle.key == row_key)
    return 0 if row is None else int(row.count)


def claim(ctx: Context, row_key: str, *, source: bool = False, free: int = 0) -> int:
    """Take the slot for one try and count it as failed until `forgive`; call it inside `ctx.unit()`.

    Of several tries at once only one gets the slot. Returns 0, or the seconds to wait.

    Args:
        free: how many failures cost no wait.
    """
    now = ctx.clock.now()
    _ensure(ctx, row_key, now)
    row = Throttle.get(Throttle.key == row_key)
    anew = source and now - row.window_from >= SOURCE_WINDOW
    failed = 1 if anew else row.count + 1
    wait = source_wait(failed) if source else account_wait(failed - free)
    taken = (
        Throttle.update(
            count=failed,
            window_from=now if anew else row.window_from,
            next_at=now + timedelta(seconds=wait),
        )
        .where((Throttle.key == row_key) & _free(now, timedelta(seconds=LONGEST_WAIT)) & (Throttle.count == row.count))
        .execute()
    )
    if taken:
        return 0
    return max(1, seconds_until(now, row.next_at))


def forgive(row_key: str) -> None:
    """Forget all failures under a key after a proven success; call it inside `ctx.unit()`."""
    Throttle.delete().where(Throttle.key == row_key).execute()


def take_back(ctx: Context, row_key: str, tries: int = 1) -> None:
    """Count the newest tries under a key as never made, so that the next one is heard; call it inside `ctx.unit()`."""
    left = Case(None, [(Throttle.count > tries, Throttle.count - tries)], 0)
    Throttle.update(count=left, next_at=ctx.clock.now()).where(Throttle.key == row_key).execute()


def count(ctx: Context, row_key: str) -> int:
    """Count one more under a key that waits for nothing; call it inside `ctx.unit()`. Returns the new number."""
    _ensure(ctx, row_key, ctx.clock.now())
    Throttle.update(count=Throttle.count + 1).where(Throttle.key == row_key).execute()
    return failures(row_key)


def take_mail_slot(ctx: Context, email_key: str, *, daily_cap: bool) -> int:
    """Allow one reset mail to an address per five minutes, and six a day for those who ask from outside.

    Call it inside `ctx.unit()`. Returns 0 when the mail may go, else the seconds to wait.
    """
    cap = RESET_MAILS_A_DAY if daily_cap else None
    return take_slot(ctx, key(ctx, "reset-mail", email_key), RESET_MAIL_SPACING, cap)


def take_slot(ctx: Context, row_key: str, spacing: timedelta, a_day: int | None) -> int:
    """Allow something once per `spacing`, and `a_day` times a day if that is not None; call it inside `ctx.unit()`.

    Returns 0 when it may happen, else the seconds to wait.
    """
    now = ctx.clock.now()
    _ensure(ctx, row_key, now)
    row = Throttle.get(Throttle.key == row_key)
    fresh_day = now - row.window_from >= timedelta(days=1)
    used = 0 if fresh_day else row.count
    if now < row.next_at <= now + spacing:
        return seconds_until(now, row.next_at)
    if a_day is not None and used >= a_day:
        return seconds_until(now, row.window_from + timedelta(days=1))
    taken = (
        Throttle.update(
            count=used + 1,
            window_from=now if fresh_day else row.window_from,
            next_at=now + spacing,
        )
        .where((Throttle.key == row_key) & _free(now, spacing) & (Throttle.count == row.count))
        .execute()
    )
    return 0 if taken else int(spacing.total_seconds())


def claim_of(ctx: Context, row_key: str, window: timedelta, most: int) -> int:
    """Count one more, of which a window of time has `most`; call it inside `ctx.unit()`.

    Returns 0, or the seconds until the next window, and counts nothing then.
    """
    now = ctx.clock.now()
    _ensure(ctx, row_key, now)
    row = Throttle.get(Throttle.key == row_key)
    # A window that begins in the future began before the clock was set back.
    anew = not timedelta(0) <= now - row.window_from < window
    begun = now if anew else row.window_from
    if not anew and row.count >= most:
        return max(1, seconds_until(now, begun + window))
    Throttle.update(count=1 if anew else Throttle.count + 1, window_from=begun).where(Throttle.key == row_key).execute()
    return 0


def mail_slot_at(ctx: Context, email_key: str) -> datetime | None:
    """When the next reset mail to an address may go, None for now; call it inside `ctx.read()`."""
    row = Throttle.get_or_none(Throttle.key == key(ctx, "reset-mail", email_key))
    return row.next_at if row is not None and row.next_at > ctx.clock.now() else None


def _free(now: datetime, longest: timedelta) -> Expression:
    """Whether the slot can be taken. One that is further off than any wait is: then the clock was set back since."""
    free: Expression = (Throttle.next_at <= now) | (Throttle.next_at > now + longest)
    return free


def _ensure(ctx: Context, row_key: str, now: datetime) -> None:
    if Throttle.get_or_none(Throttle.key == row_key) is not None:
        return
    try:
        with ctx.database.atomic():
            Throttle.insert(key=row_key, count=0, window_from=now, next_at=now).execute()
    except IntegrityError:
        # Somebody else made the row in the meantime, which is just as good.
        return
