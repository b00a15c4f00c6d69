"""What the owner of a mailbox can do without signing in: forgotten password, link or code, undoing a change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from models.states import TokenPurpose
from services.credentials import codes
from services.credentials.passwords import Secret
from services.credentials.questions import Answered
from services.entry.words import (
    ENDED,
    FRESH_SENT,
    NO_MAIL_YET,
    TEMPORARY_FOLLOWS,
    UNDOING,
    UNDONE,
    came_of,
    mail_asked,
    unreadable,
)
from services.errors import Invalid, TooSoon
from services.recovery import OpenedToken, PasswordChosen, ResetConfirmed, TokenAnswer
from services.remembered import Remembered
from services.reset_hurdles import Hurdle, HurdleFailed
from services.rule_lines import refusal_of
from services.rules import clean_email
from services.when import show_moment
from tui.plain.entrance import sign_in_as
from tui.plain.passwords import choose_password
from tui.plain.questions import answer_all
from tui.plain.sitting import Sitting

T = TypeVar("T")

_address = partial(refusal_of, clean_email)
_PASTE = "Paste the whole link from the newest mail, or type its code of eight signs."


@dataclass(slots=True)
class _Held:
    """What somebody holds, and what was shown besides.

    Attributes:
        email: to whom the code was sent; empty with a link.
    """

    link_or_code: str = field(repr=False)
    email: str
    opened: OpenedToken
    answers: tuple[Answered, ...] = ()
    code: Secret = field(default_factory=lambda: Secret(""))


def forgot_password(sitting: Sitting) -> None:
    """Have the mail sent that helps; the answer is the same for everybody. Raises Back or Leave."""
    talk = sitting.talk
    talk.say("You get a mail with a link and a code that lead to a new password.")
    while True:
        email = talk.ask("Your e-mail address", check=_address)
        confirm = talk.ask("The same address again", check=_address)
        try:
            sitting.desk.recovery.ask_reset(email, confirm, sitting.origin)
        except Invalid as refusal:
            talk.say_each(refusal.sentence)
        else:
            break
    talk.say(mail_asked(email)[0])
    talk.say_each(mail_asked(email)[1], NO_MAIL_YET)
    if talk.agree("Do you have the link or the code now?"):
        link_or_code(sitting, email)


def link_or_code(sitting: Sitting, email: str = "") -> None:
    """Open what a mail brought, and follow it to the end. Raises Back or Leave."""
    talk = sitting.talk
    given = talk.ask("Link or code", about=(_PASTE,), check=unreadable)
    if codes.read_link(given):
        email = ""
    elif not email:
        email = talk.ask("E-mail address to which the code was sent", check=_address)
    opened = sitting.desk.recovery.open(given, email, sitting.origin)
    held = _Held(given, email, opened)
    if opened.state is TokenAnswer.LIVE:
        _follow(sitting, held)
    else:
        _tell_ended(sitting, held)


def _follow(sitting: Sitting, held: _Held) -> None:
    opened, talk = held.opened, sitting.talk
    if opened.purpose is TokenPurpose.UNDO_EMAIL:
        _undo(sitting, held)
        return
    talk.say(
        f"This is for {opened.name} at {opened.agency_name}.",
        f"Company code: {opened.company_code}",
        f"User name: {opened.user_name}",
    )
    if opened.purpose is TokenPurpose.CONFIRM_RESET:
        talk.say_each(TEMPORARY_FOLLOWS, "If you did not ask for it, type b: then nothing happens.")
        if talk.agree("Go on?"):
            _show_hurdles(sitting, held)
            _go_on(sitting, _with_code(sitting, held, partial(_confirm, sitting, held)))
        return
    _show_hurdles(sitting, held)
    chosen: list[PasswordChosen] = []

    def store(password: Secret) -> None:
        chosen.append(_choose(sitting, held, password))

    choose_password(talk, opened.policy, opened.policy_words, opened.about, store)
    _go_on(sitting, chosen[-1])


def _go_on(sitting: Sitting, done: PasswordChosen | ResetConfirmed) -> None:
    """What came of it, and on to signing in, where only the password is left to type."""
    sitting.talk.say_each(came_of(done))
    if sitting.talk.agree("Sign in now?"):
        sign_in_as(sitting, Remembered(done.company_code, done.user_name))


def _show_hurdles(sitting: Sitting, held: _Held) -> None:
    """The security questions, until the answers are right; their verdict is one for all of them."""
    again = False
    while held.opened.hurdles.questions:
        if not again:
            held.answers = answer_all(sitting.talk, held.opened.hurdles.questions)
        try:
            sitting.desk.recovery.check_answers(held.link_or_code, held.email, held.answers, sitting.origin)
        except HurdleFailed as refusal:
            sitting.talk.say_each(refusal.sentence)
            again = False
        except TooSoon as refusal:
            sitting.talk.say_each(refusal.sentence)
            again = sitting.talk.agree("Try the same answers again?")
        else:
            return


def _with_code(sitting: Sitting, held: _Held, act: Callable[[], T]) -> T:
    """Ask for the second factor, if one is needed, and do it; again after a wrong one."""
    while True:
        if held.opened.hurdles.second_factor:
            held.code = sitting.talk.ask_secret("Code of your app, or a recovery code")
        try:
            return act()
        except HurdleFailed as refusal:
            sitting.talk.say_each(refusal.sentence)
            if refusal.hurdle is Hurdle.QUESTIONS:
                _show_hurdles(sitting, held)
        except TooSoon as refusal:
            sitting.talk.say_each(refusal.sentence)
            if not held.opened.hurdles:
                raise


def _confirm(sitting: Sitting, held: _Held) -> ResetConfirmed:
    return sitting.desk.recovery.confirm_reset(held.link_or_code, held.email, held.answers, held.code, sitting.origin)


def _choose(sitting: Sitting, held: _Held, password: Secret) -> PasswordChosen:
    choose = sitting.desk.recovery.choose_password
    given = held.link_or_code, held.email, password, sitting.origin
    return _with_code(sitting, held, lambda: choose(*given, held.answers, held.code))


def _undo(sitting: Sitting, held: _Held) -> None:
    change, talk = held.opened.change, sitting.talk
    if change is None:
        return
    now = sitting.desk.ctx.clock.now()
    talk.say(
        "The e-mail address of your account was changed.",
        f"From: {change.old}",
        f"To: {change.new_hidden}",
        f"By: {change.by}, {show_moment(change.at, now)}",
    )
    talk.say_each(UNDOING)
    if talk.agree("Undo the change?"):
        talk.say(came_of(sitting.desk.email_undo.undo(held.link_or_code, held.email, sitting.origin)))
        talk.say_each(UNDONE)


def _tell_ended(sitting: Sitting, held: _Held) -> None:
    opened, talk = held.opened, sitting.talk
    now = sitting.desk.ctx.clock.now()
    when = f" {show_moment(opened.ended_at, now)}" if opened.ended_at else ""
    talk.say(f"{ENDED[opened.state]}{when}.")
    talk.say_each(opened.why_not)
    if opened.renewable and talk.agree("Send a fresh one?"):
        sitting.desk.recovery.ask_fresh(held.link_or_code, held.email, sitting.origin)
        talk.say_each(FRESH_SENT)
