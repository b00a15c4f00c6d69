"""Verifying a caller: the questions are read out, what the caller says is typed, right or wrong comes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from models.states import CheckMethod
from services.credentials.questions import Answered
from services.errors import Invalid, TooSoon
from services.person_key import PersonKey
from services.verification.standing import NotVerified
from services.verification.values import CallerOffers, Level, MethodOffer, Verdict
from services.verification.words import LEVEL_WORDS, METHOD_WORDS, NEEDED_WORDS, standing_words
from services.when import show_wait
from tui.plain.dialogue import Back
from tui.plain.sitting import Sitting

P = ParamSpec("P")
R = TypeVar("R")


def verify_caller(sitting: Sitting, person: PersonKey, needed: Level = Level.LOOK) -> None:
    """Verify until the caller is known surely enough; without a level one success is enough. Raises Back or Leave."""
    talk, shown = sitting.talk, False
    while True:
        offers = sitting.desk.verification.offers(sitting.actor, person)
        talk.say(standing_words(offers.standing, sitting.desk.ctx.clock.now()))
        if offers.standing.level >= max(needed, Level.RESEND) and (shown or needed > Level.LOOK):
            return
        if needed > offers.standing.level:
            talk.say(f"Needed for this: {NEEDED_WORDS[needed]}.")
        method = _choose(sitting, offers)
        try:
            shown = _METHODS[method](sitting, person, offers) or shown
        except Back:
            continue
        except (Invalid, TooSoon) as refusal:
            talk.say_each(refusal.sentence)


def shown(sitting: Sitting, person: PersonKey, act: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Do something; if the caller is not known surely enough, verify first and then go on. Raises Back or Leave."""
    while True:
        try:
            return act(*args, **kwargs)
        except NotVerified as lacking:
            sitting.talk.say("The caller must be verified first.")
            verify_caller(sitting, person, lacking.needed)


def _choose(sitting: Sitting, offers: CallerOffers) -> CheckMethod:
    talk = sitting.talk
    talk.say(f"How do you verify {offers.name}?")
    # The numbers stay the same while a way is closed for a moment: a wrong one would mail a code.
    ways = [(offer, f"{METHOD_WORDS[offer.method]}, {_outcome(offer)}") for offer in offers.methods]
    while True:
        chosen = talk.choose("Number of the way", ways)
        over = chosen.allowed_at is not None and chosen.allowed_at <= sitting.desk.ctx.clock.now()
        if chosen.allowed or over:
            return chosen.method
        talk.say_each(chosen.reason)


def _outcome(offer: MethodOffer) -> str:
    return f"enough for {LEVEL_WORDS[offer.gives]}" if offer.allowed else f"not now: {offer.reason}"


def _verdict(sitting: Sitting, verdict: Verdict) -> bool:
    if not verdict.right:
        sitting.talk.say_each(verdict.sentence)
        if verdict.wait:
            sitting.talk.say(f"The next try is heard in {show_wait(verdict.wait)}.")
    return verdict.right


def _questions(sitting: Sitting, person: PersonKey, offers: CallerOffers) -> bool:
    questions = sitting.desk.verification.questions_for(sitting.actor, person)
    given = []
    for number, question in enumerate(questions, 1):
        sitting.talk.say(f"Question {number} of {len(questions)}. {question.words}")
        given.append(Answered(question.key, sitting.talk.ask_secret("The caller says", about=(question.words,))))
    return _verdict(sitting, sitting.desk.verification.check_answers(sitting.actor, person, given))


def _code(sitting: Sitting, person: PersonKey, offers: CallerOffers) -> bool:
    service, talk = sitting.desk.verification, sitting.talk
    try:
        standing = service.send_code(sitting.actor, person)
    except TooSoon:
        # One was sent a moment ago: it is as good as a new one, if it was ours.
        standing = service.code_standing(sitting.actor, person)
        if standing.why_over:
            raise
    talk.say(f"Mail to {offers.address}: {standing.words}.")
    while True:
        typed = talk.ask_secret(f"Code as the caller reads it out, or {_MAIL} to hear where it is")
        if typed.reveal().strip().casefold() == _MAIL:
            talk.say(f"{service.code_standing(sitting.actor, person).words}.")
            continue
        try:
            return _verdict(sitting, service.check_code(sitting.actor, person, typed))
        except Invalid as refusal:
            talk.say_each(refusal.sentence)


_MAIL = "mail"


def _factor(sitting: Sitting, person: PersonKey, offers: CallerOffers) -> bool:
    typed = sitting.talk.ask_secret("Code of the caller's app")
    return _verdict(sitting, sitting.desk.verification.check_factor(sitting.actor, person, typed))


def _override(sitting: Sitting, person: PersonKey, offers: CallerOffers) -> bool:
    while True:
        reason = sitting.talk.ask(f"How do you know that this is {offers.name}?")
        try:
            sitting.desk.verification.override(sitting.actor, person, reason)
        except Invalid as refusal:
            sitting.talk.say_each(refusal.sentence)
        else:
            return True


_METHODS: dict[CheckMethod, Callable[[Sitting, PersonKey, CallerOffers], bool]] = {
    CheckMethod.QUESTIONS: _questions,
    CheckMethod.CODE: _code,
    CheckMethod.SECOND_FACTOR: _factor,
    CheckMethod.OVERRIDE: _override,
}
