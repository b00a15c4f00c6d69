"""Four themes by short names, and none at all where the terminal asks for it."""

from __future__ import annotations

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.color import Color
from textual.filter import LineFilter

from screens.widgets.colourless import PICTURE, Colourless, Unsaid
from services.colours import Colours
from tui.terminal import scrub
from tui.themes import MARKED, THEMES, apply, line_filters, register

BLACK = Color.parse("#000000")


@pytest.fixture
def app() -> App[None]:
    """An application that knows the themes."""
    made: App[None] = App()
    register(made)
    return made


@pytest.mark.parametrize("colours", Colours)
def test_each_short_name_shows_its_theme(app: App[None], colours: Colours) -> None:
    apply(app, colours.value)
    assert app.theme == THEMES[colours].name


@pytest.mark.parametrize("name", ["", "pink", "trakdesk-light", "textual-dark"])
def test_an_unknown_name_shows_the_dark_one(app: App[None], name: str) -> None:
    apply(app, name)
    assert app.theme == "trakdesk-dark"


def test_focus_is_marked_without_colours_where_colours_are_few(app: App[None]) -> None:
    marked = {}
    for colours in Colours:
        apply(app, colours)
        marked[colours] = app.has_class(MARKED)
    assert [colours for colours in Colours if marked[colours]] == [Colours.CONTRAST, Colours.ANSI]


def test_no_colour_marks_focus_whatever_theme_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app: App[None] = App()
    register(app)
    apply(app, "light")
    assert app.has_class(MARKED)
    assert [type(each) for each in line_filters(app, app.get_line_filters())] == [Colourless]


def test_an_empty_no_color_asks_for_nothing() -> None:
    empty, said = {"NO_COLOR": ""}, {"NO_COLOR": "0"}
    scrub(empty)
    scrub(said)
    assert "NO_COLOR" not in empty
    assert said["NO_COLOR"] == "0"


def test_without_colours_weight_and_reverse_video_remain() -> None:
    drawn = Segment("Brent", Style(color="#ff0000", bgcolor="blue", bold=True, reverse=True, underline=True))
    [shown] = Colourless().apply([drawn], BLACK)
    assert shown == Segment("Brent", Style(bold=True, reverse=True, underline=True))


def test_without_colours_a_picture_keeps_its_own() -> None:
    drawn = Segment("▀", Style(color="#ffffff", bgcolor="#000000", meta=PICTURE))
    assert Colourless().apply([drawn], BLACK) == [drawn]


@pytest.mark.parametrize("few", [Colourless(), Unsaid()])
def test_with_fewer_colours_a_click_finds_what_it_is_on(few: LineFilter) -> None:
    drawn = Segment("Edit", Style(color="default", bgcolor="default", bold=True, meta={"option": 3}))
    assert few.apply([drawn], BLACK) == [Segment("Edit", Style(bold=True, meta={"option": 3}))]


def test_the_terminals_own_colours_go_without_saying_and_others_do_not() -> None:
    drawn = [Segment("a", Style(color="red", bgcolor="default")), Segment("b", Style(color="default", reverse=True))]
    assert Unsaid().apply(drawn, BLACK) == [Segment("a", Style(color="red")), Segment("b", Style(reverse=True))]


def test_without_colours_what_has_no_style_stays_so() -> None:
    assert Colourless().apply([Segment("Brent")], BLACK) == [Segment("Brent")]
