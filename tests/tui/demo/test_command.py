"""`trakdesk demo`, as far as it goes without a stage."""

from __future__ import annotations

import argparse
import gc
import sys
import tempfile
from pathlib import Path

import pytest

from services.errors import Refused
from services.practice.values import Difficulty
from services.sandbox.sandbox import BEGINNING
from tui import terminal
from tui.commands import demo
from tui.demo.practice_run import LARGEST_SEED, Order
from tui.parsers.everything import parser_of_all


@pytest.fixture(autouse=True)
def _in_a_terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As if started in one; what is done to the whole process is left out."""
    for stream in (sys.stdin, sys.stdout):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    for owner, name in ((gc, "disable"), (terminal, "scrub"), (terminal, "forbid_core_dumps")):
        monkeypatch.setattr(owner, name, lambda: None)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def options(record: Path) -> argparse.Namespace:
    return argparse.Namespace(record=record, autoplay=False, speed=1.0, theme=None)


def test_a_sandbox_that_cannot_be_made_leaves_no_recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(Refused, match="No folder for the sandbox"):
        demo.show(options(tmp_path / "play.cast"), None)
    assert list(tmp_path.iterdir()) == []


def test_a_recording_that_is_refused_leaves_no_sandbox(tmp_path: Path) -> None:
    (tmp_path / "play.cast").write_text("an older one")
    with pytest.raises(Refused, match="is there already"):
        demo.show(options(tmp_path / "play.cast"), None)
    assert list(tmp_path.glob(f"{BEGINNING}*")) == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("practice --seed -5", f"--seed: Write a number from 0 to {LARGEST_SEED}."),
        (f"practice --seed {'9' * 23}", f"--seed: Write a number from 0 to {LARGEST_SEED}."),
        ("practice --callers 31", "--callers: Write a number from 1 to 30."),
        ("practice --autoplay", "--autoplay: Callers do not play by themselves."),
        ("1 --callers 3", "--callers: This goes with `trakdesk demo practice` only."),
        ("--seed 0", "--seed: This goes with"),
        ("1 --difficulty hard", "--difficulty: This goes with"),
        ("1 --trainee Ada", "--trainee: This goes with"),
        ("1 --class class.csv", "--class: This goes with"),
        ("--summary", "--summary: This goes with"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(words: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refusal:
        demo.run(parser_of_all().parse_args(["demo", *words.split()]))
    assert refusal.value.sentence.startswith(told)
    assert list(tmp_path.iterdir()) == []


def test_what_is_left_out_of_an_order_is_as_the_form_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    orders: list[Order | None] = []
    monkeypatch.setattr(demo, "show", lambda options, scene, order=None: orders.append(order))
    for words in ("practice", "practice --seed 0 --difficulty hard"):
        demo.run(parser_of_all().parse_args(["demo", *words.split()]))
    assert orders == [Order(), Order(seed=0, difficulty=Difficulty.HARD)]
