"""From bytes to rows: encodings, delimiters, line ends, quotation marks, and what no spreadsheet should write."""

from __future__ import annotations

import codecs
import tracemalloc
from pathlib import Path

import pytest

from services.clients.importing.headers import column_of
from services.clients.importing.opening import open_list
from services.clients.importing.reading import MOST_SIGNS, Record, Records, read_first_row
from services.errors import Invalid, Refused

HEADER = "First Name,Last Name,Email\n"


def read(path: Path) -> list[Record]:
    with open_list(path) as file, file.lines() as lines:
        cells, delimiter = read_first_row(lines, lambda cell: column_of(cell) is not None)
        return list(Records(lines, delimiter, len(cells), len(cells)))


def rows(path: Path) -> list[tuple[int, int, list[str]]]:
    return [(record.line, record.last_line, record.cells) for record in read(path)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "list.csv"


@pytest.mark.parametrize(
    ("encoding", "mark", "told"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", codecs.BOM_UTF8, "utf-8-sig"),
        ("utf-16-le", codecs.BOM_UTF16_LE, "utf-16"),
        ("utf-16-be", codecs.BOM_UTF16_BE, "utf-16"),
        ("cp1252", b"", "cp1252"),
    ],
)
def test_the_encoding_is_found_out(path: Path, encoding: str, mark: bytes, told: str) -> None:
    path.write_bytes(mark + (HEADER + "Zoé,L'Écuyer,zoe@example.ca\n").encode(encoding))
    with open_list(path) as file:
        assert file.encoding == told
    assert rows(path) == [(2, 2, ["Zoé", "L'Écuyer", "zoe@example.ca"])]


def test_one_spoilt_sign_does_not_turn_utf_8_into_another_encoding(path: Path) -> None:
    path.write_bytes((HEADER + "Zoé,Bélanger,z@example.ca\nAnn,Lé").encode() + b"\xe9,a@example.ca\n")
    first, second = read(path)
    assert first.cells == ["Zoé", "Bélanger", "z@example.ca"]
    assert second.odd


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(path: Path, delimiter: str) -> None:
    path.write_text("Prénom;Nom;Courriel\nAnn;Lee;ann@example.ca\n".replace(";", delimiter))
    assert rows(path) == [(2, 2, ["Ann", "Lee", "ann@example.ca"])]


def test_delimiters_inside_quotation_marks_do_not_count(path: Path) -> None:
    path.write_text('"Name, given, or otherwise";First Name;Last Name;Email\n1;Ann;Lee;ann@example.ca\n')
    assert rows(path) == [(2, 2, ["1", "Ann", "Lee", "ann@example.ca"])]


def test_the_line_in_which_excel_names_the_delimiter_is_obeyed(path: Path) -> None:
    path.write_text("sep=;\r\nFirst Name;Last Name;Email\r\nAnn;Lee;ann@example.ca\r\n")
    assert rows(path) == [(3, 3, ["Ann", "Lee", "ann@example.ca"])]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_ends_a_line(path: Path, end: str) -> None:
    path.write_bytes((HEADER + "Ann,Lee,ann@example.ca\n\nBo,Li,bo@example.ca").replace("\n", end).encode())
    assert rows(path) == [(2, 2, ["Ann", "Lee", "ann@example.ca"]), (4, 4, ["Bo", "Li", "bo@example.ca"])]


def test_rows_without_any_value_are_no_rows(path: Path) -> None:
    path.write_text("\n \n" + HEADER + "\n,,\n , ,\t\n,,,,\nAnn,Lee,ann@example.ca\n\n")
    assert [row[0] for row in rows(path)] == [8]


def test_empty_cells_beyond_the_last_column_are_dropped(path: Path) -> None:
    path.write_text(HEADER + "Ann,Lee,ann@example.ca,,\n")
    assert rows(path) == [(2, 2, ["Ann", "Lee", "ann@example.ca"])]


def test_a_cell_may_run_over_lines_and_hold_quotation_marks(path: Path) -> None:
    path.write_text(HEADER + '"Ann\nMarie","O""Hara, Jr",ann@example.ca\nBo,Li,bo@example.ca\n')
    assert rows(path) == [
        (2, 3, ["Ann\nMarie", 'O"Hara, Jr', "ann@example.ca"]),
        (4, 4, ["Bo", "Li", "bo@example.ca"]),
    ]


def test_signs_that_other_programs_take_for_line_ends_stay_in_their_cell(path: Path) -> None:
    path.write_text(HEADER + "A\x0bn\x85n,L\u2028ee,ann@example.ca\n")
    assert rows(path) == [(2, 2, ["A\x0bn\x85n", "L\u2028ee", "ann@example.ca"])]


def test_a_quotation_mark_that_is_never_closed_costs_its_own_row_only(path: Path) -> None:
    path.write_text(HEADER + 'Ann,"Lee,ann@example.ca\n' + "Bo,Li,bo@example.ca\n" * 3)
    first, *others = read(path)
    assert (first.line, first.last_line) == (2, 2)
    assert first.fault[0] == "A quotation mark opens here and is never closed."
    assert [(record.line, record.cells[0]) for record in others] == [(3, "Bo"), (4, "Bo"), (5, "Bo")]


def test_an_open_quotation_mark_swallows_no_row_up_to_the_next_one(path: Path) -> None:
    path.write_text(HEADER + 'Ann,"Lee,ann@example.ca\nBo,Li,bo@example.ca\nCy,"Lo",cy@example.ca\n')
    first, *others = read(path)
    assert first.fault[0]
    assert [(record.line, record.cells) for record in others] == [
        (3, ["Bo", "Li", "bo@example.ca"]),
        (4, ["Cy", "Lo", "cy@example.ca"]),
    ]


def test_signs_after_a_closing_quotation_mark_are_part_of_the_cell(path: Path) -> None:
    path.write_text(HEADER + '"Ann" ,"Lee"x, "ann@example.ca"\n"Bo"x,"Li,bo@example.ca\n')
    first, second = read(path)
    assert first.cells == ["Ann ", "Leex", "ann@example.ca"]
    assert (second.line, second.fault[0]) == (3, "A quotation mark opens here and is never closed.")


def test_a_row_over_too_many_lines_is_one_whose_quotation_mark_is_open(path: Path) -> None:
    path.write_text(HEADER + '"Ann\n' + "Bo,Li,bo@example.ca\n" * 1500 + '",Lee,ann@example.ca\n')
    records = read(path)
    assert records[0].fault[0]
    assert [record.line for record in records[1:1501]] == list(range(3, 1503))


def test_a_line_that_is_too_long_costs_its_own_row_only(path: Path) -> None:
    path.write_text(HEADER + "A" * (MOST_SIGNS + 5) + ",Lee,ann@example.ca\nBo,Li,bo@example.ca\n")
    long, other = read(path)
    assert long.fault[0] == "The line has more than 100,000 signs."
    assert (other.line, other.cells[0]) == (3, "Bo")


def test_an_endless_line_inside_an_open_cell_is_bounded_too(path: Path) -> None:
    path.write_text(HEADER + '"Ann\n' + "A" * (3 * MOST_SIGNS) + "\nBo,Li,bo@example.ca\n")
    opened, long, other = read(path)
    assert (opened.line, long.line, other.line, other.cells[0]) == (2, 3, 4, "Bo")


def test_a_line_of_a_hundred_megabytes_takes_no_such_memory(path: Path) -> None:
    with path.open("wb") as file:
        file.write(HEADER.encode())
        for _ in range(100):
            file.write(b"A" * 1_000_000)
        file.write(b"\nBo,Li,bo@example.ca\n")
    tracemalloc.start()
    try:
        long, other = read(path)
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()
    assert long.fault[0]
    assert other.cells[0] == "Bo"


@pytest.mark.parametrize("sign", ["\0", "\ufffd"])
def test_a_sign_that_cannot_be_read_marks_its_row(path: Path, sign: str) -> None:
    path.write_text(HEADER + f"A{sign}n,Lee,ann@example.ca\nBo,Li,bo@example.ca\n")
    assert [record.odd for record in read(path)] == [True, False]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty"),
        (b"\n\n  \n", "The file is empty"),
        (codecs.BOM_UTF8, "The file is empty"),
        (codecs.BOM_UTF32_LE + "First Name".encode("utf-32-le"), "UTF-32"),
        ("First Name,Last Name,Email\n".encode("utf-16-le"), "no text"),
        (b"A" * 500_000, "no end"),
        (b'"First Name,Last Name', "no end"),
    ],
)
def test_what_is_no_list_is_refused_as_a_whole(path: Path, content: bytes, words: str) -> None:
    path.write_bytes(content)
    with pytest.raises(Invalid, match=words) as refused:
        read(path)
    assert list(refused.value.problems) == ["file"]


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="No such file"):
        read(tmp_path / "nothing.csv")
    with pytest.raises(Invalid, match="cannot be read"):
        read(tmp_path / "nul\0.csv")


def test_a_folder_or_a_device_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, Path("/dev/zero")):
        with pytest.raises(Invalid, match="no file"):
            read(path)


def test_a_file_that_changes_while_it_is_read_is_noticed(path: Path) -> None:
    path.write_text(HEADER)
    with open_list(path) as file:
        file.refuse_changed()
        with path.open("a") as other:
            other.write("Ann,Lee,ann@example.ca\n")
        with pytest.raises(Refused, match="changed while it was read"):
            file.refuse_changed()
