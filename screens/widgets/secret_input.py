"""An input for secrets: masked, and deaf to copying."""

from __future__ import annotations

from typing import Any, ClassVar

from screens.widgets.line_input import LineInput


class SecretInput(LineInput):
    """Textual's own password input hands its clear text to the terminal's clipboard on ctrl+c; this one does not.

    Showing the text on the screen changes nothing about that.
    """

    # A password that lost its end on the way in would lock its owner out.
    takes_first_line: ClassVar[bool] = False

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(password=True, **kwargs)

    def action_copy(self) -> None:
        """A secret is not copied."""

    def action_cut(self) -> None:
        """A secret is not cut."""

    @property
    def selected_text(self) -> str:
        """Nothing of a secret can be taken by selecting it."""
        return ""
