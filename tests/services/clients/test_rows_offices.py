"""The client table of some offices: how it is read, and that the whole agency is read as if there were no offices."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from models.agency import Office
from models.client import Client
from models.database import is_postgresql
from models.states import Access
from services import search
from services.clients import finding as client_finding
from services.clients.rows import ClientRows
from services.clients.values import ClientQuery, SortColumn
from services.desk import Desk
from tests import making
from tests.making import MadeAgency
from tests.services.officing import Lookers, make_lookers

Asked = list[tuple[str, Any]]


@pytest.fixture
def lookers(desk: Desk) -> Lookers:
    """Three offices with two clients each, two of no office, and somebody of each kind."""
    made: MadeAgency = making.make_agency(desk)
    lookers = make_lookers(desk, made)
    for office, number in product((*lookers.offices, None), range(2)):
        making.make_client(desk, made.agency, f"{number}@{office}.example.com", office=office, access=Access.ACTIVE)
    return lookers


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Every statement that looks for clients, with its values."""
    told: Asked = []
    for kind in (search._Embedded, search._Served):  # where the statements of either engine go out
        before = kind._execute

        def told_first(reader: Any, sql: str, values: Any, gathered: bool, before: Any = before) -> Any:
            told.append((sql, values))
            return before(reader, sql, values, gathered)

        monkeypatch.setattr(kind, "_execute", told_first)
    return told


def test_who_sees_the_whole_agency_asks_for_no_office(desk: Desk, lookers: Lookers, asked: Asked) -> None:
    for words, access, sort in product(("", "bre", "bre tho"), (None, Access.ACTIVE), SortColumn):
        ClientRows(desk.ctx, lookers.whole.actor, ClientQuery(words, access=access, sort=sort)).first(20)
    assert asked
    assert not [sql for sql, _ in asked if "office" in sql]


def test_a_walk_for_some_offices_reads_no_rows_of_the_table(
    desk: Desk, lookers: Lookers, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_postgresql(desk.ctx.database):
        pytest.skip("PostgreSQL is kept from other ways by its planner's settings")
    # Nobody is few enough to be looked up and sorted.
    monkeypatch.setattr(client_finding, "FEW", 0)
    for looker, access, sort in product(lookers.all[1:], (None, Access.ACTIVE), SortColumn):
        rows = ClientRows(desk.ctx, looker.actor, ClientQuery(access=access, sort=sort))
        assert len(rows.first(20)) == len(rows.keys(lambda: False)) == 2 * len(looker.sees or ())
    assert asked
    with desk.ctx.read():
        for sql, values in asked:
            plan = desk.ctx.database.execute_sql(f"EXPLAIN QUERY PLAN {sql.replace('%s', '?')}", values).fetchall()
            steps = [step for *_, step in plan if " client " in f"{step} "]
            assert steps
            assert all("USING COVERING INDEX" in step for step in steps), (sql, plan)


def test_a_small_office_is_looked_up_and_a_large_one_walked(
    desk: Desk, lookers: Lookers, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = ClientRows(desk.ctx, lookers.of_one.actor, ClientQuery(sort=SortColumn.RATE))
    rows.first(20)
    assert "office_id = %s AND" in asked[-2][0]
    assert "office_id IS NULL AND" in asked[-1][0]
    monkeypatch.setattr(client_finding, "FEW", 0)
    rows.first(20)
    assert "rate_key = %s" in asked[-1][0]


def test_clients_of_an_office_that_is_gone_are_in_sight_of_everybody(desk: Desk, lookers: Lookers) -> None:
    with desk.ctx.unit():
        Office.delete().where(Office.id == lookers.offices[2]).execute()
    assert len(ClientRows(desk.ctx, lookers.of_one.actor, ClientQuery()).keys(lambda: False)) == 6
    with desk.ctx.read():
        assert Client.select().where(Client.office.is_null()).count() == 4
