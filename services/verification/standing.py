"""What has been shown of a caller: kept for ten minutes for one session and one person, asked by the actions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from models.identity import Identity
from models.security import CallerCheck
from models.states import CheckMethod
from services.actor import Actor
from services.context import Context
from services.errors import Refused
from services.verification.levels import GIVES, TOGETHER
from services.verification.values import HOW, Level, Standing

HOLDS = timedelta(minutes=10)
"""How long a caller stays verified, for the agent who did it and in that session."""

_NOT_VERIFIED = {
    Level.RESEND: "This needs a caller who has been verified. Verify the caller (key v) first.",
    Level.CHANGE_EMAIL: "A new e-mail address or SSH key needs a caller who has been verified by security questions, "
    "by a mailed code or by the authenticator app. Verify the caller (key v) first.",
    Level.CLEAR_FACTOR: "This needs a caller who has been verified in two ways, by the authenticator app, or by the "
    "word of a supervisor. Verify the caller (key v) first.",
}


class NotVerified(Refused):
    """The caller is not known surely enough for this.

    Attributes:
        needed: the level that is lacking.
    """

    def __init__(self, needed: Level) -> None:
        super().__init__(_NOT_VERIFIED[needed])
        self.needed = needed


def standing_of(ctx: Context, actor: Actor, identity_id: int) -> Standing:
    """The most that holds now for this session and this person; call it inside `ctx.read()` or `ctx.unit()`."""
    return max(_standings(_checks(ctx, actor, identity_id)), key=lambda standing: standing.level)


def with_method(ctx: Context, actor: Actor, identity_id: int, method: CheckMethod) -> Level:
    """The level that would be reached with this method besides; call it likewise."""
    met = {check.method for check in _checks(ctx, actor, identity_id)} | {method}
    return Level.CLEAR_FACTOR if met >= TOGETHER else max(GIVES[one] for one in met)


def require(ctx: Context, actor: Actor, identity: Identity, level: Level) -> dict[str, str]:
    """How the caller was verified, for the audit entry of what is done; call it in the unit of work of that.

    At the machine's own command line there is no caller. Raises NotVerified.
    """
    if level is Level.LOOK or actor.session_id is None:
        return {}
    standing = standing_of(ctx, actor, identity.id)
    if standing.level < level:
        raise NotVerified(level)
    return {"verified": standing.how}


def keep(
    ctx: Context,
    actor: Actor,
    identity: Identity,
    method: CheckMethod,
    *,
    reason: str = "",
    check_id: int | None = None,
) -> Standing:
    """Let the caller count as verified by this method from now on; call it inside `ctx.unit()`.

    Args:
        reason: why somebody vouches who does so.
        check_id: the row that was made when the code was sent.
    """
    now = ctx.clock.now()
    met = {"met_at": now, "holds_until": now + HOLDS, "level": GIVES[method].value}
    if check_id is not None:
        CallerCheck.update(**met).where(CallerCheck.id == check_id).execute()
    else:
        CallerCheck.create(
            agency=identity.agency_id,
            session=actor.session_id,
            identity=identity,
            method=method,
            reason=reason,
            created_at=now,
            **met,
        )
    return standing_of(ctx, actor, identity.id)


def _checks(ctx: Context, actor: Actor, identity_id: int) -> list[CallerCheck]:
    holding: Any = (
        (CallerCheck.session == actor.session_id)
        & (CallerCheck.identity == identity_id)
        & (CallerCheck.holds_until > ctx.clock.now())
    )
    return list(CallerCheck.select().where(holding).order_by(CallerCheck.id))


def _standings(checks: Iterable[CallerCheck]) -> list[Standing]:
    """What each check gives by itself, and what two of them give together."""
    newest = {check.method: check for check in checks}
    found = [Standing()]
    for method, check in newest.items():
        how = f"{HOW[method]}: {check.reason}" if check.reason else HOW[method]
        found.append(Standing(Level(check.level), check.holds_until, how))
    if newest.keys() >= TOGETHER:
        both = [newest[method] for method in CheckMethod if method in TOGETHER]
        how = " and ".join(HOW[check.method] for check in both)
        found.append(Standing(Level.CLEAR_FACTOR, min(check.holds_until for check in both), how))
    return found
