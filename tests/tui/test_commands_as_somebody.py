"""Commands for which a colleague signs in first. Who may do what is the services' business: one engine is enough."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from models.identity import Throttle
from models.states import Role
from services.desk import Desk
from services.opening import open_desk
from services.settings import load_settings
from tests import making
from tests.enrolling import enrol
from tests.making import PASSWORD
from tests.tui.conftest import Ask, Run
from tui import exits

ADDRESS = "brent@mortgageclient.example.com"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Desk]:
    """The desk of the commands, where a password takes no time: each is typed once more than in other tests."""

    def opened(*_: object) -> Desk:
        return Desk(replace(open_desk(load_settings(tmp_path / "home")).ctx, bcrypt_cost=4))

    monkeypatch.setattr("tui.commands.acting.open_desk_of", opened)
    return opened


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Lets lines stand in the input of the next command."""
    opened: list[int] = []

    def stand(*lines: str) -> None:
        reader, writer = os.pipe()
        os.write(writer, "".join(f"{line}\n" for line in lines).encode())
        os.close(writer)
        opened.append(reader)
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(os.fdopen(reader, "rb", closefd=False)))

    yield stand
    for descriptor in opened:
        os.close(descriptor)


def mail_may_go(desk: Desk) -> None:
    """As if five minutes had passed since the last mail."""
    with desk.ctx.unit():
        Throttle.delete().execute()


def test_with_as_the_rights_and_the_verification_of_that_colleague_hold(
    ask: Ask, here: Desk, again: Callable[[], Desk], typed: Callable[..., None]
) -> None:
    made = making.make_agency(here, "RAY-919", "sue@raystaging.example.com", verify_callers=True)
    client = making.make_client(here, made.agency, ADDRESS)
    making.give_account(here, made.admin, client)
    mail_may_go(here)
    making.make_staff(here, made.agency, "ada@raystaging.example.com", role=Role.AUDITOR)
    making.make_staff(here, made.agency, "uma@raystaging.example.com", role=Role.SUPERVISOR)
    ours = ("--agency", "RAY-919", "--password-stdin", "--as")

    def done_as(who: str, *words: str) -> tuple[int, dict[str, Any]]:
        typed(PASSWORD.reveal())
        return ask("client", *words, *ours, f"{who}@raystaging.example.com")

    reset = ("reset", ADDRESS, "--reason", "forgotten")
    assert done_as("ada", "find", "brent")[0] == exits.DONE
    code, told = done_as("ada", "deactivate", ADDRESS, "--reason", "x")
    assert (code, "Auditors look at everything" in told["error"]) == (exits.NOT_DONE, True)
    code, told = done_as("uma", *reset)
    assert (code, "--vouch" in told["error"]) == (exits.NOT_DONE, True)
    code, told = done_as("uma", *reset, "--vouch", "I know her voice")
    assert (code, told["mail"], told["to"]) == (exits.DONE, "reset", ADDRESS)
    typed("wrong password")
    assert ask("client", "find", "x", *ours, "uma@raystaging.example.com")[0] == exits.NOT_DONE
    typed()
    assert "nothing was given" in ask("client", "find", "x", *ours, "uma@raystaging.example.com")[1]["error"]
    written = [(entry.action, entry.result, entry.surface) for entry in making.entries(again().ctx)]
    assert ("account_deactivated", "refused", "command") in written
    assert written.count(("signed_out", "done", "command")) >= 4


def test_without_a_terminal_a_password_needs_its_option(run: Run, here: Desk, typed: Callable[..., None]) -> None:
    typed("secret")
    code, out, err = run("client", "find", "x", "--as", "ray@example.com")
    assert (code, out, "--password-stdin" in err) == (exits.NOT_DONE, "", True)
    code, _, err = run("client", "show", "1", "--vouch", "x")
    assert (code, "--as" in err) == (exits.NOT_DONE, True)


def test_requests_for_help_are_listed_shown_and_closed(ask: Ask, here: Desk, typed: Callable[..., None]) -> None:
    making.make_agency(here, "RAY-919", "sue@raystaging.example.com")
    ticket = here.help_asking.ask(making.HERE, "Brent Thomas", "Lost phone", company_code="RAY-919")
    here.help_asking.say(ticket, "are you there [/x]")
    code, told = ask("help-requests", "list", "--agency", "RAY-919")
    assert (code, told["waiting"], told["requests"][0]["state"]) == (exits.DONE, 1, "waiting")
    code, told = ask("help-requests", "show", ticket.request_id, "--agency", "RAY-919")
    assert "are you there [/x]" in {line["words"] for line in told["lines"]}
    assert ask("help-requests", "close", ticket.request_id, "--reason", "x", "--agency", "RAY-919")[0] == exits.NOT_DONE
    typed(PASSWORD.reveal())
    ours = ("--agency", "RAY-919", "--password-stdin", "--as", "sue@raystaging.example.com")
    code, told = ask("help-requests", "close", ticket.request_id, "--reason", "helped", *ours)
    assert (code, told["request"]["state"]) == (exits.DONE, "closed")


def test_a_second_factor_is_read_from_the_second_line(
    ask: Ask, here: Desk, again: Callable[[], Desk], typed: Callable[..., None]
) -> None:
    made = making.make_agency(here, "RAY-919", "sue@raystaging.example.com")
    app, now = enrol(here.ctx, made.admin.identity_id or 0), here.ctx.clock.now()
    ours = ("--agency", "RAY-919", "--password-stdin", "--as", "sue@raystaging.example.com")
    for code in ((), (app.wrong(now).reveal(),)):
        typed(PASSWORD.reveal(), *code)
        assert ask("client", "find", "x", *ours)[0] == exits.NOT_DONE
    with again().ctx.unit():
        Throttle.delete().execute()
    typed(PASSWORD.reveal(), app.code(now).reveal())
    assert ask("client", "find", "x", *ours) == (exits.NEEDS_A_LOOK, {"count": 0, "people": []})
