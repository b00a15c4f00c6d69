"""The clock by which countdowns go, moved by hand."""

from __future__ import annotations

import pytest

from screens.widgets import countdown


class ScreenTime:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now

    def govern(self, monkeypatch: pytest.MonkeyPatch) -> ScreenTime:
        """Take the place of the machine's clock in every countdown."""
        monkeypatch.setattr(countdown, "monotonic", self)
        return self
