"""How columns share the cells of a line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from screens.widgets.virtual_table_columns import Column, Placed, place

NAME = Column("name", "Name", 20, 10, flexible=True)
BORN = Column("born", "Birthday", 10, hide_below=100)
RATE = Column("rate", "Rate", 8, hide_below=80)
NOTE = Column("note", "Note", 12, 4, flexible=True)


def placed(*columns: Column, available: int, terminal: int = 200, start: int = 0) -> list[tuple[str, int, int]]:
    return [(one.column.key, one.x, one.width) for one in place(list(enumerate(columns)), available, terminal, start)]


def test_flexible_columns_share_what_is_left() -> None:
    assert placed(NAME, RATE, NOTE, available=64) == [("name", 0, 30), ("rate", 32, 8), ("note", 42, 22)]


def test_the_gutter_comes_first() -> None:
    assert placed(RATE, RATE, available=21, start=3) == [("rate", 3, 8), ("rate", 13, 8)]


def test_short_room_narrows_the_gaps_and_then_the_columns_from_the_right() -> None:
    assert placed(NAME, RATE, NOTE, available=43) == [("name", 0, 20), ("rate", 21, 8), ("note", 30, 13)]
    assert placed(NAME, RATE, NOTE, available=36) == [("name", 0, 20), ("rate", 21, 8), ("note", 30, 6)]


def test_a_narrow_terminal_drops_what_matters_least() -> None:
    assert [key for key, _, _ in placed(NAME, BORN, RATE, available=99, terminal=99)] == ["name", "rate"]
    assert [key for key, _, _ in placed(NAME, BORN, RATE, available=79, terminal=79)] == ["name"]


def test_what_does_not_fit_goes_even_on_a_wide_terminal() -> None:
    assert [key for key, _, _ in placed(NAME, BORN, RATE, available=25)] == ["name", "rate"]


def test_a_dropped_column_leaves_the_others_their_cells() -> None:
    places = place(list(enumerate([NAME, BORN, RATE])), 60, 90)
    assert [one.index for one in places] == [0, 2]


COLUMNS = st.builds(
    Column,
    key=st.just("key"),
    title=st.just("Title"),
    width=st.integers(4, 30),
    min_width=st.one_of(st.none(), st.integers(1, 4)),
    flexible=st.booleans(),
    hide_below=st.integers(0, 150),
)


@given(st.lists(COLUMNS, min_size=1, max_size=10), st.integers(0, 200), st.integers(0, 200), st.integers(0, 4))
def test_whatever_the_width_columns_stand_side_by_side_within_it(
    columns: list[Column], available: int, terminal: int, start: int
) -> None:
    places = place(list(enumerate(columns)), available, terminal, start)
    assert places[0].index == 0
    end = start
    for one in places:
        assert one.x == end
        assert one.width >= 1
        end += one.width + one.gap
    assert end <= max(available, start + 1)
    if len(places) > 1:
        assert all(one.width >= one.column.least for one in places)
    assert isinstance(places[0], Placed)
