"""A name as bad as data can be, and the proof that a screen shows it as mere text."""

from __future__ import annotations

from typing import Any

from textual.pilot import Pilot

from tests.settling import screen_text

HOSTILE = "[/x][@click=app.quit]Bob[/]\x1b]0;gone\x07\u202edeb\u200b" + "漢e\u0301" * 20
"""Markup that would crash, a link that would quit, a terminal sequence, a reversed line, wide and combining signs."""


def is_harmless(pilot: Pilot[Any]) -> bool:
    """Whether the name stands there as it is written, links to nothing and sends nothing to the terminal."""
    strips = pilot.app.screen._compositor.render_strips()  # there is no public way to the composed lines
    actions = [segment.style.meta.get("@click") for strip in strips for segment in strip if segment.style]
    assert "app.quit" not in str(actions)
    text = screen_text(pilot)
    assert not [sign for sign in text if sign != "\n" and not sign.isprintable()]
    # Without frames and blanks, because the name may be wrapped.
    return "[/x][@click=app.quit]Bob[/]" in "".join(sign for sign in text if sign not in "│ \n")
