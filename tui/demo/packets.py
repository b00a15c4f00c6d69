"""Somebody signed in, on the way to the program that begins with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from models.states import Role, Surface
from services.actor import Actor, Origin


def packed(actor: Actor) -> dict[str, Any]:
    """Somebody signed in, as a packet carries it."""
    return asdict(actor)


def unpacked(told: Mapping[str, Any]) -> Actor:
    """The same, taken out of a packet."""
    values = dict(told)
    origin = dict(values.pop("origin"))
    origin["surface"] = Surface(origin["surface"])
    values["role"] = Role(values["role"])
    return Actor(**values, origin=Origin(**origin))
