"""From the first line to the last."""

from __future__ import annotations

import sys
from enum import StrEnum

from services.actor import Origin
from services.desk import Desk
from services.errors import Refused, SignedOut
from tui.plain.dialogue import Dialogue, HungUp, Leave, writer
from tui.plain.entrance import access_key, sign_in
from tui.plain.help import get_help
from tui.plain.home import at_home
from tui.plain.lines import Lines
from tui.plain.recovery import forgot_password, link_or_code
from tui.plain.sitting import Choice, Sitting, Task
from tui.ssh.arriving import line_of


class StartTask(StrEnum):
    """What somebody may begin with."""

    SIGN_IN = "sign-in"
    RESET = "reset"
    ACTIVATE = "activate"


def converse(desk: Desk, origin: Origin, task: StartTask | None = None) -> None:
    """Talk on the standard streams until somebody leaves. Raises Refused where there is no agency yet."""
    if not desk.is_founded():
        raise Refused("There is no agency yet. Run `trakdesk init` first.")
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.flush()
    talk = Dialogue(Lines(sys.stdin.fileno()), writer(sys.stdout.fileno(), encoding))
    hold_talk(Sitting(desk, talk, origin, line_of(desk)), _BEGINNINGS[task] if task is not None else None)


def hold_talk(sitting: Sitting, begin: Task | None = None) -> None:
    """The same at a terminal that is open already; `begin` comes before the choices."""
    try:
        _talk(sitting, begin)
    except Leave:
        sitting.sign_out()
        sitting.talk.say("Goodbye.")
    except HungUp:
        pass
    finally:
        sitting.sign_out()


def _talk(sitting: Sitting, first: Task | None) -> None:
    sitting.talk.say("Trakdesk, the access desk.", "Type a number or what is asked for, then Enter.")
    sitting.talk.say("? tells what can be done, b goes back, q leaves.")
    while True:
        try:
            if first is not None:
                begin, first = first, None
                sitting.do(begin)
            sitting.menu("What would you like to do?", lambda: _ENTRANCE)
        except SignedOut as ended:
            sitting.talk.say_each(ended.sentence)
            sitting.sign_out()
            continue
        # Nothing lies behind the entrance.
        raise Leave


def _and_in(task: Task) -> Task:
    """The task, and then whatever is open to whoever has signed in by it."""

    def both(sitting: Sitting) -> None:
        task(sitting)
        if sitting.signed_in:
            at_home(sitting)
            sitting.sign_out()
            sitting.talk.say("You are signed out.")

    return both


_ENTRANCE = (
    Choice("Sign in", _and_in(sign_in)),
    Choice("Forgot password", _and_in(forgot_password)),
    Choice("I have a link or a code, for example from a welcome mail", _and_in(link_or_code)),
    Choice("Log in with access key, as in the old system", _and_in(access_key)),
    Choice("Get help from a person", get_help),
)

_BEGINNINGS: dict[StartTask, Task] = {
    StartTask.SIGN_IN: _and_in(sign_in),
    StartTask.RESET: _and_in(forgot_password),
    StartTask.ACTIVATE: _and_in(link_or_code),
}
