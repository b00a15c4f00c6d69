"""The kinds of callers for whom the first thought is the wrong one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from models.client import Client
from services.audit import Action
from services.clients.values import ClientFields
from services.practice.casting import Casting, Event, Part, mailbox
from services.practice.plots import MAILS, SOLVED, Plot, activated, case_of, correcting
from services.practice.values import Ending, Expected, Fact, Kind, Step
from services.verification.values import Level

REFUSED = frozenset({Ending.REFUSED})

_MISSING = "I no longer get the mail that goes there."


def new_email(cast: Casting) -> Plot:
    """The owner of an active account has another address now, and no password."""
    part = cast.part()
    new = f"{part.email.partition('@')[0]}@newmail.example.ca"
    app = cast.random.random() < 0.5
    expected = Expected(
        steps=(correcting(new), MAILS),
        endings=SOLVED,
        verified=Level.CHANGE_EMAIL,
        lesson="Another address for an active account is the key to it: verify the caller first. Then correct the "
        "address, and send a reset, which goes to the new one.",
    )
    opening = cast.one_of(
        "I have changed my provider, and I have lost my password too. Where does your mail go?",
        f"Hello, {part.name}. My old e-mail address ends this month, and I can't get in any more.",
    )
    case = case_of(
        Kind.NEW_EMAIL,
        part,
        opening,
        expected,
        email=f"The new one is {new}. You have {part.email}, which is gone.",
        code=_MISSING,
        more="Ask me whatever you like; I have answered your three questions.",
    )
    caller = replace(case.caller, reads=frozenset(), has_app=app)
    return Plot(replace(case, caller=caller), activated(part, timedelta(days=60), app=app))


def lost_phone(cast: Casting) -> Plot:
    """The telephone with the authenticator app is gone, and so are the recovery codes."""
    part = cast.part()
    expected = Expected(
        steps=(Step(frozenset({Action.FACTOR_CLEARED}), "clear the second factor (Actions menu)"),),
        endings=SOLVED,
        verified=Level.CLEAR_FACTOR,
        lesson="The password is known, only the app is lost: clear the second factor, once the caller is known in two "
        "ways. A reset alone would not open the account.",
    )
    opening = cast.one_of(
        "My phone fell into the lake, and your page wants a code from it.",
        f"{part.name}. I have a new telephone, and the six digits are gone with the old one.",
    )
    case = case_of(
        Kind.LOST_PHONE,
        part,
        opening,
        expected,
        app="That is the trouble: the app was on the old phone.",
        more="The recovery codes? I photographed them. With that phone. My password I know.",
    )
    return Plot(case, activated(part, timedelta(days=80), app=True))


def deactivated(cast: Casting) -> Plot:
    """The account was closed on purpose, and says so."""
    part = cast.part()
    why = cast.one_of(
        "File moved to the lawyers. Reopen only with the consent of the compliance office",
        "Closed at the owner's written request. Reopen only with a signed letter",
    )
    expected = Expected(
        steps=(),
        endings=frozenset({Ending.REFUSED, Ending.TOLD}),
        forbidden={
            Action.ACCOUNT_REACTIVATED: "You reactivated an account that was closed for a reason. Read the reason "
            "first: it says who must agree."
        },
        lesson="The account was deactivated for a reason, which the desk shows (key y): it may be reopened only as "
        "the reason says. Tell the caller that, and change nothing.",
    )
    opening = cast.one_of(
        "Somebody has switched me off! Please switch me on again.",
        f"This is {part.name}. I can't sign in, and I need a figure for my tax today.",
    )
    case = case_of(
        Kind.DEACTIVATED,
        part,
        opening,
        expected,
        more="A letter? Consent? I have nothing of the kind. Can't you simply press the button?",
    )
    closed = Event(timedelta(days=6), lambda stage: stage.deactivate(part.person, why))
    return Plot(case, (*activated(part, timedelta(days=90)), closed))


def impostor(cast: Casting) -> Plot:
    """Somebody who knows a name and a birthday, and wants the account that belongs to them."""
    part = cast.part()
    wants_app = cast.random.random() < 0.5
    stolen = f"{mailbox(part.first[:1])}.{mailbox(part.last)}@quickmail.example"
    expected = Expected(
        steps=(),
        endings=REFUSED,
        suspect=True,
        forbidden=dict.fromkeys(
            (Action.CLIENT_CHANGED, Action.FACTOR_CLEARED, Action.ACCOUNT_REACTIVATED),
            "You acted for somebody who could not show who they are: the account is now in a stranger's reach.",
        ),
        lesson="Name and birthday are no proof: both stand in many places. Whoever cannot answer the security "
        "questions, nor read out a mailed code, gets nothing; end the call, and change nothing.",
    )
    opening = (
        f"{part.name} here. My phone is gone, so please take this code off my account. It's urgent."
        if wants_app
        else f"{part.name} here. I need my mail at another address at once. The bank is waiting."
    )
    more = cast.one_of(
        "Listen, I have no time for this. Your colleague did it for me yesterday.",
        "I shall complain about you. Just do it, will you?",
    )
    case = case_of(
        Kind.IMPOSTOR,
        part,
        opening,
        expected,
        email=f"Use {stolen}. The one you have is out of order.",
        phone="I have another number now. You won't have that one.",
        address="I've just moved. What do you have there?",
        code="Which mail? I told you that the mailbox is out of order.",
        app="I told you: no phone, no code.",
        more=more,
    )
    says = {**case.caller.says, **cast.wrong_answers(part)}
    caller = replace(case.caller, says=says, reads=frozenset())
    return Plot(replace(case, caller=caller), activated(part, timedelta(days=120), app=wants_app))


def namesakes(cast: Casting) -> Plot:
    """Two clients share a name; one of them calls."""
    listed = cast.part()
    other = _namesake(cast, listed, f"{mailbox(listed.last)}.{mailbox(listed.first)}@post.example.com")
    caller, twin = (listed, other) if cast.random.random() < 0.5 else (other, listed)
    expected = Expected(
        steps=(MAILS,),
        endings=SOLVED,
        lesson=f"There are two clients of the name {caller.name}. The date of birth, the address or the e-mail tells "
        "them apart: send the reset to the one who calls.",
    )
    opening = cast.one_of(
        f"{caller.name}. I need a new password, please.",
        f"Good afternoon, {caller.name} here. The password that I wrote down is wrong.",
    )
    case = case_of(
        Kind.NAMESAKES, caller, opening, expected, more="Yes, there is another one of that name. We are not related."
    )
    days = timedelta(days=33)
    return Plot(case, (*activated(caller, days), *activated(twin, days - timedelta(hours=1))))


def _namesake(cast: Casting, listed: Part, email: str) -> Part:
    """A second client of the same name, born elsewhere and at another time."""
    born = listed.born.replace(year=listed.born.year - 17, day=1 + (listed.born.day + 9) % 28)
    phone = f"519-555-01{cast.random.randrange(10, 99)}"
    fields = ClientFields(listed.first, listed.last, email, phone, born.isoformat())
    person = cast.backstage.at(timedelta(days=200)).add(fields)
    with cast.backstage.ctx.read():
        part = cast.of(Client.get_by_id(person.id))
    part.says[Fact.ADDRESS] = "We rent, above the bakery. Nothing of that is in your list."
    return part
