"""How surely a caller must be known for what; one table, and the agency's own choice within it."""

from __future__ import annotations

from collections.abc import Mapping

from models.states import CheckMethod, IdentityState
from services.agency_policy import AgencyPolicy
from services.clients.values import PersonAction
from services.verification.values import Level

NEEDED: Mapping[PersonAction, Level] = {
    PersonAction.PROPERTIES: Level.LOOK,
    PersonAction.ANALYTICS: Level.LOOK,
    # What is stored of a person changes with no more than this, unless it is the address: see `for_new_email`.
    PersonAction.EDIT: Level.LOOK,
    PersonAction.IDENTITY: Level.LOOK,
    # Nothing is there yet against which anybody could be verified.
    PersonAction.WELCOME: Level.LOOK,
    PersonAction.RESET: Level.RESEND,
    PersonAction.RESEND_WELCOME: Level.RESEND,
    PersonAction.TEMPORARY: Level.RESEND,
    PersonAction.RESET_ADDRESS: Level.LOOK,
    PersonAction.CLEAR_FACTOR: Level.CLEAR_FACTOR,
    # Keys are looked at; another one is bound as `for_new_email` says.
    PersonAction.SSH_KEYS: Level.LOOK,
    # Somebody who reports a stolen account must be served at once, whatever they have lost.
    PersonAction.DEACTIVATE: Level.LOOK,
    PersonAction.REACTIVATE: Level.RESEND,
    PersonAction.VERIFY: Level.LOOK,
    PersonAction.WHY: Level.LOOK,
    PersonAction.HISTORY: Level.LOOK,
}

GIVES: Mapping[CheckMethod, Level] = {
    CheckMethod.QUESTIONS: Level.CHANGE_EMAIL,
    CheckMethod.CODE: Level.CHANGE_EMAIL,
    CheckMethod.SECOND_FACTOR: Level.CLEAR_FACTOR,
    CheckMethod.OVERRIDE: Level.CLEAR_FACTOR,
}
"""What one method reaches by itself."""

TOGETHER = frozenset({CheckMethod.QUESTIONS, CheckMethod.CODE})
"""Something known and something held: both reach the highest level."""


def needed(action: PersonAction, policy: AgencyPolicy) -> Level:
    """The level that an action needs in an agency with this policy.

    A mail that opens an account goes to the address on file, whoever asked for it: only an agency that verifies all
    callers asks for more than looking there.
    """
    level = NEEDED[action]
    return level if policy.verify_callers or level > Level.RESEND else Level.LOOK


def for_new_email(state: IdentityState | None, policy: AgencyPolicy) -> Level:
    """The level that another e-mail address or SSH key needs, with the account in this state; None for no account.

    Nobody has ever proved to be the owner of an account that was not activated: its address is corrected like that of
    somebody without one, unless the agency verifies all callers.
    """
    if state is None or (state is IdentityState.PENDING and not policy.verify_callers):
        return Level.LOOK
    return Level.CHANGE_EMAIL
