"""What somebody owes before anything else opens; each step is stored when it is finished."""

from __future__ import annotations

from functools import partial

from services.accounts.first_words import (
    APP_ASKED,
    AT_THE_DESK,
    CODES_OWED,
    KEEP_THIS,
    LEAVING,
    PASSWORD_LEADS,
    TERMS,
    who_corrects,
)
from services.accounts.onboarding import Newcomer
from services.credentials.passwords import Secret
from services.credentials.policy import describe
from services.entry.words import HELD_STEPS_OUT
from services.errors import Invalid
from tui.plain.dialogue import Back
from tui.plain.factor import keep_codes, set_up
from tui.plain.passwords import choose_password
from tui.plain.questions import choose_questions
from tui.plain.sitting import Sitting, Task


def first_steps(sitting: Sitting) -> bool:
    """Go through them; whether the session opens everything now. Raises Leave, SignedOut, or Unavailable."""
    newcomer = sitting.desk.onboarding.begin(sitting.actor)
    steps = _owed(newcomer)
    sitting.talk.say("Your account is not set up yet.", f"Steps to do: {', '.join(name for name, _ in steps)}.")
    for number, (name, step) in enumerate(steps, 1):
        sitting.talk.say(f"Step {number} of {len(steps)}: {name}.")
        if not _done(sitting, newcomer, step):
            return False
    sitting.arrive(sitting.desk.onboarding.finish(sitting.actor))
    sitting.talk.say(
        "Your account is set up.",
        f"Company code: {newcomer.agency.code}",
        f"User name: {newcomer.user_name}",
        f"Sign in at: {newcomer.agency.portal_address or AT_THE_DESK}",
    )
    sitting.talk.say_each(KEEP_THIS)
    return True


def _owed(newcomer: Newcomer) -> list[tuple[str, Task]]:
    owed = newcomer.owed
    steps = (
        (owed.terms, "what a private account means", partial(_terms, newcomer)),
        (owed.password, "password", partial(_password, newcomer)),
        (owed.second_factor, "two-step sign-in", _app),
        (owed.recovery_codes, "recovery codes", _codes),
        (owed.contact, "contact", partial(_contact, newcomer)),
        (owed.questions, "security questions", _questions),
    )
    return [(name, step) for holds, name, step in steps if holds]


def _done(sitting: Sitting, newcomer: Newcomer, step: Task) -> bool:
    """Whether a step was finished, however often it takes; False for whoever would rather sign out."""
    while True:
        try:
            step(sitting)
        except Back:
            sitting.talk.say_each(LEAVING)
            if newcomer.temporary and sitting.desk.onboarding.owed(sitting.actor).password:
                sitting.talk.say_each(HELD_STEPS_OUT)
            try:
                if sitting.talk.agree("Stop here and sign out?"):
                    return False
            except Back:
                continue
        except Invalid as refusal:
            sitting.talk.say_each(refusal.sentence)
        else:
            return True


def _terms(newcomer: Newcomer, sitting: Sitting) -> None:
    sitting.talk.say(f"Welcome to {newcomer.agency.name}, {newcomer.name}.")
    sitting.talk.say_each(*TERMS)
    while not sitting.talk.agree("Do you understand this, and share the account with nobody?", about=TERMS):
        sitting.talk.say("Without that the account stays closed.")
    sitting.desk.onboarding.accept_terms(sitting.actor)


def _password(newcomer: Newcomer, sitting: Sitting) -> None:
    sitting.talk.say_each(PASSWORD_LEADS[newcomer.temporary])
    store = partial(sitting.desk.onboarding.choose_password, sitting.actor)
    choose_password(sitting.talk, newcomer.policy, describe(newcomer.policy), newcomer.about, store)
    sitting.talk.say("Your password has been set.")


def _app(sitting: Sitting) -> None:
    sitting.talk.say_each(*APP_ASKED)
    set_up(sitting, sitting.desk.second_factor.begin(sitting.actor, Secret("")))


def _codes(sitting: Sitting) -> None:
    sitting.talk.say_each(CODES_OWED)
    keep_codes(sitting, sitting.desk.second_factor.new_recovery_codes(sitting.actor, Secret("")))


def _contact(newcomer: Newcomer, sitting: Sitting) -> None:
    talk = sitting.talk
    talk.say(
        "This is how the desk knows you.",
        f"Name: {newcomer.name}",
        f"User name: {newcomer.user_name}",
        f"Cell number: {newcomer.cell or 'none'}",
        who_corrects(newcomer.agency),
    )
    cell = newcomer.cell
    if not talk.agree("Is the cell number right?"):
        cell = talk.ask_optional("Cell number")
    sitting.desk.onboarding.confirm_contact(sitting.actor, cell)


def _questions(sitting: Sitting) -> None:
    choose_questions(sitting.talk, partial(sitting.desk.onboarding.set_questions, sitting.actor))
