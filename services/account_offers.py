"""What can be done with a client's account in which state: one rule for the menu and for the action itself."""

from __future__ import annotations

from datetime import datetime

from models.states import IdentityState
from services.client_values import ActionOffer, ClientAction

_NO_ACCOUNT = "There is no account yet. Create one and send the welcome mail."
_DEACTIVATED = "The account is deactivated. Reactivate it first."
_NOT_DEACTIVATED = "The account is not deactivated. "
_SEND_RESET = "If the person cannot get in, send a reset."
_RESEND = "If the welcome mail is lost, send it again."

_WHY_NOT: dict[ClientAction, dict[IdentityState | None, str]] = {
    ClientAction.EDIT: {},
    ClientAction.WELCOME: {
        IdentityState.PENDING: "There is an account already, not yet activated. Send its welcome mail again.",
        IdentityState.ACTIVE: f"There is an active account already. {_SEND_RESET}",
        IdentityState.DEACTIVATED: "There is an account already, which is deactivated. Reactivate it.",
    },
    ClientAction.RESET: {None: _NO_ACCOUNT, IdentityState.DEACTIVATED: _DEACTIVATED},
    ClientAction.RESEND_WELCOME: {
        None: _NO_ACCOUNT,
        IdentityState.ACTIVE: f"The account is active already. {_SEND_RESET}",
        IdentityState.DEACTIVATED: _DEACTIVATED,
    },
    ClientAction.RESET_ADDRESS: {
        None: f"The reset page sends nothing to this person. {_NO_ACCOUNT}",
        IdentityState.DEACTIVATED: f"The reset page does not help this person. {_DEACTIVATED}",
    },
    ClientAction.DEACTIVATE: {
        None: "There is no account, so nobody signs in as this client. Nothing needs to be done.",
        IdentityState.DEACTIVATED: "The account is deactivated already. To undo that, reactivate it.",
    },
    ClientAction.REACTIVATE: {
        None: _NO_ACCOUNT,
        IdentityState.PENDING: _NOT_DEACTIVATED + _RESEND,
        IdentityState.ACTIVE: _NOT_DEACTIVATED + _SEND_RESET,
    },
    ClientAction.HISTORY: {},
}

_MAILING = (ClientAction.RESET, ClientAction.RESEND_WELCOME)
_RECENT = "A mail to this address was asked for less than five minutes ago. Send the next one after the wait."


def why_not(action: ClientAction, state: IdentityState | None) -> str:
    """Why an action is not possible in this state of the account (None: no account) and what to do; empty if it is."""
    return _WHY_NOT[action].get(state, "")


def offers_for(state: IdentityState | None, mail_at: datetime | None) -> tuple[ActionOffer, ...]:
    """The whole Actions menu, in order.

    Args:
        mail_at: when the next mail to the person may go; None for now.
    """
    return tuple(_offer(action, state, mail_at) for action in ClientAction)


def _offer(action: ClientAction, state: IdentityState | None, mail_at: datetime | None) -> ActionOffer:
    reason = why_not(action, state)
    if not reason and action in _MAILING and mail_at is not None:
        return ActionOffer(action, False, _RECENT, mail_at)
    return ActionOffer(action, not reason, reason)
