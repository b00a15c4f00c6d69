"""Every text can be read in every theme, on whatever it may stand; no screen has colours of its own."""

from __future__ import annotations

import re
from itertools import product

import pytest
from textual.color import Color
from textual.filter import dim_color

from services.colours import Colours
from tests.places import ROOT
from tui.themes import THEMES

SOURCES = sorted(path for folder in ("screens", "tui") for path in (ROOT / folder).rglob("*.py"))
SHEETS = sorted(path for folder in ("screens", "tui") for path in (ROOT / folder).rglob("*.tcss"))
OWN_COLOURS = {"screens/widgets/qr.py", "tui/themes.py"}
"""What a phone reads is black on white whatever the theme; and the themes themselves."""

_RULE = re.compile(
    r"(?<![\w$-])((?:[\w-]*-)?(?:color|background|background-tint|tint|border[\w-]*|outline)):\s*([^;}]+)"
)
_STYLED = re.compile(r"\"((?:[a-z]+ )*\$[a-z-]+(?: \d+%)?(?: [a-z]+)*)\"")
_NOT_COLOURS = frozenset(
    ("auto", "transparent", "none", "blank", "round", "wide", "thick", "outer", "solid", "dashed", "vkey")
)
_ALSO_DRAWN = {"text-disabled", "input-selection-foreground"}
"""Placeholders, and what is selected in a field: Textual's own rules that our fields keep."""

_HARD = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(|\bansi_[a-z]")
GRADE = {Colours.DARK: 4.5, Colours.LIGHT: 4.5, Colours.CONTRAST: 7.0}


def rules() -> list[tuple[str, str, str]]:
    """Every rule of a style sheet that names a colour: file, property and value."""
    return [
        (str(path.relative_to(ROOT)), name, value.strip())
        for path in (*SHEETS, *SOURCES)
        for name, value in _RULE.findall(path.read_text())
        if path.suffix == ".tcss" or "$" in value
    ]


def names_in(value: str) -> list[str]:
    """The variables of a value, with their share of opacity."""
    return re.findall(r"\$([a-z0-9-]+(?: \d+%)?)", value)


def letters() -> set[str]:
    """Every variable that letters are drawn in."""
    of_rules = {name for _, prop, value in rules() if prop == "color" for name in names_in(value)}
    of_text = {name for path in SOURCES for text in _STYLED.findall(path.read_text()) for name in names_in(text)}
    return of_rules | of_text | _ALSO_DRAWN


def grounds() -> set[str]:
    """Every variable that letters may stand on."""
    return {name for _, prop, value in rules() if prop == "background" for name in names_in(value)} - {"border"}


def variables(colours: Colours) -> dict[str, str]:
    theme = THEMES[colours]
    return {**theme.to_color_system().generate(), **theme.variables}


def resolved(name: str, known: dict[str, str], ground: Color) -> Color:
    """A variable as it is seen on a ground."""
    name, _, share = name.partition(" ")
    value = known[name]
    if value.startswith("auto"):
        return ground + ground.get_contrast_text(int(value.removeprefix("auto ").rstrip("%")) / 100)
    colour = Color.parse(value)
    return ground + (colour.multiply_alpha(int(share.rstrip("%")) / 100) if share else colour)


def contrast(one: Color, other: Color) -> float:
    """The ratio of WCAG 2.2, 1 to 21."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: Color) -> float:
    parts = [part / 255 for part in colour.rgb]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_ratio_is_that_of_the_standard() -> None:
    assert contrast(Color.parse("#000000"), Color.parse("#ffffff")) == pytest.approx(21)
    assert contrast(Color.parse("#767676"), Color.parse("#ffffff")) == pytest.approx(4.54, abs=0.01)


def test_what_is_measured_is_what_screens_use() -> None:
    assert {"text-muted", "text-error", "foreground-muted", "block-cursor-foreground"} <= letters()
    assert {"background", "surface", "panel", "primary-background", "block-cursor-background"} <= grounds()


@pytest.mark.parametrize("colours", GRADE)
def test_every_text_can_be_read_on_every_ground(colours: Colours) -> None:
    known = variables(colours)
    found = {}
    for letter, ground in product(sorted(letters()), sorted(grounds())):
        below = resolved(ground, known, Color.parse(known["background"]))
        ratio = contrast(resolved(letter, known, below), below)
        if ratio < GRADE[colours]:
            found[f"${letter} on ${ground}"] = round(ratio, 2)
    assert not found


@pytest.mark.parametrize("colours", GRADE)
def test_a_key_that_does_nothing_now_can_be_read(colours: Colours) -> None:
    known = variables(colours)
    ground, full = Color.parse(known["footer-background"]), Color.parse(known["footer-description-foreground"])
    seen = Color.from_rich_color(dim_color(ground.rich_color, full.rich_color))
    assert contrast(seen, ground) >= GRADE[colours]


@pytest.mark.parametrize("colours", GRADE)
def test_the_cursor_of_a_field_and_what_is_selected_there_can_be_read(colours: Colours) -> None:
    known = variables(colours)
    for part in ("cursor", "selection"):
        ground = resolved(f"input-{part}-background", known, Color.parse(known["panel"]))
        assert contrast(resolved(f"input-{part}-foreground", known, ground), ground) >= GRADE[colours]


def test_the_slow_theme_has_no_colours_but_the_terminals_own() -> None:
    known = variables(Colours.ANSI)
    used = {name.partition(" ")[0] for _, _, value in rules() for name in names_in(value)} | letters()
    assert {known[name] for name in used if not name.endswith("style")} <= {
        "ansi_default",
        "ansi_red",
        "ansi_green",
        "ansi_magenta",
    }


def test_no_style_sheet_has_colours_of_its_own() -> None:
    wrong = [
        (path, prop, value)
        for path, prop, value in rules()
        if set(re.sub(r"\$[\w-]+|\d+%|!important", "", value).split()) - _NOT_COLOURS
    ]
    assert not wrong


def test_no_file_has_colours_of_its_own() -> None:
    files = {str(path.relative_to(ROOT)): _HARD.findall(path.read_text()) for path in (*SOURCES, *SHEETS)}
    assert {path: found for path, found in files.items() if found and path not in OWN_COLOURS} == {}
