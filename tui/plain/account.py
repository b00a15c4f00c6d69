"""What staff do with the account behind one person: mail what opens it, close it, open it again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from models.states import MailPurpose
from services.accounts.accounts import ResetReason
from services.accounts.action_words import ACTION_WORDS, RESET_WORDS, follows
from services.actor import Actor
from services.approvals.values import WORDS, NeedsSecondPerson
from services.clients.values import PersonAction
from services.errors import Invalid
from services.person_key import PersonKey
from tui.one_person import Record, record_of
from tui.plain.correcting import correct_email
from tui.plain.sitting import Sitting
from tui.plain.verifying import shown

R = TypeVar("R")


def reset(sitting: Sitting, person: PersonKey) -> None:
    """For one of the three reasons; a wrong address is corrected on the way. Raises Back or Leave."""
    talk, desk = sitting.talk, sitting.desk
    why = talk.choose("Number of the reason", [(reason, words) for reason, words in RESET_WORDS.items()])
    if why is ResetReason.WRONG_EMAIL:
        correct_email(sitting, person)
    record = record_of(desk, sitting.actor, person)
    if not talk.agree(f"Send a mail to {record.email}?"):
        return
    sent = _reasoned(sitting, person, record, partial(desk.accounts.send_reset, why=why))
    if sent is not None:
        mail = "The welcome mail" if sent.purpose is MailPurpose.WELCOME else "A reset mail"
        talk.say(f"{mail} for {record.name} is on its way to {sent.to_address}.")


def resend_welcome(sitting: Sitting, person: PersonKey) -> None:
    """Another welcome mail. Raises Back or Leave."""
    record = record_of(sitting.desk, sitting.actor, person)
    sitting.talk.say("The link and the code of the older mail stop working.")
    if sitting.talk.agree(f"Send the welcome mail to {record.email} again?"):
        shown(sitting, person, sitting.desk.accounts.resend_welcome, sitting.actor, person)
        sitting.talk.say(f"The welcome mail for {record.name} is on its way to {record.email}.")


def temporary(sitting: Sitting, person: PersonKey) -> None:
    """A temporary password by mail, which nobody here learns. Raises Back or Leave."""
    record = record_of(sitting.desk, sitting.actor, person)
    sitting.talk.say_each(*follows(PersonAction.TEMPORARY, record.email))
    if not sitting.talk.agree(f"Send {record.name} a temporary password?"):
        return
    sent = _reasoned(sitting, person, record, sitting.desk.temporary.send)
    if sent is not None:
        sitting.talk.say(f"A temporary password for {record.name} is on its way to {sent}.")


def reset_address(sitting: Sitting, person: PersonKey) -> None:
    """Where the person asks for a reset without the desk."""
    sitting.talk.say("Hand this address over:", sitting.desk.accounts.reset_page_address(sitting.actor))


def deactivate(sitting: Sitting, person: PersonKey) -> None:
    """Close the account. Raises Back or Leave."""
    _with_reason(sitting, person, PersonAction.DEACTIVATE, sitting.desk.accounts.deactivate)


def reactivate(sitting: Sitting, person: PersonKey) -> None:
    """Open it again. Raises Back or Leave."""
    _with_reason(sitting, person, PersonAction.REACTIVATE, sitting.desk.accounts.reactivate)


def clear_factor(sitting: Sitting, person: PersonKey) -> None:
    """Take a lost second factor off it. Raises Back or Leave."""
    _with_reason(sitting, person, PersonAction.CLEAR_FACTOR, sitting.desk.clearing.second_factor)


def _with_reason(
    sitting: Sitting, person: PersonKey, action: PersonAction, change: Callable[[Actor, PersonKey, str], None]
) -> None:
    record = record_of(sitting.desk, sitting.actor, person)
    sitting.talk.say_each(*follows(action, record.email))
    while sitting.talk.agree(f"{ACTION_WORDS[action]} of {record.name}?"):
        reason = sitting.talk.ask("Why? The history keeps it")
        try:
            shown(sitting, person, change, sitting.actor, person, reason)
        except Invalid as refusal:
            sitting.talk.say_each(refusal.sentence)
        except NeedsSecondPerson as lacking:
            _ask_colleague(sitting, person, lacking, reason)
            return
        else:
            sitting.talk.say(f"Done: {ACTION_WORDS[action][0].lower()}{ACTION_WORDS[action][1:]} of {record.name}.")
            return


def _reasoned(sitting: Sitting, person: PersonKey, record: Record, send: Callable[..., R]) -> R | None:
    """Send something, with a reason and a colleague's yes where they are asked for; None if it was not sent."""
    reason = ""
    while True:
        try:
            return shown(sitting, person, partial(send, reason=reason), sitting.actor, person)
        except Invalid as refusal:
            if reason:
                sitting.talk.say_each(refusal.sentence)
            reason = sitting.talk.ask(f"{record.name} is an administrator: why is this sent?")
        except NeedsSecondPerson as lacking:
            _ask_colleague(sitting, person, lacking, reason)
            return None


def _ask_colleague(sitting: Sitting, person: PersonKey, lacking: NeedsSecondPerson, reason: str) -> None:
    """Ask for the yes without which this is not done here. Raises Back or Leave."""
    sitting.talk.say(f"A colleague must agree when you {WORDS[lacking.what]}.")
    if sitting.talk.agree("Ask them now?"):
        shown(sitting, person, sitting.desk.approvals.ask, sitting.actor, person, lacking.what, reason)
        sitting.talk.say("Your colleagues have been asked.", "Once one agrees, do the same here again.")
