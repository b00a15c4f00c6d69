"""What a terminal sends for the keys, clicks and pastes that come to the stage."""

from __future__ import annotations

from textual import events

from tui.demo.octets import octets

_ARROWS = {"up": "A", "down": "B", "right": "C", "left": "D", "home": "H", "end": "F"}
_TILDES = {"insert": 2, "delete": 3, "pageup": 5, "pagedown": 6, "f11": 23, "f12": 24}
_SHIFTS = {"shift": 1, "alt": 2, "ctrl": 4}

_BUTTONS = {1: 0, 2: 1, 3: 2}
_RELEASED, _MOVED = 3, 32
_WHEEL = {events.MouseScrollUp: 64, events.MouseScrollDown: 65, events.MouseScrollLeft: 66, events.MouseScrollRight: 67}

_PASTE_BEGINS, _PASTE_ENDS = "\x1b[200~", "\x1b[201~"


def of_key(key: events.Key) -> str:
    """What is sent for a key; nothing for one that no terminal knows."""
    if key.character is not None and key.is_printable:
        return key.character
    try:
        return octets(key.key)
    except ValueError:
        return _with_shifts(key.key)


def _with_shifts(name: str) -> str:
    *shifts, plain = name.split("+")
    if any(shift not in _SHIFTS for shift in shifts):
        return ""
    if shifts == ["alt"] and len(plain) == 1:
        return f"\x1b{plain}"
    number = 1 + sum(_SHIFTS[shift] for shift in set(shifts))
    if plain in _ARROWS:
        return f"\x1b[1;{number}{_ARROWS[plain]}"
    if plain in _TILDES:
        return f"\x1b[{_TILDES[plain]}~" if number == 1 else f"\x1b[{_TILDES[plain]};{number}~"
    return ""


def of_paste(text: str, *, marked: bool) -> str:
    """What is sent for a paste, with marks around it where the program asks for them."""
    text = text.replace("\x1b", "")
    return f"{_PASTE_BEGINS}{text}{_PASTE_ENDS}" if marked else text


def of_mouse(event: events.MouseEvent) -> str:
    """What is sent for a click, a move or the wheel, in the way that all programs here ask for (SGR)."""
    code = _WHEEL.get(type(event))
    released = isinstance(event, events.MouseUp)
    if code is None:
        code = _BUTTONS.get(event.button, _RELEASED)
        if isinstance(event, events.MouseMove):
            code += _MOVED
    code += 4 * event.shift + 8 * event.meta + 16 * event.ctrl
    return f"\x1b[<{code};{int(event.x) + 1};{int(event.y) + 1}{'m' if released else 'M'}"
