"""Whatever has the focus is seen without telling colours apart."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.filter import LineFilter
from textual.widget import Widget
from textual.widgets import Button, Static

import tui.app
from screens.entry.first_run import Choice as FirstChoice
from screens.kiosk.frame import BigButton
from screens.widgets.line_input import LineInput
from screens.widgets.menu import Choice, Menu, Option, PickList
from screens.widgets.one_of import OneOf
from screens.widgets.secret_input import SecretInput
from screens.widgets.tick import Tick
from tui.themes import apply, line_filters, register


class Everything(App[None]):
    """One of each thing that can have the focus, in the looks of the desk."""

    CSS_PATH = str(Path(tui.app.__file__).with_name("app.tcss"))

    def __init__(self, theme: str) -> None:
        super().__init__()
        register(self)
        apply(self, theme)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """As in the real program."""
        return line_filters(self, super().get_line_filters())

    def compose(self) -> ComposeResult:
        yield LineInput(compact=True)
        yield LineInput(value="Brent", compact=True)
        yield SecretInput(compact=True)
        yield Button("Save")
        yield BigButton("Reset my password", id="reset")
        yield Tick("Show what I type", ticked=False)
        yield OneOf("Profile", [("strict", "strict")], "strict", id="profile")
        yield FirstChoice("1", "Set up", "Two minutes.", id="first")
        yield Menu([Option(Content.assemble("Password ", ("none yet", "$foreground-muted")))])
        yield PickList([Choice("all", "all")], [])
        with VerticalScroll():
            yield Static("words")


def marks(widget: Widget) -> bool:
    """Whether it stands there in reverse video or behind a thick border."""
    region = widget.region
    strips = widget.screen._compositor.render_strips()[region.y : region.bottom]
    pieces = [piece for strip in strips for piece in strip.crop(region.x, region.right)]
    reverse = any(piece.style is not None and piece.style.reverse for piece in pieces)
    return reverse or any(sign in piece.text for piece in pieces for sign in "█▌▐")


@pytest.mark.parametrize("look", ["contrast", "ansi", "nocolor"])
async def test_whatever_has_the_focus_is_marked_and_nothing_else(look: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if look == "nocolor":
        monkeypatch.setenv("NO_COLOR", "1")
    app = Everything(look)
    async with app.run_test(size=(80, 40)) as pilot:
        seen, told = set(), []
        for _ in range(11):
            app.screen.focus_next()
            await pilot.pause()
            focused = app.focused
            assert focused is not None
            seen.add(type(focused).__name__)
            told.append((str(focused), marks(focused)))
        assert [name for name, marked in told if not marked] == []
        assert len(seen) >= 9
        app.set_focus(None)
        await pilot.pause()
        others = list(app.screen.query("LineInput, SecretInput, Button, Tick, Menu, PickList"))
        assert [str(widget) for widget in others if marks(widget)] == []


async def test_an_empty_field_is_drawn_in_its_whole_length() -> None:
    app = Everything("ansi")
    async with app.run_test(size=(80, 40)):
        field = app.query(LineInput).first()
        line = field.render_line(0)
        assert line.cell_length == field.size.width
        assert line.text.strip() == ""
