"""What is said to somebody on the way in, on every surface."""

from __future__ import annotations

from dataclasses import dataclass

from models.states import TokenPurpose
from services.agencies import AgencyView
from services.credentials import codes
from services.credentials.presented import TokenAnswer
from services.recovery_values import ChangeUndone, PasswordChosen, ResetConfirmed

APP_CODE = "Type the six digits that your authenticator app shows now."

CODE_SENT_AGAIN = "A new mail goes out at most once a minute. Type the code of the newest one."

NO_MAIL_YET = (
    "If nothing comes, ask your agency whether it knows you by this address. "
    "A further mail goes out after five minutes at the earliest."
)

FRESH_SENT = (
    "A fresh mail is on its way to the same person, unless one was sent in the last five minutes. Open the newest one."
)

HELD_STEPS_OUT = (
    "Your temporary password is used up. To come back without a password of your own, "
    'choose "Forgot password" on the sign-in form, or ask the helpdesk for another one.'
)
"""For whoever leaves the first steps before there is a password of their own."""

TEMPORARY_FOLLOWS = (
    "A second mail brings you a temporary password, which works once, within an hour. Your present one stays until "
    "you choose another. Wherever the account is signed in, it will be signed out."
)
"""What confirming a reset brings where it takes two mails."""

UNDOING = (
    "If you did not want this, undo it: the old address becomes your user name again, everybody who is "
    "signed in to the account is signed out, and what was mailed to the new address no longer works."
)

UNDONE = (
    "Does somebody else perhaps know your password? Then choose a new one now, "
    "and tell your agency that the change was not yours."
)


@dataclass(frozen=True, slots=True)
class LinkWords:
    """What somebody reads who opens a link, before anything happens.

    Attributes:
        verb: the button that goes on.
    """

    title: str
    what: str
    verb: str


LINKS = {
    TokenPurpose.ACTIVATE: LinkWords(
        "Activate your account",
        "You choose a password now. Then you sign in with it and set up the rest, step by step.",
        "Choose a password",
    ),
    TokenPurpose.RESET: LinkWords(
        "Choose a new password",
        "You choose a new password now. Your present one stays until then. "
        "Wherever the account is signed in, it will be signed out.",
        "Choose a new password",
    ),
    TokenPurpose.CONFIRM_RESET: LinkWords(
        "Forgot password",
        "Somebody asked for a new password for this account. If that was you, go on: nothing happens before you "
        "have confirmed it. If it was not you, close this page.",
        "Go on",
    ),
    TokenPurpose.UNDO_EMAIL: LinkWords(
        "The e-mail address was changed",
        "The e-mail address of this account was changed, and you can undo that. Look at the change first: nothing "
        "happens before you say so.",
        "Look at the change",
    ),
}
"""What a link is for, by its purpose."""

ENDED = {
    TokenAnswer.USED: "Used",
    TokenAnswer.SUPERSEDED: "Replaced by a newer mail",
    TokenAnswer.EXPIRED: "Expired",
    TokenAnswer.REVOKED: "Withdrawn",
}
"""How a link or code ended, in a word or two."""


def whom_to_call(agency: AgencyView) -> str:
    """The agency with its number, as far as there is one."""
    return f"{agency.name}, {agency.phone}" if agency.phone else agency.name


def without_app(agency: AgencyView) -> str:
    """What to do at the second factor without the phone."""
    return f"Phone lost? Type one of your recovery codes instead. Without those, call {whom_to_call(agency)}."


def why_mailed_code(agency: AgencyView) -> tuple[str, str]:
    """Why a mailed code is asked for at sign-in, and what to do without it."""
    return (
        "Somebody typed very many wrong passwords for your account. So signing in takes a code as well, which "
        "is on its way to your e-mail address and works for ten minutes.",
        f'No mail? Look among the unwanted mail, choose "Forgot password" on the sign-in form, or call '
        f"{whom_to_call(agency)}.",
    )


def mail_asked(email: str) -> tuple[str, str]:
    """The one answer to whoever asked for a reset, whether or not there is such an account."""
    return (
        f"If an account belongs to {email}, a mail is on its way.",
        "It brings a link and a code and says how long they work. Look among the unwanted mail too.",
    )


def unreadable(link_or_code: str) -> str | None:
    """Why a text is neither a link nor a code, or None."""
    if codes.read_link(link_or_code) or codes.read_code(link_or_code):
        return None
    if not link_or_code.strip():
        return "Paste the link, or type the code."
    return "This is neither a whole link nor a code of eight signs. Compare it with the mail."


def came_of(done: PasswordChosen | ResetConfirmed | ChangeUndone) -> str:
    """What came of a link or code."""
    if isinstance(done, PasswordChosen):
        return f"Your password has been set. {_next(done)}".rstrip()
    if isinstance(done, ResetConfirmed):
        return (
            f"A temporary password is on its way to {done.user_name}. Type it here as your password: "
            "it works once, within an hour."
        )
    return f"Your user name is {done.user_name} again."


def _next(chosen: PasswordChosen) -> str:
    """What the person does now."""
    if chosen.questions:
        return "Please log in and configure your security questions."
    return "Please log in to open your account." if chosen.purpose is TokenPurpose.ACTIVATE else ""
