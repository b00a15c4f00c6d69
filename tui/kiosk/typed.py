"""What a kiosk takes of what comes from its keyboard: a bounded number of signs, short pastes, and nothing else."""

from __future__ import annotations

import unicodedata
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from dataclasses import dataclass

LONGEST_PASTE = 500
"""Signs of a paste that count; the rest is dropped."""

PASTE_PATIENCE = 1.0
"""Seconds of silence after which a paste that never ended has ended."""

PASTE_LASTS = 3.0
"""Seconds after which one has ended in which so little has come that it can only be somebody who types."""

BURST = 1000
"""Keys and clicks without a pause beyond which they are dropped: neither people nor readers of bar codes make more."""

_BEGIN = "\x1b[200~"
_END = "\x1b[201~"


@dataclass(frozen=True, slots=True)
class Pasted:
    """A whole paste, shortened and without control characters."""

    text: str


def harmless(text: str) -> str:
    """The part of a paste that a kiosk takes."""
    kept = text[: 8 * LONGEST_PASTE]
    return "".join(sign for sign in kept if unicodedata.category(sign) not in ("Cc", "Cs", "Cn"))[:LONGEST_PASTE]


class Typed:
    """Parts the octets of a terminal into keystrokes and pastes, whatever the octets are and wherever they are cut.

    A paste that never ends would swallow all that is typed from then on, so its time is limited.
    """

    def __init__(self, clean: Callable[[str], str] = harmless, most: int = 8 * LONGEST_PASTE) -> None:
        """`clean` is what is taken of a paste, of which `most` signs are kept."""
        self._clean = clean
        self._most = most
        self._decode = getincrementaldecoder("utf-8")("replace").decode
        self._held = ""
        self._paste: list[str] | None = None
        self._length = 0
        self._begun = self._since = 0.0

    def feed(self, octets: bytes, now: float) -> Iterator[str | Pasted]:
        """What these octets hold, in their order: text for the parser of keys, and pastes."""
        if self._paste is not None and now - self._begun >= PASTE_LASTS and self._length < self._most:
            self._held = ""
            yield from self._turn(now)
        text = self._held + self._decode(octets)
        self._held = ""
        self._since = now
        while text:
            mark = _BEGIN if self._paste is None else _END
            before, found, after = text.partition(mark)
            if not found:
                cut = _beginning_of(mark, text)
                before, self._held = text[: len(text) - cut], text[len(text) - cut :]
            yield from self._take(before)
            if found:
                yield from self._turn(now)
            text = after

    def tick(self, now: float) -> Iterator[str | Pasted]:
        """What counts now that nothing has come for a while: the beginning of a mark was a key of its own."""
        if self._held and self._paste is None:
            held, self._held = self._held, ""
            yield held
        if self._paste is not None and now - self._since >= PASTE_PATIENCE:
            self._held = ""
            yield from self._turn(now)

    def _take(self, text: str) -> Iterator[str]:
        if self._paste is None:
            if text:
                yield text
        elif self._length < self._most:
            self._paste.append(text)
            self._length += len(text)

    def _turn(self, now: float) -> Iterator[Pasted]:
        """From typing to a paste, or back."""
        if self._paste is None:
            self._paste, self._length, self._begun = [], 0, now
            return
        pasted, self._paste = self._clean("".join(self._paste)), None
        if pasted:
            yield Pasted(pasted)


class Allowance:
    """How many keys and clicks are taken without a pause: a flood of them must not keep the kiosk busy for minutes."""

    def __init__(self) -> None:
        self._left = BURST

    def paused(self) -> None:
        """Nothing has come for a moment."""
        self._left = BURST

    def take(self) -> bool:
        """Whether one more is taken."""
        self._left -= 1
        return self._left >= 0


def _beginning_of(mark: str, text: str) -> int:
    """How many signs at the end of the text may be the beginning of the mark."""
    return next((size for size in range(min(len(mark) - 1, len(text)), 0, -1) if text.endswith(mark[:size])), 0)
