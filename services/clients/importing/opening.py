"""Opens the file of a client list and finds out how it is written."""

from __future__ import annotations

import codecs
import hashlib
import io
import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from services.clients.importing.csv_file import CsvFile
from services.clients.importing.reading import SAVE_AS, UNREADABLE, Lines, unusable
from services.clients.importing.report import RefusalKeeper, Refusals
from services.errors import Invalid, Refused

_CHUNK = 1 << 20
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # UTF-32 is not taken, and its mark begins like that of UTF-16.
    (codecs.BOM_UTF32_LE, ""),
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class ListFile:
    """An open file of clients.

    Attributes:
        digest: SHA-256 of its bytes, by which the same file is known again.
        encoding: by the name that Python gives it.
        size: in bytes.
    """

    file: BinaryIO
    digest: str
    encoding: str
    size: int
    _changed_at: int

    def bytes_done(self) -> int:
        """How far the reading is; a little ahead of the rows."""
        return self.file.tell()

    @contextmanager
    def lines(self) -> Iterator[Lines]:
        """The lines from the beginning of the file."""
        self.file.seek(0)
        text = io.TextIOWrapper(self.file, self.encoding, errors="replace", newline="")
        try:
            yield Lines(text)
        finally:
            # A text reader that is thrown away closes the file under it.
            text.detach()

    def is_at(self, path: Path) -> bool:
        """Whether this is the file of that name."""
        try:
            return os.path.samestat(path.stat(), os.fstat(self.file.fileno()))
        except (OSError, ValueError):
            return False

    def refuse_changed(self) -> None:
        """Raise Refused if somebody wrote to the file while it was read."""
        found = os.fstat(self.file.fileno())
        if (found.st_size, found.st_mtime_ns) != (self.size, self._changed_at):
            raise Refused("The file was changed while it was read. Upload it again.")


@contextmanager
def open_upload(
    path: Path, report: Path | None, keeper: RefusalKeeper | None = None
) -> Iterator[tuple[ListFile, Refusals]]:
    """Open a list, and what takes its refusals. Raises Invalid for `file` or `report`."""
    with ExitStack() as stack:
        target = stack.enter_context(CsvFile(report, "report")) if report is not None else None
        file = stack.enter_context(open_list(path))
        if report is not None and file.is_at(report):
            raise Invalid({"report": "The report cannot take the place of the list. Name another file."})
        yield file, Refusals(target, keeper)


@contextmanager
def open_list(path: Path) -> Iterator[ListFile]:
    """Open a file and read it once to learn what it is. Raises Invalid for `file`."""
    try:
        # A named pipe would wait for a writer for ever.
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (OSError, ValueError) as error:
        words = error.strerror if isinstance(error, OSError) else str(error)
        raise unusable(f"The file cannot be read: {words}. Check its name.") from error
    found = os.fstat(handle)
    if not stat.S_ISREG(found.st_mode):
        os.close(handle)
        raise unusable("This is no file. Name the file that holds the clients.")
    with os.fdopen(handle, "rb", buffering=_CHUNK) as file:
        try:
            digest, encoding = _examine(file)
        except OSError as error:
            raise unusable(f"The file cannot be read: {error.strerror}. Copy it to this machine.") from error
        yield ListFile(file, digest, encoding, found.st_size, found.st_mtime_ns)


def _examine(file: BinaryIO) -> tuple[str, str]:
    """The digest and the encoding of a file."""
    start = file.read(4)
    file.seek(0)
    told = next((name for mark, name in _BYTE_ORDER_MARKS if start.startswith(mark)), None)
    if told == "":
        raise unusable(f"The file is written in UTF-32, which is not read. {SAVE_AS}")
    begins = file.read(_CHUNK)
    file.seek(0)
    if told is None and len(begins) == _CHUNK and 2 * begins.count(0) > _CHUNK:
        # Before all of it is read: what is named like a list and is none may be huge.
        raise unusable(f"The file is no text, or text of a kind that is not read. {SAVE_AS}")
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")()
    unreadable = readable = 0
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
        before = decoder.getstate()
        if told is not None or (chunk.isascii() and not before[0]):
            continue
        try:
            text = decoder.decode(chunk)
        except UnicodeDecodeError:
            decoder = codecs.getincrementaldecoder("utf-8")("replace")
            decoder.setstate(before)
            text = decoder.decode(chunk)
        if decoder.errors == "replace":
            unreadable += text.count(UNREADABLE)
        readable += len(text) - len(text.encode("ascii", "ignore"))
    if told is None:
        unreadable += bool(decoder.getstate()[0])
        # One spoilt sign does not turn a whole file of UTF-8 into another encoding: its row is refused instead.
        told = "utf-8" if 2 * unreadable <= readable else "cp1252"
    return digest.hexdigest(), told
