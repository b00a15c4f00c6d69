"""How lists, uploads and what is in them are told: columns and rows of the tables."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from textual.content import Content

from screens.dialogs.upload_menus import NOT_TAKEN
from screens.widgets.virtual_table import Column
from services.clients.importing.choices import Choice, Dates
from services.clients.importing.dating import DATED
from services.clients.importing.folders import Entry
from services.clients.importing.headers import Faults, listed
from services.clients.importing.looking import ListLook
from services.clients.importing.preview import Preview
from services.clients.importing.problems import Problems
from services.clients.importing.report import Refusal
from services.clients.importing.touched import Touched
from services.clients.importing.uploads import UploadState, UploadView
from services.rows import TableRow
from services.when import show_moment

ENTRY_COLUMNS = (
    Column("name", "Name", 40, 20, flexible=True),
    Column("size", "Size", 9, align="right"),
    Column("changed", "Changed", 18, 12),
)
MAPPED_COLUMNS = (
    Column("header", "Column of the file", 24, 16, flexible=True),
    Column("examples", "Examples", 34, 14, flexible=True),
    Column("field", "Is taken as", 24, 22),
)
PROBLEM_COLUMNS = (
    Column("line", "Line", 9, 6, align="right"),
    Column("field", "Field", 18, 12),
    Column("value", "What stands there", 22, 17, hide_below=72),
    Column("reason", "What is wrong", 46, 30, flexible=True),
)
CHANGE_COLUMNS = (
    Column("line", "Line", 9, 6, align="right"),
    Column("name", "Client", 22, 14, flexible=True),
    Column("field", "Field", 20, 14),
    Column("old", "Is now", 22, 12, flexible=True),
    Column("new", "Becomes", 22, 12, flexible=True),
)
FIRST_COLUMNS = (
    Column("line", "Line", 9, 6, align="right"),
    Column("fate", "What", 11),
    Column("name", "Client", 22, 14, flexible=True),
    Column("email", "E-mail", 28, 16, flexible=True),
    Column("more", "Everything else", 40, 16, flexible=True, hide_below=100),
)
PARTS = {
    "problems": (PROBLEM_COLUMNS, "Nothing is wrong with any row."),
    "changes": (CHANGE_COLUMNS, "Nothing of a stored client changes."),
    "first": (FIRST_COLUMNS, "The list has no client."),
}
"""The lists of the preview, with what stands there when one is empty."""

UPLOAD_COLUMNS = (
    Column("file", "File", 26, 14, flexible=True),
    Column("when", "When", 18, 12),
    Column("by", "By", 18, 10, flexible=True, hide_below=72),
    Column("added", "Added", 9, 7, align="right"),
    Column("changed", "Changed", 9, 7, align="right", hide_below=64),
    Column("refused", "Refused", 9, 7, align="right", hide_below=66),
    Column("state", "State", 11),
)
TOUCHED_COLUMNS = (
    Column("name", "Client", 24, 16, flexible=True),
    Column("what", "What happened since", 32, 18, flexible=True),
    Column("who", "Who", 20, 12, flexible=True),
    Column("when", "When", 18, 12),
)

_FATES = {"new": ("+ new", "success"), "changed": ("~ changed", "warning"), "unchanged": ("= as it is", "muted")}
_STATES = {
    UploadState.DONE: ("● done", ""),
    UploadState.STOPPED: ("◐ stopped", "warning"),
    UploadState.UNDONE: ("✗ undone", "muted"),
}
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", ":": "colon"}
_ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows (1252)"}
_UNITS = ("B", "kB", "MB", "GB", "TB")


def size_words(octets: int) -> str:
    """A size as people know it: "223 kB"."""
    size = float(octets)
    for unit in _UNITS[:-1]:
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} {_UNITS[-1]}"


def entry_row(key: int, entry: Entry, now: datetime) -> TableRow:
    """A file or a folder."""
    if entry.is_folder:
        return TableRow(key, (f"▸ {entry.name}/", "", ""), ("accent",))
    changed = "" if entry.changed_at is None else show_moment(entry.changed_at, now)
    return TableRow(key, (f"  {entry.name}", size_words(entry.size), changed), ("", "muted", "muted"))


def file_words(look: ListLook) -> str:
    """What kind of file it is."""
    delimiter = _DELIMITERS.get(look.delimiter, look.delimiter)
    return f"{look.name} · {size_words(look.size)} · parted by {delimiter} · {_ENCODINGS[look.encoding]}"


def dates_words(look: ListLook, choice: Choice) -> str:
    """How dates are read, and how that is known."""
    if not any(column in DATED for column in choice.columns):
        return "no column that is taken holds any"
    found = look.order_found(choice.columns)
    how = {"mdy": "month first (03/04 is March 4)", "dmy": "day first (03/04 is April 3)", None: ""}
    if choice.dates is Dates.FOUND_OUT:
        return f"{how[found]}, found out" if found else "the file writes both ways: doubtful ones are refused"
    order = choice.dates.order(found)
    return f"{how[order]}, as you chose" if order else "doubtful ones are refused, as you chose"


def mapped_row(look: ListLook, choice: Choice, faults: Faults, place: int) -> TableRow:
    """A column of the file."""
    column, chosen = look.columns[place], choice.columns[place]
    field = NOT_TAKEN if chosen is None else chosen.value
    wrong = place in faults.beside
    mark = "error" if wrong else "muted" if chosen is None else "success"
    sign = "✗" if wrong else "–" if chosen is None else "✓"
    examples = " · ".join(column.examples)
    return TableRow(place, (column.header, examples, f"{sign} {field}"), ("", "muted", mark))


def missing_words(faults: Faults) -> str:
    """Which mandatory fields no column has."""
    return f"No column is taken as {listed(column.value for column in faults.missing)}." if faults.missing else ""


def problem_row(number: int, refusal: Refusal) -> TableRow:
    """A refusal."""
    cells = (f"{refusal.line:,}", refusal.field or "whole row", refusal.value, refusal.reason)
    return TableRow(number, cells, ("muted", "", "", "error"))


def told_of(part: str, key: int | None, problems: Problems, preview: Preview) -> Content:
    """What stands below a list of the preview: in full what the line under the cursor has no room for."""
    if key is None:
        return Content("")
    if part == "problems":
        refusal = problems.page([key])[key]
        return Content.assemble((refusal.reason, "bold"), f" {refusal.remedy}")
    if part == "changes":
        change = preview.changes[key]
        return Content.assemble((change.field, "bold"), f": {change.old or 'nothing'} → {change.new or 'nothing'}")
    return Content("Enter shows everything of this client.")


def details_of(part: str, key: int, problems: Problems, preview: Preview) -> tuple[str, list[tuple[str, str]]]:
    """Everything of one line of the preview: a title, and labels with what stands beside them."""
    if part == "changes":
        change = preview.changes[key]
        facts = [("Line", f"{change.line:,}"), ("Field", change.field)]
        return change.name, [*facts, ("Is now", change.old or "nothing"), ("Becomes", change.new or "nothing")]
    if part == "first":
        row = preview.rows[key]
        return f"{row.name} · {row.fate}", [("Line", f"{row.line:,}"), ("E-mail", row.email), *row.fields]
    refusal = problems.page([key])[key]
    ends = "" if refusal.line == refusal.last_line else f"–{refusal.last_line:,}"
    return "This row is refused", [
        ("Line", f"{refusal.line:,}{ends}"),
        ("Column", refusal.field or "the whole row"),
        ("Value", refusal.value),
        ("Reason", refusal.reason),
        ("What to do", refusal.remedy),
    ]


def change_rows(preview: Preview) -> Iterator[TableRow]:
    """The fields that would be changed."""
    for number, change in enumerate(preview.changes):
        cells = (f"{change.line:,}", change.name, change.field, change.old or "nothing", change.new or "nothing")
        yield TableRow(number, cells, ("muted", "", "", "" if change.old else "muted", "" if change.new else "muted"))


def first_rows(preview: Preview) -> Iterator[TableRow]:
    """The first clients."""
    for number, row in enumerate(preview.rows):
        word, mark = _FATES[row.fate]
        more = " · ".join(value for _, value in row.fields if value)
        cells = (f"{row.line:,}", word, row.name, row.email, more)
        yield TableRow(number, cells, ("muted", mark, "", "", "muted"))


def upload_row(upload: UploadView, now: datetime) -> TableRow:
    """An upload."""
    word, mark = _STATES[upload.state]
    counts = (f"{upload.added:,}", f"{upload.changed:,}", f"{upload.refused:,}")
    cells = (upload.file_name, show_moment(upload.started_at, now), upload.by, *counts, word)
    return TableRow(upload.id, cells, ("", "muted", "", "", "", "warning" if upload.refused else "", mark))


def upload_facts(upload: UploadView, now: datetime) -> list[tuple[str, str]]:
    """All that is known of an upload."""
    ended = "" if upload.finished_at is None else show_moment(upload.finished_at, now)
    undone = "" if upload.undone_at is None else f"{show_moment(upload.undone_at, now)}, by {upload.undone_by}"
    stopped = upload.state is UploadState.STOPPED
    return [
        ("Begun", f"{show_moment(upload.started_at, now)}, by {upload.by}"),
        ("Ended", ended),
        ("Goes on", "Choose the same file again: it goes on where it stopped." if stopped else ""),
        ("Rows", f"{upload.rows:,}"),
        ("Added", f"{upload.added:,} clients"),
        ("Changed", f"{upload.changed:,} clients"),
        ("Unchanged", f"{upload.unchanged:,} clients"),
        ("Refused", f"{upload.refused:,} rows"),
        ("Undone", undone),
    ]


def touched_row(touched: Touched, now: datetime) -> TableRow:
    """A client that is in the way of undoing."""
    return TableRow(
        touched.client_id,
        (touched.name, touched.what, touched.who, show_moment(touched.when, now)),
        ("", "", "", "muted"),
    )


class ProblemRows:
    """All refusals as the rows of a table."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems

    def first(self, count: int) -> list[TableRow]:
        """The first rows."""
        return list(self.rows(range(1, min(count, self._problems.count) + 1)).values())

    def keys(self, cancelled: Callable[[], bool]) -> array[int]:
        """The numbers of all."""
        return self._problems.numbers()

    def rows(self, keys: Sequence[int]) -> dict[int, TableRow]:
        """Those with these numbers."""
        return {number: problem_row(number, one) for number, one in self._problems.page(keys).items()}
