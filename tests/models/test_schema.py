"""The migrations, up and down, and whether they still say what the models say."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from peewee import Database, IntegrityError

from models import schema
from models.agency import Agency, Installation
from models.base import Table
from models.client import Client, Mortgage, Property
from models.database import is_postgresql, open_database
from models.fields import DayField
from models.identity import Credential, Identity, OneTimeToken, Session, Throttle
from models.outbox import OutboxMessage
from models.schema import SchemaState
from models.staff import StaffMember
from models.states import CredentialKind, IdentityState, Role, TokenPurpose, TokenState
from models.tables import ALL_TABLES

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    opened = open_database(database_url)
    opened.connect()
    yield opened
    opened.close_all()  # type: ignore[attr-defined] # both pools have it


@pytest.fixture
def filled(db: Database) -> Database:
    schema.upgrade(db)
    return db


@pytest.fixture
def migrated(migrated_url: str) -> Iterator[Database]:
    opened = open_database(migrated_url)
    opened.connect()
    yield opened
    opened.close_all()  # type: ignore[attr-defined] # both pools have it


def an_agency() -> Agency:
    return Agency.create(name="Ray Staging", code="919236", code_key="919236", created_at=NOW)


def a_client(agency: Agency, **other: object) -> Client:
    values: dict[str, object] = {
        "agency": agency,
        "first_name": "Brent",
        "last_name": "Thomas",
        "email": "brent@example.ca",
        "email_key": "brent@example.ca",
        "created_at": NOW,
        "changed_at": NOW,
        "changed_by": "test",
        "search": " brent thomas",
        "name_key": "brent thomas",
    }
    return Client.create(**{**values, **other})


def an_identity(agency: Agency) -> Identity:
    return Identity.create(
        agency=agency, email="a@b.ca", email_key="a@b.ca", name="A", role=Role.CLIENT, state=IdentityState.ACTIVE,
        created_at=NOW, state_changed_at=NOW, state_changed_by="test",
    )  # fmt: skip


def test_a_new_database_is_empty_then_current_and_empty_again_after_the_way_down(db: Database) -> None:
    assert schema.schema_state(db) is SchemaState.EMPTY
    schema.upgrade(db)
    assert schema.schema_state(db) is SchemaState.CURRENT
    schema.downgrade(db, schema.expected()[0])
    assert schema.schema_state(db) is SchemaState.EMPTY
    # SQLite keeps a table of its own for numbers that are given once.
    assert [table for table in db.get_tables() if table != "sqlite_sequence"] == [schema.HISTORY]


def test_upgrading_twice_does_nothing_the_second_time(db: Database) -> None:
    assert schema.upgrade(db) == schema.expected()
    assert schema.upgrade(db) == []


def test_two_programs_that_make_the_tables_at_once_both_end_well(database_url: str) -> None:
    opened = open_database(database_url)
    started = threading.Barrier(2)
    failures: list[BaseException] = []

    def make() -> None:
        started.wait()
        try:
            with opened.connection_context():
                schema.upgrade(opened)
        except BaseException as error:  # noqa: BLE001 - reported below
            failures.append(error)

    threads = [threading.Thread(target=make) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with opened.connection_context():
        assert schema.schema_state(opened) is SchemaState.CURRENT
    opened.close_all()  # type: ignore[attr-defined]
    assert failures == []


def test_a_database_of_a_newer_program_is_recognised(filled: Database) -> None:
    filled.execute_sql(
        f"INSERT INTO {schema.HISTORY} (name, applied) VALUES ('9999_from_the_future', '2030-01-01 00:00:00')"
    )
    assert schema.schema_state(filled) is SchemaState.NEWER


def test_a_database_that_lacks_the_newest_migration_is_older(filled: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    done = schema.expected()
    monkeypatch.setattr(schema, "expected", lambda: [*done, "9999_new"])
    assert schema.schema_state(filled) is SchemaState.OLDER


@pytest.mark.parametrize("table", ALL_TABLES, ids=lambda table: str(table.__name__))
def test_the_migrations_make_the_columns_that_the_models_declare(migrated: Database, table: type[Table]) -> None:
    name = table._meta.table_name
    found = {column.name: column.null for column in migrated.get_columns(name)}
    declared = {field.column_name: field.null for field in table._meta.sorted_fields}
    assert found == declared


@pytest.mark.parametrize("table", ALL_TABLES, ids=lambda table: str(table.__name__))
def test_the_migrations_make_the_indexes_that_the_models_declare(migrated: Database, table: type[Table]) -> None:
    found = {
        (tuple(index.columns), index.unique)
        for index in migrated.get_indexes(table._meta.table_name)
        if not index.name.endswith("_search") and not index.name.endswith("_pkey") and "autoindex" not in index.name
    }
    declared = set()
    for index in table._meta.fields_to_index():
        columns = tuple(getattr(column, "column_name", str(column)) for column in index._expressions)
        declared.add((columns, bool(index._unique)))
    assert found == declared


def test_each_engine_has_its_search_index(filled: Database) -> None:
    agency = an_agency()
    a_client(agency)
    if is_postgresql(filled):
        sql = "SELECT id FROM client WHERE client_words(search) @@ '''tho'':*'::tsquery"
    else:
        sql = "SELECT rowid FROM client_search WHERE client_search MATCH 'tho*'"
    assert len(filled.execute_sql(sql).fetchall()) == 1


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("first_name", "x" * 101),
        ("email", "x" * 255),
        ("phone", "+" * 17),
        ("access", 5),
        ("name_key", "x" * 403),
    ],
)
def test_the_tables_refuse_what_does_not_fit_on_both_engines(filled: Database, column: str, value: object) -> None:
    agency = an_agency()
    with pytest.raises(Exception, match=r"(?i)check|too long|violates"), filled.atomic():
        a_client(agency, **{column: value})


def test_two_clients_of_an_agency_cannot_share_an_address(filled: Database) -> None:
    agency = an_agency()
    a_client(agency)
    with pytest.raises(IntegrityError), filled.atomic():
        a_client(agency)


def test_of_the_staff_of_an_agency_only_those_without_an_address_share_it(filled: Database) -> None:
    agencies = an_agency(), Agency.create(name="Other", code="OTHER-1", code_key="other1", created_at=NOW)
    common = {"first_name": "Ann", "last_name": "Agent", "created_at": NOW, "changed_at": NOW}
    for agency in agencies:
        for key in ("", "", "ann@example.ca"):
            StaffMember.create(agency=agency, email=key, email_key=key, **common)
    with pytest.raises(IntegrityError):
        StaffMember.create(agency=agencies[0], email="Ann@example.ca", email_key="ann@example.ca", **common)


def test_an_identity_has_one_credential_of_each_kind(filled: Database) -> None:
    identity = an_identity(an_agency())
    Credential.create(identity=identity, kind=CredentialKind.PASSWORD, verifier="x", created_at=NOW)
    with pytest.raises(IntegrityError), filled.atomic():
        Credential.create(identity=identity, kind=CredentialKind.PASSWORD, verifier="y", created_at=NOW)


def a_token(identity: Identity, number: int, state: TokenState) -> OneTimeToken:
    message = OutboxMessage.create(
        uuid=f"{number:032}", agency=identity.agency_id, identity_id=identity.id, purpose="reset", to_address="a@b.ca",
        state="queued", created_at=NOW, not_before=NOW, expires_at=NOW,
    )  # fmt: skip
    return OneTimeToken.create(
        identity=identity, message=message, purpose=TokenPurpose.RESET, state=state, address_key="a@b.ca",
        link_hash=str(number), code_hash="", created_at=NOW, expires_at=NOW,
    )  # fmt: skip


def test_only_one_token_of_a_purpose_can_be_live(filled: Database) -> None:
    identity = an_identity(an_agency())
    a_token(identity, 1, TokenState.SUPERSEDED)
    a_token(identity, 2, TokenState.LIVE)
    with pytest.raises(IntegrityError), filled.atomic():
        a_token(identity, 3, TokenState.LIVE)


def test_a_database_holds_one_installation(filled: Database) -> None:
    Installation.create(id=1, key_check="x", created_at=NOW)
    with pytest.raises(IntegrityError), filled.atomic():
        Installation.create(id=2, key_check="y", created_at=NOW)


def test_values_come_back_as_they_went_in(filled: Database) -> None:
    agency = an_agency()
    client = a_client(agency, date_of_birth=date(1972, 6, 19), subscribed=False)
    home = Property.create(client=client, address="118 Victoria St N", value=Decimal("512000.50"))
    Mortgage.create(
        property=home, lender="MCAP", balance=Decimal("284310.55"), rate=Decimal("3.79"), renewal_on=date(2027, 8, 26)
    )
    read = Client.get_by_id(client.id)
    loan = Mortgage.get()
    assert (read.date_of_birth, read.subscribed, read.created_at) == (date(1972, 6, 19), False, NOW)
    assert (loan.balance, loan.rate, loan.renewal_on) == (Decimal("284310.55"), Decimal("3.790"), date(2027, 8, 26))
    assert loan.property.value == Decimal("512000.50")
    assert isinstance(Client.date_of_birth, DayField)


def test_ending_an_identity_takes_its_sessions_along_and_leaves_the_client(filled: Database) -> None:
    agency = an_agency()
    identity = an_identity(agency)
    client = a_client(agency, identity=identity)
    Session.create(identity=identity, surface="desk", created_at=NOW, last_seen_at=NOW, expires_at=NOW)
    identity.delete_instance()
    assert Session.select().count() == 0
    assert Client.get_by_id(client.id).identity_id is None


def test_moments_keep_milliseconds(filled: Database) -> None:
    moment = datetime(2026, 11, 21, 10, 0, 0, 123_000, tzinfo=UTC)
    Throttle.insert(key="k", count=0, window_from=moment, next_at=moment).execute()
    assert Throttle.get().next_at == moment
