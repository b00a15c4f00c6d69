"""`trakdesk deliver`: sends the mail that waits."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from collections import Counter

from models.states import MailState
from services.desk import Desk
from services.mail import outbox
from tui import exits
from tui.commands.opened import open_desk_of


def run(options: argparse.Namespace) -> int:
    """Send once, or until SIGTERM or Ctrl-C."""
    desk = open_desk_of(options)
    if options.once:
        before = _tally(desk)
        while desk.delivery.run_once() and not desk.delivery.away:
            pass
        after = _tally(desk)
        sent = after[MailState.SENT] - before[MailState.SENT]
        waiting = after[MailState.QUEUED] + after[MailState.DEFERRED]
        failed = after[MailState.FAILED] - before[MailState.FAILED]
        print(f"{sent} sent, {waiting} waiting, {failed} failed.")
        if desk.delivery.away:
            print(desk.delivery.away, file=sys.stderr)
        return exits.NEEDS_A_LOOK if waiting or failed else exits.DONE
    stop = threading.Event()

    def ask_to_stop(_number: int, _frame: object) -> None:
        stop.set()
        desk.ctx.mail_waiting.set()

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    print("Sending mail until stopped with Ctrl-C.", file=sys.stderr)
    desk.delivery.run(stop, desk.ctx.mail_waiting)
    return exits.DONE


def _tally(desk: Desk) -> Counter[MailState]:
    with desk.ctx.read():
        return Counter(outbox.tally())
