"""Whose colours are shown: those of this run, of the person, of this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from screens.colours import shown
from screens.workplace import Workplace
from services.actor import Actor
from services.colours import Colours
from services.desk import Desk
from services.remembered import FileMemory, Remembered, recall, remember, remember_person
from services.settings import SettingsUnusable, load_settings
from tests.making import MadeAgency, make_agency, make_staff
from tui.app import DeskApp
from tui.commands.opened import command_origin
from tui.parsers.everything import parser_of_all

Open = Callable[..., DeskApp]


@pytest.fixture
def ray(desk: Desk) -> MadeAgency:
    return make_agency(desk)


@pytest.fixture
def ann(desk: Desk, ray: MadeAgency) -> Actor:
    return make_staff(desk, ray.agency, "ann@example.ca")


@pytest.fixture
def opened(desk: Desk) -> Iterator[Open]:
    """Opens a window on the desk, without a terminal."""
    places: list[Workplace] = []

    def make(colours: Colours | None = None) -> DeskApp:
        places.append(Workplace(desk, command_origin()))
        return DeskApp(places[-1], colours)

    yield make
    for place in places:
        place.close()


@pytest.fixture
def remembered(desk: Desk) -> Path:
    return desk.ctx.settings.remembered_path


def test_at_first_everything_is_dark(opened: Open) -> None:
    assert shown(opened()) is Colours.DARK


async def test_what_somebody_chose_comes_with_them_to_another_desk(
    opened: Open, ray: MadeAgency, remembered: Path
) -> None:
    here = opened()
    await here.colouring.signed_in(ray.admin)
    await here.colouring.choose(Colours.CONTRAST)
    remember(remembered, Remembered())
    there = opened()
    assert shown(there) is Colours.DARK
    await there.colouring.signed_in(ray.admin)
    assert shown(there) is Colours.CONTRAST


async def test_somebody_else_who_chose_nothing_sees_what_is_usual(opened: Open, ray: MadeAgency, ann: Actor) -> None:
    app = opened()
    await app.colouring.signed_in(ray.admin)
    await app.colouring.choose(Colours.LIGHT)
    app.colouring.signed_out()
    assert shown(app) is Colours.LIGHT
    await app.colouring.signed_in(ann)
    assert shown(app) is Colours.DARK


async def test_the_sign_in_form_has_what_was_shown_last_on_this_machine(opened: Open, ray: MadeAgency) -> None:
    app = opened()
    await app.colouring.signed_in(ray.admin)
    await app.colouring.choose(Colours.ANSI)
    assert shown(opened()) is Colours.ANSI


async def test_a_choice_at_the_sign_in_form_holds_for_whoever_signs_in_next(
    opened: Open, ray: MadeAgency, ann: Actor
) -> None:
    app = opened()
    await app.colouring.choose(Colours.ANSI)
    await app.colouring.signed_in(ray.admin)
    assert shown(app) is Colours.ANSI
    app.colouring.signed_out()
    await app.colouring.signed_in(ann)
    assert shown(app) is Colours.DARK


async def test_the_colours_of_the_command_line_hold_for_the_whole_run_and_are_nobodys_choice(
    opened: Open, desk: Desk, ray: MadeAgency, remembered: Path
) -> None:
    app = opened(Colours.LIGHT)
    await app.colouring.signed_in(ray.admin)
    assert shown(app) is Colours.LIGHT
    assert desk.preferences.get(ray.admin, "theme") is None
    assert recall(remembered).theme == ""


async def test_a_kept_choice_that_this_desk_does_not_know_is_the_dark_one(
    opened: Open, desk: Desk, ray: MadeAgency
) -> None:
    desk.preferences.put(ray.admin, "theme", {"name": "pink"})
    app = opened(None)
    await app.colouring.signed_in(ray.admin)
    assert shown(app) is Colours.DARK


def test_who_signed_in_and_the_colours_are_remembered_beside_each_other(remembered: Path) -> None:
    remember(remembered, Remembered("RAY-919", "sue@example.ca", "light"))
    remember_person(FileMemory(remembered), "RAY-919", "ann@example.ca")
    assert recall(remembered) == Remembered("RAY-919", "ann@example.ca", "light")


def test_the_administrator_sets_what_is_usual_on_a_machine(tmp_path: Path) -> None:
    assert load_settings(tmp_path, {"TRAKDESK_THEME": "contrast"}).theme == "contrast"


def test_a_setting_that_names_no_theme_is_refused_with_those_that_there_are(tmp_path: Path) -> None:
    (tmp_path / "trakdesk.toml").write_text('theme = "pink"')
    with pytest.raises(SettingsUnusable, match="one of dark, light, contrast, ansi"):
        load_settings(tmp_path, {})


def test_a_run_can_be_given_its_colours(capsys: pytest.CaptureFixture[str]) -> None:
    assert parser_of_all().parse_args(["--theme", "ansi"]).theme == "ansi"
    with pytest.raises(SystemExit):
        parser_of_all().parse_args(["--theme", "pink"])
    assert "invalid choice" in capsys.readouterr().err
