"""The conflict dialog: both versions of each field that differs, and one choice for each."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from screens.clients.words import field_shown
from screens.dialogs.conflict import ConflictChoice
from screens.workplace import Workplace
from services.clients.values import ClientFields
from services.conventions import ENGLISH
from services.field_words import CLIENT_LABELS
from tests.screens.hostile import HOSTILE, is_harmless
from tests.screens.stage import Stage, answer_of
from tests.settling import screen_text, until

BASE = ClientFields("Brent", "Thomas", "brent@old.example", "+15195550143", "1972-06-19", True)
MINE = replace(BASE, email="brent@new.example", phone="+15195550144")
THEIRS = replace(BASE, last_name="Thomson", phone="+15195550199")


def dialog(mine: ClientFields = MINE, theirs: ClientFields = THEIRS) -> ConflictChoice[ClientFields]:
    """What an agent sees whose client was saved by Ann Lee in the meantime."""
    said = partial(field_shown, written=ENGLISH)
    return ConflictChoice("Brent Thomas", "Ann Lee", (BASE, mine, theirs), CLIENT_LABELS, said, "client")


async def answer(place: Workplace, *keys: str) -> object:
    """What the dialog answers after these keys."""
    shown = dialog()
    return await answer_of(place, shown, *keys)


async def test_by_default_everybody_keeps_what_they_changed_and_the_editor_wins_where_both_did(
    place: Workplace,
) -> None:
    assert await answer(place, "f2") == replace(MINE, last_name="Thomson")


async def test_each_field_can_be_decided_on_its_own(place: Workplace) -> None:
    # Last name: mine; e-mail: theirs; phone: theirs.
    keys = ["space", "down", "down", "down", "space", "down", "down", "space", "f2"]
    assert await answer(place, *keys) == replace(BASE, phone="+15195550199")


async def test_escape_decides_nothing(place: Workplace) -> None:
    assert await answer(place, "space", "escape") is None


async def test_both_versions_and_the_one_before_are_shown_as_people_write_them(place: Workplace) -> None:
    shown = dialog()
    app = Stage(place, shown)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen is shown)
        text = screen_text(pilot)
        assert "Ann Lee" in text
        assert "was Thomas" in text
        assert "brent@new.example" in text
        assert "brent@old.example" in text
        await pilot.press("end")
        await pilot.pause()
        text = screen_text(pilot)
        assert "yours    (519) 555-0144" in text
        assert "theirs   (519) 555-0199" in text


async def test_a_hostile_value_is_shown_as_text(place: Workplace) -> None:
    shown = dialog(theirs=replace(THEIRS, first_name=HOSTILE))
    app = Stage(place, shown)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen is shown)
        assert is_harmless(pilot)
