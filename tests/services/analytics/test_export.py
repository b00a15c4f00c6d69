"""The CSV file of a chart."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from services.analytics.charts import Axis, Chart, Series, Shape, Unit
from services.desk import Desk
from services.errors import Invalid
from tests import making
from tests.making import MadeAgency

CHART = Chart(
    "equity",
    "Equity",
    "",
    Shape.LINES,
    Axis("Month", Unit.MONTH),
    Axis("Equity", Unit.MONEY),
    (date(2026, 11, 21), date(2027, 11, 21)),
    (Series("=cmd()\x1b", (Decimal("-5389.85"), None)),),
)


def test_a_chart_is_written_as_programs_read_it(desk: Desk, ray: MadeAgency, tmp_path: Path) -> None:
    path = tmp_path / "equity.csv"
    assert desk.chart_exports.run(ray.admin, CHART, path) == 2
    assert path.read_text("utf-8-sig").splitlines() == ["Month,'=cmd()", "2026-11-21,-5389.85", "2027-11-21,"]
    [entry] = making.entries(desk.ctx, "chart_exported")
    assert entry.subject == "equity.csv"


def test_an_export_overwrites_nothing(desk: Desk, ray: MadeAgency, tmp_path: Path) -> None:
    path = tmp_path / "equity.csv"
    path.write_text("kept")
    with pytest.raises(Invalid, match="is there already"):
        desk.chart_exports.run(ray.admin, CHART, path)
    assert path.read_text() == "kept"


def test_every_series_has_a_number_for_every_place() -> None:
    with pytest.raises(ValueError, match="1 numbers for 0 places"):
        Chart("a", "", "", Shape.BARS, Axis("", Unit.NAME), Axis("", Unit.COUNT), (), (Series("S", (1,)),))
