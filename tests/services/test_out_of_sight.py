"""Somebody of another office does not exist: every service method that is given a person, a mail or a run says so."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from models.identity import BulkRow, Identity
from models.outbox import OutboxMessage
from models.security import Approval
from models.states import ApprovalState, Role
from services import person_key
from services.accounts.accounts import ResetReason
from services.accounts.values import AccessChange
from services.actor import Actor
from services.analytics.charts import Axis, Chart, Shape, Unit
from services.approvals.values import Dangerous
from services.clients.values import ClientFields
from services.creation.values import CreationPlan
from services.credentials.passwords import Secret
from services.desk import Desk, Made
from services.errors import Invalid, NotFound, Refused
from services.person_key import PersonKey, PersonKind
from services.properties.values import MortgageFields, PropertyFields
from services.staff.values import StaffFields
from tests import making
from tests.acting import everything
from tests.making import MadeAgency
from tests.services.creating import make_colleague
from tests.services.help_queue.asking import asks, make_kiosk
from tests.services.officing import Lookers, make_lookers

CLIENT = ClientFields("Nora", "New", "nora@example.com")
STAFF = StaffFields("Nora", "New", "nora@example.com")
ACCESS = AccessChange(1, Role.AGENT)
CODE = Secret("123456")
HOME, LOAN = PropertyFields("12 King St"), MortgageFields("Scotia")
CHART = Chart("owed", "What is owed", "", Shape.LINES, Axis("Month", Unit.MONTH), Axis("Owed", Unit.MONEY))
TAKEN = "brent@mortgageclient.example.com"
NAMES = {"person", "client_id", "staff_id", "plan", "message_id", "run_id", "approval_id", "request_id"}
"""Parameters that name somebody, or something of somebody."""


@dataclass(frozen=True)
class Hidden:
    """People of an office, by their numbers, and what is theirs.

    `mail` and `request`, for a colleague's yes, are about the client, `run` about the staff member; `help` was asked
    for at the kiosk of their office, `seen` at one that others may see.
    """

    client: int
    staff: int
    mail: int
    run: int
    request: int
    help: int
    seen: int
    file: Path

    def plan(self, person: PersonKey) -> CreationPlan:
        """What somebody would create who knew the number."""
        role = Role.CLIENT if person.kind is PersonKind.CLIENT else Role.AGENT
        return CreationPlan(person, 1, "nora@example.com", "nora@example.com", role)


Try = Callable[[Desk, Actor, Hidden], object]


def both(act: Callable[[Desk, Actor, Hidden, PersonKey], object]) -> dict[str, Try]:
    """The same for the client and for the staff member."""
    return {
        "client": lambda desk, who, them: act(desk, who, them, person_key.client(them.client)),
        "staff": lambda desk, who, them: act(desk, who, them, person_key.staff(them.staff)),
    }


def administrators(act: Callable[[Desk, Actor, Hidden, PersonKey], object]) -> dict[str, Try]:
    """The same for what only administrators may do: whoever looks is one for a moment."""

    def as_one(desk: Desk, who: Actor, them: Hidden, key: PersonKey) -> object:
        mine = Identity.id == who.identity_id
        with desk.ctx.unit():
            Identity.update(role=Role.ADMINISTRATOR).where(mine).execute()
        try:
            return act(desk, replace(who, role=Role.ADMINISTRATOR), them, key)
        finally:
            with desk.ctx.unit():
                Identity.update(role=who.role).where(mine).execute()

    return both(as_one)


TRIES: dict[str, dict[str, Try]] = {
    "clients.get": {"": lambda desk, who, them: desk.clients.get(who, them.client)},
    "clients.save": {"": lambda desk, who, them: desk.clients.save(who, them.client, 1, CLIENT)},
    "clients.email_effects": {"": lambda desk, who, them: desk.clients.email_effects(who, them.client, "n@example.ca")},
    "properties.of": {"": lambda desk, who, them: desk.properties.of(who, them.client)},
    "properties.add": {"": lambda desk, who, them: desk.properties.add(who, them.client, HOME)},
    "properties.change": {"": lambda desk, who, them: desk.properties.change(who, them.client, 1, 1, HOME)},
    "properties.remove": {"": lambda desk, who, them: desk.properties.remove(who, them.client, 1, 1)},
    "properties.add_mortgage": {"": lambda desk, who, them: desk.properties.add_mortgage(who, them.client, 1, LOAN)},
    "properties.change_mortgage": {
        "": lambda desk, who, them: desk.properties.change_mortgage(who, them.client, 1, 1, LOAN)
    },
    "properties.remove_mortgage": {"": lambda desk, who, them: desk.properties.remove_mortgage(who, them.client, 1, 1)},
    "staff.view": {"": lambda desk, who, them: desk.staff.view(who, them.staff)},
    "staff.change": {"": lambda desk, who, them: desk.staff.change(who, them.staff, 1, STAFF)},
    "staff.email_effects": {"": lambda desk, who, them: desk.staff.email_effects(who, them.staff, "n@example.ca")},
    "client_analytics.charts": {"": lambda desk, who, them: desk.client_analytics.charts(who, them.client)},
    "chart_exports.run": {
        "": lambda desk, who, them: desk.chart_exports.run(
            who, CHART, them.file.with_suffix(".new"), client_id=them.client
        )
    },
    "people.panel": both(lambda desk, who, them, key: desk.people.panel(who, key)),
    "people.history": both(lambda desk, who, them, key: desk.people.history(who, key)),
    "accounts.offers": both(lambda desk, who, them, key: desk.accounts.offers(who, key)),
    "accounts.create_and_welcome": both(lambda desk, who, them, key: desk.accounts.create_and_welcome(who, key)),
    "accounts.resend_welcome": both(lambda desk, who, them, key: desk.accounts.resend_welcome(who, key)),
    "accounts.send_reset": both(lambda desk, who, them, key: desk.accounts.send_reset(who, key, ResetReason.FORGOTTEN)),
    "accounts.deactivate": both(lambda desk, who, them, key: desk.accounts.deactivate(who, key, "left")),
    "accounts.reactivate": both(lambda desk, who, them, key: desk.accounts.reactivate(who, key, "back")),
    "account_access.view": both(lambda desk, who, them, key: desk.account_access.view(who, key)),
    "account_access.review": both(lambda desk, who, them, key: desk.account_access.review(who, key, ACCESS)),
    "account_access.change": both(lambda desk, who, them, key: desk.account_access.change(who, key, ACCESS)),
    "clearing.second_factor": both(lambda desk, who, them, key: desk.clearing.second_factor(who, key, "lost")),
    "ssh_keys.of": administrators(lambda desk, who, them, key: desk.ssh_keys.of(who, key)),
    "ssh_keys.review": administrators(lambda desk, who, them, key: desk.ssh_keys.review(who, key, "ssh-ed25519 AAAA")),
    "ssh_keys.bind": administrators(lambda desk, who, them, key: desk.ssh_keys.bind(who, key, "ssh-ed25519 AAAA")),
    "verification.offers": both(lambda desk, who, them, key: desk.verification.offers(who, key)),
    "verification.questions_for": both(lambda desk, who, them, key: desk.verification.questions_for(who, key)),
    "verification.check_answers": both(lambda desk, who, them, key: desk.verification.check_answers(who, key, ())),
    "verification.check_factor": both(lambda desk, who, them, key: desk.verification.check_factor(who, key, CODE)),
    "verification.send_code": both(lambda desk, who, them, key: desk.verification.send_code(who, key)),
    "verification.code_standing": both(lambda desk, who, them, key: desk.verification.code_standing(who, key)),
    "verification.check_code": both(lambda desk, who, them, key: desk.verification.check_code(who, key, CODE)),
    "verification.override": both(lambda desk, who, them, key: desk.verification.override(who, key, "seen")),
    "approvals.ask": both(lambda desk, who, them, key: desk.approvals.ask(who, key, Dangerous.CLEAR_FACTOR, "lost")),
    "approvals.grant": {"": lambda desk, who, them: desk.approvals.grant(who, them.request)},
    "approvals.refuse": {"": lambda desk, who, them: desk.approvals.refuse(who, them.request, "no")},
    "approvals.withdraw": {"": lambda desk, who, them: desk.approvals.withdraw(who, them.request)},
    "temporary.send": both(lambda desk, who, them, key: desk.temporary.send(who, key)),
    "creation.preview": both(lambda desk, who, them, key: desk.creation.preview(who, key)),
    "creation.review": both(lambda desk, who, them, key: desk.creation.review(who, them.plan(key))),
    "creation.create": both(lambda desk, who, them, key: desk.creation.create(who, them.plan(key))),
    "creation.mail_standing": {"": lambda desk, who, them: desk.creation.mail_standing(who, them.mail)},
    "help_queue.chat": {"": lambda desk, who, them: desk.help_queue.chat(who, them.help)},
    "help_queue.take": {"": lambda desk, who, them: desk.help_queue.take(who, them.help)},
    "help_queue.say": {"": lambda desk, who, them: desk.help_queue.say(who, them.help, "hello")},
    "help_queue.note": {"": lambda desk, who, them: desk.help_queue.note(who, them.help, "hello")},
    "help_queue.hand_over": {"": lambda desk, who, them: desk.help_queue.hand_over(who, them.help, None)},
    "help_queue.close": {"": lambda desk, who, them: desk.help_queue.close(who, them.help, "done")},
    "help_queue.reopen": {"": lambda desk, who, them: desk.help_queue.reopen(who, them.help)},
    "help_queue.link": {"": lambda desk, who, them: desk.help_queue.link(who, them.help, None)}
    | both(lambda desk, who, them, key: desk.help_queue.link(who, them.seen, key)),
    "help_queue.colleagues": {"": lambda desk, who, them: desk.help_queue.colleagues(who, them.help)},
    "mail.view": {"": lambda desk, who, them: desk.mail.view(who, them.mail)},
    "bulk.work": {"": lambda desk, who, them: desk.bulk.work(who, them.run)},
    "bulk.give_up": {"": lambda desk, who, them: desk.bulk.give_up(who, them.run)},
    "bulk.view": {"": lambda desk, who, them: desk.bulk.view(who, them.run)},
    "bulk.rows": {"": lambda desk, who, them: desk.bulk.rows(who, them.run)},
    "bulk.report": {"": lambda desk, who, them: desk.bulk.report(who, them.run, them.file)},
}
"""Every method of every service that is given one of `NAMES`, called about somebody who is out of sight."""

CASES = [pytest.param(act, id=f"{name} {whom}".strip()) for name, tries in TRIES.items() for whom, act in tries.items()]


@pytest.fixture
def lookers(desk: Desk, ray: MadeAgency) -> Lookers:
    """Three offices, and somebody of each kind."""
    return make_lookers(desk, ray)


@pytest.fixture
def hidden(desk: Desk, ray: MadeAgency, lookers: Lookers, tmp_path: Path) -> Hidden:
    """A client of the third office with an account and its mail, and a colleague with a run that waits."""
    windsor = lookers.offices[2]
    client = making.make_client(desk, ray.agency, office=windsor)
    desk.accounts.create_and_welcome(ray.admin, person_key.client(client.id))
    member = make_colleague(desk, ray.agency, office=windsor)
    run = desk.bulk.start(ray.admin, desk.bulk.preflight(ray.admin, [person_key.staff(member.id)]))
    with desk.ctx.read():
        mail = OutboxMessage.select().get()
    identity, now = making.identity_of(desk.ctx, client), desk.ctx.clock.now()
    with desk.ctx.unit():
        request = Approval.create(
            agency=ray.agency,
            identity=identity,
            action=Dangerous.CLEAR_FACTOR.value,
            reason="lost",
            state=ApprovalState.WAITING,
            asked_by=ray.admin.identity_id,
            asked_at=now,
            expires_at=now + timedelta(hours=1),
        )
    asked = asks(desk, make_kiosk(desk, ray.agency, office=windsor)).request_id
    seen = asks(desk, make_kiosk(desk, ray.agency, "Hall", lookers.offices[1])).request_id
    path = tmp_path / "report.csv"
    return Hidden(int(client.id), int(member.id), int(mail.id), run, int(request.id), asked, seen, path)


def test_no_method_is_forgotten(desk: Desk) -> None:
    found = set()
    services = [name for name, made in vars(Desk).items() if isinstance(made, Made)]
    for service in services:
        kind = type(getattr(desk, service))
        for name, method in inspect.getmembers(kind, inspect.isfunction):
            if not name.startswith("_") and NAMES & set(inspect.signature(method).parameters):
                found.add(f"{service}.{name}")
    assert found == set(TRIES)


@pytest.mark.parametrize("act", CASES)
def test_somebody_of_another_office_is_not_there(desk: Desk, lookers: Lookers, hidden: Hidden, act: Try) -> None:
    unknown = Hidden(4711, 4711, 4711, 4711, 4711, 4711, hidden.seen, hidden.file)
    before = everything(desk.ctx)
    for looker in (lookers.of_one, lookers.of_two, lookers.of_two_at_one):
        with pytest.raises(NotFound) as out_of_sight:
            act(desk, looker.actor, hidden)
        with pytest.raises(NotFound) as not_there:
            act(desk, looker.actor, unknown)
        assert out_of_sight.value.sentence == not_there.value.sentence
    assert everything(desk.ctx) == before
    assert not hidden.file.exists()


def test_whoever_looks_at_one_office_alone_does_not_meet_the_people_of_no_office(
    desk: Desk, ray: MadeAgency, lookers: Lookers
) -> None:
    client = making.make_client(desk, ray.agency)
    for looker in lookers.all:
        if looker.sees is None or None in looker.sees:
            desk.people.panel(looker.actor, person_key.client(client.id))
        else:
            with pytest.raises(NotFound):
                desk.people.panel(looker.actor, person_key.client(client.id))


def test_a_run_of_people_out_of_sight_is_not_offered_but_in_the_way(
    desk: Desk, ray: MadeAgency, lookers: Lookers, hidden: Hidden
) -> None:
    bob = lookers.of_two.actor
    mine = make_colleague(desk, ray.agency, "mine@example.com", office=lookers.offices[0])
    assert desk.bulk.open_run(bob) is None
    with pytest.raises(Refused, match="for people of other offices"):
        desk.bulk.start(bob, desk.bulk.preflight(bob, [person_key.staff(mine.id)]))
    for looker in (lookers.whole, lookers.whole_at_one):
        run = desk.bulk.open_run(looker.actor)
        assert run is not None
        assert run.id == hidden.run
    with desk.ctx.read():
        assert BulkRow.select().count() == 1


def test_in_a_list_for_many_they_are_gone(desk: Desk, lookers: Lookers, hidden: Hidden) -> None:
    people = [person_key.client(hidden.client), person_key.staff(hidden.staff)]
    rows = desk.bulk.preflight(lookers.of_two.actor, people).rows
    gone = desk.bulk.preflight(lookers.of_two.actor, [person_key.client(4711), person_key.staff(4711)]).rows
    assert [row.problems for row in rows] == [row.problems for row in gone]


def test_whose_name_it_is_in_another_office_is_not_told_when_an_account_is_created(
    desk: Desk, ray: MadeAgency, lookers: Lookers, hidden: Hidden
) -> None:
    mine = making.make_client(desk, ray.agency, "mine@example.com", office=lookers.offices[0])
    plan = replace(hidden.plan(person_key.client(mine.id)), user_name=TAKEN, email=TAKEN)
    with pytest.raises(Invalid, match="user name of somebody of another office already"):
        desk.creation.review(lookers.of_one.actor, plan)
    with pytest.raises(Invalid, match="user name of Brent Thomas already"):
        desk.creation.review(lookers.whole.actor, plan)
