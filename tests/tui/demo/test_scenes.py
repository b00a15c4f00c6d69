"""How the scenes begin, and what is said in them, without a stage."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import pytest

from models.outbox import OutboxMessage
from models.states import MailState
from services.errors import NotFound
from services.sandbox.mailbox import SandboxMailbox
from services.sandbox.sandbox import Sandbox, sandbox
from tui.demo.autoplay import ASTRAY, ENDED, MISSED, PLACES
from tui.demo.free_play import FREE
from tui.demo.scene import Await, Press, Scene
from tui.demo.scenes import scenes
from tui.demo.scenes.lost_phone import code_of_the_call


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """One for all tests here."""
    with sandbox(tmp_path_factory.mktemp("scenes")) as made:
        yield made


@pytest.mark.parametrize("scene", [FREE, *scenes()], ids=lambda scene: scene.name)
def test_a_scene_begins_with_all_mail_dealt_with_in_its_time(box: Sandbox, scene: Scene) -> None:
    box.begin(scene.name, scene.prepare, scene.signed_in)
    box.deliver()
    with box.desk.ctx.read():
        assert {row.state for row in OutboxMessage.select()} <= {
            MailState.SENT,
            MailState.FAILED,
            MailState.SUPERSEDED,
        }
    moments = [mail.at for mail in SandboxMailbox(box.desk).mails()]
    assert moments == sorted(moments, reverse=True)


def test_no_code_is_told_before_one_was_mailed(box: Sandbox) -> None:
    scene = next(one for one in scenes() if one.name == "lost phone")
    box.begin(scene.name, scene.prepare, scene.signed_in)
    with pytest.raises(NotFound):
        code_of_the_call(box.desk)


@pytest.mark.parametrize("scene", scenes(), ids=lambda scene: scene.name)
def test_the_notes_say_where_a_field_is_to_be_cleared(scene: Scene) -> None:
    for part in scene.parts:
        if any("ctrl+u" in beat.keys for beat in part.beats if isinstance(beat, Press)):
            assert "ctrl+u" in part.notes, part.title


@pytest.mark.parametrize("scene", scenes(), ids=lambda scene: scene.name)
def test_why_autoplay_stands_still_fits_below_a_small_stage(scene: Scene) -> None:
    told = [ENDED.format(scene=scene.name)]
    for part in scene.parts:
        told.append(ASTRAY.format(part=part.title))
        told += [
            MISSED.format(text=beat.text, place=place, part=part.title, seconds=beat.seconds)
            for beat in part.beats
            if isinstance(beat, Await)
            for place in PLACES.values()
        ]
    for words in told:
        assert len(textwrap.wrap(words, 78)) <= 2, words
