"""The kinds of callers: what is the matter, what they say, and what is right. Simple trouble first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from services.audit import Action
from services.practice.casting import Casting, Event, Part, user_name, without_questions
from services.practice.values import Caller, Case, Ending, Expected, Fact, Kind, Step

SOLVED = frozenset({Ending.SOLVED})
TOLD = frozenset({Ending.TOLD})

MAILS = Step(
    frozenset({Action.RESET_SENT, Action.TEMPORARY_SENT}),
    "send a reset (key r) or a temporary password, which goes to the address in the list",
)
WELCOME = Step(
    frozenset({Action.WELCOME_RESENT, Action.RESET_SENT, Action.TEMPORARY_SENT}),
    "send the welcome mail again",
)
CREATED = Step(frozenset({Action.ACCOUNT_CREATED}), "create the account, which sends the welcome mail")


@dataclass(frozen=True, slots=True)
class Plot:
    """A case and how it came about.

    Attributes:
        before: what happened before the queue began.
        ringing: what happens when the telephone rings.
    """

    case: Case
    before: tuple[Event, ...] = ()
    ringing: tuple[Event, ...] = ()


Make = Callable[[Casting], Plot]


def correcting(email: str) -> Step:
    """Another address in the list."""
    words = f"correct the e-mail address to {email} (key e)"
    return Step(frozenset({Action.CLIENT_CHANGED}), words, email=email)


def activated(part: Part, ago: timedelta, *, app: bool = False) -> tuple[Event, ...]:
    """Somebody who activated the account so long ago, and answered the security questions a little later."""
    return (
        Event(ago, lambda stage: stage.activate(part.person)),
        Event(ago - timedelta(minutes=6), lambda stage: stage.secure(part.person, part.answered, app=app)),
    )


def case_of(kind: Kind, part: Part, opening: str, expected: Expected, **says: str) -> Case:
    """A caller who is who they say, and reads the mail of the address in the list; `says` names facts."""
    said = part.says | {Fact(name): words for name, words in says.items()}
    return Case(kind, part.person, part.name, Caller(opening, said, part.reads), expected)


def wrong_email(cast: Casting) -> Plot:
    """The welcome mail bounced."""
    part = cast.part()
    wrong = f"{part.email.partition('@')[0]}@wrong.example"
    expected = Expected(
        steps=(correcting(part.email), WELCOME),
        endings=SOLVED,
        lesson="The mail bounced: the address in the list is wrong. Correct it first, then send the welcome mail "
        "again. Nobody has ever proved to be the owner of this account, so its address may be corrected.",
    )
    opening = cast.one_of(
        f"Hello, {part.name} here. You wrote that a mail was coming, and nothing comes.",
        f"Good morning. It's {part.first} {part.last}. I've been waiting for your mail since Friday.",
    )
    part.says.update(without_questions(part))
    case = case_of(
        Kind.WRONG_EMAIL,
        part,
        opening,
        expected,
        more="My neighbour got hers at once. Maybe you have my address wrong?",
    )
    before = (
        Event(timedelta(hours=50), lambda stage: stage.correct(part.person, wrong)),
        Event(timedelta(hours=49), lambda stage: stage.welcome(part.person)),
    )
    return Plot(case, before)


def forgotten(cast: Casting) -> Plot:
    """The password is forgotten."""
    part = cast.part()
    expected = Expected(
        steps=(MAILS,),
        endings=SOLVED,
        lesson="The account is active and its address is right: one mail lets the owner choose a password.",
    )
    opening = cast.one_of(
        "Hi, I can't remember my password. Can you send me something?",
        f"This is {part.name}. I've been away for weeks and my password has gone from my head.",
    )
    case = case_of(
        Kind.FORGOTTEN, part, opening, expected, more="Is it true that I shall not hear a password on the phone? Good."
    )
    return Plot(case, activated(part, timedelta(days=40)))


def lost_welcome(cast: Casting) -> Plot:
    """The welcome mail came, and was lost."""
    part = cast.part()
    expected = Expected(
        steps=(WELCOME,),
        endings=SOLVED,
        lesson="The account waits for its activation, and the mail reached the right address: send it again.",
    )
    part.says.update(without_questions(part))
    opening = cast.one_of(
        "Hello, you sent me a welcome mail, and I must have thrown it away.",
        f"{part.name}. My grandson tidied my mailbox. Your letter with the link is gone.",
    )
    case = case_of(Kind.LOST_WELCOME, part, opening, expected, more="The mailbox is fine; everything else arrives.")
    days = cast.random.choice((1, 5))
    return Plot(case, (Event(timedelta(days=days), lambda stage: stage.welcome(part.person)),))


def no_account(cast: Casting) -> Plot:
    """There never was an account."""
    part = cast.part()
    expected = Expected(
        steps=(CREATED,),
        endings=SOLVED,
        lesson="There is no account yet: create it. That sends the welcome mail, and nothing else is needed.",
    )
    part.says.update(without_questions(part))
    opening = cast.one_of(
        "Everybody in our street looks at their mortgage on the screen. I never got anything.",
        f"My name is {part.name}. How do I get into this portal? Nobody ever wrote to me.",
    )
    return Plot(case_of(Kind.NO_ACCOUNT, part, opening, expected, more="So I wait for a mail. Fine."))


def temporary_expired(cast: Casting) -> Plot:
    """The temporary password was not used within its hour."""
    part = cast.part()
    expected = Expected(
        steps=(MAILS,),
        endings=SOLVED,
        lesson="A temporary password works for one hour. This one has expired: send a new one, or a reset.",
    )
    opening = cast.one_of(
        "You sent me a password this morning, and it does not work.",
        f"{part.name} again. I typed your temporary password three times. Nothing.",
    )
    case = case_of(Kind.TEMPORARY_EXPIRED, part, opening, expected, more="I had to walk the dog first. Two hours, yes.")
    sent = Event(timedelta(hours=3), lambda stage: stage.temporary(part.person))
    return Plot(case, (*activated(part, timedelta(days=12)), sent))


def waiting(cast: Casting) -> Plot:
    """Too many tries with a slip in it; the password itself is known."""
    part = cast.part()
    expected = Expected(
        steps=(),
        endings=TOLD,
        lesson="The caller knows the password, and the wait of a minute ends by itself: tell them to wait and to "
        "look at the caps lock. Nobody is ever locked out for good.",
    )
    opening = cast.one_of(
        "Your site makes me wait! I know my password, I changed it last week.",
        f"{part.name}. It says I must wait. My caps lock was on; I have only seen it now.",
    )
    case = case_of(
        Kind.WAITING,
        part,
        opening,
        expected,
        more="I do know it, letter by letter. It was the caps lock.",
    )
    tries = tuple(
        Event(timedelta(seconds=ago), lambda stage: stage.fail(stage.company_code, part.email))
        for ago in (69, 67, 64, 59, 50, 33, 0)
    )
    return Plot(case, activated(part, timedelta(days=9)), tries)


def wrong_company(cast: Casting) -> Plot:
    """The company code was mistyped."""
    part = cast.part()
    code = _mistyped(cast.backstage.company_code)
    expected = Expected(
        steps=(),
        endings=TOLD,
        lesson=f"Nothing is wrong with the account: the company code was mistyped. Tell the right one, "
        f"{cast.backstage.company_code}.",
    )
    opening = cast.one_of(
        "I can't get in since this morning. Is your machine broken?",
        f"Hello, {part.name}. It says that three things do not belong together.",
    )
    case = case_of(Kind.WRONG_COMPANY, part, opening, expected, more=f"In the first field? I typed {code}.")
    tries = tuple(Event(timedelta(minutes=ago), lambda stage: stage.fail(code, part.email)) for ago in (9, 7, 4))
    return Plot(case, activated(part, timedelta(days=21)), tries)


def old_account(cast: Casting) -> Plot:
    """Somebody comes from the old system."""
    part = cast.part()
    migrated = Step(frozenset({Action.LEGACY_MIGRATED}), "migrate the account of the old system with it (key i)")
    expected = Expected(
        steps=(CREATED, migrated),
        endings=SOLVED,
        lesson="There is an account of the old system under this address: create the account and migrate the old one "
        "with it, so that only one door is left.",
    )
    name = user_name(part)
    part.says.update(without_questions(part))
    opening = cast.one_of(
        f"I always signed in as {name}, with the access key. Now a page says that this ends.",
        f"{part.name}. I have the old access key, and I'm told that I need a new account.",
    )
    case = case_of(
        Kind.OLD_ACCOUNT, part, opening, expected, more=f"My old user name was {name}. I won't need it any more."
    )
    return Plot(case, (Event(timedelta(days=3), lambda stage: stage.old_account(name, part.email)),))


def _mistyped(code: str) -> str:
    """The last two different signs swapped, as people do."""
    for at in range(len(code) - 2, -1, -1):
        if code[at] != code[at + 1]:
            return code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    return f"{code}0"
