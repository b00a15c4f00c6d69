"""Which role may call which method: one table, held against every method of every service, also called directly."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from models.client import Client
from models.states import AuditResult, KioskStep, Role, Surface
from services import agency_policy, person_key, rights, sessions
from services.accounts.accounts import ResetReason
from services.accounts.values import AccessChange
from services.actor import Actor, Origin
from services.analytics.charts import Axis, Chart, Shape, Unit
from services.analytics.values import AgencyChart
from services.approvals.values import Dangerous
from services.auditing.export import Format
from services.auditing.query import AuditQuery
from services.clients.values import ClientFields, ClientQuery
from services.creation.values import CreationPlan
from services.credentials.passwords import Secret
from services.credentials.policy import Profile
from services.desk import Desk, Made
from services.errors import DeskError, Forbidden, Refused, SignedOut
from services.help_queue.chats import HelpQuery
from services.mail.mailbox import MailQuery
from services.properties.values import PropertyFields
from services.reports.catalogue import REPORTS
from services.reports.giving_out import CsvWriter, Form
from services.reports.values import asked_of
from services.rights import Right
from services.staff.values import StaffFields, StaffQuery
from tests import making
from tests.making import MadeAgency

PORTAL = Origin(Surface.PORTAL, "198.51.100.4")

NEEDS: dict[str, Right] = {
    **dict.fromkeys(
        [
            "accounts.offers",
            "accounts.reset_page_address",
            "account_access.view",
            "approvals.counts",
            "approvals.requests",
            "clients.count",
            "clients.find_by_email",
            "clients.get",
            "clients.rows",
            "analytics.chart",
            "chart_exports.run",
            "client_analytics.charts",
            "help_queue.chat",
            "help_queue.counts",
            "help_queue.rows",
            "mail.rows",
            "mail.view",
            "mail.waiting",
            "offices.mine",
            "offices.switch",
            "people.history",
            "people.panel",
            "properties.of",
            "releases.offer",
            "reports.finding",
            "reports.list",
            "reports.rows",
            "reports.to_file",
            "reports.to_stream",
            "staff.count",
            "staff.find_by_email",
            "staff.offices",
            "staff.rows",
            "staff.view",
            "staff.without_identity",
        ],
        Right.LOOK,
    ),
    **dict.fromkeys(
        [
            "accounts.create_and_welcome",
            "accounts.deactivate",
            "accounts.reactivate",
            "accounts.resend_welcome",
            "accounts.send_reset",
            "account_access.change",
            "account_access.review",
            "approvals.grant",
            "approvals.refuse",
            "approvals.withdraw",
            "bulk.give_up",
            "bulk.open_run",
            "bulk.preflight",
            "bulk.report",
            "bulk.rows",
            "bulk.start",
            "bulk.view",
            "bulk.work",
            "clients.create",
            "clients.email_effects",
            "clients.save",
            "creation.create",
            "creation.mail_standing",
            "creation.preview",
            "creation.review",
            "exports.run",
            "help_queue.close",
            "help_queue.colleagues",
            "help_queue.find_people",
            "help_queue.hand_over",
            "help_queue.link",
            "help_queue.note",
            "help_queue.reopen",
            "help_queue.say",
            "help_queue.take",
            "folders.open",
            "imports.forget",
            "imports.look",
            "imports.remember",
            "imports.run",
            "properties.add",
            "properties.add_mortgage",
            "properties.change",
            "properties.change_mortgage",
            "properties.remove",
            "properties.remove_mortgage",
            "releases.release",
            "staff.add",
            "staff.change",
            "staff.email_effects",
            "staff_imports.run",
            "temporary.send",
            "uploads.all",
            "uploads.check_undo",
            "uploads.undo",
            "verification.check_answers",
            "verification.check_code",
            "verification.check_factor",
            "verification.code_standing",
            "verification.offers",
            "verification.override",
            "verification.questions_for",
            "verification.send_code",
        ],
        Right.ACT,
    ),
    "approvals.ask": Right.CLEAR_FACTOR,
    "clearing.second_factor": Right.CLEAR_FACTOR,
    "audit.rows": Right.AUDIT,
    "audit.standing": Right.AUDIT,
    "audit.view": Right.AUDIT,
    "audit_exports.run": Right.AUDIT,
    **dict.fromkeys(
        ["kiosks.enrol", "kiosks.list", "kiosks.move", "kiosks.recolour", "kiosks.revoke"],
        Right.KIOSKS,
    ),
    **dict.fromkeys(
        ["ssh_keys.bind", "ssh_keys.list", "ssh_keys.of", "ssh_keys.review", "ssh_keys.revoke"], Right.SSH_KEYS
    ),
    **dict.fromkeys(["kiosks.left", "kiosks.may_leave"], Right.LEAVE_KIOSK),
    "legacy.board": Right.BOARD,
    "legacy.close_at": Right.CLOSE_KEY,
    "legacy.undo_close": Right.CLOSE_KEY,
    "legacy_imports.run": Right.RULES,
    "rules.change": Right.RULES,
    "rules.review": Right.RULES,
    "rules.view": Right.RULES,
}
"""Every method that is given an actor and is not about the actor alone, with the right that it asks for first."""

ABOUT_ONESELF = (
    "drafts",
    "onboarding",
    "own",
    "own_questions",
    "own_security",
    "own_sessions",
    "own_ssh_keys",
    "preferences",
    "returns",
    "second_factor",
    "sign_in",
)
"""Services that know nobody but whoever calls them."""

ALSO_ABOUT_ONESELF = frozenset({"properties.own"})
"""Methods of other services that do so."""


@pytest.fixture
def arguments(desk: Desk, ray: MadeAgency, tmp_path: Path) -> dict[str, Any]:
    """Something to call with, by the name of the parameter; with the service before it where that decides."""
    file = tmp_path / "list.csv"
    file.write_text("First Name,Last Name,Email\nNora,New,nora@example.com\n")
    person = person_key.client(4711)
    look = desk.imports.look(ray.admin, file)
    return {
        "look": look,
        "choice": look.choice,
        "person": person,
        "people": [person],
        "preflight": desk.bulk.preflight(ray.admin, [person]),
        "plan": CreationPlan(person, 1, "n@example.com", "n@example.com", Role.CLIENT),
        "wanted": AccessChange(1, Role.AGENT),
        "rules.wanted": agency_policy.PROFILES[Profile.STANDARD],
        "fields": ClientFields("Nora", "New", "nora@example.com"),
        "properties.fields": PropertyFields("9 Elm St"),
        "chart": Chart("owed", "Owed", "", Shape.LINES, Axis("Month", Unit.MONTH), Axis("Owed", Unit.MONEY)),
        "which": AgencyChart.RENEWALS,
        "chart_exports.path": tmp_path / "chart.csv",
        "staff.fields": StaffFields("Nora", "New", "nora@example.com"),
        "query": ClientQuery(),
        "staff.query": StaffQuery(),
        "mail.query": MailQuery(),
        "audit.query": AuditQuery(),
        "audit_exports.query": AuditQuery(),
        "form": Format.CSV,
        "asked": asked_of(REPORTS[0]),
        "reports.form": Form.CSV,
        "reports.path": tmp_path / "report.csv",
        "writer": CsvWriter(lambda _: None),
        "path": file,
        "exports.path": tmp_path / "out.csv",
        "audit_exports.path": tmp_path / "audit.csv",
        "bulk.path": tmp_path / "report.csv",
        "why": ResetReason.FORGOTTEN,
        "what": Dangerous.CLEAR_FACTOR,
        "reason": "because",
        "given": (),
        "code": Secret("123456"),
        "email": "nora@example.com",
        "new_email": "nora@example.com",
        "moment": desk.ctx.clock.now(),
        "office_id": None,
        "help_queue.query": HelpQuery(),
        "words": "Nora",
        "how": "done",
        "to": None,
        "step": KioskStep.CODE,
        "name": "Lobby",
        "theme": "dark",
        "kiosk_id": 4711,
        "line": "ssh-ed25519 AAAA",
        "fingerprint": "SHA256:4711",
        **dict.fromkeys(
            (
                "client_id",
                "staff_id",
                "version",
                "message_id",
                "run_id",
                "approval_id",
                "entry_id",
                "request_id",
                "visit_id",
                "property_id",
                "mortgage_id",
                "upload_id",
            ),
            4711,
        ),
    }


def methods(desk: Desk) -> Iterator[tuple[str, Callable[..., object]]]:
    """Every public method that is given an actor, and cannot do without one."""
    for service in (name for name, made in vars(Desk).items() if isinstance(made, Made)):
        if service in ABOUT_ONESELF:
            continue
        for name, method in inspect.getmembers(getattr(desk, service), inspect.ismethod):
            actor = inspect.signature(method).parameters.get("actor")
            whole = f"{service}.{name}"
            if name.startswith("_") or whole in ALSO_ABOUT_ONESELF or actor is None or actor.default is not actor.empty:
                continue
            yield whole, method


def call(name: str, method: Callable[..., Any], who: Actor, arguments: dict[str, Any]) -> None:
    service = name.partition(".")[0]
    needed = [
        parameter.name
        for parameter in inspect.signature(method).parameters.values()
        if parameter.default is parameter.empty and parameter.name != "actor"
    ]
    given = {word: arguments.get(f"{service}.{word}", arguments.get(word)) for word in needed}
    rows = method(who, **given)
    if name.endswith(".rows") and hasattr(rows, "first"):
        rows.first(1)


def test_no_method_is_forgotten(desk: Desk) -> None:
    assert {name for name, _ in methods(desk)} == set(NEEDS)


@pytest.mark.parametrize("role", Role)
def test_each_role_is_let_in_where_the_table_says_and_nowhere_else_and_each_refusal_is_written_down_once(
    desk: Desk, ray: MadeAgency, arguments: dict[str, Any], role: Role
) -> None:
    who = making.make_staff(desk, ray.agency, "who@example.com", role=role)
    wrong = []
    for name, method in methods(desk):
        right = NEEDS[name]
        before = len(making.entries(desk.ctx))
        forbidden = False
        try:
            call(name, method, who, arguments)
        except Forbidden:
            forbidden = True
        except DeskError:
            # Nobody has number 4711; that is said to those who may ask.
            pass
        told = [entry for entry in making.entries(desk.ctx)[before:] if entry.result is AuditResult.REFUSED]
        if forbidden is rights.has(role, right):
            wrong.append(name)
        if forbidden and ([entry.actor_id for entry in told] != [who.identity_id] or not told[0].reason):
            wrong.append(f"{name} was not written down once")
    assert wrong == []


def in_browser(desk: Desk, ray: MadeAgency, *, allowed: bool) -> Actor:
    """An administrator who has signed in with the browser, where the agency allows that or does not."""
    view = desk.rules.view(ray.admin)
    desk.rules.change(ray.admin, view.version, replace(view.policy, staff_portal=allowed))
    return desk.sign_in.sign_in("RAY-919", "sue@raystaging.example.com", making.PASSWORD, PORTAL)


def test_in_the_browser_staff_may_do_nothing_of_all_that_unless_the_agency_allows_it(
    desk: Desk, ray: MadeAgency, arguments: dict[str, Any]
) -> None:
    who = in_browser(desk, ray, allowed=False)
    before = len(making.entries(desk.ctx))
    for name, method in methods(desk):
        with pytest.raises(Forbidden) as refused:
            call(name, method, who, arguments)
        assert refused.value.sentence == sessions.NOT_IN_BROWSER, name
    told = making.entries(desk.ctx)[before:]
    assert [(entry.result, entry.reason) for entry in told] == [
        (AuditResult.REFUSED, sessions.NOT_IN_BROWSER) for _ in NEEDS
    ]


def test_the_own_account_is_theirs_in_the_browser_too(desk: Desk, ray: MadeAgency) -> None:
    who = in_browser(desk, ray, allowed=False)
    assert desk.own.why_no_desk(who) == sessions.NOT_IN_BROWSER
    assert desk.own.home(who).user_name == "sue@raystaging.example.com"
    assert desk.own_sessions.list(who)
    desk.own.change_password(who, making.PASSWORD, Secret("another orbit candle nine"))


def test_where_the_agency_allows_it_staff_use_the_desk_in_the_browser_until_it_no_longer_does(
    desk: Desk, ray: MadeAgency
) -> None:
    who = in_browser(desk, ray, allowed=True)
    assert not desk.own.why_no_desk(who)
    assert desk.clients.count(who) == 0
    view = desk.rules.view(who)
    desk.rules.change(who, view.version, replace(view.policy, staff_portal=False))
    with pytest.raises(Forbidden, match="does not have its desk in the browser"):
        desk.clients.count(who)


def test_a_client_has_no_right_and_an_administrator_has_all() -> None:
    assert rights.RIGHTS[Role.CLIENT] == frozenset()
    assert rights.RIGHTS[Role.ADMINISTRATOR] == frozenset(Right)


def test_nobody_who_may_less_may_something_that_a_supervisor_may_not() -> None:
    for role in (Role.CLIENT, Role.AGENT, Role.AUDITOR, Role.SUPERVISOR):
        assert rights.RIGHTS[role] <= rights.RIGHTS[Role.SUPERVISOR] <= rights.RIGHTS[Role.ADMINISTRATOR]


@pytest.mark.parametrize("right", Right)
@pytest.mark.parametrize("role", Role)
def test_a_right_that_is_lacking_is_told_with_a_next_step(role: Role, right: Right) -> None:
    told = rights.why_not(role, right)
    assert (told == "") is rights.has(role, right)
    assert not told or (told.endswith(".") and "sk " in told)


def test_a_refused_look_is_written_down_by_itself(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    client = making.make_staff(desk, ray.agency, "client@example.com", role=Role.CLIENT)
    with pytest.raises(Forbidden):
        desk.people.panel(client, person_key.client(brent.id))
    [entry] = making.entries(desk.ctx, "forbidden")
    assert (entry.actor_id, entry.result, entry.place) == (client.identity_id, AuditResult.REFUSED, making.HERE.place)
    assert entry.details == '{"right": "look", "role": "client"}'


def test_what_a_refused_call_had_begun_is_undone_and_the_refusal_stays(desk: Desk, ray: MadeAgency) -> None:
    client = making.make_staff(desk, ray.agency, "client@example.com", role=Role.CLIENT)
    with pytest.raises(Forbidden), desk.ctx.unit():
        Client.update(first_name="Half").execute()
        with desk.ctx.database.atomic():
            sessions.require_staff(desk.ctx, client)
    assert len(making.entries(desk.ctx, "forbidden")) == 1


def test_auditors_read_no_link_where_all_mail_stays_in_the_desk(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    identity = making.give_account(desk, ray.admin, brent, password=None)
    [mail] = making.mails(desk.ctx, identity)
    auditor = making.make_staff(desk, ray.agency, "audit@example.com", role=Role.AUDITOR)
    assert desk.mail.view(ray.admin, mail.id).secrets_shown
    view = desk.mail.view(auditor, mail.id)
    assert not view.secrets_shown
    assert making.sent_secrets(desk.ctx, identity).token not in view.text + view.html


def test_the_menu_says_to_an_auditor_why_not(desk: Desk, ray: MadeAgency, brent: Client) -> None:
    auditor = making.make_staff(desk, ray.agency, "audit@example.com", role=Role.AUDITOR)
    offers = desk.accounts.offers(auditor, person_key.client(brent.id))
    assert {offer.action.value for offer in offers if offer.allowed} == {*("properties", "analytics", "why", "history")}
    assert "Auditors look at everything" in next(offer.reason for offer in offers if offer.action.value == "edit")


def test_a_role_that_changed_in_the_meantime_has_no_right_any_more(desk: Desk, ray: MadeAgency) -> None:
    ann = making.make_staff(desk, ray.agency, "ann@example.com")
    with pytest.raises(SignedOut):
        desk.clients.create(replace(ann, role=Role.ADMINISTRATOR), ClientFields("A", "B", "a@example.com"))


@pytest.mark.parametrize("name", ["audit_exports.run", "chart_exports.run", "reports.to_file", "imports.look"])
def test_nobody_in_a_browser_names_files_of_the_machine(
    desk: Desk, ray: MadeAgency, arguments: dict[str, Any], tmp_path: Path, name: str
) -> None:
    who = in_browser(desk, ray, allowed=True)
    before = set(tmp_path.iterdir())
    with pytest.raises(Refused, match="a browser cannot reach"):
        call(name, dict(methods(desk))[name], who, arguments)
    assert set(tmp_path.iterdir()) == before
