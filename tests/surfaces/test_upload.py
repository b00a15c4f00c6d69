"""Lists uploaded at the desk in a real terminal: chosen, looked through, stored, dropped, gone on with, taken back."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import making
from tests.making import PASSWORD
from tests.places import DATA
from tests.services.uploading import numbered
from tests.surfaces.playing import desk_of, fill
from tests.surfaces.term import Term

MANY = 40_000


@pytest.fixture
def lists(environment: dict[str, str]) -> Path:
    """An agency, and lists in the home folder."""
    desk = desk_of(environment)
    desk.sign_in.sign_out(making.make_agency(desk).admin)
    home = Path(environment["HOME"])
    for name in ("clients.csv", "clients-messy-excel.csv"):
        shutil.copy(DATA / name, home / name)
    (home / "many.csv").write_text(numbered(MANY))
    return home


def signed_in(terminal: Callable[..., Term], *, remembered: bool = False) -> Term:
    desk = terminal()
    desk.expect("Sign in with your account")
    who = () if remembered else ("RAY-919", "sue@raystaging.example.com")
    fill(desk, *who, PASSWORD.reveal())
    return desk.key("enter").expect("Sue Wright · administrator", 30)


def look_into(desk: Term, name: str) -> None:
    """From the desk to the preview of a list."""
    desk.settle(0.5, 5)
    desk.key("f8").expect("Choose the list", 20).expect("many.csv", 20)
    desk.type(name)
    desk.settle(0.5, 5)
    desk.key("enter").expect("Step 2 of 3", 30).key("f2").expect("refused.", 60)


@pytest.mark.slow
def test_both_samples_are_taken_in_with_every_problem_told(terminal: Callable[..., Term], lists: Path) -> None:
    desk = signed_in(terminal)
    look_into(desk, "clients.csv")
    desk.expect("1,204 new, 0 changed").key("f2").expect("Upload the list?", 20).key("y").expect(
        "✓ Done. 1,204 new", 60
    )
    desk.key("f2").expect("Clients 1,204", 30)
    look_into(desk, "clients-m")
    desk.expect("1 Problems 17").expect("There must be something").key("w").expect("Write all problems", 20)
    desk.key("enter").expect("All problems written", 20)
    assert len((lists / "clients-messy-excel-problems.csv").read_text(encoding="utf-8-sig").splitlines()) == 18
    desk.key("f2").expect("Upload the list?", 20).key("y").expect("✓ Done. 6 new", 60)
    desk.key("u").expect("2 uploads", 20).key("u").expect("Undo the upload of", 30).key("y").expect("✗ undone", 60)
    desk.key("esc").key("f2").expect("Clients 1,204", 30)


@pytest.mark.slow
def test_an_upload_outlives_a_dropped_line_and_is_taken_back_as_a_whole(
    terminal: Callable[..., Term], lists: Path
) -> None:
    desk = signed_in(terminal)
    look_into(desk, "many")
    desk.key("f2").expect("Upload the list?", 20).key("y").expect("Uploading … ", 20)
    desk.expect("000 rows. p pauses", 60)
    desk.close()
    desk = signed_in(terminal, remembered=True)
    look_into(desk, "many")
    desk.expect("rows are stored since it was stopped; it goes on there", 20)
    desk.key("f2").expect("Upload the list?", 20).key("y").expect(f"✓ Done. {MANY:,} new", 300)
    desk.key("u").expect("1 upload.", 20).key("u").expect("Undo the upload of many.csv", 120)
    desk.key("y").expect("✗ undone", 300)
    desk.key("esc").key("f2").expect("Clients 0", 30)
