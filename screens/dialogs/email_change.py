"""What follows from a changed e-mail address, before it is saved."""

from __future__ import annotations

from screens.dialogs.confirm import Confirm
from services.clients.values import EmailChangeEffects


class EmailChange(Confirm):
    """Names both addresses and every consequence; yes saves."""

    def __init__(self, effects: EmailChangeEffects) -> None:
        super().__init__(
            "Change the e-mail address?",
            [
                f"from  {effects.old}",
                f"to    {effects.new}",
                "",
                *(f"• {sentence}" for sentence in effects.sentences()),
            ],
            yes="Change it",
            no="Go back",
        )
