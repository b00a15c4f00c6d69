"""The own account: password, questions, second factor, where it is open, and what happened to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from services.accounts.second_factor import FactorStatus
from services.accounts.security_words import (
    CODES_REPLACED,
    FACTOR_OFF,
    PASSWORD_CHANGED,
    QUESTIONS_CHANGED,
    TURNING_OFF,
    WHAT_ENDS,
    codes_words,
    factor_words,
    keys_words,
    password_words,
    questions_words,
    where,
)
from services.credentials.passwords import Secret
from services.credentials.questions import Answered
from services.errors import Invalid, TooSoon
from services.open_sessions import OpenSession
from services.when import show_moment
from tui.plain.events import tell_events
from tui.plain.factor import keep_codes, set_up
from tui.plain.passwords import choose_password
from tui.plain.questions import choose_questions
from tui.plain.sitting import Choice, Sitting
from tui.plain.ssh_keys import own_keys


def own_account(sitting: Sitting) -> None:
    """How it is protected, and what can be done about it. Raises SignedOut or Leave."""
    seen = sitting.desk.own_security.overview(sitting.actor)
    now = sitting.desk.ctx.clock.now()
    sitting.talk.say(
        f"Account {seen.user_name} at {seen.agency}.",
        f"Password: {password_words(seen, now)}.",
        f"Security questions: {questions_words(seen, now)}.",
        f"Two-step sign-in: {factor_words(seen, now)}.",
        f"Recovery codes: {codes_words(seen)}.",
        *([f"SSH keys: {keys_words(seen)}."] if seen.ssh_keys else []),
        f"Open sessions: {len(seen.sessions)}, this one among them.",
    )
    choices = [
        Choice("Change the password", change_password),
        Choice("Two-step sign-in", second_factor),
        *([Choice("SSH keys", own_keys)] if seen.ssh_keys else []),
        Choice("Where you are signed in", open_sessions),
        Choice("What happened to your account", own_events),
    ]
    if seen.questions_asked:
        choices.insert(1, Choice("Answer other security questions", change_questions))
    sitting.menu("My password and security.", lambda: choices)


def change_password(sitting: Sitting) -> None:
    """A new one, then the present one. Raises Back or Leave."""
    home = sitting.desk.own.home(sitting.actor)

    def store(new: Secret) -> None:
        _with_password(sitting, lambda current: sitting.desk.own.change_password(sitting.actor, current, new))

    choose_password(sitting.talk, home.policy, home.policy_words, home.about, store, field="new")
    sitting.talk.say_each(PASSWORD_CHANGED)


def change_questions(sitting: Sitting) -> None:
    """Other questions and answers, then the present password. Raises Back or Leave."""
    service = sitting.desk.own_questions
    service.asked(sitting.actor)

    def store(given: Sequence[Answered]) -> None:
        _with_password(sitting, lambda current: service.change(sitting.actor, current, given))

    choose_questions(sitting.talk, store)
    sitting.talk.say(QUESTIONS_CHANGED)


def _with_password(sitting: Sitting, store: Callable[[Secret], None]) -> None:
    """Ask for the present password until it is right, so that nothing else need be typed again."""
    while True:
        try:
            store(sitting.talk.ask_secret("The password that you have now"))
        except TooSoon as refusal:
            sitting.talk.say_each(refusal.sentence)
        except Invalid as refusal:
            if "current" not in refusal.problems:
                raise
            sitting.talk.say_each(refusal.problems["current"])
        else:
            return


def second_factor(sitting: Sitting) -> None:
    """How it stands, and what can be done. Raises SignedOut or Leave."""
    sitting.menu("Two-step sign-in.", lambda: _offered(sitting.desk.second_factor.status(sitting.actor)))


def _offered(status: FactorStatus) -> Sequence[Choice]:
    if not status.enrolled:
        return (Choice("Set up an authenticator app", _enrol),)
    offered = [
        Choice("Replace the app by another one", _enrol),
        Choice(f"Make new recovery codes; {status.codes_left} of 10 are left", _renew),
    ]
    return offered if status.required else [*offered, Choice("Turn two-step sign-in off", _turn_off)]


def _enrol(sitting: Sitting) -> None:
    service = sitting.desk.second_factor
    replaces = service.status(sitting.actor).enrolled
    password = sitting.talk.ask_secret("Your password")
    code = sitting.talk.ask_secret(_PRESENT_CODE) if replaces else None
    set_up(sitting, service.begin(sitting.actor, password, code))


def _renew(sitting: Sitting) -> None:
    sitting.talk.say(CODES_REPLACED)
    code = sitting.talk.ask_secret(_PRESENT_CODE)
    keep_codes(sitting, sitting.desk.second_factor.new_recovery_codes(sitting.actor, code))


def _turn_off(sitting: Sitting) -> None:
    sitting.talk.say_each(TURNING_OFF)
    password = sitting.talk.ask_secret("Your password")
    sitting.desk.second_factor.remove(sitting.actor, password, sitting.talk.ask_secret(_PRESENT_CODE))
    sitting.talk.say_each(FACTOR_OFF)


_PRESENT_CODE = "Code of your app, or a recovery code"


def open_sessions(sitting: Sitting) -> None:
    """Each of them, and ending one. Raises Back or Leave."""
    sessions = sitting.desk.own_sessions.list(sitting.actor)
    others = [session for session in sessions if not session.this]
    sitting.talk.say("This session:", *(_session(sitting, session) for session in sessions if session.this))
    if not others:
        sitting.talk.say("You are signed in nowhere else.")
        return
    sitting.talk.say(f"{len(others)} other{'' if len(others) == 1 else 's'}. Choose one to end it.")
    choices: list[tuple[OpenSession | None, str]] = [(session, _session(sitting, session)) for session in others]
    if len(others) > 1:
        choices.append((None, "All of them"))
    chosen = sitting.talk.choose("Number, or b to leave them open", choices)
    sitting.talk.say_each(WHAT_ENDS)
    if not sitting.talk.agree("End it?" if chosen else "End all of them?"):
        return
    if chosen is None:
        sitting.desk.own_sessions.end_others(sitting.actor)
    else:
        sitting.desk.own_sessions.end(sitting.actor, chosen.id)
    sitting.talk.say("Ended.")


def _session(sitting: Sitting, session: OpenSession) -> str:
    now = sitting.desk.ctx.clock.now()
    return f"{where(session)}, since {show_moment(session.since, now)}, last used {show_moment(session.seen, now)}"


def own_events(sitting: Sitting) -> None:
    """What happened to the account, the newest first. Raises Back or Leave."""
    tell_events(sitting, lambda before: sitting.desk.own_security.events(sitting.actor, before))
