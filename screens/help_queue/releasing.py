"""Lets the person at a kiosk pass the step at which it waits, once they are known surely enough."""

from __future__ import annotations

from typing import Any

from models.states import KioskStep
from screens.base import DeskScreen
from screens.clients.words import called
from screens.dialogs.confirm import Confirm
from screens.persons.account_tasks import AccountTasks
from screens.verification.verifying import verify_caller
from services.actor import Actor
from services.approvals.values import Dangerous, NeedsSecondPerson
from services.errors import Refused
from services.kiosks.releases import WORDS, ReleaseOffer
from services.verification.standing import NotVerified

_NO_VISIT = "This person does not stand at a kiosk, or has left it: there is no step to let them pass."


async def release_step(screen: DeskScreen[Any], actor: Actor, visit_id: int | None, tasks: AccountTasks | None) -> bool:
    """Ask, verify where that is needed, and release; tells whether it was done. Raises whatever the services refuse.

    `tasks` are those of the person whose address was typed.
    """
    if visit_id is None:
        raise Refused(_NO_VISIT)
    service = screen.desk.releases
    while True:
        offer = await screen.call(service.offer, actor, visit_id)
        if offer.step is None or offer.person is None:
            raise Refused(offer.why_not or _NO_VISIT)
        if offer.why_not == NotVerified(offer.needed).sentence:
            if not await verify_caller(screen, actor, offer.person, offer.needed):
                return False
            continue
        lacking = next((what for what in Dangerous if offer.why_not == NeedsSecondPerson(what).sentence), None)
        if lacking is not None and tasks is not None:
            await tasks.ask_colleague(offer.person, lacking, f"To let them pass {WORDS[offer.step]} at a kiosk")
            return False
        if offer.why_not:
            raise Refused(offer.why_not)
        if not await screen.app.push_screen_wait(_question(offer, offer.step)):
            return False
        try:
            await screen.call(service.release, actor, visit_id, offer.step)
        except (NotVerified, NeedsSecondPerson):
            # It was known a moment ago: look again what is missing.
            continue
        screen.notify(f"{called(offer.name)} may pass {WORDS[offer.step]}. The kiosk goes on by itself.", markup=False)
        return True


def _question(offer: ReleaseOffer, step: KioskStep) -> Confirm:
    return Confirm(
        f"Let {called(offer.name)} pass {WORDS[step]}?",
        offer.follows,
        yes="Let them pass",
        no="Not yet",
        dangerous=True,
    )
