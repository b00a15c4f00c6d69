"""What the forms share that a link or a code from a mail opens."""

from __future__ import annotations

from abc import abstractmethod
from typing import Generic, TypeVar

from screens.form_screen import FormScreen
from screens.workplace import Workplace
from services.errors import Refused
from services.recovery_values import OpenedToken

T = TypeVar("T")


class OpenedForm(FormScreen[T], Generic[T]):
    """The link or code is used up by the form's verb; if it ended meanwhile, the form says so and closes."""

    def __init__(self, place: Workplace, link_or_code: str, email: str, opened: OpenedToken) -> None:
        """Show what it opens.

        Args:
            place: the workplace.
            link_or_code: what was pasted or typed.
            email: the address that was given with a code.
            opened: what it opens.
        """
        super().__init__(place)
        self.link_or_code = link_or_code
        self.email = email
        self.opened = opened

    @abstractmethod
    async def use_up(self) -> None:
        """Do what the link or code is for, and close."""

    async def submit(self) -> None:
        """Do it, or say why it cannot be done any more and go back to where a fresh mail can be had."""
        try:
            await self.use_up()
        except Refused as refusal:
            await self.tell(refusal)
            self.dismiss(None)
