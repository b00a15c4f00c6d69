"""The QR code: what stands on the screen is what segno made, dark on light, with a margin."""

from __future__ import annotations

import pytest
import segno
from textual.app import App, ComposeResult
from textual.color import Color
from textual.geometry import Size

from screens.widgets.colourless import Colourless, Unsaid
from screens.widgets.qr import QrCode, drawn
from services.credentials import totp
from services.credentials.passwords import Secret

KEY = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
USER, AGENCY = "brent@mortgageclient.example.com", "Ray Staging"
FULL, SHORT = totp.uri(KEY, USER, AGENCY), totp.short_uri(KEY, USER, AGENCY)
ROOM_80X24 = Size(44, 22)
LIGHT = {"█": (1, 1), "▀": (1, 0), "▄": (0, 1), " ": (0, 0)}


def matrix_of(text: str) -> list[list[int]]:
    return [list(row) for row in segno.make(text, error="l", micro=False, boost_error=False).matrix]


def read(lines: tuple[str, ...]) -> tuple[list[list[int]], int]:
    """The dark modules inside the margin, and how wide that is, from the cells alone."""
    light = [[LIGHT[cell][half] for cell in line] for line in lines for half in (0, 1)]
    margin = next(number for number, row in enumerate(light) if not all(row))
    side = len(light[0]) - 2 * margin
    assert all(all(row) for row in light[margin + side :])
    assert all(all(row[:margin]) and all(row[margin + side :]) for row in light)
    return [[1 - cell for cell in row[margin : margin + side]] for row in light[margin : margin + side]], margin


@pytest.mark.parametrize(
    ("text", "room", "margin"),
    [(SHORT, ROOM_80X24, 3), (FULL, Size(84, 38), 4), (SHORT, Size(84, 38), 4), (SHORT, Size(41, 21), 2)],
)
def test_the_cells_are_the_modules_with_as_much_margin_as_there_is_room_for(text: str, room: Size, margin: int) -> None:
    lines = drawn(text, room)
    assert read(lines) == (matrix_of(text), margin)
    assert len(lines) <= room.height
    assert {len(line) for line in lines} <= set(range(room.width + 1))


@pytest.mark.parametrize(("text", "room"), [(FULL, ROOM_80X24), (SHORT, Size(40, 40)), (SHORT, Size(80, 20))])
def test_what_does_not_fit_with_two_modules_of_margin_is_not_drawn(text: str, room: Size) -> None:
    assert drawn(text, room) == ()


async def test_on_the_screen_dark_is_black_and_light_is_white_and_the_longest_text_that_fits_is_taken() -> None:
    class Picture(App[None]):
        def compose(self) -> ComposeResult:
            yield QrCode((Secret(FULL), Secret(SHORT)))

    async with Picture().run_test(size=(80, 24)) as pilot:
        code = pilot.app.query_one(QrCode)
        for room, text in ((ROOM_80X24, SHORT), (Size(84, 38), FULL)):
            assert code.draw(room)
            await pilot.pause()
            strips = [code.render_line(y) for y in range(len(drawn(text, room)))]
            assert read(tuple(strip.text for strip in strips))[0] == matrix_of(text)
            for strip in strips:
                for segment in strip:
                    assert segment.style is not None
                    assert segment.style.color is not None
                    assert segment.style.bgcolor is not None
                    assert segment.style.color.name == "#ffffff"
                    assert segment.style.bgcolor.name == ("#ffffff" if set(segment.text) == {"█"} else "#000000")
                for spares_it in (Colourless(), Unsaid()):
                    assert spares_it.apply(list(strip), Color(0, 0, 0)) == list(strip)
        assert not code.draw(Size(20, 10))
