"""`trakdesk help-requests`: who waits for a person, what was said, and closing a request."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from services.actor import Actor
from services.desk import Desk
from services.help_queue.chats import HelpQuery
from services.help_queue.values import Chat
from services.text import safe
from services.when import show_moment
from tui.commands.acting import acting
from tui.commands.telling import Told, moment, tell
from tui.plain.help import as_said


def run(options: argparse.Namespace) -> int:
    """Do it, and tell what came of it."""

    def act() -> Told:
        with acting(options) as (desk, actor):
            return _ACTIONS[options.action](desk, actor, options)

    return tell(act, as_json=options.json)


def _list(desk: Desk, actor: Actor, options: argparse.Namespace) -> Told:
    rows = desk.help_queue.rows(actor, HelpQuery()).first(max(0, options.limit))
    chats = [desk.help_queue.chat(actor, row.key) for row in rows]
    data = {"waiting": desk.help_queue.counts(actor).waiting, "requests": [_request(chat) for chat in chats]}
    return Told(data, [_line(desk, chat) for chat in chats] or ["There are no requests for help."])


def _show(desk: Desk, actor: Actor, options: argparse.Namespace) -> Told:
    chat = desk.help_queue.chat(actor, options.number)
    said = [
        {"author": line.author.value, "name": line.name, "words": line.words, "at": moment(line.said_at)}
        for line in chat.lines
    ]
    return Told({"request": _request(chat), "lines": said}, [_line(desk, chat), *map(as_said, chat.lines)])


def _close(desk: Desk, actor: Actor, options: argparse.Namespace) -> Told:
    desk.help_queue.take(actor, options.number)
    desk.help_queue.close(actor, options.number, options.why)
    chat = desk.help_queue.chat(actor, options.number)
    return Told({"done": "close", "request": _request(chat)}, [_line(desk, chat)])


def _request(chat: Chat) -> dict[str, Any]:
    row = chat.row
    return {
        "id": row.id,
        "name": safe(row.name),
        "topic": safe(row.topic),
        "state": row.state.value,
        "agent": safe(row.agent),
        "surface": row.surface.value,
        "place": safe(row.place),
        "here": row.here,
        "asked_at": moment(row.asked_at),
        "closed_at": moment(row.closed_at),
    }


def _line(desk: Desk, chat: Chat) -> str:
    row = chat.row
    who = f", {row.agent}" if row.agent else ""
    asked = show_moment(row.asked_at, desk.ctx.clock.now())
    return f"{row.id}: {row.name}: {row.topic}, asked {asked} at the {row.surface} {row.place}, {row.state}{who}"


_ACTIONS: dict[str, Callable[[Desk, Actor, argparse.Namespace], Told]] = {"list": _list, "show": _show, "close": _close}
