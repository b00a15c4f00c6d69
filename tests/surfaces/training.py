"""The training mode in a pseudo-terminal, and scenes that are recorded there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.surfaces.conftest import TRAKDESK
from tests.surfaces.term import Term

FAST = "1000"
"""No pause is left, and everything is still waited for."""


def environment(home: Path) -> dict[str, str]:
    """Nothing of the machine's; the folder of the sandbox is made in `home`."""
    return {
        "HOME": str(home),
        "TMPDIR": str(home),
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "TERM": "xterm-256color",
    }


@contextmanager
def demo(home: Path, *words: str, size: tuple[int, int] = (120, 40)) -> Iterator[Term]:
    """`trakdesk demo` in a terminal of its own."""
    with Term([TRAKDESK, "demo", *words], *size, env=environment(home)) as term:
        yield term


def recorded(home: Path, scene: str, size: tuple[int, int], *, seconds: float = 120) -> Path:
    """The recording of a whole scene, played as fast as it goes; fails with the last screen if it came to a halt."""
    path = home / f"{scene.replace(' ', '-')}.cast"
    with demo(home, scene, "--autoplay", "--speed", FAST, "--record", str(path), size=size) as term:
        term.gone(seconds)
        assert term.process.exitstatus == 0, term.text
    return path
