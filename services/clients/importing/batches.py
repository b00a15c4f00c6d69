"""The rows of a file in the portions that are compared and stored together."""

from __future__ import annotations

from dataclasses import dataclass, field

from services.clients.importing.report import Refusal
from services.clients.importing.rows import Row


@dataclass(slots=True)
class Batch:
    """Rows that hold, the refusals of those that do not, and how many these are.

    Attributes:
        most: rows of one client beyond which it ends all the same; a file of one client only does not go on for ever.
    """

    most: int
    rows: list[Row] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    refused: int = 0

    @property
    def size(self) -> int:
        """Rows of both kinds."""
        return len(self.rows) + self.refused

    def add(self, cleaned: Row | list[Refusal]) -> None:
        """Take a row or its refusals."""
        if isinstance(cleaned, Row):
            self.rows.append(cleaned)
        else:
            self.refusals += cleaned
            self.refused += 1

    def goes_on_with(self, cleaned: Row | list[Refusal]) -> bool:
        """Whether the row is of the client of the last one."""
        if not isinstance(cleaned, Row) or not self.rows or self.size >= self.most:
            return False
        return cleaned.email.key == self.rows[-1].email.key
