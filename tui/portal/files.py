"""The page and its files: read once at the start, and nothing else is ever served."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

import textual_serve

PAGE = Path(__file__).with_name("page")
INDEX = "index.html"

_FROM_TEXTUAL_SERVE = {"textual.js": "static/js/textual.js", "xterm.css": "static/css/xterm.css"}

_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
    ".txt": "text/plain; charset=utf-8",
}
_SMALL_ALREADY = (".woff2", ".png", ".ttf", ".ico")
_MADE_ELSEWHERE = (".py", ".pyc", ".md")

FOR_EVER = "public, max-age=31536000, immutable"
"""For an address that names the version of what it serves."""

ASK_AGAIN = "no-cache"
"""For one that does not: kept, but asked for with its tag each time."""

_NAMED = re.compile(r'(?<=["\'])static/([\w./-]+)(?=["\'])')


@dataclass(frozen=True, slots=True)
class File:
    """One file as it is served.

    Attributes:
        tag: changes with its content.
        packed: the same, compressed; empty where that gains nothing.
    """

    octets: bytes
    kind: str
    tag: str
    packed: bytes = b""


def read_files(page: Path = PAGE) -> dict[str, File]:
    """Every file by its name below `static/`."""
    served = Path(textual_serve.__file__).parent
    found = {name: _read(served / path) for name, path in _FROM_TEXTUAL_SERVE.items()}
    for path in sorted(page.rglob("*")):
        if path.is_file() and path.suffix not in _MADE_ELSEWHERE and path.name != INDEX:
            found[path.relative_to(page).as_posix()] = _read(path)
    return found


def read_index(files: dict[str, File], page: Path = PAGE) -> File:
    """The page, whose addresses of files name their versions."""

    def versioned(match: re.Match[str]) -> str:
        file = files.get(match[1])
        return f"static/{match[1]}?v={file.tag}" if file else match[0]

    text = (page / INDEX).read_text(encoding="utf-8")
    return _file(_NAMED.sub(versioned, text).encode(), ".html")


def _read(path: Path) -> File:
    return _file(path.read_bytes(), path.suffix)


def _file(octets: bytes, suffix: str) -> File:
    kind = _TYPES.get(suffix) or mimetypes.types_map.get(suffix, "application/octet-stream")
    packed = b"" if suffix in _SMALL_ALREADY else gzip.compress(octets, 9, mtime=0)
    tag = hashlib.sha256(octets).hexdigest()[:16]
    return File(octets, kind, tag, packed if len(packed) < 0.9 * len(octets) else b"")
