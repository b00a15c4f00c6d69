"""How a person likes the desk to look: small JSON objects by name."""

from __future__ import annotations

import json
from typing import Any

from models.identity import Preference
from services import sessions
from services.actor import Actor
from services.context import Context
from services.errors import Refused

MOST_SIGNS = 20_000
"""Signs of JSON under one name: room for any table's columns, none for a database in the database."""


class Preferences:
    """Keeps what a person chose; somebody at the machine's own command line has no choices."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def get(self, actor: Actor, name: str) -> dict[str, Any] | None:
        """What was put under the name; None for nothing, and for what an older or newer desk cannot have meant."""
        with self._ctx.read():
            sessions.require(self._ctx, actor)
            row = Preference.get_or_none((Preference.identity == actor.identity_id) & (Preference.name == name))
        return None if row is None else _read(row.value)

    def put(self, actor: Actor, name: str, value: dict[str, Any]) -> None:
        """Keep the value in the place of an older one. Raises Refused if it is larger than a choice can be."""
        text = json.dumps(value, sort_keys=True)
        if len(text) > MOST_SIGNS:
            raise Refused(f"These settings take {len(text)} signs; {MOST_SIGNS} can be kept. Choose fewer.")
        with self._ctx.unit():
            sessions.require(self._ctx, actor)
            if actor.identity_id is None:
                return
            Preference.insert(identity=actor.identity_id, name=name, value=text).on_conflict(
                conflict_target=(Preference.identity, Preference.name), update={Preference.value: text}
            ).execute()


def _read(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
