"""The client table: what it finds, in which order, and what stands in its cells."""

from __future__ import annotations

import random
from array import array
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from models.agency import Agency
from models.client import NO_MONTH_DAY, Client, Mortgage, Property
from models.states import Access, Role
from services import search
from services.actor import Actor
from services.clients import fields as client_fields
from services.clients import finding as client_finding
from services.clients.rows import CLIENT_COLUMNS, ClientRows
from services.clients.values import ClientQuery, SortColumn
from services.desk import Desk
from services.errors import Refused, SignedOut
from services.rows import Cancelled
from services.text import search_words
from tests.making import MadeAgency, make_agency, make_client, make_staff
from tests.services.officing import make_lookers

QUERIES = 120


@pytest.fixture
def made(desk: Desk) -> MadeAgency:
    return make_agency(desk)


def listed(desk: Desk, actor: Actor, **query: Any) -> list[str]:
    """The names that the table shows for a query, read as the screen reads them."""
    rows = desk.clients.rows(actor, ClientQuery(**query))
    keys = list(rows.keys(lambda: False))
    assert [row.key for row in rows.first(60)] == keys[:60]
    shown = rows.rows(keys)
    return [shown[key].cells[0] for key in keys]


def cells(desk: Desk, actor: Actor, client: Client) -> dict[str, str]:
    row = ClientRows(desk.ctx, actor, ClientQuery()).rows([client.id])[client.id]
    return dict(zip((column.key for column in CLIENT_COLUMNS), row.cells, strict=True))


def add_mortgage(desk: Desk, client: Client, rate: str, renewal_on: date) -> None:
    with desk.ctx.unit():
        home = Property.create(client=client)
        Mortgage.create(property=home, rate=Decimal(rate), renewal_on=renewal_on)


def test_the_cells_read_as_the_seed_writes_them(desk: Desk, made: MadeAgency) -> None:
    client = make_client(
        desk, made.agency, first="Cindy", last="Baxter", email="cindy@example.ca", phone="+15195550177",
        anniversary=527, birthday_key=110, renewal_key=20250527, access=Access.UNDELIVERABLE,
    )  # fmt: skip
    add_mortgage(desk, client, "4.89", date(2025, 5, 27))
    add_mortgage(desk, client, "4.895", date(2027, 1, 1))
    assert cells(desk, made.admin, client) == {
        "name": "Cindy Baxter",
        "anniversary": "May 27",
        "renewal": "05/27/2025",
        "rate": "4.89%, 4.895%",
        "birthday": "Jan 10",
        "subscription": "Enabled",
        "access": "▲ mail failed",
        "email": "cindy@example.ca",
        "phone": "(519) 555-0177",
    }


def test_what_is_not_known_is_an_empty_cell(desk: Desk, made: MadeAgency) -> None:
    client = make_client(desk, made.agency, subscribed=False)
    shown = cells(desk, made.admin, client)
    assert [shown[key] for key in ("anniversary", "renewal", "rate", "birthday", "phone")] == [""] * 5
    assert (shown["subscription"], shown["access"]) == ("Disabled", "○ no account")


def test_a_page_costs_the_same_number_of_queries_however_many_rows_it_has(
    desk: Desk, made: MadeAgency, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = []
    for number in range(6):
        client = make_client(desk, made.agency, email=f"c{number}@example.ca")
        add_mortgage(desk, client, "4.5", date(2027, 1, 1))
        keys.append(client.id)
    asked: list[str] = []
    execute = desk.ctx.database.execute_sql

    def counted(sql: str, *args: Any) -> Any:
        asked.append(sql)
        return execute(sql, *args)

    monkeypatch.setattr(desk.ctx.database, "execute_sql", counted)
    rows = ClientRows(desk.ctx, made.admin, ClientQuery())
    rows.rows(keys[:1])
    alone = len(asked)
    rows.rows(keys)
    assert len(asked) == 2 * alone


def test_a_word_is_found_at_the_beginning_of_any_word_of_name_address_and_phone(desk: Desk, made: MadeAgency) -> None:
    phone = "+15195550143"
    make_client(
        desk, made.agency, first="Zoé", last="L'Écuyer-Bélanger", email="z.lec@mail.example.ca", phone=phone,
        name_key=client_fields.name_key("Zoé", "L'Écuyer-Bélanger"),
        search=client_fields.search_text("Zoé", "L'Écuyer-Bélanger", "z.lec@mail.example.ca", phone),
    )  # fmt: skip
    for typed in ("zoe", "ZO", "écuyer", "bel", "lec", "mail.ex", "z.lec@mail.example.ca", "belanger zoe", "0143",
                  "(519) 555-0143", "+1 519 555", "5550143", "15195550143", "519-555"):  # fmt: skip
        assert listed(desk, made.admin, words=typed) == ["Zoé L'Écuyer-Bélanger"], typed
    for typed in ("oe", "cuyer", "zoe x", "143", "zoee", 'zoe" OR "z'):
        assert listed(desk, made.admin, words=typed) == [], typed


def test_signs_that_mean_something_to_a_search_engine_find_nothing_and_break_nothing(
    desk: Desk, made: MadeAgency
) -> None:
    make_client(desk, made.agency)
    for typed in (
        '"',
        "'",
        "*",
        "brent*",
        "a:b",
        "NEAR(brent)",
        "brent & !thomas",
        "\\",
        "%",
        "_",
        "(",
        "\0",
        "\ud800",
    ):
        listed(desk, made.admin, words=typed)


def test_a_name_without_letters_is_listed_and_found_by_its_address(desk: Desk, made: MadeAgency) -> None:
    make_client(desk, made.agency, first="***", last="---", email="stars@example.ca")
    assert listed(desk, made.admin, words="stars") == ["*** ---"]
    assert listed(desk, made.admin, words="example") == ["*** ---"]


def test_a_changed_or_removed_client_is_no_longer_found_by_its_old_words(desk: Desk, made: MadeAgency) -> None:
    client = make_client(desk, made.agency, first="Maria", email="mariasmith@example.ca")
    with desk.ctx.unit():
        Client.update(
            search=client_fields.search_text("Anna", "Thomas", "at@example.ca", ""),
            name_key=client_fields.name_key("Anna", "Thomas"),
        ).where(Client.id == client.id).execute()
    assert listed(desk, made.admin, words="maria") == listed(desk, made.admin, words="mariasm") == []
    assert listed(desk, made.admin, words="anna at") == ["Maria Thomas"]
    with desk.ctx.unit():
        client.delete_instance()
    assert listed(desk, made.admin, words="anna") == []


def test_another_agencys_clients_are_neither_listed_nor_loaded(desk: Desk, made: MadeAgency) -> None:
    other = make_agency(desk, code="OTHER-1", admin_email="ann@other.example.com")
    mine = make_client(desk, made.agency, first="Mine")
    theirs = make_client(desk, other.agency, first="Theirs")
    assert listed(desk, made.admin) == ["Mine Thomas"]
    assert listed(desk, made.admin, words="thomas") == ["Mine Thomas"]
    rows = ClientRows(desk.ctx, made.admin, ClientQuery())
    assert set(rows.rows([mine.id, theirs.id])) == {mine.id}


def test_names_sort_blind_to_case_and_accents_and_rise_within_groups_either_way(desk: Desk, made: MadeAgency) -> None:
    for number, (first, state) in enumerate(
        [("éric", Access.ACTIVE), ("Erica", Access.PENDING), ("Dan", Access.ACTIVE), ("EVE", Access.NO_ACCOUNT)]
    ):
        make_client(desk, made.agency, first=first, last="X", email=f"{number}@example.ca", access=state)
    assert listed(desk, made.admin) == ["Dan X", "éric X", "Erica X", "EVE X"]
    assert listed(desk, made.admin, descending=True) == ["EVE X", "Erica X", "éric X", "Dan X"]
    assert listed(desk, made.admin, sort=SortColumn.ACCESS) == ["EVE X", "Erica X", "Dan X", "éric X"]
    assert listed(desk, made.admin, sort=SortColumn.ACCESS, descending=True) == ["Dan X", "éric X", "Erica X", "EVE X"]


def test_blanks_stand_last_in_either_direction(desk: Desk, made: MadeAgency) -> None:
    for number, day in enumerate([NO_MONTH_DAY, 619, 101]):
        make_client(desk, made.agency, first=str(day), last="", email=f"{number}@example.ca", birthday_key=day)
    assert listed(desk, made.admin, sort=SortColumn.BIRTHDAY) == ["101", "619", "9999"]
    assert listed(desk, made.admin, sort=SortColumn.BIRTHDAY, descending=True) == ["619", "101", "9999"]


def test_reading_stops_when_nobody_waits_any_more(desk: Desk, made: MadeAgency) -> None:
    make_client(desk, made.agency)
    rows = ClientRows(desk.ctx, made.admin, ClientQuery())
    with pytest.raises(Cancelled):
        rows.keys(lambda: True)
    assert len(rows.keys(lambda: False)) == 1


def test_keys_come_as_an_array_of_eight_octets_each_over_several_chunks(
    desk: Desk, made: MadeAgency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "CHUNK", 2)
    made_keys = [make_client(desk, made.agency, email=f"{number}@example.ca").id for number in range(5)]
    keys = ClientRows(desk.ctx, made.admin, ClientQuery()).keys(lambda: False)
    assert keys == array("q", made_keys)


def test_clients_cannot_read_the_table(desk: Desk, made: MadeAgency) -> None:
    client = make_staff(desk, made.agency, "client@example.com", role=Role.CLIENT)
    rows = ClientRows(desk.ctx, client, ClientQuery())
    for read in (lambda: rows.first(1), lambda: rows.keys(lambda: False), lambda: rows.rows([1])):
        with pytest.raises(Refused):
            read()


def test_an_ended_session_cannot_read_on(desk: Desk, made: MadeAgency) -> None:
    rows = ClientRows(desk.ctx, made.admin, ClientQuery())
    desk.sign_in.sign_out(made.admin)
    with pytest.raises(SignedOut):
        rows.first(1)


# Names and addresses whose words begin each other, so that every way of searching has something to get wrong.
_STEMS = ("m", "ma", "mar", "maria", "marias", "ariam", "an", "anna", "5", "51")


def _crowd(
    agency: Agency, offices: Sequence[int], dice: random.Random, count: int, now: Any
) -> Iterator[dict[str, Any]]:
    def word() -> str:
        return "".join(dice.choices(_STEMS, k=dice.choice((1, 1, 2))))

    for number in range(count):
        first, last = (
            dice.choice((word(), f"{word()} {word()}", f"{word()}-{word()}", "***")),
            dice.choice((word(), "")),
        )
        email = f"{dice.choice((word(), first.replace(' ', '') + last))}x{number}@{word()}.ca"
        phone = dice.choice(("", f"+1519{dice.randrange(10**7):07}"))
        yield {
            "agency": agency, "office": dice.choice((None, *offices)),
            "first_name": first, "last_name": last, "email": email, "email_key": email,
            "phone": phone, "subscribed": dice.random() < 0.8, "created_at": now, "changed_at": now,
            "changed_by": "test", "access": dice.choice(list(Access)),
            "anniversary": dice.choice((NO_MONTH_DAY, 101, 222)), "birthday_key": dice.choice((NO_MONTH_DAY, 303, 619)),
            "renewal_key": dice.choice((client_fields.NO_DAY, 20260101, 20270101)),
            "rate_key": dice.choice((client_fields.NO_RATE, 3790, 4890)),
            "search": client_fields.search_text(first, last, email, phone),
            "name_key": client_fields.name_key(first, last),
        }  # fmt: skip


def _expected(rows: list[dict[str, Any]], query: ClientQuery, offices: Collection[int | None] | None) -> list[int]:
    """The same list by the plainest means."""
    words = search_words(query.words)
    meant = [
        row
        for row in rows
        if all(any(held.startswith(word) for held in row["search"].split()) for word in words)
        and query.subscribed in (None, row["subscribed"])
        and query.access in (None, row["access"])
        and (offices is None or row["office"] in offices)
    ]
    column = {
        SortColumn.NAME: "name_key", SortColumn.ANNIVERSARY: "anniversary", SortColumn.RENEWAL: "renewal_key",
        SortColumn.RATE: "rate_key", SortColumn.BIRTHDAY: "birthday_key", SortColumn.SUBSCRIPTION: "subscribed",
        SortColumn.ACCESS: "access",
    }[query.sort]  # fmt: skip
    grouped = query.sort in (SortColumn.SUBSCRIPTION, SortColumn.ACCESS)
    meant.sort(
        key=lambda row: (row["name_key"] if grouped else "", row["id"]), reverse=query.descending and not grouped
    )
    meant.sort(key=lambda row: row[column], reverse=query.descending)
    meant.sort(key=lambda row: row[column] in (NO_MONTH_DAY, client_fields.NO_DAY, client_fields.NO_RATE))
    return [row["id"] for row in meant]


@pytest.mark.parametrize(
    ("few", "walk"),
    [
        (8_000, 10_000),
        *(pytest.param(*other, marks=pytest.mark.slow) for other in ((0, 0), (0, 25), (30, 25), (100, 1))),
    ],
)
def test_every_way_of_searching_finds_the_same_as_plain_looking(
    desk: Desk, made: MadeAgency, monkeypatch: pytest.MonkeyPatch, few: int, walk: int
) -> None:
    monkeypatch.setattr(client_finding, "FEW", few)
    monkeypatch.setattr(client_finding, "SHORT_WALK", walk)
    monkeypatch.setattr(client_finding, "SHORT_WALK_BY_NAME", walk)
    monkeypatch.setattr(client_finding, "SAMPLE", 100)
    dice = random.Random(few * 100_000 + walk)
    lookers = make_lookers(desk, made)
    rows = list(_crowd(made.agency, lookers.offices, dice, 400, desk.ctx.clock.now()))
    with desk.ctx.unit():
        for start in range(0, len(rows), 100):
            Client.insert_many(rows[start : start + 100]).execute()
        for row, (key,) in zip(rows, Client.select(Client.id).order_by(Client.id).tuples(), strict=True):
            row["id"] = key
    sorts = list(product(SortColumn, (False, True)))
    for number in range(QUERIES):
        sort, descending = sorts[number % len(sorts)]
        typed = " ".join(
            "".join(dice.choices(_STEMS, k=dice.choice((1, 1, 2)))) for _ in range(dice.choice((0, 1, 1, 2, 3)))
        )
        query = ClientQuery(
            words=typed,
            subscribed=dice.choice((None, None, True, False)),
            access=dice.choice((None, None, *Access)),
            sort=sort,
            descending=descending,
        )
        looker = dice.choice(lookers.all)
        source = ClientRows(desk.ctx, looker.actor, query)
        expected = _expected(rows, query, looker.sees)
        assert list(source.keys(lambda: False)) == expected, (query, looker.sees)
        assert [row.key for row in source.first(20)] == expected[:20], (query, looker.sees)
