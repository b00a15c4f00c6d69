"""A browser keeps F5 for itself: what is on it elsewhere has another key here."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from dataclasses import replace

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

from screens.reports.all_reports import ReportList
from services.desk import Desk
from tests import making
from tests.making import MadeAgency
from tests.places import ROOT
from tests.services.reports.test_accounts import fail
from tests.settling import screen_text, shows, until, until_screen
from tests.tui.portal.test_app import SUE, page, signed_in
from tui.portal.app import PortalApp
from tui.portal.browser_keys import ON_F8

HAVE_KEYS = {PortalApp} | {
    kind
    for path in (ROOT / "screens").rglob("*.py")
    for kind in vars(importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))).values()
    if inspect.isclass(kind) and issubclass(kind, DOMNode)
}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The services' own tests run on both engines."""
    return sqlite_url


@pytest.fixture
def ray(desk: Desk) -> MadeAgency:
    return making.make_agency(desk)


def bindings_of(kind: type) -> Iterator[Binding]:
    """All that holds on a screen or in a widget of this kind, with what it has from its ancestors."""
    for ancestor in kind.__mro__:
        yield from Binding.make_bindings(vars(ancestor).get("BINDINGS", ()))


def test_nothing_is_left_on_f5() -> None:
    assert {binding.id for kind in HAVE_KEYS for binding in bindings_of(kind) if binding.key == "f5"} == set(ON_F8)


def test_no_screen_has_two_things_on_f8() -> None:
    for kind in HAVE_KEYS:
        on_f8 = {binding.id for binding in bindings_of(kind) if binding.key == "f8" or binding.id in ON_F8}
        assert len(on_f8) <= 1, (kind, on_f8)


async def test_the_line_of_keys_names_the_other_key_and_it_works(desk: Desk, ray: MadeAgency) -> None:
    view = desk.rules.view(ray.admin)
    desk.rules.change(ray.admin, view.version, replace(view.policy, staff_portal=True))
    # Or the person would be told of it.
    desk.sign_in.sign_out(ray.admin)
    ticket = desk.returns.make(signed_in(desk, SUE)).reveal()
    async with page(desk, (100, 30), ticket=f"{ticket}.") as (pilot, _, _):
        await shows(pilot, "Clients")
        await pilot.press("f7")
        await until_screen(pilot, ReportList)
        await shows(pilot, "F8 Count again", "Nobody is locked out")
        assert "F5" not in screen_text(pilot)
        fail(desk, SUE)
        await pilot.press("f8")
        await until(pilot, lambda: "Nobody is locked out" not in screen_text(pilot))
