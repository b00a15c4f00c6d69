"""Uploads of office staff: the sample, every fault named, the same file again, and a dry run that leaves nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from models.agency import Office
from models.audit import AuditEntry
from models.staff import StaffMember
from models.states import Role
from services import person_key
from services.desk import Desk
from services.errors import Invalid, Refused
from services.staff.importing import StaffReport
from services.staff.values import StaffQuery
from tests.making import MadeAgency, entries, make_staff
from tests.places import DATA

SAMPLE = DATA / "office-staff.csv"
Upload = Callable[..., StaffReport]
HEADER = "Office,First Name,Last Name,Email,Cell #,Role,Status,Note\n"


@pytest.fixture
def upload(desk: Desk, ray: MadeAgency, tmp_path: Path) -> Upload:
    """Uploads rows under the usual header, or a whole text."""

    def run(*rows: str, header: str = HEADER, dry_run: bool = False) -> StaffReport:
        path = tmp_path / "staff.csv"
        path.write_text(header + "\n".join(rows) + "\n", encoding="utf-8")
        return desk.staff_imports.run(ray.admin, path, dry_run=dry_run)

    return run


def counts(report: StaffReport) -> tuple[int, int, int, int]:
    """What became of the rows."""
    return report.added, report.changed, report.unchanged, report.refused


def people(desk: Desk, ray: MadeAgency) -> list[tuple[str, ...]]:
    """The table but the founder."""
    return [row.cells for row in desk.staff.rows(ray.admin, StaffQuery()).first(100) if row.cells[1] != "Sue Wright"]


def problems(report: StaffReport) -> list[tuple[int, str]]:
    """Line and field of each refusal."""
    return [(problem.line, problem.field) for problem in report.problems]


def test_the_sample_is_taken_whole_and_its_offices_are_made(desk: Desk, ray: MadeAgency) -> None:
    report = desk.staff_imports.run(ray.admin, SAMPLE)
    assert counts(report) == (20, 0, 0, 0)
    assert report.offices == ("Ray Staging", "HomeTrak Software", "San Diego")
    [row] = desk.staff.rows(ray.admin, StaffQuery(words="dominique")).first(5)
    assert row.cells[0] == "San Diego"
    assert row.cells[3:6] == ("(519) 555-0178", "agent", "Inactive")
    assert entries(desk.ctx, "staff_uploaded")[-1].subject == "office-staff.csv"
    assert len(desk.staff.without_identity(ray.admin)) == 17


def test_the_same_file_again_changes_nothing(desk: Desk, ray: MadeAgency) -> None:
    desk.staff_imports.run(ray.admin, SAMPLE)
    before = people(desk, ray)
    again = desk.staff_imports.run(ray.admin, SAMPLE)
    assert counts(again) == (0, 0, 20, 0)
    assert again.offices == ()
    assert people(desk, ray) == before
    assert not entries(desk.ctx, "staff_changed")


def test_a_dry_run_tells_the_same_and_leaves_nothing(desk: Desk, ray: MadeAgency) -> None:
    with desk.ctx.read():
        before = (StaffMember.select().count(), Office.select().count(), AuditEntry.select().count())
    report = desk.staff_imports.run(ray.admin, SAMPLE, dry_run=True)
    assert counts(report) == (20, 0, 0, 0)
    with desk.ctx.read():
        assert (StaffMember.select().count(), Office.select().count(), AuditEntry.select().count()) == before


def test_every_fault_of_a_row_is_named_and_the_others_are_stored(desk: Desk, ray: MadeAgency, upload: Upload) -> None:
    report = upload(
        "San Diego,,Jones,frank@,12,boss,perhaps,",
        "San Diego,Ida,Green,ida@example.com,,agent,Active,",
        "San Diego,Too,Few",
    )
    assert counts(report) == (1, 0, 0, 2)
    fields = ["First Name", "Email", "Cell #", "Role", "Status"]
    assert problems(report) == [*((2, field) for field in fields), (4, "")]
    assert [row[1] for row in people(desk, ray)] == ["Ida Green"]


def test_somebody_is_known_again_by_the_address_and_changes_are_told(
    desk: Desk, ray: MadeAgency, upload: Upload
) -> None:
    upload("San Diego,Ida,Green,ida@example.com,,agent,Active,")
    report = upload("Petrolia,Ida,Brown,IDA@example.com,519-555-0101,supervisor,Inactive,moved")
    assert counts(report) == (0, 1, 0, 0)
    [row] = people(desk, ray)
    assert row[:2] + row[3:6] == ("Petrolia", "Ida Brown", "(519) 555-0101", "supervisor", "Inactive")
    with desk.ctx.read():
        ida = StaffMember.get(StaffMember.first_name == "Ida")
    told = desk.people.history(ray.admin, person_key.staff(ida.id))[0].words
    assert told == "changed last name, e-mail address, cell number, office, role, status, note"


def test_without_an_address_name_and_office_tell_people_apart(desk: Desk, ray: MadeAgency, upload: Upload) -> None:
    rows = ("San Diego,Ida,Green,,,agent,Active,", "Petrolia,Ida,Green,,,agent,Active,")
    assert counts(upload(*rows)) == (2, 0, 0, 0)
    assert counts(upload(*rows)) == (0, 0, 2, 0)
    later = upload("San Diego,Ida,Green,ida@example.com,,agent,Active,")
    assert counts(later) == (0, 1, 0, 0)


def test_two_rows_that_contradict_each_other_are_not_both_taken(desk: Desk, ray: MadeAgency, upload: Upload) -> None:
    rows = ("San Diego,Ida,Green,ida@example.com,,agent,Active,", "San Diego,Ida,Brown,ida@example.com,,agent,Active,")
    for _ in range(2):
        report = upload(*rows)
        assert report.refused == 1
        assert "Line 2 says something else" in report.problems[0].reason
    assert [row[1] for row in people(desk, ray)] == ["Ida Green"]


def test_a_column_that_the_file_does_not_have_leaves_the_field_alone(
    desk: Desk, ray: MadeAgency, upload: Upload
) -> None:
    upload("San Diego,Ida,Green,ida@example.com,519-555-0101,supervisor,Inactive,note")
    report = upload("Ida,Green,ida@example.com", header="Prénom,Nom,Courriel\n")
    assert counts(report) == (0, 0, 1, 0)


def test_only_an_administrators_file_gives_more_than_an_agent_has(desk: Desk, ray: MadeAgency) -> None:
    ann = make_staff(desk, ray.agency, "ann@raystaging.example.com")
    report = desk.staff_imports.run(ann, SAMPLE)
    assert (report.added, report.refused) == (16, 4)
    assert all("Only an administrator" in problem.reason for problem in report.problems)


def test_a_row_that_fails_at_the_account_leaves_nothing_behind(desk: Desk, ray: MadeAgency, upload: Upload) -> None:
    upload("San Diego,Ida,Green,ida@example.com,,agent,Active,")
    with desk.ctx.read():
        ida = StaffMember.get(StaffMember.first_name == "Ida")
    desk.accounts.create_and_welcome(ray.admin, person_key.staff(ida.id))
    report = upload("New office,Ida,Green,ida@example.com,,agent,Inactive,")
    assert (report.refused, report.offices) == (1, ())
    assert problems(report) == [(2, "Status")]
    assert people(desk, ray)[0][0] == "San Diego"


def test_an_auditor_uploads_nothing(desk: Desk, ray: MadeAgency) -> None:
    auditor = make_staff(desk, ray.agency, "audit@raystaging.example.com", role=Role.AUDITOR)
    with pytest.raises(Refused):
        desk.staff_imports.run(auditor, SAMPLE)


def test_a_file_without_the_needed_columns_is_refused(desk: Desk, ray: MadeAgency, upload: Upload) -> None:
    with pytest.raises(Invalid, match="no column for First Name"):
        upload("Green,ida@example.com", header="Last Name,Email\n")


def test_the_report_names_every_refused_row(desk: Desk, ray: MadeAgency, tmp_path: Path) -> None:
    path, report = tmp_path / "staff.csv", tmp_path / "report.csv"
    path.write_text(HEADER + "San Diego,Ida,Green,=cmd|,,agent,Active,\n")
    desk.staff_imports.run(ray.admin, path, report=report)
    assert "Line,Last line,Field" in report.read_text(encoding="utf-8-sig")
    assert "'=cmd|" in report.read_text(encoding="utf-8-sig")
