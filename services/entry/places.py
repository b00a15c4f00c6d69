"""Where an account has been used before, so that its owner is told of a new place."""

from __future__ import annotations

import ipaddress
import platform

from models.security import KnownPlace
from services import throttle
from services.actor import Origin
from services.context import Context


def place_of(origin: Origin) -> str:
    """A place as its owner knows it again: the peer's address, or this machine for whoever sits at it.

    The terminal of a machine is another one at each sign-in, and so is the last half of an IPv6 address.
    """
    user, on, _ = origin.place.rpartition(" on ")
    if on:
        return f"{user} on the machine {platform.node()}"
    try:
        address = ipaddress.ip_address(origin.place)
    except ValueError:
        return origin.place
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return origin.place


def arrive(ctx: Context, identity_id: int, origin: Origin) -> bool:
    """Write down that the account is used from here; call it with the account held.

    Returns whether its owner should hear of it: it was used elsewhere before, and never here.
    """
    place = place_of(origin)
    if not place:
        return False
    now = ctx.clock.now()
    key = throttle.key(ctx, "place", str(identity_id), place)
    here = (KnownPlace.identity == identity_id) & (KnownPlace.place_key == key)
    if KnownPlace.update(last_at=now).where(here).execute():
        return False
    elsewhere = KnownPlace.select().where(KnownPlace.identity == identity_id).exists()
    KnownPlace.create(identity=identity_id, place_key=key, first_at=now, last_at=now)
    return bool(elsewhere)
