"""Plots of every shape and in every room, of none, one and ten thousand points, and of hostile names."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from rich.cells import cell_len

from screens.widgets.plot_axis import scale_of, spread_labels
from screens.widgets.plot_canvas import PLAIN, Run
from screens.widgets.plot_drawing import draw, legend, thinned
from services.analytics.charts import Axis, Chart, Number, Place, Series, Shape, Unit
from services.conventions import FRENCH
from services.rule_lengths import months_after
from tests.screens.hostile import HOSTILE

DAYS = tuple(date(2026, 11, 1) + timedelta(days=number) for number in range(30))
NAMES = (HOSTILE, "漢" * 40, "\x1b[2J[/x]", "")
MANY = tuple(date(2000, 1, 1) + timedelta(days=number) for number in range(10_000))


def chart(
    shape: Shape, places: tuple[Place, ...], *series: tuple[Number | None, ...], unit: Unit = Unit.COUNT
) -> Chart:
    """A chart of these numbers; names of series and places are as the shape needs them."""
    along = Unit.NAME if places and isinstance(places[0], str) else Unit.DAY
    named = tuple(Series(f"Series {number}", values) for number, values in enumerate(series, start=1))
    return Chart("key", "Title", "It says.", shape, Axis("Where", along), Axis("How many", unit), places, named)


def lines(rows: list[list[Run]]) -> list[str]:
    """What stands in each row."""
    return ["".join(text for text, _ in row) for row in rows]


SHAPES = [
    pytest.param(chart(Shape.LINES, DAYS, tuple(range(30)), tuple(range(30, 0, -1))), id="lines"),
    pytest.param(chart(Shape.LINES, MANY, tuple(number % 97 for number in range(10_000))), id="many lines"),
    pytest.param(chart(Shape.COLUMNS, DAYS, tuple(range(30)), tuple(range(30))), id="columns"),
    pytest.param(chart(Shape.COLUMNS, MANY, tuple(number % 97 for number in range(10_000))), id="many columns"),
    pytest.param(chart(Shape.BARS, ("one", "two"), (1, 1_000_000)), id="bars"),
    pytest.param(chart(Shape.BARS, tuple(map(str, range(10_000))), tuple(range(10_000))), id="many bars"),
    pytest.param(chart(Shape.BARS, NAMES, (5, 4, 3, 2)), id="hostile bars"),
    pytest.param(chart(Shape.RANGES, NAMES, (2, 2, 2, 2), (3, 3, 3, 3), (7, 7, 7, 7)), id="hostile ranges"),
    pytest.param(chart(Shape.LINES, DAYS[:1], (5,)), id="one point"),
    pytest.param(chart(Shape.COLUMNS, DAYS[:1], (5,)), id="one column"),
    pytest.param(chart(Shape.RANGES, ("one",), (5,), (5,), (5,)), id="one range"),
    pytest.param(chart(Shape.LINES, DAYS[:3], (-5, None, 7)), id="a gap and a debt"),
    pytest.param(chart(Shape.LINES, DAYS[:2], (Decimal("1e9"), Decimal("2e9")), unit=Unit.MONEY), id="billions"),
]


@pytest.mark.parametrize("one", SHAPES)
@pytest.mark.parametrize("room", [(78, 14), (118, 30), (58, 9), (24, 5)])
def test_every_row_is_as_wide_as_the_room(one: Chart, room: tuple[int, int]) -> None:
    rows = lines(draw(one, *room))
    assert 0 < len(rows) <= room[1]
    assert {cell_len(row) for row in rows} == {room[0]}
    assert all(row.isprintable() and "\ue000" not in row for row in rows)


@pytest.mark.parametrize("shape", list(Shape))
def test_nothing_is_drawn_without_numbers_or_without_room(shape: Shape) -> None:
    assert draw(chart(shape, (), (), (), ()), 78, 14) == []
    zeros = chart(shape, ("one",), (0,), (0,), (0,))
    assert (draw(zeros, 78, 14), legend(zeros, 78)) == ([], [])
    assert draw(chart(shape, ("one",), (1,), (2,), (3,)), 23, 14) == []


def test_the_series_of_a_plot_differ_without_colour() -> None:
    one = chart(Shape.COLUMNS, DAYS[:4], (4, 4, 0, 0), (0, 4, 4, 0), (0, 0, 4, 4))
    drawn = "".join(lines(draw(one, 60, 12)))
    signs = [text for row in legend(one, 60) for text, number in row if number != PLAIN]
    assert signs == ["█", "▒", "+"]
    assert all(sign in drawn for sign in signs)


def test_a_small_number_beside_a_large_one_is_still_seen() -> None:
    drawn = lines(draw(chart(Shape.COLUMNS, DAYS[:2], (10_000, 1)), 60, 12))
    assert drawn[-3][-20:].strip("▁▂▃▄▅▆▇█ ") == ""
    assert drawn[-3][-20:].strip()
    bars = lines(draw(chart(Shape.BARS, ("large", "small", "none"), (10_000, 1, 0)), 60, 12))
    assert "▏ 1" in bars[2]
    assert "▏" not in bars[4]


def test_what_does_not_fit_is_counted() -> None:
    names = tuple(f"Lender {number}" for number in range(40))
    drawn = lines(draw(chart(Shape.BARS, names, tuple(range(40, 0, -1))), 60, 10))
    assert "… and 31 more: t shows them all" in drawn[-1]
    assert "Lender 8" in drawn[-2]


def test_the_highest_and_the_lowest_of_many_points_stay() -> None:
    values = [50.0] * 10_000
    values[4_321], values[8_765] = 99.0, 1.0
    xs, ys = thinned(range(10_000), values, 70)
    assert len(xs) <= 142
    assert {(4_321, 99.0), (8_765, 1.0), (0, 50.0), (9_999, 50.0)} <= set(zip(xs, ys, strict=True))


def test_counts_have_no_half_marks() -> None:
    scale = scale_of(chart(Shape.COLUMNS, DAYS, tuple(range(30))), [0.0, 5.0], 3, from_zero=True)
    assert all(tick == int(tick) for tick in scale.ticks)
    assert len(set(scale.labels)) == len(scale.labels)


def test_axes_are_written_in_the_agencys_way() -> None:
    one = chart(Shape.LINES, DAYS[:2], (Decimal(200_000), Decimal(400_000)), unit=Unit.MONEY)
    french = Chart(one.key, "", "", one.shape, one.along, one.up, one.places, one.series, written=FRENCH)
    drawn = "\n".join(lines(draw(french, 60, 12)))
    assert "400\u00a0k$" in drawn
    assert "1er nov." in drawn


def test_labels_keep_their_distance() -> None:
    cells = range(0, 100, 5)
    chosen = spread_labels(["12345678"] * 20, cells, 100)
    assert chosen == tuple(range(0, 20, 2))
    assert spread_labels([], [], 10) == ()


@pytest.mark.parametrize("months", [255, 283, 325])
def test_no_label_is_left_out_between_two_others(months: int) -> None:
    days = tuple(months_after(date(2026, 11, 22), month) for month in (*range(0, months, 12), months))
    owed = Series("Owed", tuple(range(len(days), 0, -1)))
    one = Chart("k", "", "", Shape.LINES, Axis("Month", Unit.MONTH), Axis("Owed", Unit.MONEY), days, (owed,))
    for width in (58, 76, 78, 116, 118):
        years = [int(year) for year in re.findall(r"\d{4}", lines(draw(one, width, 14))[-1])]
        assert len({later - year for year, later in pairwise(years)}) == 1, (width, lines(draw(one, width, 14))[-1])


def test_the_legend_breaks_between_its_entries() -> None:
    one = chart(Shape.LINES, DAYS[:2], (1, 2), (3, 4), (5, 6))
    assert lines(legend(one, 30)) == ["▞ Series 1   • Series 2", "x Series 3"]
