"""How the engines are asked for clients by words."""

from __future__ import annotations

import pytest
from peewee import DatabaseError

from models.client import Client
from models.database import is_postgresql
from services.clients.values import ClientQuery
from services.desk import Desk
from services.search import Choice, needed_words, reading
from services.text import LONGEST_WORD, MOST_WORDS
from tests.making import MadeAgency, make_agency, make_client


@pytest.fixture
def made(desk: Desk) -> MadeAgency:
    return make_agency(desk)


@pytest.fixture
def maria(desk: Desk, made: MadeAgency) -> Client:
    return make_client(desk, made.agency, "mariasmith@example.ca", first="Maria", last="Marsh")


def behind(desk: Desk, *words: str, most: int = 10) -> list[int] | None:
    with reading(desk.ctx) as reader:
        found = reader.behind(words, most, Choice("id", ("agency_id > %s", (0,)), "id", None))
    return None if found is None else [key for (key,) in found]


def test_words_that_others_imply_are_not_asked_for() -> None:
    assert needed_words("ma Maria mar smith maria") == ("maria", "smith")
    assert needed_words("  ") == ()


def test_the_text_index_knows_all_words_but_those_with_which_the_name_begins(
    desk: Desk, made: MadeAgency, maria: Client
) -> None:
    assert behind(desk, "marsh") == behind(desk, "marsh", "exam") == [maria.id]
    assert behind(desk, "mar") == [maria.id]
    assert behind(desk, "maria") == behind(desk, "smith") == []


def test_a_word_that_continues_the_first_of_the_name_is_known_to_the_text_index(
    desk: Desk, made: MadeAgency, maria: Client
) -> None:
    assert behind(desk, "marias") == behind(desk, "mariasmith") == [maria.id]
    assert behind(desk, "mariasmiths") == []


def test_more_than_asked_for_is_told_as_none(desk: Desk, made: MadeAgency) -> None:
    for number in range(3):
        make_client(desk, made.agency, f"{number}@example.ca")
    found = behind(desk, "thomas", most=3)
    assert found is not None
    assert len(found) == 3
    assert behind(desk, "thomas", most=2) is None


def test_what_the_text_index_finds_is_chosen_from_and_put_in_order(desk: Desk, made: MadeAgency) -> None:
    ids = [make_client(desk, made.agency, f"{number}@example.ca").id for number in range(4)]
    with reading(desk.ctx) as reader:
        choice = Choice("id, agency_id", ("id <> %s AND agency_id = %s", (ids[3], made.agency.id)), "id DESC", 2)
        found = reader.behind(("thomas",), 4, choice)
        none = reader.behind(("thomas",), 4, Choice("id", ("agency_id = %s", (0,)), "id", 2))
    assert [tuple(row) for row in found or ()] == [(ids[2], made.agency.id), (ids[1], made.agency.id)]
    assert none == []


def test_the_longest_search_that_is_looked_at_is_answered(desk: Desk, made: MadeAgency, maria: Client) -> None:
    words = " ".join(chr(ord("a") + number) * LONGEST_WORD for number in range(MOST_WORDS + 2))
    source = desk.clients.rows(made.admin, ClientQuery(words=words))
    assert source.first(60) == []
    assert len(source.keys(lambda: False)) == 0


def test_a_fault_at_a_later_row_is_peewees_and_the_desk_goes_on(desk: Desk, made: MadeAgency, maria: Client) -> None:
    second = make_client(desk, made.agency).id
    broken = {
        True: f"SELECT 1 / (id - {second}) FROM client ORDER BY id",
        False: f"SELECT abs(CASE id WHEN {second} THEN -9223372036854775807 - 1 ELSE 1 END) FROM client ORDER BY id",
    }[is_postgresql(desk.ctx.database)]
    with pytest.raises(DatabaseError), reading(desk.ctx) as reader:
        reader.keys(broken, (), lambda: False)
    assert len(desk.clients.rows(made.admin, ClientQuery()).keys(lambda: False)) == 2
