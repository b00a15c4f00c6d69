"""Files that appear whole or not at all, for their owner only; a CSV file is safe to open in a spreadsheet too."""

from __future__ import annotations

import csv
import io
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Self

from services.clients.importing.formulas import protect
from services.errors import Invalid


def csv_line(cells: Sequence[str | Decimal | int]) -> str:
    """A row of a CSV file with its line end; no text in it is taken for a formula, and a number stays one."""
    line = io.StringIO()
    csv.writer(line).writerow([protect(cell) if isinstance(cell, str) else cell for cell in cells])
    return line.getvalue()


class NewFile:
    """Written beside its place under another name, inside a `with` block, and put there by `publish`.

    Leaving it without `publish` leaves no file. Raises Invalid for `field` when the disk says no.
    """

    encoding = "utf-8"

    def __init__(self, path: Path, field: str) -> None:
        self._path = path
        self._field = field
        self._draft = path.with_name(f".{path.name[:100]}.{secrets.token_hex(8)}")
        with self._told():
            if path.exists() and not path.is_file():
                raise Invalid({field: f"{path} is no ordinary file. Name another one."})
            handle = os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            self._file = os.fdopen(handle, "w", encoding=self.encoding, newline="", buffering=1 << 16)

    def __enter__(self) -> Self:
        return self

    def publish(self) -> None:
        """Put the file in its place, over an older one."""
        with self._told():
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._draft.replace(self._path)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # What could not be written is thrown away next; the write that failed has been told.
        with suppress(OSError):
            self._file.close()
        self._draft.unlink(missing_ok=True)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError) as error:
            words = error.strerror if isinstance(error, OSError) else str(error)
            raise Invalid(
                {self._field: f"{self._path} cannot be written: {words}. Name another file, or make room for it."}
            ) from error


class CsvFile(NewFile):
    """In UTF-8 with a byte order mark, without which Excel takes it for Windows' own encoding."""

    encoding = "utf-8-sig"

    def write(self, cells: Sequence[str | Decimal | int]) -> None:
        """Add a row."""
        with self._told():
            self._file.write(csv_line(cells))


class LineFile(NewFile):
    """In plain ASCII, one text a line."""

    encoding = "ascii"

    def write(self, line: str) -> None:
        """Add a line."""
        with self._told():
            self._file.write(f"{line}\n")
