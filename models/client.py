"""The people of the first tab, what they own, and the uploads that brought them."""

from __future__ import annotations

from peewee import Check, ForeignKeyField, IntegerField, SmallIntegerField, TextField

from models.agency import Agency, Office
from models.base import Table
from models.fields import ChoiceField, DayField, FlagField, LineField, MomentField, MoneyField, RateField
from models.identity import Identity
from models.states import PaymentEvery, Surface

NO_MONTH_DAY = 9999
"""Sorts after every real day; stands where a month and day (month * 100 + day) is not known."""

NO_DAY = 99_999_999
"""The same for a day written as year * 10000 + month * 100 + day."""

NO_RATE = 999_999
"""The same for a rate in thousandths of a per cent."""


class Upload(Table):
    """One file of clients taken in; `position` is the first row not yet stored, where a killed upload goes on.

    `digest` is that of the file, and of how its columns were read if somebody chose that.
    """

    agency = ForeignKeyField(Agency, on_delete="RESTRICT", index=False)
    agency_id: int
    file_name = LineField(max_length=255)
    digest = LineField(max_length=64)
    by = LineField(max_length=201)
    surface = ChoiceField(Surface)
    started_at = MomentField()
    finished_at = MomentField(null=True)
    position = IntegerField(default=0)
    added = IntegerField(default=0)
    changed = IntegerField(default=0)
    unchanged = IntegerField(default=0)
    refused = IntegerField(default=0)
    undone_at = MomentField(null=True)
    undone_by = LineField(max_length=201, default="")

    class Meta:
        indexes = ((("agency", "digest"), False),)


class Client(Table):
    """A client of an agency.

    `upload` is the one that added the client. The columns from `search` on are derived from the others, from the
    mortgages and from the identity; the services keep them in step, so that a million rows sort and filter by index.
    """

    agency = ForeignKeyField(Agency, on_delete="RESTRICT", index=False)
    agency_id: int
    office = ForeignKeyField(Office, on_delete="SET NULL", null=True, index=False)
    office_id: int | None
    identity = ForeignKeyField(Identity, on_delete="SET NULL", null=True, unique=True)
    identity_id: int | None
    upload = ForeignKeyField(Upload, on_delete="SET NULL", null=True, index=True)
    upload_id: int | None
    first_name = LineField(max_length=100)
    last_name = LineField(max_length=100)
    email = LineField(max_length=254)
    email_key = LineField(max_length=254)
    phone = LineField(max_length=16, default="")
    date_of_birth = DayField(null=True)
    subscribed = FlagField(default=True)
    anniversary = SmallIntegerField(default=NO_MONTH_DAY)
    created_at = MomentField()
    changed_at = MomentField()
    changed_by = LineField(max_length=201)
    version = IntegerField(default=1)
    search = TextField()
    name_key = LineField(max_length=402)
    birthday_key = SmallIntegerField(default=NO_MONTH_DAY)
    renewal_key = IntegerField(default=NO_DAY)
    rate_key = IntegerField(default=NO_RATE)
    access = SmallIntegerField(default=0, constraints=[Check("access BETWEEN 0 AND 4")])

    class Meta:
        indexes = ((("agency", "email_key"), True),)


# Each order of the table has an index that also holds what the filters ask, so that none of them reads the rows.
# The one by name holds all that a search asks as well: a word that many have is found by walking it.
Client.add_index(
    Client.index(
        Client.agency,
        Client.name_key,
        Client.id,
        Client.subscribed,
        Client.access,
        Client.office,
        Client.anniversary,
        Client.renewal_key,
        Client.rate_key,
        Client.birthday_key,
        Client.search,
        name="client_by_name",
    )
)
for _name, _columns in {
    "client_by_anniversary": (Client.anniversary, Client.id, Client.subscribed, Client.access, Client.office),
    "client_by_renewal": (Client.renewal_key, Client.id, Client.subscribed, Client.access, Client.office),
    "client_by_rate": (Client.rate_key, Client.id, Client.subscribed, Client.access, Client.office),
    "client_by_birthday": (Client.birthday_key, Client.id, Client.subscribed, Client.access, Client.office),
    "client_by_subscribed": (Client.subscribed, Client.name_key, Client.id, Client.access, Client.office),
    "client_by_access": (Client.access, Client.name_key, Client.id, Client.subscribed, Client.office),
    "client_by_office": (Client.office, Client.name_key, Client.id, Client.subscribed, Client.access),
}.items():
    Client.add_index(Client.index(Client.agency, *_columns, name=_name))


class UploadChange(Table):
    """What a client was before an upload changed it: enough to undo the upload while nothing else has touched it.

    `before` holds the stored values of what was changed in JSON; `version` is the client's after the change.
    """

    upload = ForeignKeyField(Upload, on_delete="CASCADE", index=False)
    upload_id: int
    client = ForeignKeyField(Client, on_delete="CASCADE", index=True)
    client_id: int
    before = TextField()
    version = IntegerField()

    class Meta:
        indexes = ((("upload", "client"), True),)


class UploadMapping(Table):
    """Which column of the files of one source is which field of a client, as somebody chose it.

    `source` is a digest of the file's header; `mapping` holds the choice in JSON.
    """

    agency = ForeignKeyField(Agency, on_delete="CASCADE", index=False)
    agency_id: int
    source = LineField(max_length=64)
    mapping = TextField()
    by = LineField(max_length=201)
    chosen_at = MomentField()

    class Meta:
        indexes = ((("agency", "source"), True),)


class Property(Table):
    """A home that a client owns; `version` counts its changes, and those of its mortgages."""

    client = ForeignKeyField(Client, on_delete="CASCADE", index=True)
    client_id: int
    address = TextField(default="")
    value = MoneyField(null=True, constraints=[Check("value >= 0")])
    version = IntegerField(default=1)


class Mortgage(Table):
    """A loan on a property.

    `rate` is in per cent a year, compounded half-yearly; `anniversary_on` the day it began, `renewal_on` the day its
    term ends, `amortisation_months` how long it takes to pay off, counted from `anniversary_on`.
    """

    property = ForeignKeyField(Property, on_delete="CASCADE", index=True)
    property_id: int
    lender = LineField(max_length=100, default="")
    balance = MoneyField(null=True, constraints=[Check("balance >= 0")])
    rate = RateField(null=True, constraints=[Check("rate BETWEEN 0 AND 100000")])
    renewal_on = DayField(null=True)
    anniversary_on = DayField(null=True)
    term_months = SmallIntegerField(null=True, constraints=[Check("term_months BETWEEN 1 AND 480")])
    amortisation_months = SmallIntegerField(null=True, constraints=[Check("amortisation_months BETWEEN 1 AND 600")])
    payment = MoneyField(null=True, constraints=[Check("payment >= 0")])
    payment_every = ChoiceField(PaymentEvery, null=True)
