"""Shorthands for tests in which somebody gets back in."""

from __future__ import annotations

from models.identity import Identity
from models.states import IdentityState, Surface
from services.actor import Origin
from services.context import Context
from services.credentials.passwords import Secret
from services.desk import Desk
from tests import making
from tests.making import Secrets

USER = "brent@mortgageclient.example.com"
STRANGER = "nobody@example.com"
NEW = Secret("walnut river eleven sky")
NOWHERE = Origin(Surface.PORTAL)


def ask(desk: Desk, email: str = USER, origin: Origin = NOWHERE) -> None:
    """Ask for a reset as somebody who writes the same address twice."""
    desk.recovery.ask_reset(email, email, origin)


def asked(desk: Desk, ctx: Context, identity: Identity) -> Secrets:
    """Ask for a reset, and read the mail."""
    ask(desk)
    return making.sent_secrets(ctx, identity)


def put(ctx: Context, identity: Identity, state: IdentityState) -> None:
    """Bring an account into a state without anything that belongs to it."""
    with ctx.unit():
        Identity.update(state=state).where(Identity.id == identity.id).execute()
