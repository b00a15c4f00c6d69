"""Each scene of the training mode, played by itself to its end in a real terminal, and its recording played back."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path

import pytest

from tests.surfaces.playback import moments
from tests.surfaces.term import Term
from tests.surfaces.training import demo, recorded
from tui.demo.autoplay import ASTRAY, ENDED
from tui.demo.scene import Await, Beat, Mark, Press, ReadMail, Say, Scene, Show, Type
from tui.demo.scenes import scenes

pytestmark = pytest.mark.slow

ENDS_WITHIN = 100
"""Seconds for one scene on a machine that is busy with others."""


def beats(scene: Scene) -> tuple[Beat, ...]:
    return tuple(beat for part in scene.parts for beat in part.beats)


def shown_at(mark: Mark, all_beats: Sequence[Beat]) -> str:
    """What stands on the stage at a mark for sure: what was waited for last, if nothing was done since."""
    before = reversed(all_beats[: all_beats.index(mark)])
    still = list(takewhile(lambda beat: not isinstance(beat, Press | Type | Show | ReadMail), before))
    return next((beat.text for beat in still if isinstance(beat, Await)), "")


@pytest.mark.parametrize(
    ("scene", "size"),
    [*((scene, (120, 40)) for scene in scenes()), (scenes()[0], (80, 24))],
    ids=lambda value: value.name if isinstance(value, Scene) else f"{value[0]}x{value[1]}",
)
def test_a_scene_plays_to_its_end_and_its_recording_shows_it_all_again(
    scene: Scene, size: tuple[int, int], tmp_path: Path
) -> None:
    path = recorded(tmp_path, scene.name, size, seconds=ENDS_WITHIN)
    wanted, captions = beats(scene), []
    marks = [beat for beat in wanted if isinstance(beat, Mark)]
    for moment in moments(path):
        assert "TRAINING SANDBOX" in moment.text
        if not moment.of_picture:
            captions.append(moment.name)
            continue
        mark = marks.pop(0)
        assert moment.name == mark.name
        assert shown_at(mark, wanted) in moment.text, f"{mark.name}\n{moment.text}"
    assert not marks
    said = [beat.words for beat in wanted if isinstance(beat, Say)]
    assert captions == [*said, ENDED.format(scene=scene.name)]
    assert moment.seconds < 60


def menu(term: Term, key: str) -> None:
    """One key of the trainer's menu."""
    term.key("ctrl+t").expect("Trainer's menu", 10).key(key).absent("Trainer's menu", 10)


def test_the_trainer_pauses_takes_the_stage_over_and_gives_it_back(tmp_path: Path) -> None:
    with demo(tmp_path, "first login", "--autoplay", "--speed", "2") as term:
        # Paused while it types, nothing moves.
        term.expect("/ chr", 60)
        menu(term, "a")
        term.expect("is paused", 10).settle(0.5, 3)
        # Below the line with the clock, which goes on.
        before = term.text.splitlines()[1:]
        term.settle(1.0, 1.5)
        assert term.text.splitlines()[1:] == before
        menu(term, "a")

        # A key on the stage takes it over at once, and the play waits.
        term.expect("Step 1 of 3", 60).key("f2").expect("the stage is yours", 10)
        term.expect("Step 2 of 3", 10)
        term.settle(2.0, 3)
        assert term.has("Step 2 of 3")

        # Given back further on, it goes on from there.
        menu(term, "a")
        term.expect("is created", 60)


def test_why_it_cannot_go_on_stands_there_whole_and_a_caption_is_marked_once(tmp_path: Path) -> None:
    path = tmp_path / "astray.cast"
    with demo(tmp_path, "first login", "--autoplay", "--speed", "2", "--record", str(path), size=(80, 24)) as term:
        term.expect("User name and e-mail address are the same", 60)
        term.key("f1").expect("the stage is yours", 10).settle(0.3, 3)
        term.key("esc").expect("Step 1 of 3", 10).settle(0.3, 3)
        menu(term, "b")
        term.expect("Sign in with your account", 20)
        menu(term, "a")
        term.expect("plays it anew.", 10).settle(0.3, 3)
        shown = " ".join(line.strip() for line in term.text.splitlines()[-2:])
        assert shown == ASTRAY.format(part=scenes()[0].parts[0].title)
        menu(term, "d")
        menu(term, "a")
        term.expect("Step 2 of 3", 30)
    told = [moment.name for moment in moments(path)]
    assert told.count("User name and e-mail address are the same. F2 goes on.") == 1


def test_a_scene_that_was_killed_begins_cleanly_when_it_is_started_again(tmp_path: Path) -> None:
    with demo(tmp_path, "wrong e-mail address", "--autoplay", "--speed", "3") as term:
        term.expect("Change the e-mail address?", 90)
        term.process.kill(signal.SIGKILL)
        term.gone(10)
    recorded(tmp_path, "wrong e-mail address", (120, 40), seconds=ENDS_WITHIN)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith("trakdesk-sandbox-")]
