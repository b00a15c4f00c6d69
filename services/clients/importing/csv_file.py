"""A CSV file that appears whole or not at all, for its owner only, and that is safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType

from services.clients.importing.formulas import protect
from services.errors import Invalid


class CsvFile:
    """Written beside its place under another name, and put there by `publish`.

    UTF-8 with a byte order mark, without which Excel takes it for Windows' own encoding. Rows are written inside a
    `with` block; leaving it without `publish` leaves no file. Raises Invalid for `field` when the disk says no.
    """

    def __init__(self, path: Path, field: str) -> None:
        self._path = path
        self._field = field
        self._draft = path.with_name(f".{path.name[:100]}.{secrets.token_hex(8)}")
        with self._told():
            if path.exists() and not path.is_file():
                raise Invalid({field: f"{path} is no ordinary file. Name another one."})
            handle = os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            self._file = os.fdopen(handle, "w", encoding="utf-8-sig", newline="", buffering=1 << 16)
        self._writer = csv.writer(self._file)

    def __enter__(self) -> CsvFile:
        return self

    def write(self, cells: Sequence[str]) -> None:
        """Add a row."""
        with self._told():
            self._writer.writerow([protect(cell) for cell in cells])

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
