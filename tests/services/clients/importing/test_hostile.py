"""Whatever the bytes are: every row is taken or named, and nothing but the desk's own refusals comes out."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.clients.importing.headers import Column
from services.errors import DeskError
from tests.services.uploading import SAMPLE, Uploader, clients, counts

ENOUGH = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

HEADER = b"First Name,Last Name,Email,Phone,Birthday,Address,Rate\n"
PIECES = st.sampled_from(
    [
        *(
            b"Ann",
            b"Lee",
            b"ann@example.ca",
            b"bo@example.ca",
            b"1970-12-31",
            b"03/04/1970",
            b"3.79%",
            b"+1 519 555 0143",
        ),
        *(
            b",",
            b",",
            b",",
            b";",
            b"\n",
            b"\n",
            b"\r",
            b"\r\n",
            b'"',
            b'"',
            b'""',
            b"\t",
            b" ",
            b"\0",
            b"\xff",
            b"\xc3\xa9",
        ),
        *(b"\xef\xbb\xbf", b"\xff\xfe", b"\x1b[2J", b"\xe2\x80\xae", b"=1+1", b"'=1", b"\xed\xa0\x80", b"\x1a"),
    ]
)


@pytest.mark.slow
@ENOUGH
@given(content=st.binary(max_size=400) | st.lists(PIECES, max_size=60).map(b"".join))
def test_random_bytes_are_refused_in_words(upload: Uploader, content: bytes) -> None:
    path = upload.folder / "random.csv"
    path.write_bytes(content)
    try:
        upload(path, dry_run=True)
    except DeskError as refusal:
        assert refusal.sentence


@pytest.mark.slow
@ENOUGH
@given(content=st.lists(PIECES, max_size=80).map(b"".join))
def test_random_rows_are_counted_and_a_second_upload_changes_nothing(upload: Uploader, content: bytes) -> None:
    path = upload.folder / "random.csv"
    path.write_bytes(HEADER + content)
    tried = upload(path, dry_run=True, report=upload.folder / "tried.csv")
    report = upload(path, report=upload.folder / "done.csv")
    assert counts(tried) == counts(report)
    assert (upload.folder / "tried.csv").read_bytes() == (upload.folder / "done.csv").read_bytes()
    assert len({problem.line for problem in report.problems}) == report.refused
    again = upload(path)
    assert (again.added, again.changed) == (0, 0)
    assert (again.merged, again.refused) == (report.merged, report.refused)


CELL = st.text(st.characters(codec="utf-8"), max_size=12)


@pytest.mark.slow
@ENOUGH
@given(rows=st.lists(st.lists(CELL, min_size=12, max_size=12), max_size=5))
def test_no_text_in_any_cell_breaks_an_upload(upload: Uploader, rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([[column.value for column in Column], *rows])
    report = upload(text.getvalue(), dry_run=True)
    assert all(
        problem.line and (problem.field + problem.value + problem.sentence).isprintable() for problem in report.problems
    )


@pytest.mark.parametrize("place", range(0, 227_000, 22_700))
def test_a_byte_spoilt_anywhere_costs_its_own_rows_only(upload: Uploader, place: int) -> None:
    content = bytearray(SAMPLE.read_bytes())
    content[place + 200 : place + 204] = b'\0"\xff\n'
    report = upload(bytes(content), dry_run=True)
    assert 1 <= report.refused <= 4
    assert report.added >= 1199


def test_a_list_that_was_cut_off_keeps_its_whole_rows(upload: Uploader) -> None:
    upload(SAMPLE.read_bytes()[:50_005])
    assert len(clients(upload.desk.ctx)) > 250
