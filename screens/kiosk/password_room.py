"""Where a new password is typed at a kiosk, once it is known whose it will be."""

from __future__ import annotations

from textual.containers import Vertical

from screens.widgets import forms
from screens.widgets.password_chooser import PasswordChooser
from services.credentials.passwords import Secret
from services.credentials.policy import About, PasswordPolicy


class PasswordRoom(Vertical):
    """Empty until somebody's rules are here."""

    DEFAULT_CSS = """
    PasswordRoom { height: auto; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._offered: tuple[PasswordPolicy, About, bool] | None = None

    @property
    def secret(self) -> Secret | None:
        """What was typed; None as long as there is nowhere to type."""
        choosers = self.query(PasswordChooser)
        return choosers.last().secret if choosers else None

    def offer(self, policy: PasswordPolicy, about: About, *, replaces: bool = False) -> None:
        """Fields for this account; those that are here already stay, with what was typed."""
        if (policy, about, replaces) == self._offered:
            return
        self._offered = (policy, about, replaces)
        self.remove_children()
        self.mount(PasswordChooser(policy, about, replaces=replaces))

    def begin(self) -> None:
        """Type; the fields may just have come."""
        self.call_after_refresh(forms.focus_first_empty, self)
