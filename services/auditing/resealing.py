"""Goes on after the trail was damaged, or a backup was put back: what was found stays on record for ever."""

from __future__ import annotations

from collections.abc import Sequence

from models.audit import AuditEntry, AuditHead
from services import audit
from services.actor import Actor
from services.auditing import chain
from services.auditing.anchors import Anchor
from services.auditing.checking import Report, check
from services.auditing.findings import accepted
from services.context import Context
from services.errors import Invalid

FARTHEST = 1_000_000
"""How far behind the newest entry a head is believed that lost its seal."""


def reseal(ctx: Context, actor: Actor, reason: str, anchors: Sequence[Anchor] = ()) -> Report:
    """Accept the trail as it stands, with one entry that names all that is wrong with it; returns what that is.

    Whatever is changed after that is found as before. Raises Invalid for `reason`.
    """
    if not reason.strip():
        raise Invalid({"reason": "Say why the trail is accepted as it stands: a restored backup, or what was found."})
    report = check(ctx, anchors)
    with ctx.unit():
        _mend_head(ctx)
        audit.record(
            ctx,
            actor,
            audit.Action.AUDIT_RESEALED,
            reason=reason.strip(),
            details={"problems": report.problems, "head": report.head, "accepted": accepted(report.findings)},
        )
    return report


def _mend_head(ctx: Context) -> None:
    """Let the head follow the newest entry that stands there; numbers that were given once are not given again."""
    key = ctx.keys.audit
    newest = AuditEntry.select(AuditEntry.id, AuditEntry.mac).order_by(AuditEntry.id.desc()).first()
    seq, mac = (int(newest.id), newest.mac) if newest is not None else (0, chain.GENESIS)
    AuditHead.insert(id=1, seq=0, mac=chain.GENESIS, seal="").on_conflict_ignore().execute()
    row = chain.locked_head(ctx.database)
    if row is not None and seq < row.seq <= seq + FARTHEST:
        seq = row.seq
    chain.move_head(key, chain.Head(seq, mac))
