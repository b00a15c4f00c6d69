"""What the lists of SSH keys share: one line for each key, its facts, and revoking it after a question."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from textual.binding import Binding, BindingType

from screens.dialogs.confirm import Confirm
from screens.revocable_list import MOMENT, RevocableList, exactly
from screens.widgets.menu import Menu
from services.ssh_keys.values import SshKeyView

_NO_COMMENT = "(no comment)"
_FINGERPRINT = 50


class KeyList(RevocableList[SshKeyView]):
    """A subclass says whose they are."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("x", "revoke", "Revoke", id="ssh_keys.revoke", tooltip="Let this key open nothing any more"),
        Binding("escape", "leave", "Back", key_display="Esc", id="ssh_keys.leave", tooltip="Back to where you were"),
    ]

    title_words = "SSH keys"
    heads = ("Comment", "Fingerprint", "Last used")

    @abstractmethod
    async def take_off(self, key: SshKeyView) -> None:
        """Revoke one."""

    @abstractmethod
    def what_ends(self, key: SshKeyView) -> Sequence[str]:
        """What follows from revoking it, line by line."""

    def make_menu(self) -> Menu:
        """The list."""
        return _List([])

    def cells(self, row: SshKeyView, when: str) -> Sequence[str]:
        """By what its owner knows it."""
        return row.comment or _NO_COMMENT, row.fingerprint, when

    def used(self, row: SshKeyView) -> datetime | None:
        """When somebody came with it last."""
        return row.used_at

    def widths(self, room: int) -> Sequence[int]:
        """A fingerprint stands whole as soon as there is room."""
        rest = max(30, room - MOMENT - 8)
        fingerprint = min(_FINGERPRINT, rest - min(20, rest // 3))
        return rest - fingerprint, fingerprint, MOMENT

    def facts(self, row: SshKeyView) -> tuple[str, Sequence[tuple[str, str]]]:
        """All of one."""
        told = [
            ("Fingerprint", row.fingerprint),
            ("Type", row.kind),
            ("Bound", f"{exactly(row.bound_at)} by {row.bound_by}"),
            ("Last used", exactly(row.used_at) if row.used_at else "never"),
        ]
        if row.revoked_at:
            told.append(("Revoked", f"{exactly(row.revoked_at)} by {row.revoked_by}"))
        return row.comment or _NO_COMMENT, told

    def question(self, row: SshKeyView) -> Confirm:
        """Which one, and what follows."""
        lines = [row.comment or _NO_COMMENT, row.fingerprint, "", *self.what_ends(row)]
        return Confirm("Revoke this key?", lines, yes="Revoke it", no="Keep it", dangerous=True)

    async def take_back(self, row: SshKeyView) -> str:
        """Take it off the account."""
        await self.take_off(row)
        return "The key is revoked."


class _List(Menu, inherit_bindings=True):
    """The list, whose Enter stands in the line of keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Open", key_display="Enter", id="ssh_keys.open", tooltip="All about this key"),
    ]
