"""What reaches a real terminal: no colour where none is wanted, and few bytes with the terminal's own colours."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from services.remembered import Remembered, remember
from tests import making
from tests.making import PASSWORD
from tests.places import DATA
from tests.surfaces.playing import desk_of, sign_in
from tests.surfaces.term import Term

_SGR = re.compile(rb"\x1b\[([\d;:]*)m")
_COLOURS = re.compile(rb"(?:^|;)(?:[34][0-9]|9[0-7]|10[0-7])(?=;|$|:)")


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Colours do not depend on the engine."""
    return f"sqlite:///{tmp_path / 'desk.sqlite3'}"


@pytest.fixture
def founded(environment: dict[str, str], tmp_path: Path) -> None:
    """An agency with a list that fills the screen, whose administrator has only the password left to type."""
    desk = desk_of(environment)
    made = making.make_agency(desk)
    lines = (DATA / "clients.csv").read_text().splitlines()[:60]
    (tmp_path / "clients.csv").write_text("\n".join(lines))
    desk.imports.run(made.admin, tmp_path / "clients.csv")
    desk.sign_in.sign_out(made.admin)
    remember(desk.ctx.settings.remembered_path, Remembered(made.agency.code, "sue@raystaging.example.com"))


def colours_in(raw: bytes) -> list[bytes]:
    """The codes of every colour that was sent."""
    return [code for code in _SGR.findall(raw) if _COLOURS.search(code)]


@pytest.mark.parametrize("code", [b"31", b"1;38;5;200", b"48;2;1;2;3", b"39;49", b"97", b"0;105"])
def test_colours_are_found(code: bytes) -> None:
    assert colours_in(b"x\x1b[" + code + b"my") == [code]


@pytest.mark.slow
@pytest.mark.usefixtures("founded")
def test_no_colour_reaches_a_terminal_that_asks_for_none(
    terminal: Callable[..., Term], environment: dict[str, str]
) -> None:
    environment |= {"NO_COLOR": "1", "TRAKDESK_THEME": "light"}
    desk = terminal()
    sign_in(desk, PASSWORD.reveal())
    desk.expect("Clients", 30).settle(0.3, 5)
    for keys, shown in (("f", "Which clients"), ("ctrl+p", "Type what to do")):
        desk.key(keys).expect(shown)
        desk.key("esc").absent(shown)
    desk.settle(0.2, 3)
    assert colours_in(bytes(desk.raw)) == []
    # The cursor of the list, told by reverse video.
    [row] = {y for y, line in desk.screen.buffer.items() if line[5].reverse}
    assert row > 3


@pytest.mark.slow
@pytest.mark.usefixtures("founded")
def test_the_terminals_own_colours_take_a_third_less_on_the_line(
    terminal: Callable[..., Term], environment: dict[str, str]
) -> None:
    sent = {}
    for theme in ("dark", "ansi"):
        environment["TRAKDESK_THEME"] = theme
        desk = terminal()
        desk.expect("Sign in with your account").settle(0.3, 10)
        form = len(desk.raw)
        sign_in(desk, PASSWORD.reveal())
        before = len(desk.raw)
        desk.expect("Clients", 30).settle(0.5, 5)
        opened = len(desk.raw)
        desk.key("down").settle(0.3, 3)
        sent[theme] = (form, opened - before, len(desk.raw) - opened)
        desk.key("ctrl+q")
    assert all(3 * few <= 2 * many for many, few in zip(sent["dark"], sent["ansi"], strict=True)), sent
