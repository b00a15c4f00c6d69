"""What staff can do with an account, as tests try it from every state."""

from __future__ import annotations

from collections.abc import Callable

from models.audit import AuditEntry, AuditHead
from models.identity import Throttle
from models.states import IdentityState
from models.tables import ALL_TABLES
from services import person_key
from services.accounts.accounts import ResetReason
from services.actor import Actor
from services.context import Context
from services.desk import Desk

USER = "brent@mortgageclient.example.com"

Act = Callable[[Desk, Actor, int], object]
ACTIONS: dict[str, tuple[Act, str]] = {
    "offers": (lambda desk, who, client: desk.accounts.offers(who, person_key.client(client)), ""),
    "create": (
        lambda desk, who, client: desk.accounts.create_and_welcome(who, person_key.client(client)),
        "account_created",
    ),
    "resend": (
        lambda desk, who, client: desk.accounts.resend_welcome(who, person_key.client(client)),
        "welcome_resent",
    ),
    "reset": (
        lambda desk, who, client: desk.accounts.send_reset(who, person_key.client(client), ResetReason.FORGOTTEN),
        "reset_sent",
    ),
    "deactivate": (
        lambda desk, who, client: desk.accounts.deactivate(who, person_key.client(client), "left"),
        "account_deactivated",
    ),
    "reactivate": (
        lambda desk, who, client: desk.accounts.reactivate(who, person_key.client(client), "back"),
        "account_reactivated",
    ),
}
CHANGES = {name: act for name, act in ACTIONS.items() if name != "offers"}
# From which state an action starts, so that it succeeds.
FROM: dict[str, IdentityState | None] = {
    "create": None,
    "resend": IdentityState.PENDING,
    "reset": IdentityState.ACTIVE,
    "deactivate": IdentityState.ACTIVE,
    "reactivate": IdentityState.DEACTIVATED,
}

Bring = Callable[[IdentityState | None], None]


def everything(ctx: Context) -> dict[str, list[str]]:
    """All rows of all tables but what is counted and written down."""
    with ctx.read():
        return {
            table.__name__: sorted(map(str, table.select().tuples()))
            for table in ALL_TABLES
            if table not in (AuditEntry, AuditHead, Throttle)
        }
