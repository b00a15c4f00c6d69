"""What an owner was told."""

from __future__ import annotations

import json

from models.identity import Identity
from models.states import MailPurpose
from services.context import Context
from services.mail.notices import Notice
from tests import making


def told(ctx: Context, identity: Identity, notice: Notice) -> list[dict[str, str]]:
    """The facts of each notice of this kind, oldest first."""
    found = []
    for mail in making.mails(ctx, identity, MailPurpose.NOTICE):
        facts = json.loads(mail.details)
        if facts.pop("notice") == notice.value:
            found.append(facts)
    return found
