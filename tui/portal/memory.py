"""What the sign-in form remembers, kept by the page in the person's own browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict

from services.remembered import Remembered
from tui.portal.protocol import Hello


class PageMemory:
    """Lives as long as the program; the page keeps it for the next one."""

    def __init__(self, hello: Hello, keep: Callable[[Mapping[str, str]], None]) -> None:
        """`keep` hands the page what it keeps, from any thread."""
        self._keep = keep
        self.meet(hello)

    def meet(self, hello: Hello) -> None:
        """Begin with what the page of whoever has come says."""
        told = hello.remembered
        self._kept = Remembered(told.get("company_code", ""), told.get("user_name", ""), hello.theme)

    def recall(self) -> Remembered:
        """What the page said when it came, or what it was given since."""
        return self._kept

    def keep(self, what: Remembered) -> None:
        """Give it to the page."""
        self._kept = what
        self._keep(asdict(what))
