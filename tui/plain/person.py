"""One person: why they cannot get in, what mends it, and everything else that can be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from services.accounts.action_words import ACTION_WORDS
from services.clients.values import PersonAction, PersonPanel
from services.person_key import PersonKey
from services.verification.values import Level
from services.verification.words import standing_words
from services.when import show_moment
from tui.one_person import offers
from tui.plain import account, analytics, correcting, creating, properties
from tui.plain.events import line, tell_events
from tui.plain.sitting import Choice, Sitting
from tui.plain.ssh_keys import keys_of
from tui.plain.verifying import verify_caller

_MAILS_TOLD = 3

_TASKS: dict[PersonAction, Callable[[Sitting, PersonKey], None]] = {
    PersonAction.EDIT: correcting.correct,
    PersonAction.WELCOME: creating.create,
    PersonAction.RESET: account.reset,
    PersonAction.RESEND_WELCOME: account.resend_welcome,
    PersonAction.TEMPORARY: account.temporary,
    PersonAction.RESET_ADDRESS: account.reset_address,
    PersonAction.CLEAR_FACTOR: account.clear_factor,
    PersonAction.SSH_KEYS: keys_of,
    PersonAction.DEACTIVATE: account.deactivate,
    PersonAction.REACTIVATE: account.reactivate,
    PersonAction.VERIFY: lambda sitting, person: verify_caller(sitting, person),
    PersonAction.HISTORY: lambda sitting, person: _history(sitting, person),
    PersonAction.PROPERTIES: properties.of_client,
    PersonAction.ANALYTICS: analytics.of_client,
}
"""In the order of `PersonAction`, what is only read out last. It has besides: what is told at once here (why), and the
whole identity."""


def open_person(person: PersonKey, sitting: Sitting) -> None:
    """Tell about somebody, and let it be chosen what to do. Raises SignedOut or Leave."""
    why(person, sitting)
    name = sitting.desk.people.panel(sitting.actor, person).record.name
    sitting.menu(f"What can be done for {name}.", lambda: _choices(sitting, person))


def _choices(sitting: Sitting, person: PersonKey) -> Sequence[Choice]:
    offered = offers(sitting.desk, sitting.actor, person)
    if sitting.desk.people.panel(sitting.actor, person).identity_state is None:
        # Here creating is always done in steps, which also take along what there was in the old system.
        offered[PersonAction.WELCOME] = offered[PersonAction.IDENTITY]
    choices = [Choice("Why can't they get in, and all about them", partial(why, person))]
    for action, task in _TASKS.items():
        offer = offered[action]
        if offer.allowed or offer.allowed_at is not None:
            words = "Edit, or correct the e-mail address" if action is PersonAction.EDIT else ACTION_WORDS[action]
            lacks = ", after the caller is verified" if offer.lacks > Level.LOOK else ""
            choices.append(Choice(f"{words}{lacks}", partial(_do, task, person)))
    closed = {ACTION_WORDS[action]: offered[action].reason for action in _TASKS if offered[action].reason}
    if closed:
        choices.append(Choice("What is not possible now, and why", partial(_tell_why_not, closed)))
    return choices


def _do(task: Callable[[Sitting, PersonKey], None], person: PersonKey, sitting: Sitting) -> None:
    task(sitting, person)


def _tell_why_not(closed: dict[str, str], sitting: Sitting) -> None:
    sitting.talk.say(*(f"{words}: {reason}" for words, reason in closed.items()))


def why(person: PersonKey, sitting: Sitting) -> None:
    """Everything about somebody, the gravest cause first. Raises NotFound."""
    panel = sitting.desk.people.panel(sitting.actor, person)
    now = sitting.desk.ctx.clock.now()
    talk = sitting.talk
    talk.say(f"{panel.record.name}, {panel.record.email or 'no e-mail address'}.", *panel.record.contact)
    blocked = any(cause.blocks for cause in panel.causes)
    talk.say("Why they cannot get in:" if blocked else "Nothing keeps them out.")
    for cause in panel.causes:
        until = f", until {show_moment(cause.until, now)}" if cause.until is not None else ""
        talk.say(f"{cause.words}{until}.")
        if cause.mend is not None:
            talk.say(f"To mend it: {ACTION_WORDS[cause.mend]}.")
    if panel.caller.until is not None and panel.caller.until > now:
        talk.say(standing_words(panel.caller, now))
    _tell_mail(sitting, panel)
    if panel.events:
        talk.say("Last event:", line(panel.events[0], now))


def _tell_mail(sitting: Sitting, panel: PersonPanel) -> None:
    now = sitting.desk.ctx.clock.now()
    for mail in panel.trail[:_MAILS_TOLD]:
        purpose = str(mail.purpose).replace("-", " ")
        sitting.talk.say(f"Mail, {purpose}, {show_moment(mail.at, now)} to {mail.to_address}: {mail.outcome}.")
    if panel.reset_allowed_at is not None:
        sitting.talk.say(f"The next mail may go from {show_moment(panel.reset_allowed_at, now)} on.")


def _history(sitting: Sitting, person: PersonKey) -> None:
    tell_events(sitting, lambda before: sitting.desk.people.history(sitting.actor, person, before))
