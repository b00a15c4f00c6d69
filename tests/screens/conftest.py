"""What the tests of screens share: a desk on an SQLite file; `tests.settling` has the waiting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from textual.css.stylesheet import Stylesheet

from models.states import Surface
from screens.workplace import Workplace
from services.actor import Origin
from services.desk import Desk


@pytest.fixture(scope="session", autouse=True)
def _read_each_style_sheet_once() -> Iterator[None]:
    """Each test begins an application with the same styles: to parse them anew is a tenth of its time."""
    parsed: dict[Any, Any] = {}
    parse = Stylesheet._parse_rules

    def parse_once(sheet: Stylesheet, css: str, read_from: Any, *place: Any, **options: Any) -> Any:
        key = (css, read_from, place, tuple(options.items()), tuple(sheet._variables.items()))
        if key not in parsed:
            parsed[key] = parse(sheet, css, read_from, *place, **options)
        return parsed[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", parse_once)
        yield


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Screens hold no rule that could differ between engines, so one is enough here."""
    return sqlite_url


@pytest.fixture
def place(desk: Desk) -> Iterator[Workplace]:
    """A workplace over the desk of the test."""
    workplace = Workplace(desk, Origin(Surface.DESK, "tests"))
    yield workplace
    workplace.close()
