"""`trakdesk mail list`: what became of the mail, without anything that stands in it."""

from __future__ import annotations

import argparse

from models.states import MailState
from services.mail.mailbox import MailQuery
from services.text import safe
from services.when import show_moment
from tui import exits
from tui.commands.acting import acting
from tui.commands.telling import Told, moment, tell

_NOT_DELIVERED = (MailState.FAILED, MailState.EXPIRED)


def run(options: argparse.Namespace) -> int:
    """List it."""

    def act() -> Told:
        with acting(options) as (desk, actor):
            rows = desk.mail.rows(actor, MailQuery(" ".join(options.words))).first(max(0, options.limit))
            mails = [desk.mail.view(actor, row.key) for row in rows]
            now = desk.ctx.clock.now()
        data = {
            "mails": [
                {
                    "id": mail.id,
                    "at": moment(mail.at),
                    "to": mail.to_address,
                    "name": safe(mail.to_name),
                    "subject": safe(mail.subject),
                    "state": mail.state.value,
                    "words": safe(mail.server_words),
                }
                for mail in mails
            ]
        }
        lines = [
            f"{mail.id}: {show_moment(mail.at, now)} to {mail.to_address}: {mail.subject}, {mail.state}"
            + (f", {mail.server_words}" if mail.server_words else "")
            for mail in mails
        ]
        lost = any(mail.state in _NOT_DELIVERED for mail in mails)
        return Told(data, lines or ["No mail."], exits.NEEDS_A_LOOK if lost else exits.DONE)

    return tell(act, as_json=options.json)
