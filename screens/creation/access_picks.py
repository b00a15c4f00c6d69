"""The list in which one picks what an account may do, and ticks whose people it sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.message import Message

from models.states import Role
from screens.widgets.menu import Choice, PickList
from services.creation.values import OfficeChoice

_ROLE, _OFFICE = "role", "office"


class AccessPicks(PickList):
    """The roles, one of which is picked, and below them the offices; where nothing can be chosen, nothing stands."""

    @dataclass
    class Picked(Message):
        """Something was picked, ticked or unticked."""

    def __init__(
        self, roles: Sequence[Role], role: Role, offices: Sequence[OfficeChoice], ticked: Sequence[int]
    ) -> None:
        """`role` and `ticked` are what stands there at first."""
        self._role = role
        choices = [Choice("", "Role")] if roles else []
        choices += [Choice(f"{_ROLE}:{each.value}", each.value, _ROLE) for each in roles]
        choices += [Choice("", "Offices")] if offices else []
        choices += [Choice(f"{_OFFICE}:{office.id}", office.name) for office in offices]
        super().__init__(choices, [f"{_ROLE}:{role.value}", *(f"{_OFFICE}:{office}" for office in ticked)])

    @property
    def role(self) -> Role:
        """The role that is picked."""
        return next((Role(value) for value in self._values(_ROLE)), self._role)

    @property
    def offices(self) -> tuple[int, ...]:
        """The numbers of the offices that are ticked."""
        return tuple(sorted(int(value) for value in self._values(_OFFICE)))

    def choose(self, role: str, offices: Sequence[str]) -> None:
        """Pick just these, as far as they stand there."""
        wanted = {f"{_ROLE}:{role}", *(f"{_OFFICE}:{office}" for office in offices)}
        for key in [choice.id for choice in self.options if choice.id]:
            if (key in wanted) != (key in self.picked) and (key in wanted or key.startswith(_OFFICE)):
                self.pick(key)

    def pick(self, key: str) -> None:
        """Pick it, and tell the screen."""
        super().pick(key)
        self.post_message(self.Picked())

    def _values(self, kind: str) -> list[str]:
        keys = [key.partition(":") for key in self.picked]
        return [value for group, _, value in keys if group == kind]
