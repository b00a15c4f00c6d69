"""What a notice says to the owner of an account: what happened, and what to do if it was somebody else."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Notice(StrEnum):
    """What an owner is told of besides a changed password or address, which have mails of their own."""

    SECOND_FACTOR_ON = "second-factor-on"
    SECOND_FACTOR_OFF = "second-factor-off"
    SECOND_FACTOR_CLEARED = "second-factor-cleared"
    RECOVERY_CODES = "recovery-codes"
    RECOVERY_USED = "recovery-used"
    QUESTIONS = "questions"
    NEW_PLACE = "new-place"
    AFTER_FAILURES = "after-failures"
    WRONG_CODES = "wrong-codes"
    WRONG_CODES_AFTER_KEY = "wrong-codes-after-key"
    SSH_KEY_BOUND = "ssh-key-bound"
    SSH_KEY_REVOKED = "ssh-key-revoked"
    EMAIL_RESTORED = "email-restored"
    EMAIL_RELEASED = "email-released"


_SUBJECTS = {
    Notice.SECOND_FACTOR_ON: "Two-step sign-in is on for your account at {}",
    Notice.SECOND_FACTOR_OFF: "Two-step sign-in is off for your account at {}",
    Notice.SECOND_FACTOR_CLEARED: "Two-step sign-in was removed from your account at {}",
    Notice.RECOVERY_CODES: "New recovery codes for your account at {}",
    Notice.RECOVERY_USED: "A recovery code was used for your account at {}",
    Notice.QUESTIONS: "Your security questions at {} were changed",
    Notice.NEW_PLACE: "A sign-in to your account at {} from a new place",
    Notice.AFTER_FAILURES: "A sign-in to your account at {} after failed tries",
    Notice.WRONG_CODES: "Somebody knows your password at {}",
    Notice.WRONG_CODES_AFTER_KEY: "Somebody has an SSH key of your account at {}",
    Notice.SSH_KEY_BOUND: "An SSH key was bound to your account at {}",
    Notice.SSH_KEY_REVOKED: "An SSH key was taken off your account at {}",
    Notice.EMAIL_RESTORED: "Your e-mail address at {} was put back",
    Notice.EMAIL_RELEASED: "This address no longer belongs to an account at {}",
}

_HAPPENED = {
    Notice.SECOND_FACTOR_ON: "An authenticator app was set up for your account. From now on signing in takes "
    "your password and a code from that app.",
    Notice.SECOND_FACTOR_OFF: "The authenticator app was taken off your account. From now on signing in takes "
    "your password alone.",
    Notice.SECOND_FACTOR_CLEARED: "{by} removed the authenticator app from your account and gave this reason: {reason}",
    Notice.RECOVERY_CODES: "New recovery codes were made for your account. The older ones no longer work.",
    Notice.RECOVERY_USED: "A recovery code was used for your account instead of the authenticator app. "
    "Codes left: {left}.",
    Notice.QUESTIONS: "The security questions of your account, or the answers to them, were changed.",
    Notice.NEW_PLACE: "Your account was signed in to from {place}, where it had not been used before.",
    Notice.AFTER_FAILURES: "Your account was signed in to from {place} after {failures} failed tries in a row.",
    Notice.WRONG_CODES: "Somebody at {place} typed the right password of your account and then {failures} wrong codes. "
    "They did not get in.",
    Notice.WRONG_CODES_AFTER_KEY: "Somebody at {place} came with an SSH key that is bound to your account, and then "
    "typed {failures} wrong codes. They did not get in. The key: {key}",
    Notice.SSH_KEY_BOUND: "{by} bound an SSH key to your account. Whoever holds it signs in over SSH without your "
    "password; a second factor is still asked for where you have one. The key: {key} {comment}",
    Notice.SSH_KEY_REVOKED: "{by} took an SSH key off your account. It opens nothing any more, and what was signed in "
    "with it no longer is. The key: {key} {comment}",
    Notice.EMAIL_RESTORED: "The change of your e-mail address was undone: your user name is {address} again. "
    "Wherever the account was signed in, it no longer is.",
    Notice.EMAIL_RELEASED: "The change that made this address the user name of an account was undone by the owner of "
    "the address before it. Nobody signs in with this address any more, and links and codes that were sent to it "
    "no longer work.",
}

_CHANGE_PASSWORD = 'If it was not, choose "Forgot password" on the sign-in screen at once, and tell the agency below.'
_WAS_IT_YOU = f"If this was you, there is nothing to do. {_CHANGE_PASSWORD}"
_UNEXPECTED = {
    Notice.SECOND_FACTOR_CLEARED: "If you asked for this, set up the app anew when you sign in. If you did not, "
    "call the agency below at once.",
    Notice.WRONG_CODES: "If this was you, wait for a fresh code and try again. If it was not, your password is no "
    'secret any more: choose "Forgot password" on the sign-in screen now, and tell the agency below.',
    Notice.WRONG_CODES_AFTER_KEY: "If this was you, wait for a fresh code and try again. If it was not, somebody has "
    "your key: tell the agency below now, and have it taken off your account.",
    Notice.SSH_KEY_BOUND: "If you asked for this, there is nothing to do. If you did not, or do not know the key, tell "
    "the agency below at once. You can take it off yourself under My password and security.",
    Notice.SSH_KEY_REVOKED: "If you still need the key, tell the agency below.",
    Notice.EMAIL_RESTORED: 'If your password may be known to somebody else, choose "Forgot password" on the sign-in '
    "screen, and tell the agency below.",
    Notice.EMAIL_RELEASED: "If the account is yours and this is the right address, tell the agency below.",
}

_UNKNOWN = {"place": "a place that is not known", "reason": "none", "by": "Somebody"}
"""What stands for a fact that nobody gave."""


def subject(notice: Notice, agency_name: str) -> str:
    """The subject of the mail."""
    return _SUBJECTS[notice].format(agency_name)


def happened(notice: Notice, facts: Mapping[str, str]) -> str:
    """What happened, in one to three sentences. Raises KeyError for a missing fact.

    Args:
        facts: as they stand in the mail; an empty one is told as unknown.
    """
    return _HAPPENED[notice].format(**{name: text or _UNKNOWN.get(name, "") for name, text in facts.items()})


def unexpected(notice: Notice) -> str:
    """What to do, whether it was the owner or not."""
    return _UNEXPECTED.get(notice, _WAS_IT_YOU)


def names_account(notice: Notice) -> bool:
    """Whether company code and user name may stand in the mail; the address may be a stranger's."""
    return notice is not Notice.EMAIL_RELEASED
