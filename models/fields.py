"""Column types that store the same thing on SQLite and on PostgreSQL.

Both engines see integers and plain text only, so that order, equality and constraints cannot differ between them.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from peewee import BigIntegerField, CharField, Check, SmallIntegerField

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class MomentField(BigIntegerField):
    """A point in time: an aware UTC `datetime` in Python, whole milliseconds since 1970 in the table."""

    def db_value(self, value: Any) -> int | None:
        if isinstance(value, datetime):
            return (value - _EPOCH) // _MILLISECOND
        return None if value is None else int(value)

    def python_value(self, value: Any) -> datetime | None:
        return None if value is None else _EPOCH + int(value) * _MILLISECOND


class LineField(CharField):
    """A short text whose length the table enforces on both engines: SQLite ignores the length of a VARCHAR."""

    def bind(self, model: Any, name: str, set_attribute: bool = True) -> None:
        super().bind(model, name, set_attribute)
        self.constraints = [*(self.constraints or []), Check(self.condition())]

    def condition(self) -> str:
        """What holds for every value, as SQL."""
        return f"length({self.column_name}) <= {self.max_length}"


class DayField(LineField):
    """A calendar day: a `date` in Python, ISO text in the table (ten signs, which also sort by time)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=10, **kwargs)

    def db_value(self, value: Any) -> str | None:
        return value.isoformat() if isinstance(value, date) else value

    def python_value(self, value: Any) -> date | None:
        return date.fromisoformat(value) if value else None


class ScaledField(BigIntegerField):
    """A decimal with a fixed number of places, stored as a whole number of the smallest unit."""

    def __init__(self, places: int, **kwargs: Any) -> None:
        self.places = places
        super().__init__(**kwargs)

    def db_value(self, value: Any) -> int | None:
        if isinstance(value, Decimal):
            return int(value.scaleb(self.places).to_integral_value())
        return None if value is None else int(value)

    def python_value(self, value: Any) -> Decimal | None:
        return None if value is None else Decimal(int(value)).scaleb(-self.places)


class MoneyField(ScaledField):
    """An amount in the agency's currency, stored in cents."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(2, **kwargs)


class RateField(ScaledField):
    """A yearly interest rate in per cent, stored in thousandths of a per cent."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(3, **kwargs)


class FlagField(SmallIntegerField):
    """Yes or no, stored as 1 or 0: PostgreSQL's boolean would not sort and compare like SQLite's."""

    def bind(self, model: Any, name: str, set_attribute: bool = True) -> None:
        super().bind(model, name, set_attribute)
        self.constraints = [*(self.constraints or []), Check(f"{self.column_name} IN (0, 1)")]

    def db_value(self, value: Any) -> int | None:
        return None if value is None else int(bool(value))

    def python_value(self, value: Any) -> bool | None:
        return None if value is None else bool(value)


class ChoiceField(LineField):
    """One word out of an enumeration, which the table itself enforces."""

    def __init__(self, choices: type[StrEnum], **kwargs: Any) -> None:
        self.enumeration = choices
        super().__init__(max_length=20, **kwargs)

    def condition(self) -> str:
        words = ", ".join(f"'{choice.value}'" for choice in self.enumeration)
        return f"{self.column_name} IN ({words})"

    def db_value(self, value: Any) -> str | None:
        return None if value is None else str(self.enumeration(value))

    def python_value(self, value: Any) -> Any:
        return None if value is None else self.enumeration(value)
