"""The words and keys that the screens about clients share."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from screens.widgets.virtual_table import Column
from services.clients.rows import CLIENT_COLUMNS
from services.clients.values import ClientFields, PersonAction, SortColumn
from services.conventions import Conventions
from services.person_key import PersonKind
from services.rules import clean_birth_date, clean_email, clean_name, clean_phone
from services.text import safe

DIM = "$foreground-muted"
"""The style of what is less important within a text; `$text-muted` means something in style sheets only."""

TAB_TITLES = {PersonKind.CLIENT: "Clients", PersonKind.STAFF: "Office staff"}
"""Where one is, at the top of the screens about one person."""

ACTION_KEYS = {
    PersonAction.PROPERTIES: "o",
    PersonAction.ANALYTICS: "l",
    PersonAction.EDIT: "e",
    PersonAction.IDENTITY: "i",
    PersonAction.WELCOME: "w",
    PersonAction.RESET: "r",
    PersonAction.RESEND_WELCOME: "w",
    PersonAction.TEMPORARY: "t",
    PersonAction.RESET_ADDRESS: "a",
    PersonAction.CLEAR_FACTOR: "x",
    PersonAction.SSH_KEYS: "z",
    PersonAction.DEACTIVATE: "d",
    PersonAction.REACTIVATE: "d",
    PersonAction.VERIFY: "v",
    PersonAction.WHY: "y",
    PersonAction.HISTORY: "h",
}
"""The key of an action, in the table and in the Actions menu alike."""

COLUMN_WORDS = {column.key: column.title for column in CLIENT_COLUMNS}
"""The columns of the client table in full, in the order of the cells of a row."""

OPTIONAL_COLUMNS = frozenset(column.key for column in CLIENT_COLUMNS if column.optional)
"""Columns that are shown only when somebody asks for them."""

SORT_KEYS = {
    SortColumn.NAME: "n",
    SortColumn.ANNIVERSARY: "a",
    SortColumn.RENEWAL: "r",
    SortColumn.RATE: "m",
    SortColumn.BIRTHDAY: "b",
    SortColumn.SUBSCRIPTION: "s",
    SortColumn.ACCESS: "c",
}
"""The letter of a column in the sort menu."""

LONGEST_NAME = 60
"""Signs of a name that a sentence has room for."""

TABLE_COLUMNS = (
    # With the titles short and the gaps narrow, all seven of the client-reset seed stand in 80 columns.
    Column("name", "Name", 18, 12, flexible=True),
    Column("anniversary", "Anniv", 6, hide_below=72),
    Column("renewal", "Renewal", 10),
    Column("rate", "Rate", 12, 12, flexible=True),
    Column("birthday", "Born", 6, hide_below=68),
    Column("subscription", "Subscr.", 8, hide_below=76),
    Column("access", "Access", 15),
    Column("email", "E-mail", 28, 16, flexible=True, hide_below=110),
    Column("phone", "Phone", 16, 14, hide_below=100),
)


def field_shown(field: str, fields: ClientFields, written: Conventions) -> str:
    """The value of a field as people read it."""
    if field == "subscribed":
        return "Enabled" if fields.subscribed else "Disabled"
    value = str(getattr(fields, field))
    if field == "phone" and value.startswith("+"):
        return written.phone(value)
    return value or "(empty)"


def as_shown(fields: ClientFields, written: Conventions) -> ClientFields:
    """Stored fields as a form shows them."""
    return replace(fields, phone=written.phone(fields.phone))


def cleaned(typed: ClientFields, today: date) -> ClientFields:
    """Fields that hold, as they will be stored: only so can they be compared with what somebody else stored."""
    born = typed.date_of_birth.strip()
    return ClientFields(
        first_name=clean_name(typed.first_name),
        last_name=clean_name(typed.last_name),
        email=clean_email(typed.email).address,
        phone=clean_phone(typed.phone),
        date_of_birth=clean_birth_date(born, today).isoformat() if born else "",
        subscribed=typed.subscribed,
    )


def called(name: str) -> str:
    """A name within a sentence: an endless one is cut, signs that are not shown go."""
    name = safe(name)
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
