"""Who may act on an account and in which state; every change and refusal is written down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from peewee import DatabaseError

from models.audit import AuditEntry
from models.client import Client
from models.outbox import OutboxMessage
from models.states import AuditResult, IdentityState, Role, Surface
from services import person_key
from services.actor import Actor, Origin
from services.clients.values import PersonAction
from services.clock import ManualClock
from services.context import Context
from services.desk import Desk
from services.errors import NotFound, Refused, SignedOut
from tests import making
from tests.acting import ACTIONS, CHANGES, FROM, Bring, everything
from tests.making import HERE, MadeAgency


@pytest.mark.parametrize("action", ACTIONS)
def test_a_client_of_another_agency_is_not_found(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, bring: Bring, action: str
) -> None:
    bring(FROM.get(action))
    other = making.make_agency(desk, "OTHER-1", "owner@other.example.com")
    before = everything(ctx)
    with pytest.raises(NotFound):
        ACTIONS[action][0](desk, other.admin, brent.id)
    assert everything(ctx) == before


@pytest.mark.parametrize("action", ACTIONS)
def test_a_client_that_is_not_there_is_not_found(desk: Desk, ray: MadeAgency, action: str) -> None:
    with pytest.raises(NotFound):
        ACTIONS[action][0](desk, ray.admin, 4711)


@pytest.mark.parametrize("action", ACTIONS)
def test_a_client_is_refused_and_so_is_an_auditor_but_for_looking(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, bring: Bring, action: str
) -> None:
    bring(FROM.get(action))
    client = making.make_staff(desk, ray.agency, "client@example.com", role=Role.CLIENT)
    auditor = making.make_staff(desk, ray.agency, "auditor@example.com", role=Role.AUDITOR)
    before = everything(ctx)
    for who in (client, auditor):
        if who is auditor and action == "offers":
            desk.accounts.offers(who, person_key.client(brent.id))
            continue
        with pytest.raises(Refused, match="helpdesk staff"):
            ACTIONS[action][0](desk, who, brent.id)
    assert everything(ctx) == before


@pytest.mark.parametrize("action", ACTIONS)
def test_an_agent_may(desk: Desk, ray: MadeAgency, brent: Client, bring: Bring, action: str) -> None:
    bring(FROM.get(action))
    ACTIONS[action][0](desk, making.make_staff(desk, ray.agency, "ann@example.com"), brent.id)


@pytest.mark.parametrize("action", ACTIONS)
def test_a_session_that_is_over_does_nothing(
    desk: Desk, clock: ManualClock, ray: MadeAgency, brent: Client, bring: Bring, action: str
) -> None:
    bring(FROM.get(action))
    clock.advance(hours=12)
    with pytest.raises(SignedOut):
        ACTIONS[action][0](desk, ray.admin, brent.id)


def test_an_administrator_at_the_command_line_may(desk: Desk, ctx: Context, ray: MadeAgency, brent: Client) -> None:
    root = Actor(ray.agency.id, None, None, "root", Role.ADMINISTRATOR, Origin(Surface.COMMAND, "root tty1"))
    desk.accounts.create_and_welcome(root, person_key.client(brent.id))
    entry = making.entries(ctx, "account_created")[-1]
    assert (entry.actor_name, entry.actor_id, entry.surface) == ("root", None, Surface.COMMAND)


@pytest.mark.parametrize("action", CHANGES)
def test_every_change_names_actor_place_and_person(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, bring: Bring, action: str
) -> None:
    bring(FROM[action])
    act, name = ACTIONS[action]
    act(desk, ray.admin, brent.id)
    entry = making.entries(ctx, name)[-1]
    assert (entry.actor_name, entry.actor_id) == ("Sue Wright", ray.admin.identity_id)
    assert (entry.place, entry.surface) == (HERE.place, HERE.surface)
    assert (entry.client_id, entry.subject) == (brent.id, "Brent Thomas")
    assert (entry.result, entry.agency_id) == (AuditResult.DONE, ray.agency.id)


@pytest.mark.parametrize("action", CHANGES)
def test_every_refusal_too_with_its_reason(
    desk: Desk, ctx: Context, ray: MadeAgency, brent: Client, bring: Bring, action: str
) -> None:
    bring(IdentityState.ACTIVE if action in ("create", "resend", "reactivate") else None)
    act, name = ACTIONS[action]
    before = everything(ctx)
    with pytest.raises(Refused) as refused:
        act(desk, ray.admin, brent.id)
    entry = making.entries(ctx, name)[-1]
    assert (entry.result, entry.reason) == (AuditResult.REFUSED, refused.value.sentence)
    assert (entry.actor_name, entry.place, entry.client_id) == ("Sue Wright", HERE.place, brent.id)
    assert everything(ctx) == before


@pytest.mark.parametrize("table", [OutboxMessage, AuditEntry])
@pytest.mark.parametrize("action", CHANGES)
def test_a_fault_in_mail_or_audit_leaves_nothing_half_done(
    desk: Desk,
    ctx: Context,
    ray: MadeAgency,
    brent: Client,
    bring: Bring,
    action: str,
    table: type[OutboxMessage] | type[AuditEntry],
) -> None:
    bring(FROM[action])
    counted, told = making.throttles(ctx), len(making.entries(ctx))
    before = everything(ctx)
    name = table._meta.table_name
    _rename(ctx, name, "away")
    try:
        with pytest.raises(DatabaseError):
            ACTIONS[action][0](desk, ray.admin, brent.id)
    finally:
        _rename(ctx, "away", name)
    assert everything(ctx) == before
    assert (making.throttles(ctx), len(making.entries(ctx))) == (counted, told)


@pytest.mark.parametrize(
    ("state", "allowed"),
    [
        (None, "properties analytics edit identity welcome why history"),
        (
            IdentityState.PENDING,
            "properties analytics edit identity reset resend-welcome temporary reset-address deactivate verify why "
            "history",
        ),
        (
            IdentityState.ACTIVE,
            "properties analytics edit identity reset temporary reset-address deactivate verify why history",
        ),
        (IdentityState.DEACTIVATED, "properties analytics edit identity reactivate verify why history"),
    ],
)
def test_the_menu_is_whole_and_says_what_is_possible(
    desk: Desk, ray: MadeAgency, brent: Client, bring: Bring, state: IdentityState | None, allowed: str
) -> None:
    bring(state)
    offers = desk.accounts.offers(ray.admin, person_key.client(brent.id))
    assert [offer.action for offer in offers] == list(PersonAction)
    assert " ".join(offer.action.value for offer in offers if offer.allowed) == allowed


@pytest.mark.parametrize("state", [None, *IdentityState])
def test_every_reason_is_a_sentence_and_a_next_step(
    desk: Desk, ray: MadeAgency, brent: Client, bring: Bring, state: IdentityState | None
) -> None:
    bring(state)
    for offer in desk.accounts.offers(ray.admin, person_key.client(brent.id)):
        assert offer.allowed == (offer.reason == "")
        if not offer.allowed:
            assert offer.reason[0].isupper()
            assert offer.reason.endswith(".")
            assert offer.reason.count(". ") >= 1
            assert offer.allowed_at is None


@pytest.mark.parametrize("action", CHANGES)
@pytest.mark.parametrize("state", [None, *IdentityState])
def test_the_menu_and_the_action_agree(
    desk: Desk, ray: MadeAgency, brent: Client, bring: Bring, action: str, state: IdentityState | None
) -> None:
    bring(state)
    key = {"create": PersonAction.WELCOME, "resend": PersonAction.RESEND_WELCOME}.get(
        action, PersonAction(action) if action not in ("create", "resend") else None
    )
    (offer,) = (found for found in desk.accounts.offers(ray.admin, person_key.client(brent.id)) if found.action is key)
    try:
        ACTIONS[action][0](desk, ray.admin, brent.id)
    except Refused as refused:
        assert (offer.allowed, offer.reason) == (False, refused.sentence)
    else:
        assert offer.allowed


def test_what_is_only_too_soon_says_until_when(
    desk: Desk, clock: ManualClock, ray: MadeAgency, brent: Client, bring: Bring
) -> None:
    bring(IdentityState.PENDING)
    desk.accounts.resend_welcome(ray.admin, person_key.client(brent.id))
    offers = {offer.action: offer for offer in desk.accounts.offers(ray.admin, person_key.client(brent.id))}
    for action in (PersonAction.RESET, PersonAction.RESEND_WELCOME):
        assert not offers[action].allowed
        assert offers[action].allowed_at == clock.now() + timedelta(minutes=5)
    assert offers[PersonAction.DEACTIVATE].allowed
    clock.advance(minutes=5)
    offers = {offer.action: offer for offer in desk.accounts.offers(ray.admin, person_key.client(brent.id))}
    assert offers[PersonAction.RESET].allowed_at is None
    assert offers[PersonAction.RESET].allowed


def _rename(ctx: Context, old: str, new: str) -> None:
    with ctx.unit():
        ctx.database.execute_sql(f'ALTER TABLE "{old}" RENAME TO "{new}"')
