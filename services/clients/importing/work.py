"""What a batch is about: clients as the list has them, and what is to be done for each."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from peewee import Field

from models.client import Mortgage
from services.clients.importing.earlier import Stated
from services.clients.importing.headers import Column
from services.clients.importing.report import Counts, Refusal
from services.clients.importing.rows import Value
from services.rules import Email

FIGURE_FIELDS: dict[Column, Field[Any]] = {
    Column.BALANCE: Mortgage.balance,
    Column.RATE: Mortgage.rate,
    Column.RENEWAL: Mortgage.renewal_on,
    Column.PAYMENT: Mortgage.payment,
    Column.PAYMENT_EVERY: Mortgage.payment_every,
    Column.TERM: Mortgage.term_months,
    Column.AMORTISATION: Mortgage.amortisation_months,
    Column.BEGAN: Mortgage.anniversary_on,
}


@dataclass(slots=True)
class Home:
    """A property of a client; without an id it is new.

    Attributes:
        value: what it is worth, as it shall be stored; stored_value: as it is.
        version: as it is stored.
        is_new: whether this batch brings it.
    """

    id: int | None
    address: str
    value: Decimal | None = None
    stored_value: Decimal | None = None
    version: int = 1
    is_new: bool = True

    @property
    def changed(self) -> bool:
        """Whether a stored one is worth something else now."""
        return not self.is_new and self.value != self.stored_value


@dataclass(slots=True)
class HeldLoan:
    """A loan of a client; without an id it is new, and on the property with its address.

    Attributes:
        figures: what changes over its life; those of a new one only as far as the file has them.
        stored: the values of all figures as they stand in the table, in the order of `FIGURE_FIELDS`.
        changed: whether the figures differ from the stored ones.
    """

    id: int | None
    home_id: int | None
    address_key: str
    lender: str
    lender_key: str
    figures: dict[Column, Any]
    stored: tuple[Any, ...] = ()
    changed: bool = False


@dataclass(slots=True)
class StoredClient:
    """A client as the list has it, with the loans if the file names any.

    Attributes:
        added_here, changed_here: whether the running upload added or changed the client.
        person: all fields of `PERSON`.
        homes: by the key of their address; of two with the same one the older.
        properties: all of them by number.
        loans: oldest first.
    """

    id: int
    version: int
    identity_id: int | None
    email: str
    person: dict[Column, Any]
    added_here: bool = False
    changed_here: bool = False
    homes: dict[str, Home] = field(default_factory=dict)
    properties: dict[int, Home] = field(default_factory=dict)
    loans: list[HeldLoan] = field(default_factory=list)


@dataclass(slots=True)
class Work:
    """What is to be done for one client of the batch.

    Attributes:
        stored: as the list has it; None for a new one.
        person: what the file says, in the order of the layout.
        changed: the fields to be changed, with the stored value and the new one.
        begins: whether the first row of this client is in this batch.
        anniversary: what follows from the mortgages, in the place of what is stored; None if that stays.
        homes, loans: all of them, new and stored ones.
    """

    email: Email
    stored: StoredClient | None
    person: tuple[Value, ...]
    stated: Stated
    begins: bool
    changed: dict[Column, tuple[Any, Any]] = field(default_factory=dict)
    anniversary: int | None = None
    homes: dict[str, Home] = field(default_factory=dict)
    loans: list[HeldLoan] = field(default_factory=list)

    @property
    def has_changes(self) -> bool:
        """Whether anything of a stored client changes."""
        return bool(self.changed) or self.has_new_loans or any(home.changed for home in self.homes.values())

    @property
    def has_new_loans(self) -> bool:
        """Whether a property is new, or a loan new or changed."""
        return any(home.is_new for home in self.homes.values()) or any(
            loan.id is None or loan.changed for loan in self.loans
        )

    @property
    def changed_homes(self) -> list[Home]:
        """The stored properties on which something changes, be it only a loan."""
        if self.stored is None:
            return []
        homes = {home.id: home for home in self.homes.values() if home.changed}
        for loan in self.loans:
            if loan.id is None:
                home = self.homes[loan.address_key]
                if not home.is_new:
                    homes[home.id] = home
            elif loan.changed and loan.home_id is not None:
                homes[loan.home_id] = self.stored.properties[loan.home_id]
        return list(homes.values())


@dataclass(slots=True)
class Plan:
    """The outcome for a batch.

    Attributes:
        counts: a client that earlier batches left unchanged may move to the changed ones here.
    """

    works: list[Work]
    counts: Counts
    refusals: list[Refusal]
