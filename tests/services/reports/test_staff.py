"""The reports about the agency itself: two-step sign-in, and what the staff did."""

from __future__ import annotations

import json
from decimal import Decimal

from models.agency import Agency
from models.client import Client
from models.security import SecondFactor
from models.states import AuditResult, FactorState, Role, Surface
from services import audit, person_key
from services.actor import Actor, Origin
from services.clock import ManualClock
from services.desk import Desk
from services.reports import actions
from tests import making
from tests.making import HERE, MadeAgency
from tests.services.reports.reading import finding, told

SHARES = ("line", "role", "name", "required", "people", "with_app", "coverage")


def enrol(desk: Desk, actor: Actor, state: FactorState = FactorState.ACTIVE) -> None:
    """An authenticator app, on or being set up."""
    with desk.ctx.unit():
        SecondFactor.create(identity=actor.identity_id, state=state, sealed="", created_at=desk.ctx.clock.now())


def demand(desk: Desk, ray: MadeAgency, who: str) -> None:
    """Let the agency ask for a second factor of some."""
    with desk.ctx.unit():
        told = json.dumps({"factor": who, "reset_mails": 1})
        Agency.update(adjustments=told).where(Agency.id == ray.agency.id).execute()


def test_each_role_has_its_share_and_who_must_have_an_app_and_has_none_stands_below(
    desk: Desk, ray: MadeAgency
) -> None:
    demand(desk, ray, "staff")
    for number, state in enumerate((FactorState.ACTIVE, FactorState.ACTIVE, FactorState.PENDING, None)):
        agent = making.make_staff(desk, ray.agency, f"a{number}@example.com", first=f"Ann{number}")
        if state is not None:
            enrol(desk, agent, state)
    enrol(desk, ray.admin)
    assert told(desk, ray.admin, "two-factor", *SHARES) == [
        ("role", "agent", "(all)", "yes", 4, 2, Decimal("50.00")),
        ("role", "administrator", "(all)", "yes", 1, 1, Decimal("100.00")),
        ("person", "agent", "Ann2 Agent", "yes", None, None, None),
        ("person", "agent", "Ann3 Agent", "yes", None, None, None),
    ]
    assert finding(desk, ray.admin, "two-factor") == "2 people must have an authenticator app and have none."


def test_a_share_is_whole_only_when_nobody_is_missing_and_closed_accounts_count_for_nothing(
    desk: Desk, ray: MadeAgency
) -> None:
    agents = [making.make_staff(desk, ray.agency, f"a{number}@example.com") for number in range(3)]
    for agent in agents[:2]:
        enrol(desk, agent)
    assert told(desk, ray.admin, "two-factor", *SHARES)[0] == (
        *("role", "agent", "(all)", "no", 3, 2, Decimal("66.66")),
    )
    assert finding(desk, ray.admin, "two-factor") == "Everybody who must have an authenticator app has one."
    with desk.ctx.read():
        member = person_key.staff(4)
    desk.accounts.deactivate(ray.admin, member, "left")
    assert told(desk, ray.admin, "two-factor", "people", "coverage")[0] == (2, Decimal("100.00"))


def test_clients_are_counted_by_their_list_and_named_only_where_everybody_must_have_an_app(
    desk: Desk, ray: MadeAgency, brent: Client
) -> None:
    identity = making.give_account(desk, ray.admin, brent)
    pending = making.make_client(desk, ray.agency, "p@example.com")
    making.give_account(desk, ray.admin, pending, password=None)
    assert told(desk, ray.admin, "two-factor", *SHARES)[-1] == ("role", "client", "(all)", "no", 1, 0, Decimal("0.00"))
    demand(desk, ray, "everybody")
    assert told(desk, ray.admin, "two-factor", "line", "name", "email")[2:] == [
        ("person", "Sue Wright", "sue@raystaging.example.com"),
        ("person", "Brent Thomas", brent.email),
    ]
    with desk.ctx.unit():
        SecondFactor.create(identity=identity.id, state=FactorState.ACTIVE, sealed="", created_at=desk.ctx.clock.now())
    assert told(desk, ray.admin, "two-factor", "people", "with_app")[1] == (1, 1)
    assert len(told(desk, ray.admin, "two-factor", "line")) == 3


def happen(desk: Desk, who: Actor | Origin, action: audit.Action, *, times: int = 1, **about: object) -> None:
    """Entries in the audit."""
    with desk.ctx.unit():
        for _ in range(times):
            audit.record(desk.ctx, who, action, **about)  # type: ignore[arg-type]  # as `record` names them


def test_what_each_member_of_staff_did_is_counted_by_kind_with_what_was_refused(
    desk: Desk, clock: ManualClock, ray: MadeAgency
) -> None:
    ann = making.make_staff(desk, ray.agency, "ann@example.com")
    happen(desk, ann, audit.Action.CLIENT_CHANGED, times=2)
    clock.advance(days=31)
    happen(desk, ann, audit.Action.RESET_SENT, times=3)
    happen(desk, ann, audit.Action.RESET_SENT, result=AuditResult.REFUSED)
    at = clock.now()
    clock.advance(minutes=1)
    happen(desk, ray.admin, audit.Action.STAFF_CHANGED)
    columns = ("name", "role", "action", "event", "done", "refused", "failed", "last_at")
    assert told(desk, ray.admin, "actions", *columns) == [
        ("Ann Agent", "agent", "sent a reset", "reset_sent", 3, 1, 0, at),
        ("Sue Wright", "administrator", "changed the staff member", "staff_changed", 1, 0, 0, clock.now()),
    ]
    assert finding(desk, ray.admin, "actions") == "4 actions by 2 people in 30 days; 1 refused."
    assert told(desk, ray.admin, "actions", "event", "done", days=40)[0] == ("client_changed", 2)


def test_signing_in_the_own_account_outsiders_clients_and_the_mail_are_no_actions_of_the_staff(
    desk: Desk, ray: MadeAgency, brent: Client
) -> None:
    identity = making.give_account(desk, ray.admin, brent)
    client = Actor(ray.agency.id, identity.id, None, "Brent", Role.CLIENT, HERE)
    before = told(desk, ray.admin, "actions", "event")
    happen(desk, ray.admin, audit.Action.SIGNED_IN)
    happen(desk, ray.admin, audit.Action.PASSWORD_CHANGED, identity_id=ray.admin.identity_id)
    happen(desk, client, audit.Action.QUESTIONS_CHANGED)
    happen(desk, HERE, audit.Action.RESET_ASKED, agency_id=ray.agency.id)
    courier = Actor(ray.agency.id, None, None, "Trakdesk", Role.ADMINISTRATOR, HERE)
    happen(desk, courier, audit.Action.MAIL_SENT)
    assert told(desk, ray.admin, "actions", "event") == before == [("account_created",)]
    happen(desk, ray.admin, audit.Action.FORBIDDEN, identity_id=ray.admin.identity_id, result=AuditResult.REFUSED)
    assert ("forbidden",) in told(desk, ray.admin, "actions", "event")


def test_whoever_is_on_no_list_acts_for_the_whole_agency(desk: Desk, ray: MadeAgency) -> None:
    origin = Origin(Surface.COMMAND, "host")
    for name in ("command line (b)", "command line (a)"):
        happen(desk, Actor(ray.agency.id, None, None, name, Role.ADMINISTRATOR, origin), audit.Action.LIST_EXPORTED)
    assert told(desk, ray.admin, "actions", "name", "role", "event") == [
        ("command line (a)", "", "list_exported"),
        ("command line (b)", "", "list_exported"),
    ]


def test_many_entries_are_counted_piece_by_piece(desk: Desk, ray: MadeAgency, monkeypatch: object) -> None:
    monkeypatch.setattr(actions, "_STEP", 2)  # type: ignore[attr-defined]
    happen(desk, ray.admin, audit.Action.RESET_SENT, times=7)
    assert told(desk, ray.admin, "actions", "done") == [(7,)]
