"""Those who answer for an agency read all of its audit, and nothing of another's; a search finds what was written."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from models.audit import AuditEntry
from models.client import Client
from models.identity import Identity
from models.states import AuditResult, Role, Surface
from services import audit, person_key
from services.actor import Actor, Origin
from services.audit import Action
from services.auditing import finding
from services.auditing.export import Format
from services.auditing.found_by import Who
from services.auditing.query import AREAS, Area, AuditFilter, AuditQuery, Span
from services.clock import ManualClock
from services.context import Context
from services.desk import Desk
from services.errors import Invalid, NotFound, Refused, SignedOut
from services.history_words import WORDS
from tests import making
from tests.making import MadeAgency, make_staff
from tests.services.officing import make_lookers
from tests.tampering import behind_the_triggers

OUTSIDE = Origin(Surface.PORTAL, "198.51.100.7")
AT_THE_MACHINE = Origin(Surface.COMMAND, "root")
DAY = 24 * 60


@pytest.fixture
def told(ctx: Context, clock: ManualClock, ray: MadeAgency) -> MadeAgency:
    """Entries 1 to 5 of eight, four, and two days ago, and of today."""
    machine = Actor(ray.agency.id, None, None, "command line (root)", Role.ADMINISTRATOR, AT_THE_MACHINE)
    mine = {"agency_id": ray.agency.id}
    failed = {"result": AuditResult.FAILED, "reason": "wrong password"}

    def happens(who: Actor | Origin, action: Action, days_later: int, **told: object) -> None:
        clock.advance(minutes=days_later * DAY)
        with ctx.unit():
            audit.record(ctx, who, action, **told)  # type: ignore[arg-type]

    happens(machine, Action.UPLOAD_FINISHED, 0, subject="clients.csv")
    happens(OUTSIDE, Action.SIGN_IN_FAILED, 4, subject="brent@example.com", **failed, **mine)
    happens(OUTSIDE, Action.SIGN_IN_FAILED, 2, subject="nobody@example.com", reason="unknown company code")
    happens(machine, Action.EMAIL_CHANGED, 2, subject="Émile Thomas", details={"old": "e@a.ca", "new": "emile@b.ca"})
    happens(machine, Action.SIGNED_IN, 0, subject="sue@raystaging.example.com")
    # Sessions last half a day.
    return ray._replace(admin=make_staff(Desk(ctx), ray.agency, "boss@example.com", role=Role.ADMINISTRATOR))


def shown(desk: Desk, actor: Actor, words: str = "", **chosen: object) -> list[int]:
    """The numbers of the entries that a query shows, one way and the other."""
    rows = desk.audit.rows(actor, AuditQuery(words, AuditFilter(**chosen)))  # type: ignore[arg-type]
    keys = list(rows.keys(lambda: False))
    assert [row.key for row in rows.first(60)] == keys
    assert [row.key for row in rows.first(2)] == keys[:2]
    assert sorted(rows.rows(keys)) == sorted(keys)
    return keys


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("", [5, 4, 3, 2, 1]),
        ("brent", [2]),
        ("BRÉNT", [2]),
        ("thomas emile", [4]),
        ("emi tho", [4]),
        ("b.ca", [4]),
        ("tried", [3, 2]),
        ("signed in", [5]),
        ("sign", [5, 3, 2]),
        ("changed mail", [4]),
        ("failed", [2]),
        ("done", [5, 4, 3, 1]),
        ("wrong password", [2]),
        ("198", [3, 2]),
        ("somebody", []),
        ("uploaded", [1]),
        ("~a1", []),
        ("x'\"*:&|!() NOT", []),
        ("%", [5, 4, 3, 2, 1]),
    ],
)
def test_words_find_who_whom_what_where_and_why(desk: Desk, told: MadeAgency, words: str, numbers: list[int]) -> None:
    assert shown(desk, told.admin, words) == numbers


@pytest.mark.parametrize(
    ("chosen", "numbers"),
    [
        ({"result": AuditResult.FAILED}, [2]),
        ({"result": AuditResult.REFUSED}, []),
        ({"who": Who.OUTSIDER}, [3, 2]),
        ({"who": Who.PROGRAM}, [5, 4, 1]),
        ({"who": Who.PERSON}, []),
        ({"area": Area.SIGN_IN}, [5, 3, 2]),
        ({"area": Area.PEOPLE}, [4, 1]),
        ({"span": Span.TODAY}, [5, 4]),
        ({"span": Span.WEEK}, [5, 4, 3, 2]),
        ({"span": Span.WEEK, "area": Area.SIGN_IN, "result": AuditResult.FAILED}, [2]),
    ],
)
def test_filters_leave_out_the_rest(
    desk: Desk, told: MadeAgency, chosen: dict[str, object], numbers: list[int]
) -> None:
    assert shown(desk, told.admin, **chosen) == numbers
    assert shown(desk, told.admin, "example", **chosen) == [number for number in numbers if number in (5, 3, 2)]


@pytest.mark.parametrize("limits", [{"SHORT_WALK": 1}, {"SHORT_WALK": 1, "FEW": 1}, {"FEW": 0}])
def test_every_way_to_the_rows_finds_the_same(
    desk: Desk, told: MadeAgency, monkeypatch: pytest.MonkeyPatch, limits: dict[str, int]
) -> None:
    for name, value in limits.items():
        monkeypatch.setattr(finding, name, value)
    assert shown(desk, told.admin, "example") == [5, 3, 2]
    assert shown(desk, told.admin, "example", span=Span.WEEK, who=Who.OUTSIDER) == [3, 2]
    assert shown(desk, told.admin, "none such") == []


def test_an_agency_beside_another_sees_its_own_entries_only(desk: Desk, told: MadeAgency) -> None:
    other = making.make_agency(desk, "OTHER-1", "ann@other.example.com")
    desk.sign_in.sign_out(other.admin)
    ann = make_staff(desk, other.agency, "eve@other.example.com", role=Role.ADMINISTRATOR)
    assert shown(desk, told.admin) == [5, 4, 2, 1]
    [own] = shown(desk, ann)
    assert shown(desk, ann, "signed") == [own]
    assert shown(desk, ann, result=AuditResult.FAILED) == []
    assert desk.audit.rows(ann, AuditQuery()).rows([1, 2, own]).keys() == {own}
    with pytest.raises(NotFound):
        desk.audit.view(ann, 2)
    with pytest.raises(NotFound):
        desk.audit.view(ann, 4711)


READS: dict[str, Callable[[Desk, Actor, Path], object]] = {
    "first": lambda desk, who, path: desk.audit.rows(who, AuditQuery()).first(5),
    "keys": lambda desk, who, path: desk.audit.rows(who, AuditQuery()).keys(lambda: False),
    "rows": lambda desk, who, path: desk.audit.rows(who, AuditQuery()).rows([1]),
    "view": lambda desk, who, path: desk.audit.view(who, 1),
    "standing": lambda desk, who, path: desk.audit.standing(who),
    "export": lambda desk, who, path: desk.audit_exports.run(who, AuditQuery(), path, Format.CSV),
}


@pytest.mark.parametrize("read", READS)
def test_agents_clients_and_who_has_signed_out_read_nothing(
    desk: Desk, ray: MadeAgency, tmp_path: Path, read: str
) -> None:
    path = tmp_path / "x.csv"
    for role in (Role.AGENT, Role.CLIENT):
        with pytest.raises(Refused):
            READS[read](desk, make_staff(desk, ray.agency, f"{role}@example.com", role=role), path)
    desk.sign_in.sign_out(ray.admin)
    with pytest.raises(SignedOut):
        READS[read](desk, ray.admin, path)
    assert not path.exists()


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR])
def test_supervisors_administrators_and_auditors_read_it(
    desk: Desk, ray: MadeAgency, role: Role, brent: Client
) -> None:
    desk.accounts.create_and_welcome(ray.admin, person_key.client(brent.id))
    assert shown(desk, make_staff(desk, ray.agency, "x@example.com", role=role), "created") != []


def test_whoever_looks_after_some_offices_does_not_read_of_all(desk: Desk, ray: MadeAgency) -> None:
    looker = make_lookers(desk, ray).of_one.actor
    with desk.ctx.unit():
        Identity.update(role=Role.SUPERVISOR).where(Identity.id == looker.identity_id).execute()
    with pytest.raises(Refused, match="about the whole agency"):
        desk.audit.rows(replace(looker, role=Role.SUPERVISOR), AuditQuery()).first(5)


def test_an_entry_is_shown_whole_and_proved(desk: Desk, ctx: Context, told: MadeAgency) -> None:
    view = desk.audit.view(told.admin, 4)
    assert (view.number, view.who, view.whom, view.proved) == (4, "command line (root)", "Émile Thomas", True)
    assert view.words == "changed the e-mail address from e@a.ca to emile@b.ca"
    assert view.facts == (("Old", "e@a.ca"), ("New", "emile@b.ca"))
    with behind_the_triggers(ctx):
        AuditEntry.update(reason="x").where(AuditEntry.id == 4).execute()
    assert not desk.audit.view(told.admin, 4).proved
    assert desk.audit.view(told.admin, 1).proved


def test_the_standing_counts_and_notices_a_change(desk: Desk, ctx: Context, told: MadeAgency) -> None:
    assert desk.audit.standing(told.admin).words == "5 entries, sealed"
    with behind_the_triggers(ctx):
        AuditEntry.update(reason="x").where(AuditEntry.id == 4).execute()
    standing = desk.audit.standing(told.admin)
    assert (standing.holds, "trakdesk audit verify" in standing.words) == (False, True)


def test_every_action_belongs_to_one_area_and_has_words() -> None:
    named = [action for actions in AREAS.values() for action in actions]
    assert sorted(named) == sorted(Action)
    assert set(WORDS) == set(Action)


def test_an_export_as_csv_is_safe_in_a_spreadsheet(desk: Desk, ctx: Context, told: MadeAgency, tmp_path: Path) -> None:
    with ctx.unit():
        audit.record(ctx, OUTSIDE, Action.TOKEN_WRONG, subject="=cmd|'/c calc'!A1", reason='+1"\n2', agency_id=1)
    path = tmp_path / "audit.csv"
    report = desk.audit_exports.run(told.admin, AuditQuery(), path, Format.CSV)
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert (report.entries, len(rows), path.stat().st_mode & 0o777) == (6, 6, 0o600)
    assert [row["number"] for row in rows] == ["6", "5", "4", "3", "2", "1"]
    assert (rows[0]["whom"], rows[0]["reason"]) == ("'=cmd|'/c calc'!A1", "'+1\" 2")
    with ctx.read():
        newest = AuditEntry.select().order_by(AuditEntry.id.desc()).get()
        assert (newest.action, newest.subject) == ("audit_exported", "audit.csv")


def test_an_export_as_json_lines_cannot_be_injected(desk: Desk, ctx: Context, told: MadeAgency, tmp_path: Path) -> None:
    with ctx.unit():
        evil = 'x\n{"number": 1, "who": "fake"}\u2028\u202e'
        audit.record(ctx, OUTSIDE, Action.TOKEN_WRONG, subject=evil, agency_id=1, details={"to": evil})
    path = tmp_path / "audit.jsonl"
    desk.audit_exports.run(told.admin, AuditQuery(), path, Format.JSON_LINES)
    lines = path.read_bytes().split(b"\n")
    assert (len(lines), lines[-1], path.read_text().isascii()) == (7, b"", True)
    assert [json.loads(line)["number"] for line in lines[:-1]] == [6, 5, 4, 3, 2, 1]
    assert json.loads(lines[0])["details"] == {"to": evil}


def test_an_export_writes_what_is_asked_for_only(desk: Desk, told: MadeAgency, tmp_path: Path) -> None:
    def numbers(name: str, query: AuditQuery) -> list[int]:
        path = tmp_path / name
        desk.audit_exports.run(told.admin, query, path, Format.JSON_LINES)
        return [json.loads(line)["number"] for line in path.read_text().splitlines()]

    assert numbers("who", AuditQuery(who="command")) == [5, 4, 1]
    # "example" stands in the reason and the address of others too, but names nobody who did something.
    assert numbers("who not", AuditQuery(who="example")) == []
    assert numbers("whom", AuditQuery(whom="thom")) == [4]
    assert numbers("action", AuditQuery(actions=frozenset({Action.SIGNED_IN}))) == [5]
    assert numbers("words", AuditQuery("brent", AuditFilter(result=AuditResult.FAILED))) == [2]


def test_an_export_overwrites_nothing_and_can_be_given_up(desk: Desk, told: MadeAgency, tmp_path: Path) -> None:
    path = tmp_path / "there"
    path.write_text("precious")
    with pytest.raises(Invalid, match="is there already"):
        desk.audit_exports.run(told.admin, AuditQuery(), path, Format.CSV)
    assert path.read_text() == "precious"
    report = desk.audit_exports.run(told.admin, AuditQuery(), tmp_path / "new", Format.CSV, cancelled=lambda: True)
    assert (report.finished, (tmp_path / "new").exists()) == (False, False)
