"""The second factor of an account, as the services meet it that ask for one: each code counts once.

Enrolling and removing it is in `services/accounts/second_factor.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from models.identity import Identity
from models.security import SecondFactor
from models.states import FactorState
from services import throttle
from services.context import Context
from services.credentials import recovery_codes, sealing, totp
from services.credentials.passwords import Secret
from services.errors import TooSoon

FREE_TRIES = 2
"""Wrong codes that cost no wait: people mistype, and a code may run out while it is typed."""

WRONG_CODE = (
    "This code is not right, or it was used already. Wait for the next one in your app and type that, "
    "or type a recovery code."
)

_TRIES = "second-factor"


class Taken(StrEnum):
    """What was taken as the second factor."""

    APP = "app"
    RECOVERY = "recovery"


def is_enrolled(identity_id: int) -> bool:
    """Whether the account has a second factor that counts; call it inside `ctx.read()` or `ctx.unit()`."""
    active = (SecondFactor.identity == identity_id) & (SecondFactor.state == FactorState.ACTIVE)
    return SecondFactor.select().where(active).exists()


def active(identity_id: int) -> SecondFactor | None:
    """The second factor that counts, None without one; call it inside `ctx.read()` or `ctx.unit()`."""
    found: SecondFactor | None = SecondFactor.get_or_none(
        (SecondFactor.identity == identity_id) & (SecondFactor.state == FactorState.ACTIVE)
    )
    return found


def owner(identity_id: int) -> str:
    """The words under which the key of an account is sealed."""
    return f"totp:{identity_id}"


def claim(ctx: Context, identity_id: int) -> None:
    """Count one try as wrong until `take` forgives it; call it in a unit of work of its own, before the try.

    Counted for the account from every entrance, so that it survives typing the password again. Raises TooSoon.
    """
    wait = throttle.claim(ctx, tries_key(ctx, identity_id), free=FREE_TRIES)
    if wait:
        seconds = "1 second" if wait == 1 else f"{wait} seconds"
        raise TooSoon(f"Wait {seconds}, then type the next code. Each wrong code makes the next wait longer.", wait)


def take(ctx: Context, identity: Identity, typed: Secret, *, recovery: bool = True) -> Taken | None:
    """Use up a code of the app or, where that is allowed, a recovery code; None for a wrong or used one.

    Of two who bring the same code at once exactly one gets it. Call it inside `ctx.unit()`, after `claim`.
    Raises SealBroken if the stored key cannot be read.
    """
    taken = _take_app(ctx, identity, typed)
    if taken is None and recovery:
        code = recovery_codes.read(typed.reveal())
        if code is not None and is_enrolled(identity.id) and recovery_codes.use(ctx, identity.id, code):
            taken = Taken.RECOVERY
    if taken is not None:
        forgive(ctx, identity.id)
    return taken


def wrong_tries(ctx: Context, identity_id: int) -> int:
    """How many wrong codes came since the last right one; call it inside `ctx.read()` or `ctx.unit()`."""
    return throttle.failures(tries_key(ctx, identity_id))


def waiting(ctx: Context, identity_id: int) -> int:
    """Seconds until the next code is heard, 0 for now; call it inside `ctx.read()`."""
    return throttle.waiting(ctx, tries_key(ctx, identity_id))


def forgive(ctx: Context, identity_id: int) -> None:
    """Forget the wrong codes; call it inside `ctx.unit()`."""
    throttle.forgive(tries_key(ctx, identity_id))


def remove(ctx: Context, identity_id: int) -> bool:
    """Take the second factor and its recovery codes away; call it inside `ctx.unit()`. Returns whether one counted."""
    had = is_enrolled(identity_id)
    SecondFactor.delete().where(SecondFactor.identity == identity_id).execute()
    recovery_codes.forget(identity_id)
    forgive(ctx, identity_id)
    return had


def _take_app(ctx: Context, identity: Identity, typed: Secret) -> Taken | None:
    code = totp.read_code(typed.reveal())
    row = active(identity.id)
    if code is None or row is None:
        return None
    step = totp.matching_step(sealing.unseal(ctx.keys, row.sealed, owner(identity.id)), code, ctx.clock.now())
    if step is None:
        return None
    used = (
        SecondFactor.update(last_step=step)
        .where((SecondFactor.id == row.id) & (SecondFactor.last_step.is_null() | (SecondFactor.last_step < step)))
        .execute()
    )
    return Taken.APP if used == 1 else None


def tries_key(ctx: Context, identity_id: int) -> str:
    """Under which the wrong codes of an account are counted."""
    return throttle.key(ctx, _TRIES, str(identity_id))


def tries_keys(ctx: Context) -> Callable[[int], str]:
    """The same of very many accounts."""
    key_of = throttle.keys(ctx, _TRIES)
    return lambda identity_id: key_of(str(identity_id))
