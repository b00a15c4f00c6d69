"""The clock: codes of second factors, waits and links hang on it."""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from models.audit import AuditEntry
from models.database import is_postgresql
from services.context import Context
from services.doctor.finding import Finding, bad, good, hint

APART = timedelta(seconds=5)
"""How far two clocks may stand apart; a code of a second factor works for thirty seconds."""

_TIMEX_OCTETS = 512
"""More than the kernel's `struct timex` takes on any machine."""

_STATUS_AT = 40
"""Where its `status` stands on machines of 64 bits, behind five longs and the padding of `modes`."""

_UNSYNCHRONISED = 0x40


def examine(ctx: Context, kept: Callable[[], bool | None]) -> Iterator[Finding]:
    """Against the database and the newest entry of the audit; call it inside `ctx.read()`.

    Args:
        kept: tells whether a time server keeps the clock; None if that cannot be known.
    """
    now = ctx.clock.now()
    told = [finding for finding in (_against_database(ctx), _against_audit(now)) if finding is not None]
    yield from told or [good("clock", f"{now:%Y-%m-%d %H:%M:%S} UTC")]
    synchronised = kept()
    if synchronised:
        yield good("time server", "keeps the clock")
    elif synchronised is None:
        yield good("time server", "whether one keeps the clock cannot be known here")
    else:
        remedy = "Turn one on: timedatectl set-ntp true. In a container the machine around it does that."
        yield hint("time server", "none keeps the clock", remedy)


def kept_by_a_time_server() -> bool | None:
    """What the kernel says of its clock; None where it says nothing."""
    if struct.calcsize("l") != 8:
        return None
    state = ctypes.create_string_buffer(_TIMEX_OCTETS)
    try:
        if ctypes.CDLL(None).adjtimex(state) < 0:
            return None
    except (OSError, AttributeError):
        return None
    status: int = struct.unpack_from("i", state, _STATUS_AT)[0]
    return not status & _UNSYNCHRONISED


def _against_database(ctx: Context) -> Finding | None:
    if not is_postgresql(ctx.database):
        return None
    before = ctx.clock.now()
    theirs: datetime = ctx.database.execute_sql("SELECT clock_timestamp()").fetchone()[0]
    after = ctx.clock.now()
    apart = max(before - theirs, theirs - after, timedelta(0))
    if apart <= APART:
        return None
    words = f"it stands {apart.total_seconds():,.0f} seconds from that of the database's machine"
    return bad("clock", words, "Let a time server keep both: timedatectl set-ntp true")


def _against_audit(now: datetime) -> Finding | None:
    newest = AuditEntry.select(AuditEntry.at).order_by(AuditEntry.id.desc()).limit(1).scalar()
    if newest is None or newest <= now + APART:
        return None
    words = f"it stands before the newest entry of the audit, {newest:%Y-%m-%d %H:%M:%S} UTC"
    return bad("clock", words, "Set it right, on this machine or on the one that wrote that entry.")
