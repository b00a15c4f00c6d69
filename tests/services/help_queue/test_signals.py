"""A desk hears at once what changes in the help queue, on either engine, and again after the database was away."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from models.database import is_postgresql
from services.desk import Desk
from services.help_queue import signals
from services.help_queue.signals import Watch
from tests.making import MadeAgency
from tests.services.help_queue.asking import asks, make_kiosk

SOON = 10.0
"""Seconds within which a busy machine surely gets to it; nothing waits that long unless it is broken."""


class Ear:
    """Counts what it hears."""

    def __init__(self, desk: Desk) -> None:
        self.heard = threading.Event()
        self.times = 0
        self.watch: Watch = desk.help_signals.watch(self._hear)

    def _hear(self) -> None:
        self.times += 1
        self.heard.set()

    def hears(self) -> bool:
        heard = self.heard.wait(SOON)
        self.heard.clear()
        return heard


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signals, "LOOK_EVERY", 0.02)
    monkeypatch.setattr(signals, "AGAIN_AFTER", 0.05)


@pytest.fixture
def ear(desk: Desk, ray: MadeAgency) -> Iterator[Ear]:
    ear = Ear(desk)
    assert ear.hears(), "it tells when it begins"
    yield ear
    ear.watch.stop()


def test_whoever_watches_hears_of_a_request_and_of_each_line(desk: Desk, ray: MadeAgency, ear: Ear) -> None:
    kiosk = make_kiosk(desk, ray.agency)
    visit = desk.visits.begin(kiosk)
    ear.heard.clear()
    ticket = desk.help_asking.ask(kiosk, "Brent", "help", visit_id=visit)
    assert ear.hears()
    desk.help_asking.say(ticket, "hello")
    assert ear.hears()
    desk.help_queue.take(ray.admin, ticket.request_id)
    assert ear.hears()
    desk.help_queue.close(ray.admin, ticket.request_id, "done")
    assert ear.hears()


def test_looking_costs_nobody_anything(desk: Desk, ray: MadeAgency, ear: Ear) -> None:
    ticket = asks(desk, make_kiosk(desk, ray.agency))
    assert ear.hears()
    time.sleep(0.1)
    before = ear.times
    desk.help_asking.look(ticket)
    desk.help_queue.counts(ray.admin)
    time.sleep(0.1)
    assert ear.times == before


def test_what_was_undone_is_not_told(desk: Desk, ray: MadeAgency, ear: Ear) -> None:
    with suppress(ZeroDivisionError), desk.ctx.unit():
        signals.tell(desk.ctx)
        raise ZeroDivisionError
    assert not ear.heard.wait(0.2)


def test_who_has_stopped_hears_no_more_and_the_thread_ends_with_the_last(desk: Desk, ray: MadeAgency, ear: Ear) -> None:
    other = Ear(desk)
    other.watch.stop()
    other.watch.stop()
    heard = other.times
    asks(desk, make_kiosk(desk, ray.agency))
    assert ear.hears()
    assert other.times == heard
    mine = [thread for thread in threading.enumerate() if thread.name == "help-signals"]
    ear.watch.stop()
    for thread in mine:
        thread.join(SOON)
        assert not thread.is_alive()


def test_a_watch_that_fails_does_not_deafen_the_others(desk: Desk, ray: MadeAgency, ear: Ear) -> None:
    def fail() -> None:
        raise RuntimeError("the loop is closed")

    failing = desk.help_signals.watch(fail)
    asks(desk, make_kiosk(desk, ray.agency))
    assert ear.hears()
    failing.stop()


def test_after_the_connection_was_lost_it_is_heard_again(desk: Desk, ray: MadeAgency, ear: Ear) -> None:
    if not is_postgresql(desk.ctx.database):
        pytest.skip("SQLite has no server to lose")
    kiosk = make_kiosk(desk, ray.agency)
    visit = desk.visits.begin(kiosk)
    ear.heard.clear()
    with desk.ctx.read():
        desk.ctx.database.execute_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE %s "
            "AND datname = current_database()",
            ("LISTEN%",),
        )
    before = ear.times
    while ear.times < before + 2:
        assert ear.hears(), "once when it is tried again, once when it is heard again"
    desk.help_asking.ask(kiosk, "Brent", "help", visit_id=visit)
    assert ear.hears()
