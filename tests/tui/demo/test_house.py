"""The parts of the training mode's house that need no terminal."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from models.states import Role, Surface
from services.actor import Actor, Origin
from tui.demo.app import _AUTOPLAY
from tui.demo.frame import FrameTop, words_of
from tui.demo.menu import practice_menu, read_span, trainers_menu
from tui.demo.notes_view import typed_in
from tui.demo.packets import packed, unpacked
from tui.demo.programs import environment_of
from tui.demo.scene import Scene, Type
from tui.demo.scenes import scenes
from tui.demo.terminal_view import TerminalView


@pytest.mark.parametrize(
    ("typed", "span"),
    [
        ("90m", timedelta(minutes=90)),
        (" 2 H ", timedelta(hours=2)),
        ("1d", timedelta(days=1)),
        ("400d", timedelta(days=400)),
        ("401d", None),
        ("0m", None),
        ("-5m", None),
        ("5", None),
        ("h", None),
        ("9999999m", None),
        ("5 minutes or so", None),
        ("٣h", None),
    ],
)
def test_a_span_is_read_as_typed(typed: str, span: timedelta | None) -> None:
    assert read_span(typed) == span


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(), ""),
        (timedelta(seconds=20), ""),
        (timedelta(minutes=5), "+5 min"),
        (timedelta(days=3, hours=2), "+3 d 2 h"),
        (timedelta(days=4, hours=2, minutes=35), "+4 d 2 h"),
        (timedelta(hours=-1), "-1 h"),
    ],
)
def test_how_far_the_clock_was_put_is_said_in_words(span: timedelta, words: str) -> None:
    assert words_of(span) == words


def test_somebody_signed_in_goes_through_a_packet_unharmed() -> None:
    actor = Actor(1, 2, 3, "Sue [/x]", Role.SUPERVISOR, Origin(Surface.DESK, "desk 3"))
    assert unpacked(packed(actor)) == actor
    assert asdict(actor) == packed(actor)


def test_programs_get_no_variable_that_could_lead_out_of_the_sandbox(tmp_path: Path) -> None:
    told = {
        "PATH": "/bin",
        "LC_ALL": "C",
        "HOME": "/home/me",
        "TRAKDESK_DATABASE_URL": "postgresql://real",
        "TRAKDESK_MAIL_HOST": "mail",
        "TEXTUAL_LOG": "/tmp/keys",
        "PYTHONPATH": "/tmp",
        "PGPASSWORD": "secret",
        "SSH_CONNECTION": "203.0.113.7 1 2 3",
    }
    given = environment_of(tmp_path, told)
    assert given == {
        "PATH": "/bin",
        "LC_ALL": "C",
        "HOME": str(tmp_path),
        "TMPDIR": str(tmp_path),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
    }


def test_each_key_of_the_menu_means_one_thing() -> None:
    for menu in (trainers_menu(scenes(), "autoplay this scene"), practice_menu()):
        keys = [line.key for part in menu._parts for line in part if line.key]
        assert len(set(keys)) == len(keys)


def test_what_the_keys_do_with_the_scene_stands_in_one_line_each_at_80_columns() -> None:
    for words in ("autoplay this scene", *_AUTOPLAY.values()):
        _, right = trainers_menu(scenes(), words)._parts
        assert max(len(line.words) for line in right) <= 26


def test_somebody_who_practises_cannot_read_codes_in_the_mailbox() -> None:
    assert "m" not in {line.key for part in practice_menu()._parts for line in part}


@pytest.mark.parametrize("scene", scenes(), ids=lambda scene: scene.name)
@pytest.mark.parametrize("width", [58, 78, 118])
@pytest.mark.parametrize("shift", [timedelta(), timedelta(days=4, hours=22, minutes=55)])
def test_which_part_it_is_stands_in_the_upper_line_whatever_the_hour(
    scene: Scene, width: int, shift: timedelta
) -> None:
    top = FrameTop()
    top.show_scene(scene.name, "3/5", scene.parts[2].title)
    top.show_clock(datetime(2026, 11, 22, 20, 14, tzinfo=UTC), shift)
    line = top.line(width)
    assert len(line) == width
    assert line.startswith("TRAINING SANDBOX - nothing here is real") or width < 78
    assert " 3/5" in line or width < 78


@pytest.mark.parametrize("scene", scenes(), ids=lambda scene: scene.name)
def test_whoever_plays_a_scene_by_hand_is_told_everything_that_is_typed(scene: Scene) -> None:
    for part in scene.parts:
        found = {beat.known_as: "123456" for beat in part.beats if isinstance(beat, Type) and beat.known_as}
        told = [line.plain.strip() for line in typed_in(part, found)]
        for beat in part.beats:
            if isinstance(beat, Type):
                assert isinstance(beat.words, str) or beat.known_as
                assert (f"{beat.known_as}: 123456" if beat.known_as else beat.words.strip()) in [*told, ""]


@pytest.mark.parametrize("unwanted", [False, True])
def test_a_program_that_the_stage_itself_has_ended_is_no_fault(unwanted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    view, told = TerminalView(), list[object]()
    monkeypatch.setattr(view, "post_message", told.append)
    monkeypatch.setattr(view, "_program", SimpleNamespace(unwanted=unwanted))
    view._end(-9)
    assert view.program is None
    assert [type(message) for message in told] == ([] if unwanted else [TerminalView.Ended])
