"""The keys that work now, in one line at the foot of a screen.

One widget draws them all. Textual's own footer makes a widget for each key, anew whenever the focus moves, which was a
third of all the work of opening a screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

HELP = "help"
"""The binding that keeps its place however little room there is: it tells of the others."""


@dataclass(frozen=True, slots=True)
class ShownKey:
    """A key of the line.

    Attributes:
        key: what is pressed when it is clicked.
        sign: as it stands on a keyboard.
        enabled: whether it does something just now.
        stays: whether it is shown even where there is little room.
    """

    key: str
    sign: str
    words: str
    tooltip: str
    enabled: bool
    stays: bool

    @property
    def width(self) -> int:
        """Cells in the line, with the space around."""
        return Content(f" {self.sign} {self.words} ").cell_length


class KeyLine(Widget):
    """Shows whole keys as far as there is room for them, the first ones first; a click presses one."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-line--key", "key-line--words", "key-line--off"}
    DEFAULT_CSS = """
    KeyLine {
        dock: bottom;
        height: 1;
        text-wrap: nowrap;
        background: $footer-background;
        .key-line--key { color: $footer-key-foreground; text-style: bold; }
        .key-line--words { color: $footer-description-foreground; }
        .key-line--off { color: $footer-description-foreground; text-style: dim; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._keys: tuple[ShownKey, ...] = ()

    def on_mount(self) -> None:
        """Follow what changes with the focus; a kiosk has buttons instead."""
        self.display = getattr(getattr(self.screen, "place", None), "has_keys", True)
        self.screen.bindings_updated_signal.subscribe(self, self._look)

    @property
    def shown(self) -> tuple[ShownKey, ...]:
        """The keys for which there is room, from left to right."""
        # The blank behind the last one may go.
        room = self.size.width + 1 - sum(key.width for key in self._keys if key.stays)
        shown: list[ShownKey] = []
        for key in self._keys:
            room -= 0 if key.stays else key.width
            if key.stays or room >= 0:
                shown.append(key)
        return tuple(shown)

    @property
    def hidden(self) -> tuple[ShownKey, ...]:
        """The keys for which there is no room; the help has them."""
        shown = self.shown
        return tuple(key for key in self._keys if key not in shown)

    def render(self) -> RenderResult:
        """All of them in one line."""
        styles = {name: self.get_visual_style(f"key-line--{name}", partial=True) for name in ("key", "words", "off")}
        parts = []
        for key in self.shown:
            parts.append((f" {key.sign} ", styles["key" if key.enabled else "off"]))
            parts.append((f"{key.words} ", styles["words" if key.enabled else "off"]))
        return Content.assemble(*parts)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Press the key under the pointer."""
        key = self._at(event.x)
        if key is None:
            return
        if key.enabled:
            self.app.simulate_key(key.key)
        else:
            self.app.bell()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Say what the key under the pointer does."""
        key = self._at(event.x)
        tooltip = None if key is None else Content(key.tooltip)
        if self.tooltip != tooltip:
            self.tooltip = tooltip

    def _at(self, x: int) -> ShownKey | None:
        for key in self.shown:
            if x < key.width:
                return key
            x -= key.width
        return None

    def _look(self, screen: Screen[object]) -> None:
        if screen is not self.screen or not self.app.app_focus:
            return
        # Without a keyboard the way back is found here.
        stay = (HELP, "escape") if self.app.has_class("-browser") else (HELP,)
        keys: dict[str, ShownKey] = {}
        for _, binding, enabled, tooltip in screen.active_bindings.values():
            if binding.show and binding.action not in keys:
                keys[binding.action] = ShownKey(
                    binding.key,
                    self.app.get_key_display(binding),
                    binding.description,
                    tooltip or binding.description,
                    enabled,
                    binding.id in stay or binding.key in stay,
                )
        # Help stands at the end of every line, wherever the screens name it.
        now = tuple(sorted(keys.values(), key=lambda key: (key.stays, key.stays and key.key != "escape")))
        if now != self._keys:
            self._keys = now
            self.refresh()
