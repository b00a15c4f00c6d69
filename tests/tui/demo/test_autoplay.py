"""Autoplay on a stage without programs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

import pytest

from tests.tui.demo.fake_stage import STORY, FakeStage, part, scene
from tui.demo import autoplay
from tui.demo.autoplay import Autoplay, State
from tui.demo.scene import Await, Pause, Place, Press, ReadMail, Say, Scene, Show, Type
from tui.demo.script import Script

FAST = float("inf")


@pytest.fixture(autouse=True)
def a_stage_that_rests_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is drawn here that would take its time."""
    monkeypatch.setattr(autoplay, "LOOK_EVERY", 0.001)
    monkeypatch.setattr(autoplay, "QUIET", 0.002)


def run(play: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(play, 10))


def played(story: Scene, stage: FakeStage, speed: float = FAST) -> Autoplay:
    """After the end, whatever it was."""
    player = Autoplay(stage, story, speed)
    asyncio.run(asyncio.wait_for(player.play(), 10))
    return player


def test_a_scene_is_played_to_its_end_in_order() -> None:
    stage = FakeStage()
    player = played(STORY, stage)
    assert player.state is State.ENDED
    assert stage.typed == "find Brent\ryok\r"
    assert [line for line in stage.log if line[0] in "bm"] == ["begin a test", "mark why"]
    assert stage.captions == ["Somebody calls.", "There.", "That was “a test”. The stage is yours."]


def test_what_does_not_come_is_told_in_a_sentence_with_the_place_and_the_part() -> None:
    stage = FakeStage()
    player = played(scene(part("waiting", Await("Godot", 0.05))), stage)
    assert player.state is State.FAILED
    assert stage.captions[-1] == player.words
    assert player.words.startswith("No “Godot” at the desk within 0 seconds, in “waiting”.")


@pytest.mark.parametrize(
    ("to", "told"), [("nobody@example.com", "no such mail to nobody@"), ("stranger@example.com", "no such mailbox.")]
)
def test_a_mail_that_does_not_come_is_told_likewise(to: str, told: str) -> None:
    player = played(scene(part("the mail", ReadMail(to))), FakeStage())
    assert player.state is State.FAILED
    assert told in player.words


def test_while_it_is_paused_nothing_happens_and_then_it_goes_on_where_it_was() -> None:
    async def play() -> None:
        stage = FakeStage()
        player = Autoplay(stage, STORY, FAST)
        stage.at("send n", player.pause)
        task = asyncio.create_task(player.play())
        await asyncio.sleep(0.1)
        assert (player.state, stage.typed) == (State.PAUSED, "fin")
        player.go_on()
        assert await task
        assert stage.typed == "find Brent\ryok\r"

    run(play())


def by_hand(moment: str, keys: str, then: Callable[[Autoplay, FakeStage], None]) -> tuple[Autoplay, FakeStage]:
    """Take the stage over at a moment, press keys, and do something; the player and the stage after the end."""
    stage = FakeStage()
    player = Autoplay(stage, STORY, FAST)

    def take() -> None:
        player.take()
        for key in keys:
            stage.send(key)

    async def play() -> None:
        stage.at(moment, take)
        task = asyncio.create_task(player.play())
        await asyncio.sleep(0.1)
        assert player.state is State.BY_HAND
        then(player, stage)
        assert await task

    run(play())
    return player, stage


def test_given_back_further_on_in_the_part_it_goes_on_from_there() -> None:
    def then(player: Autoplay, _: FakeStage) -> None:
        assert player.give_back()

    _, stage = by_hand("send d", " Brent\r", then)
    assert stage.typed == "find Brent\ryok\r"


def test_what_was_typed_half_is_not_typed_again_but_told() -> None:
    def then(player: Autoplay, stage: FakeStage) -> None:
        assert not player.give_back()
        assert player.state is State.BY_HAND
        assert stage.captions[-1].startswith("Not a place that autoplay knows. Go back to “find him”, or")
        stage.put("Brent Thomas")
        assert player.give_back()
        assert stage.captions[-1] == "Somebody calls."

    player, stage = by_hand("send n", "", then)
    assert stage.typed == "finyok\r"
    assert player.words == ""


def test_given_back_after_a_look_around_it_goes_on_where_it_was() -> None:
    def then(player: Autoplay, stage: FakeStage) -> None:
        stage.put("Clients")
        assert player.give_back()
        assert stage.captions[-1] == "Somebody calls."

    _, stage = by_hand("caption Somebody calls.", "?", then)
    assert stage.typed == "?find Brent\ryok\r"


def test_a_stage_is_found_at_its_place_and_as_far_on_as_it_is() -> None:
    script = Script(scene(part("", Await("one"), Press(("a",)), Await("two"), Await("three"), Show(Place.KIOSK))))
    assert script.found(1, Place.DESK, "one two three") == 4
    assert script.found(1, Place.DESK, "one") == 1
    assert script.found(2, Place.DESK, "one") is None
    assert script.found(1, Place.KIOSK, "one two three") is None


def test_a_part_can_be_begun_anew_what_lies_before_is_played_at_once() -> None:
    async def play() -> None:
        stage = FakeStage()
        changes: list[tuple[State, int]] = []
        player = Autoplay(
            stage,
            scene(part("long", Pause(3600)), *STORY.parts),
            100,
            lambda player: changes.append((player.state, player.part)),
        )
        assert await player.play(2)
        assert stage.begun == 1
        assert [number for _, number in changes] == [0, 1, 2, 3, 3]
        assert changes[-1][0] is State.ENDED

    run(play())


def test_the_same_scene_again_begins_cleanly_after_one_that_was_killed() -> None:
    async def play() -> None:
        stage = FakeStage()
        player = Autoplay(stage, STORY, FAST)
        task = asyncio.create_task(player.play())
        stage.at("send d", lambda: task.cancel() and None)
        with suppress(asyncio.CancelledError):
            await task
        stage.log.clear()
        assert await Autoplay(stage, STORY, FAST).play()
        assert stage.typed == "find Brent\ryok\r"

    run(play())


def test_a_person_reads_and_types_for_as_long_as_people_do() -> None:
    story = scene(part("", Say("x" * 160), Type("abcdefg"), Press(("enter",)), Pause(2)))

    async def play() -> None:
        began = asyncio.get_running_loop().time()
        assert await Autoplay(FakeStage(), story, 20).play()
        took = (asyncio.get_running_loop().time() - began) * 20
        # Ten seconds to read, half a second to type, the key, the pause, and the stage that must come to rest.
        assert 12.5 < took < 25

    run(play())
