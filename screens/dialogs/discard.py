"""Asks before something typed is thrown away."""

from __future__ import annotations

from screens.dialogs.confirm import Confirm


class Discard(Confirm):
    """True if what was typed may go."""

    def __init__(self) -> None:
        super().__init__(
            "Discard what you typed?",
            ["It has not been saved anywhere."],
            yes="Discard it",
            no="Keep it",
            dangerous=True,
        )
