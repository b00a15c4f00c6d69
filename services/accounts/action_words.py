"""What can be done with a person, in words: for menus, dialogs, line prompts and the help of commands alike."""

from __future__ import annotations

from services.accounts.accounts import ResetReason
from services.clients.values import PersonAction

ACTION_WORDS = {
    PersonAction.PROPERTIES: "My Properties",
    PersonAction.ANALYTICS: "Analytics",
    PersonAction.EDIT: "Edit",
    PersonAction.IDENTITY: "Manage user account (identity)",
    PersonAction.WELCOME: "Create account and send welcome",
    PersonAction.RESET: "Send a reset",
    PersonAction.RESEND_WELCOME: "Send the welcome mail again",
    PersonAction.TEMPORARY: "Send a temporary password",
    PersonAction.RESET_ADDRESS: "Show the reset page's address",
    PersonAction.CLEAR_FACTOR: "Clear the second factor",
    PersonAction.SSH_KEYS: "SSH keys",
    PersonAction.DEACTIVATE: "Deactivate the account",
    PersonAction.REACTIVATE: "Reactivate the account",
    PersonAction.VERIFY: "Verify the caller",
    PersonAction.WHY: "Why can't they get in?",
    PersonAction.HISTORY: "History",
}

MEND_WORDS = {
    PersonAction.PROPERTIES: "shows the properties",
    PersonAction.ANALYTICS: "shows the numbers",
    PersonAction.EDIT: "corrects the e-mail address",
    PersonAction.IDENTITY: "manages the user account",
    PersonAction.WELCOME: "creates the account and sends the welcome mail",
    PersonAction.RESET: "sends a reset",
    PersonAction.RESEND_WELCOME: "sends the welcome mail again",
    PersonAction.TEMPORARY: "sends a temporary password",
    PersonAction.RESET_ADDRESS: "shows the address of the reset page",
    PersonAction.CLEAR_FACTOR: "clears the second factor",
    PersonAction.SSH_KEYS: "shows the SSH keys of the account",
    PersonAction.DEACTIVATE: "deactivates the account",
    PersonAction.REACTIVATE: "reactivates the account",
    PersonAction.VERIFY: "verifies the caller",
    PersonAction.WHY: "tells why they cannot get in",
    PersonAction.HISTORY: "shows the history",
}
"""What an action does about a cause, after the name of its key or command."""

RESET_WORDS = {
    ResetReason.FORGOTTEN: "Forgotten password",
    ResetReason.LOST_WELCOME: "Lost welcome mail",
    ResetReason.WRONG_EMAIL: "Wrong e-mail address",
}


def follows(action: PersonAction, address: str) -> tuple[str, ...]:
    """What is said before an action that is asked about: one sentence or two for each thing that will happen."""
    return tuple(line.format(address=address) for line in _FOLLOWS.get(action, ()))


_FOLLOWS: dict[PersonAction, tuple[str, ...]] = {
    PersonAction.TEMPORARY: (
        "It goes to {address}. It works once, for one hour.",
        "It opens nothing but the choice of a password. Nobody here sees it.",
    ),
    PersonAction.DEACTIVATE: (
        "{address} can no longer sign in.",
        "Open sessions end, links and codes stop working, and the person gets a notice.",
        "Reactivating undoes it.",
    ),
    PersonAction.REACTIVATE: ("{address} can sign in again as before, and the person gets a notice.",),
    PersonAction.CLEAR_FACTOR: (
        "The authenticator app and the recovery codes stop working.",
        "Open sessions end, and the person gets a notice.",
        "Where a second factor is required, the next sign-in asks to set up a new one.",
    ),
}
