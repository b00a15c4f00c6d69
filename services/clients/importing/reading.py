"""From a text to its rows, in bounded memory, whatever the text is."""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from services.errors import Invalid

MOST_SIGNS = 100_000
"""Of one row."""

MOST_LINES = 1_000
"""Over which one row may run."""

MOST_CELL = 10_000
"""Signs of one cell."""

UNREADABLE = "\ufffd"
"""Stands for what could not be decoded."""
_DELIMITERS = ",;\t|"
_DELIMITER_LINE = re.compile(r"(?i)sep=[,;|:\t][\r\n]*")
"""Excel's own way to name the delimiter."""
SAVE_AS = "Save it as CSV UTF-8, then upload again."


@dataclass(frozen=True, slots=True)
class Record:
    """One row of the file.

    Attributes:
        line: where it begins, counted from 1; last_line: where it ends.
        fault: why its cells cannot be told apart, with what to do; empty if they can.
        odd: whether a sign that cannot be read or a very long cell is in it, which wants a closer look.
    """

    line: int
    last_line: int
    cells: list[str]
    fault: tuple[str, str] = ("", "")
    odd: bool = False


class Lines:
    """The physical lines of a text, each of bounded length, for a reader that may give them back."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self.number = 0
        self.pulled: list[str] = []
        """Those handed out since the last `begin`."""
        self._text = text
        self._returned: deque[str] = deque()
        self._signs = 0

    def begin(self) -> None:
        """A row ends here; the next line begins another."""
        self.pulled.clear()
        self._signs = 0

    def give_back(self) -> None:
        """All lines of this row but its first become rows of their own."""
        self.number -= len(self.pulled) - 1
        self._returned.extendleft(reversed(self.pulled[1:]))

    def skip_rest(self) -> None:
        """Forget the rest of a line that is too long."""
        while True:
            part = self._read()
            if not part or part[-1] in "\r\n":
                return

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        text = self._returned.popleft() if self._returned else self._read()
        if not text:
            if self.pulled:
                raise _Unclosed
            raise StopIteration
        self.number += 1
        self.pulled.append(text)
        self._signs += len(text)
        if self._signs > MOST_SIGNS or len(self.pulled) > MOST_LINES:
            raise _TooLong if len(self.pulled) == 1 else _Unclosed
        return text

    def _read(self) -> str:
        try:
            return self._text.readline(MOST_SIGNS + 1)
        except OSError as error:
            raise unusable(f"The file cannot be read on: {error.strerror}. Upload it again.") from error


class Records:
    """The rows of a text after its header.

    Args:
        least, most: cells of a whole row. A row over several lines with another number is one whose quotation mark was
            never closed: only its first line is at fault, the others are rows of their own.
    """

    def __init__(self, lines: Lines, delimiter: str, least: int, most: int) -> None:
        self._lines = lines
        self._least, self._most = least, most
        self._delimiter = delimiter
        # Strict, so that a mark that opens a cell in this row and one in the next make no cell together.
        self._reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)

    def __iter__(self) -> Iterator[Record]:
        lines, least, most = self._lines, self._least, self._most
        while True:
            lines.begin()
            line = lines.number + 1
            try:
                cells = self._next()
            except StopIteration:
                return
            except _Unclosed:
                yield self._unclosed(line)
                continue
            except _TooLong:
                yield self._too_long(line)
                continue
            if not (cells and cells[0]) and not "".join(cells).strip():
                continue
            if len(cells) > most and not "".join(cells[most:]).strip():
                del cells[most:]
            if len(lines.pulled) > 1 and not least <= len(cells) <= most:
                yield self._unclosed(line)
                continue
            text = lines.pulled[0] if len(lines.pulled) == 1 else "".join(lines.pulled)
            odd = len(text) > MOST_CELL or UNREADABLE in text or "\0" in text
            yield Record(line, lines.number, cells, odd=odd)

    def _next(self) -> list[str]:
        try:
            return next(self._reader)
        except csv.Error as error:
            if len(self._lines.pulled) > 1:
                raise _Unclosed from error
            # Within one line, signs between a quotation mark and the delimiter are harmless.
            lenient = csv.reader(_alone(self._lines.pulled[0]), delimiter=self._delimiter, skipinitialspace=True)
            return next(lenient)

    def _unclosed(self, line: int) -> Record:
        self._lines.give_back()
        remedy = 'Close it, or write "" for a quotation mark inside a cell.'
        return Record(line, line, [self._lines.pulled[0]], ("A quotation mark opens here and is never closed.", remedy))

    def _too_long(self, line: int) -> Record:
        start = self._lines.pulled[0]
        if start[-1] not in "\r\n":
            self._lines.skip_rest()
        reason = f"The line has more than {MOST_SIGNS:,} signs."
        return Record(line, line, [start], (reason, "Check whether its end is missing."))


def read_first_row(lines: Lines, known: Callable[[str], bool]) -> tuple[list[str], str]:
    """The cells of the first row that is not empty, and the delimiter of which it makes the most sense.

    Args:
        known: whether a cell is a header that is understood.

    Raises Invalid for `file`.
    """
    try:
        text, delimiters = _first_text(lines)
    except (_TooLong, _Unclosed) as error:
        raise unusable(f"The first row of the file has no end, so this is no list. {SAVE_AS}") from error
    if not text:
        raise unusable("The file is empty. Name the file that holds the clients.")
    if "\0" in text:
        raise unusable(f"The file is no text, or text of a kind that is not read. {SAVE_AS}")
    best: tuple[int, int] = (-1, -1)
    cells: list[str] = []
    delimiter = delimiters[0]
    for sign in delimiters:
        try:
            row = next(csv.reader([text], delimiter=sign, skipinitialspace=True), [])
        except csv.Error:
            continue
        score = (sum(map(known, row)), len(row))
        if score > best:
            best, cells, delimiter = score, row, sign
    lines.begin()
    return cells, delimiter


def _first_text(lines: Lines) -> tuple[str, str]:
    """The first row as it stands, over more than one line if a quotation mark is open; and the delimiters to try."""
    delimiters = _DELIMITERS
    text = ""
    for line in lines:
        if not text and not line.strip():
            lines.begin()
            continue
        if not text and _DELIMITER_LINE.fullmatch(line):
            delimiters = line[4]
            lines.begin()
            continue
        text += line
        if text.count('"') % 2 == 0:
            break
    return text, delimiters


def _alone(text: str) -> Iterator[str]:
    yield text
    raise _Unclosed


def unusable(sentence: str) -> Invalid:
    """The refusal of a whole file."""
    return Invalid({"file": sentence})


class _Unclosed(Exception):
    """A quotation mark was opened in this row and not closed."""


class _TooLong(Exception):
    """A line has more signs than are read."""
