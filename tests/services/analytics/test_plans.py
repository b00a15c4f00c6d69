"""On SQLite, a chart goes along an index to what it counts: the clients with a rate, the entries of the period."""

from __future__ import annotations

import pytest

from services.analytics.values import AgencyChart
from services.desk import Desk
from tests import making
from tests.services.plans import watched, whole_reads

ALL_ARE_COUNTED = {AgencyChart.ACCESS}
"""These tell of every client, by an index that has all they need."""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.mark.parametrize("which", [chart for chart in AgencyChart if chart not in ALL_ARE_COUNTED])
def test_no_chart_reads_a_large_table_whole(desk: Desk, monkeypatch: pytest.MonkeyPatch, which: AgencyChart) -> None:
    ray = making.make_agency(desk)
    statements = watched(desk, monkeypatch)
    desk.analytics.chart(ray.admin, which)
    assert whole_reads(desk, list(statements)) == []
