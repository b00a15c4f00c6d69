"""The program of one session over real pipes, without a server."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from models.identity import Session
from models.states import Surface
from services.desk import Desk
from services.opening import open_desk
from services.settings import load_settings
from tests import making
from tests.tui.portal.page import Page
from tui.portal.packets import meta, packet

pytestmark = pytest.mark.slow


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def standing(home: Path) -> Desk:
    """A desk with an agency and a client who has an account."""
    desk = open_desk(load_settings(home, {}))
    made = making.make_agency(desk)
    making.give_account(desk, made.admin, making.make_client(desk, made.agency))
    return desk


def test_whatever_comes_the_program_goes_on_and_a_lost_line_leaves_the_person_signed_in(
    standing: Desk, home: Path
) -> None:
    page = Page(home, remembered={"company_code": "RAY-919", "user_name": "brent@mortgageclient.example.com"})
    page.until("brent@mortgageclient")
    page.send(meta("resize", width=20_000, height=-5) + meta("resize", width="x") + meta("nonsense", value=[]))
    page.send(packet(b"X", b"?") + meta("fill", value=1) + packet(b"D", b"\xff\xfe\x1b[99999999999;5u"))
    page.send(meta("resize", width=80, height=24) + meta("redraw") + packet(b"D", b"\x1b[200~never ended"))
    # The paste ends by itself, and is typed where the cursor is.
    page.until("•" * len("never ended"))
    page.send(meta("fill", value={"password": making.PASSWORD.reveal()}))
    page.send(packet(b"D", b"\x1bOQ"))
    page.until("Welcome, Brent Thomas")
    os.close(page.feed)
    assert page.ends() == 0
    tickets = [str(told["value"]) for told in page.told if told["type"] == "ticket"]
    with standing.ctx.read():
        assert Session.select().where(Session.surface == Surface.PORTAL).get().ended_at is None
    again = Page(home, ticket=tickets[-1])
    again.until("Welcome, Brent Thomas")
    again.send(meta("hang_up"))
    assert again.ends() == 0
    assert again.process.stderr is not None
    assert again.process.stderr.read() == b""


def test_a_program_that_is_asked_to_stop_does(standing: Desk, home: Path) -> None:
    page = Page(home)
    page.until("Sign in")
    page.process.terminate()
    assert page.ends() == 0
