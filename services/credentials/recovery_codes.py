"""Recovery codes: ten secrets of 120 random bits, each of which stands in for the authenticator app once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime

from models.identity import Identity
from models.security import RecoveryCode
from services.context import Context

HOW_MANY = 10

_SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_LENGTH = 24
_LABEL = b"desk/recovery-code/v1\0"


def renew(ctx: Context, identity: Identity) -> tuple[str, ...]:
    """Ten new codes in groups of four, to be shown once; the older ones open nothing. Call it inside `ctx.unit()`."""
    forget(identity.id)
    fresh = tuple("".join(secrets.choice(_SIGNS) for _ in range(_LENGTH)) for _ in range(HOW_MANY))
    now = ctx.clock.now()
    RecoveryCode.insert_many(
        [{"identity": identity.id, "code_hash": _hash(ctx, identity.id, code), "created_at": now} for code in fresh]
    ).execute()
    return tuple("-".join(code[at : at + 4] for at in range(0, _LENGTH, 4)) for code in fresh)


def forget(identity_id: int) -> None:
    """Let no code of an account open anything; call it inside `ctx.unit()`."""
    RecoveryCode.delete().where(RecoveryCode.identity == identity_id).execute()


def read(typed: str) -> str | None:
    """The code in what was typed, whatever its case, blanks and dashes; None if that is none."""
    plain = "".join(sign for sign in typed[:200].upper() if sign not in " -").replace("0", "O").replace("1", "I")
    return plain if len(plain) == _LENGTH and set(plain) <= set(_SIGNS) else None


def use(ctx: Context, identity_id: int, code: str) -> bool:
    """Use one up; of two who try it at once exactly one gets True. Call it inside `ctx.unit()`."""
    used = (
        RecoveryCode.update(used_at=ctx.clock.now())
        .where(
            (RecoveryCode.identity == identity_id)
            & (RecoveryCode.code_hash == _hash(ctx, identity_id, code))
            & RecoveryCode.used_at.is_null()
        )
        .execute()
    )
    return bool(used == 1)


def left(identity_id: int) -> int:
    """How many still open something; call it inside `ctx.read()`."""
    unused = (RecoveryCode.identity == identity_id) & RecoveryCode.used_at.is_null()
    return int(RecoveryCode.select().where(unused).count())


def made_at(identity_id: int) -> datetime | None:
    """When the present ones were made, None without any; call it inside `ctx.read()`."""
    row = RecoveryCode.select(RecoveryCode.created_at).where(RecoveryCode.identity == identity_id).first()
    moment: datetime | None = row.created_at if row else None
    return moment


def _hash(ctx: Context, identity_id: int, code: str) -> str:
    return hmac.new(ctx.keys.lookup, _LABEL + f"{identity_id}\0{code}".encode(), hashlib.sha256).hexdigest()
