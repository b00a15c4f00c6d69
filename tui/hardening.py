"""What a process that faces strangers gives up: its environment, its memory image, and life after its parent."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Mapping
from types import TracebackType

from tui import terminal
from tui.faults import write_down

_KEPT = ("HOME", "PATH", "LANG", "TERM", "COLORTERM", "TZ", "XDG_DATA_HOME", "NO_COLOR")
_KEPT_BEGINNINGS = ("LC_", "TRAKDESK_")

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4


def small_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables that such a process needs; every other one could drive it, watch it, or load code into it."""
    return {name: value for name, value in environment.items() if name in _KEPT or name.startswith(_KEPT_BEGINNINGS)}


def python_command(module: str, *words: str) -> list[str]:
    """The command of a process of our own: a Python that takes nothing from variables, folders or users."""
    return [sys.executable, "-I", "-X", "utf8", "-W", "ignore", "-m", module, *words]


def harden() -> None:
    """No core dump, no look into the memory by others of the same user, no traceback on the terminal."""
    terminal.forbid_core_dumps()
    _prctl(_PR_SET_DUMPABLE, 0)
    sys.excepthook = _write_down
    threading.excepthook = _thread_ended


def end_with_parent(by: signal.Signals = signal.SIGTERM, parent: int = 0) -> None:
    """Have this process sent `by` when its parent dies, however that happens; `parent` is who it was, if known."""
    parent = parent or os.getppid()
    _prctl(_PR_SET_PDEATHSIG, by)
    if os.getppid() != parent:
        os.kill(os.getpid(), by)


def _thread_ended(told: threading.ExceptHookArgs) -> None:
    # A terminal that has gone is no fault: what Textual still wanted to write to it has nowhere to go.
    if isinstance(told.exc_value, OSError) and told.thread is not None and told.thread.name == "textual-output":
        return
    _write_down(told.exc_type, told.exc_value, told.exc_traceback)


def _write_down(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    write_down((error or kind()).with_traceback(trace))


def _prctl(option: int, value: int) -> None:
    # Linux alone has it; elsewhere a process runs without.
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)
