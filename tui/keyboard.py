"""Keys as they stand on a keyboard."""

from __future__ import annotations

_OTHERWISE = {
    "esc": "Esc",
    "⏎": "Enter",
    "space": "Space",
    "tab": "Tab",
    "⌫": "Backspace",
    "pgup": "PgUp",
    "pgdn": "PgDn",
    "home": "Home",
    "end": "End",
    "del": "Del",
    "shift": "Shift",
}
"""Names of keys that Textual writes otherwise."""


def as_on_the_keyboard(shown: str) -> str:
    """A key as Textual shows it, in the words of a keyboard."""
    if len(shown) > 1 and (shown[1:].isdigit() or shown.startswith("^")):
        return shown.upper()
    return "+".join(_OTHERWISE.get(part, part) for part in shown.split("+"))
