"""The commands about people, mail and requests for help: what they do, say to programs, and how they exit."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from models.agency import Agency
from services.desk import Desk
from tests import making
from tests.tui.conftest import Ask, Run
from tui import exits
from tui.parsers.everything import parser_of_all
from tui.parsers.people import CLIENT, EVERYWHERE, OPTIONS, PEOPLE, STAFF, options_of, spelled
from tui.parsers.queues import HELP_REQUESTS, MAIL

ADDRESS = "brent@mortgageclient.example.com"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def test_the_life_of_an_account_by_commands(ask: Ask, here: Desk) -> None:
    code, added = ask("client", "add", "--first-name", "Brent", "--last-name", "Thomas", "--email", ADDRESS)
    assert code == exits.DONE
    number = added["person"]["id"]
    assert added == {
        "done": "add",
        "person": {"kind": "client", "id": number, "name": "Brent Thomas", "email": ADDRESS},
    }
    assert ask("client", "find", "nobody") == (exits.NEEDS_A_LOOK, {"count": 0, "people": []})
    code, found = ask("client", "find", "bren", "thom")
    assert (code, found["count"], found["people"][0]["access"]) == (exits.DONE, 1, "no-account")
    code, shown = ask("client", "show", number)
    assert (code, shown["kept_out"], shown["causes"][0]["mend"]) == (exits.NEEDS_A_LOOK, True, "welcome")
    code, planned = ask("client", "create", ADDRESS.upper())
    assert (code, planned["done"]) == (exits.NEEDS_A_LOOK, None)
    assert "An account is created for Brent Thomas." in planned["follows"][0]
    code, created = ask("client", "create", number, "--yes")
    assert (code, created["done"]) == (exits.DONE, "create")
    code, soon = ask("client", "reset", ADDRESS, "--reason", "forgotten")
    assert (code, soon["wait_seconds"] > 200) == (exits.NOT_DONE, True)
    # Another address has a wait of its own.
    code, sent = ask("client", "reset", ADDRESS, "--reason", "wrong-email", "--new-email", "b@example.com")
    assert (code, sent["mail"], sent["to"]) == (exits.DONE, "welcome", "b@example.com")
    assert "The user name becomes b@example.com." in sent["follows"]
    assert ask("client", "deactivate", number, "--reason", "left")[0] == exits.DONE
    assert ask("client", "resend", number)[1]["error"] == "The account is deactivated. Reactivate it first."
    assert ask("client", "reactivate", number, "--reason", "back")[0] == exits.DONE
    code, history = ask("client", "history", number)
    assert {event["action"] for event in history["events"]} >= {"account_deactivated", "reset_sent", "client_added"}
    assert {event["surface"] for event in history["events"]} == {"command"}
    assert all(MOMENT.fullmatch(event["at"]) for event in history["events"])
    assert len(ask("client", "history", number, "--limit", 2)[1]["events"]) == 2
    code, mails = ask("mail", "list", "b@example.com")
    assert code == exits.DONE
    assert {mail["state"] for mail in mails["mails"]} >= {"queued", "superseded"}
    assert "#activate=" not in json.dumps((history, mails, shown, created))


def test_correcting_tells_what_changed_and_what_follows(ask: Ask, run: Run, here: Desk) -> None:
    ask("staff", "add", "--first-name", "Ann", "--last-name", "Lee", "--email", "ann@example.com", "--note", "old")
    code, told = ask("staff", "edit", "ann@example.com", "--note", "new", "--last-name", "Lee")
    assert (code, told["changed"], told["follows"]) == (exits.DONE, ["note"], [])
    code, told = ask("staff", "edit", "ann@example.com", "--email", "lee@example.com", "--active", "no")
    assert (code, sorted(told["changed"])) == (exits.DONE, ["active", "email"])
    assert told["follows"] == ["There is no account yet: only the address in the list changes."]
    code, told = ask("staff", "edit", "lee@example.com", "--email", "nonsense")
    assert (code, list(told["problems"])) == (exits.NOT_DONE, ["email"])
    assert ask("staff", "edit", "lee@example.com")[0] == exits.NOT_DONE
    code, out, err = run("staff", "edit", "lee@example.com", "--cell", "x")
    assert (code, out, err.startswith("cell: ")) == (exits.NOT_DONE, "", True)


@pytest.mark.parametrize("who", ["nobody@example.com", "4711", "9" * 40, "[/x]\x1b[2J"])
def test_somebody_who_is_not_there_is_told(ask: Ask, who: str) -> None:
    for action in (("show",), ("temporary",), ("deactivate", "--reason", "x")):
        code, told = ask("client", action[0], who, *action[1:])
        assert code == exits.NOT_DONE
        assert told["error"].isprintable()


def test_hostile_names_are_harmless_in_a_terminal_and_whole_in_json(ask: Ask, run: Run, here: Desk) -> None:
    with here.ctx.read():
        agency = Agency.get()
    making.make_client(here, agency, "h@example.com", first="[/x]\x1b]0;owned\x07", last="Evil\r\n\u202egnp")
    _, out, _ = run("client", "find", "evil")
    assert "[/x]]0;owned Evil gnp" in out
    assert all(line.isprintable() for line in out.splitlines())
    assert ask("client", "find", "evil")[1]["people"][0]["name"] == "[/x]]0;owned Evil gnp"
    code, out, _ = run("client", "show", "h@example.com")
    assert (code, all(line.isprintable() for line in out.splitlines())) == (exits.NEEDS_A_LOOK, True)


def test_a_fault_prints_its_reference_and_nothing_else(run: Run, here: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret text")

    monkeypatch.setattr("tui.commands.people.find", broken)
    code, out, err = run("client", "find", "x", "--json")
    assert (code, out) == (exits.FAULT, "")
    assert re.fullmatch(r"Trakdesk had to stop\. .* Reference: [0-9A-F]{6}\n", err)


def test_the_page_about_plain_mode_names_every_command_option_and_key() -> None:
    page = (Path(__file__).parents[2] / "docs" / "plain.md").read_text(encoding="utf-8")
    for command in (*PEOPLE, *MAIL, *HELP_REQUESTS):
        assert f"`{command.name}`" in page
        for key in command.keys:
            assert f"`{key}`" in page, key
    for option in OPTIONS:
        assert f"`{spelled(option)}`" in page, option


@pytest.mark.parametrize("kind", [CLIENT, STAFF])
def test_every_command_takes_the_options_of_the_table(kind: str) -> None:
    parser = parser_of_all()
    for command in PEOPLE:
        argument = {"words": ["x"], "who": ["1"]}.get(command.argument, [])
        given = [kind, command.name, *argument]
        for option in (*options_of(command, kind), *EVERYWHERE):
            details = OPTIONS[option][1]
            value = [] if "action" in details else [str(details.get("choices", ["1"])[0])]
            given += [spelled(option), *value]
        assert parser.parse_args(given).action == command.name
