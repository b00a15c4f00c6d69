"""Taking in the accounts of the old system."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from models.agency import Agency
from models.identity import LegacyUser
from models.states import LegacyState
from services.credentials.passwords import Secret
from services.desk import Desk
from services.errors import Invalid, Refused
from services.legacy.importing import LegacyReport
from tests import making
from tests.making import HERE, MadeAgency
from tests.places import DATA
from tests.services.creating import KEY, OLD_HASH, make_office

SAMPLE = DATA / "legacy-users.csv"
HEAD = "Office,User Name,Password Hash,Email,Access Key"


def write(tmp_path: Path, *lines: str, head: str = HEAD) -> Path:
    """A list with these rows."""
    path = tmp_path / "old.csv"
    path.write_text("\n".join((head, *lines)) + "\n", encoding="utf-8")
    return path


def row(
    name: str = "fjones", office: str = "San Diego", stored: str = OLD_HASH, email: str = "", key: str = KEY
) -> str:
    """A row of such a list."""
    return f'"{office}","{name}","{stored}","{email}","{key}"'


def counts(report: LegacyReport) -> tuple[int, int, int, int]:
    """Added, changed, unchanged, refused."""
    return report.added, report.changed, report.unchanged, report.refused


def stored(desk: Desk) -> list[dict[str, object]]:
    """All old accounts as they stand."""
    with desk.ctx.read():
        return list(LegacyUser.select().order_by(LegacyUser.id).dicts())


def _offices_of_the_sample(desk: Desk, ray: MadeAgency) -> None:
    for name in ("Ray Staging", "HomeTrak Software", "San Diego"):
        make_office(desk, ray.agency, name)


def test_the_sample_is_taken_in_and_its_people_can_sign_in(desk: Desk, ray: MadeAgency) -> None:
    _offices_of_the_sample(desk, ray)
    report = desk.legacy_imports.run(ray.admin, SAMPLE)
    assert counts(report) == (20, 0, 0, 0)
    assert report.key_set
    (warning,) = report.warnings
    assert (warning.line, warning.field) == (14, "Email")
    actor = desk.legacy.sign_in(KEY, "Ray", Secret("legacy-Ray"), "HomeTrak Software", HERE)
    assert actor.name == "Ray"


def test_the_same_file_again_changes_nothing(desk: Desk, ray: MadeAgency) -> None:
    _offices_of_the_sample(desk, ray)
    desk.legacy_imports.run(ray.admin, SAMPLE)
    before = stored(desk)
    report = desk.legacy_imports.run(ray.admin, SAMPLE)
    assert counts(report) == (0, 0, 20, 0)
    assert not report.key_set
    assert stored(desk) == before


def test_a_dry_run_tells_the_same_and_stores_nothing(desk: Desk, ray: MadeAgency) -> None:
    _offices_of_the_sample(desk, ray)
    report = desk.legacy_imports.run(ray.admin, SAMPLE, dry_run=True)
    assert counts(report) == (20, 0, 0, 0)
    assert report.key_set
    assert stored(desk) == []
    with desk.ctx.read():
        assert Agency.get_by_id(ray.agency.id).access_key_hash == ""
    assert making.entries(desk.ctx, "legacy_uploaded") == []


def test_neither_the_access_key_nor_a_hash_of_it_without_the_keys_is_stored(desk: Desk, ray: MadeAgency) -> None:
    _offices_of_the_sample(desk, ray)
    desk.legacy_imports.run(ray.admin, SAMPLE)
    with desk.ctx.read():
        kept = Agency.get_by_id(ray.agency.id).access_key_hash
    assert len(kept) == 64
    assert "htk4" not in kept


FAULTS = {
    "unknown office": (row(office="Ottawa"), "Office", "no such office"),
    "no office": (row(office=""), "Office", "empty"),
    "no user name": (row(name=""), "User Name", "empty"),
    "unknown hash": (row(stored="$argon2id$v=19$m=32,t=2,p=4$abc$def"), "Password Hash", "not understood"),
    "plain password": (row(stored="hunter2secret"), "Password Hash", "not understood"),
    "no hash": (row(stored=""), "Password Hash", "empty"),
    "bad e-mail": (row(email="nobody"), "Email", ""),
    "short key": (row(key="ABC"), "Access Key", "fewer than"),
    "hostile name": (row(name="a\x1b[2Jb"), "User Name", ""),
    "too few cells": ("San Diego,fjones", "", "2 cells"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_row_that_does_not_hold_is_named_and_the_others_are_taken(
    desk: Desk, ray: MadeAgency, tmp_path: Path, fault: str
) -> None:
    make_office(desk, ray.agency, "San Diego")
    line, field, words = FAULTS[fault]
    report_path = tmp_path / "report.csv"
    path = write(tmp_path, row("good"), line, row("better"))
    report = desk.legacy_imports.run(ray.admin, path, report=report_path)
    assert counts(report) == (2, 0, 0, 1)
    (problem,) = report.problems
    assert (problem.line, problem.field) == (3, field)
    assert words in problem.reason
    assert problem.remedy or words == ""
    told = report_path.read_text(encoding="utf-8-sig")
    assert [cells[0] for cells in csv.reader(told.splitlines())][1:] == ["2", "3", "4"]
    assert "hunter2secret" not in told + repr(report)
    assert "$argon2id" not in told + repr(report)


def test_two_different_access_keys_refuse_the_whole_file(desk: Desk, ray: MadeAgency, tmp_path: Path) -> None:
    make_office(desk, ray.agency, "San Diego")
    path = write(tmp_path, row("a"), row("b", key="OTHER-KEY-1234"))
    with pytest.raises(Invalid, match="Lines 2 and 3 have different access keys"):
        desk.legacy_imports.run(ray.admin, path)
    assert stored(desk) == []


def test_an_access_key_in_other_spelling_is_the_same_key(desk: Desk, ray: MadeAgency, tmp_path: Path) -> None:
    make_office(desk, ray.agency, "San Diego")
    report = desk.legacy_imports.run(ray.admin, write(tmp_path, row("a"), row("b", key=KEY.lower().replace("-", " "))))
    assert counts(report) == (2, 0, 0, 0)


def test_a_second_file_with_another_key_is_refused(desk: Desk, ray: MadeAgency, tmp_path: Path) -> None:
    make_office(desk, ray.agency, "San Diego")
    desk.legacy_imports.run(ray.admin, write(tmp_path, row("a")))
    with pytest.raises(Invalid, match="another access key"):
        desk.legacy_imports.run(ray.admin, write(tmp_path, row("b", key="OTHER-KEY-1234")))
    assert len(stored(desk)) == 1


def test_the_key_of_another_agency_is_refused(desk: Desk, ray: MadeAgency, tmp_path: Path) -> None:
    make_office(desk, ray.agency, "San Diego")
    desk.legacy_imports.run(ray.admin, write(tmp_path, row("a")))
    other = making.make_agency(desk, "OTHER-1", "boss@other.example.com")
    make_office(desk, other.agency, "San Diego")
    with pytest.raises(Invalid, match="belongs to another agency"):
        desk.legacy_imports.run(other.admin, write(tmp_path, row("a")))


def test_a_file_without_any_key_is_refused_until_the_key_is_known(desk: Desk, ray: MadeAgency, tmp_path: Path) -> None:
    make_office(desk, ray.agency, "San Diego")
    with pytest.raises(Invalid, match="access key"):
        desk.legacy_imports.run(ray.admin, write(tmp_path, row("a", key="")))
    desk.legacy_imports.run(ray.admin, write(tmp_path, row("a")))
    assert counts(desk.legacy_imports.run(ray.admin, write(tmp_path, row("b", key="")))) == (1, 0, 0, 0)


def test_the_same_account_twice_is_one_and_a_contradiction_is_refused(
    desk: Desk, ray: MadeAgency, tmp_path: Path
) -> None:
    make_office(desk, ray.agency, "San Diego")
    lines = (row("Ann", email="ann@x.example.com"), row("ANN", email="ann@x.example.com"), row("ann"))
    report = desk.legacy_imports.run(ray.admin, write(tmp_path, *lines))
    assert counts(report) == (1, 0, 1, 1)
    assert "Line 2" in report.problems[0].reason


def test_a_changed_hash_or_address_is_taken_over_until_the_person_is_migrated(
    desk: Desk, ray: MadeAgency, tmp_path: Path
) -> None:
    make_office(desk, ray.agency, "San Diego")
    desk.legacy_imports.run(ray.admin, write(tmp_path, row("ann")))
    changed = write(tmp_path, row("ann", email="ann@x.example.com"))
    assert counts(desk.legacy_imports.run(ray.admin, changed)) == (0, 1, 0, 0)
    with desk.ctx.unit():
        LegacyUser.update(state=LegacyState.MIGRATED).execute()
    assert counts(desk.legacy_imports.run(ray.admin, write(tmp_path, row("ann")))) == (0, 0, 1, 0)
    assert stored(desk)[0]["email"] == "ann@x.example.com"


def test_a_file_without_a_needed_column_is_refused_with_its_name(desk: Desk, ray: MadeAgency, tmp_path: Path) -> None:
    path = write(tmp_path, "San Diego,ann", head="Office,User Name")
    with pytest.raises(Invalid, match="no column for Password Hash"):
        desk.legacy_imports.run(ray.admin, path)


def test_only_an_administrator_imports(desk: Desk, ray: MadeAgency) -> None:
    ann = making.make_staff(desk, ray.agency, "ann@raystaging.example.com")
    with pytest.raises(Refused, match="Only an administrator"):
        desk.legacy_imports.run(ann, SAMPLE)


def test_an_import_is_written_down(desk: Desk, ray: MadeAgency) -> None:
    _offices_of_the_sample(desk, ray)
    desk.legacy_imports.run(ray.admin, SAMPLE)
    (entry,) = making.entries(desk.ctx, "legacy_uploaded")
    assert entry.subject == "legacy-users.csv"
    assert '"added": 20' in entry.details
