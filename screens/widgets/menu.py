"""Short lists to choose from: one line or a few per choice, letters as shortcuts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from rich.style import Style
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.widgets import OptionList
from textual.widgets.option_list import Option

__all__ = ["Choice", "Menu", "Option", "PickList"]

_REVERSE = Style(reverse=True)


class Menu(OptionList):
    """An option list without a frame, for dialogs; its options are `Content`, never markup."""

    DEFAULT_CSS = """
    Menu {
        border: none;
        padding: 0;
        background: transparent;
        scrollbar-size-vertical: 1;
        scrollbar-background: $surface;
        scrollbar-color: $border;
        &:focus { border: none; background-tint: transparent 0%; }
        & > .option-list--option { padding: 0 1; }
        & > .option-list--option-disabled { color: $accent; text-style: bold; }
    }
    """

    def __init__(self, options: Iterable[Option], *, id: str | None = None) -> None:
        super().__init__(*options, id=id, markup=False)

    def on_mount(self) -> None:
        """What was there from the beginning needs its room, too."""
        if self.options and self._for_fingers:
            options, here = list(self.options), self.highlighted
            self.clear_options()
            self.add_options(options)
            self.highlighted = here

    def add_options(self, new_options: Iterable[Any]) -> Self:
        """As in Textual; a blank row beneath its words makes a choice large enough for a finger."""
        if self._for_fingers:
            new_options = [_roomy(option) if isinstance(option, Option) else option for option in new_options]
        return super().add_options(new_options)

    @property
    def _for_fingers(self) -> bool:
        return self.is_attached and self.app.has_class("-touch")

    def render_line(self, y: int) -> Strip:
        """Also in reverse video, which Textual takes out of the cursor's style."""
        strip = super().render_line(y)
        if not self.get_component_rich_style("option-list--option-highlighted").reverse:
            return strip
        here = any(part.style is not None and part.style.meta.get("option") == self.highlighted for part in strip)
        return strip.apply_style(_REVERSE) if here else strip

    def highlight(self, option_id: str) -> None:
        """Put the cursor on this choice."""
        self.highlighted = self.get_option_index(option_id)


def _roomy(option: Option) -> Option:
    if option.disabled or not isinstance(option.prompt, Content):
        return option
    return Option(Content.assemble(option.prompt, "\n "), id=option.id)


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a pick list.

    Attributes:
        key: its name; empty for a heading, which cannot be picked.
        words: what stands there.
        group: of the choices with the same group exactly one is picked; empty for one that is ticked on its own.
    """

    key: str
    words: str
    group: str = ""


class PickList(Menu):
    """Choices that stay on the screen while one picks: one of each group, or any number of single ones."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "select", "Pick", id="pick.toggle", tooltip="Pick the line under the cursor"),
        Binding("enter", "done", "Next", id="pick.done", tooltip="Take what is picked, and go on"),
    ]

    @dataclass
    class Done(Message):
        """Enter was pressed with the cursor on this choice."""

        key: str

    def __init__(self, choices: Sequence[Choice], picked: Iterable[str], *, id: str | None = None) -> None:
        """`picked` are the keys that are picked at first."""
        self._choices = {choice.key: choice for choice in choices if choice.key}
        self.picked = set(picked)
        super().__init__([self._option(choice) for choice in choices], id=id)

    def pick(self, key: str) -> None:
        """Pick this one: in its group instead of the others, or on and off."""
        choice = self._choices[key]
        if not choice.group:
            self.picked ^= {key}
        else:
            self.picked -= {other.key for other in self._choices.values() if other.group == choice.group}
            self.picked.add(key)
        for other in self._choices.values():
            if other.group == choice.group:
                self.replace_option_prompt(other.key, self._words(other))

    def action_done(self) -> None:
        """Tell the dialog."""
        option = self.highlighted_option
        self.post_message(self.Done(option.id or "" if option is not None else ""))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click or a space picks."""
        event.stop()
        self.pick(event.option_id or "")

    def _option(self, choice: Choice) -> Option:
        if not choice.key:
            return Option(Content(choice.words), disabled=True)
        return Option(self._words(choice), id=choice.key)

    def _words(self, choice: Choice) -> Content:
        signs = ("●", "○") if choice.group else ("[x]", "[ ]")
        return Content(f"{signs[0] if choice.key in self.picked else signs[1]} {choice.words}")
