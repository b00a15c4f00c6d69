"""`trakdesk import clients`, `trakdesk uploads` and `trakdesk import undo`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from services.clients.importing.choices import Choice, Dates
from services.clients.importing.headers import Column
from services.desk import Desk
from tests.tui.conftest import Run
from tui.commands.opened import administrator

LIST = "First Name,Last Name,Email,Shoe size,Birthday\nAnn,Lee,ann@example.ca,38,31/12/1970\n"


def test_an_import_tells_what_was_left_out_and_how_dates_were_read(run: Run, set_up: str, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(LIST)
    _, out, _ = run("import", "clients", path)
    assert "Columns: not taken: Shoe size. Dates: day first." in out
    path.write_text("First Name,Last Name,Email\nAnn,Lee,ann@example.ca\n")
    _, out, _ = run("import", "clients", path)
    assert "Columns: every one is taken. Dates: month first." in out


def test_an_import_reads_the_columns_as_somebody_chose_until_that_is_forgotten(
    run: Run, here: Desk, again: Callable[[], Desk], tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(LIST.replace("Birthday", "Born or so"))
    desk = again()
    actor = administrator(desk, "")
    look = desk.imports.look(actor, path)
    names = (Column.FIRST_NAME, Column.LAST_NAME, Column.EMAIL, None, Column.DATE_OF_BIRTH)
    desk.imports.remember(actor, look, Choice(names, Dates.DAY_FIRST))
    _, out, _ = run("import", "clients", path, "--dry-run")
    assert "As " in out
    assert "--forget finds it out anew." in out
    for words in (("--forget", "--dry-run"), ("--forget",)):
        _, out, _ = run("import", "clients", path, *words)
        assert "not taken: Shoe size, Born or so" in out
    _, out, _ = run("import", "clients", path)
    assert "--forget" not in out


def test_uploads_are_listed_and_one_is_undone(run: Run, set_up: str, tmp_path: Path) -> None:
    assert "Nothing has been uploaded yet." in run("uploads")[1]
    path = tmp_path / "list.csv"
    path.write_text(LIST)
    run("import", "clients", path)
    assert "1: list.csv" in run("uploads")[1]
    code, out, _ = run("import", "undo", "1", "--dry-run")
    assert (code, "Dry run: nothing was undone." in out) == (0, True)
    code, out, _ = run("import", "undo", "1")
    assert (code, "Undone: 1 client removed, 0 put back as they were." in out) == (0, True)
    (told,) = json.loads(run("uploads", "--json")[1])
    assert (told["state"], told["added"]) == ("undone", "1")
    code, _, err = run("import", "undo", "1")
    assert (code, "undone already" in err) == (2, True)
    code, _, err = run("import", "undo", "4711")
    assert (code, "no such upload" in err) == (2, True)


def test_an_upload_that_somebody_has_touched_is_told_with_whom(
    run: Run, here: Desk, again: Callable[[], Desk], tmp_path: Path
) -> None:
    path, report = tmp_path / "list.csv", tmp_path / "touched.csv"
    path.write_text(LIST)
    run("import", "clients", path)
    path.write_text(LIST.replace("Lee", "Li"))
    run("import", "clients", path)
    code, out, err = run("import", "undo", "1", "--report", report)
    assert code == 1
    assert "somebody has touched 1 of its clients since" in err
    assert "Ann Li <ann@example.ca>" in err
    assert "Report: " in out
    assert len(report.read_text(encoding="utf-8-sig").splitlines()) == 2
