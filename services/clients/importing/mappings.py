"""How the files of one source are read, as the agency keeps it; every function runs inside a read or a unit of work."""

from __future__ import annotations

from dataclasses import replace

from models.client import UploadMapping
from services import audit
from services.actor import Actor
from services.clients.importing.choices import Choice, Remembered, choice_from
from services.clients.importing.looking import ListLook
from services.context import Context
from services.text import safe


def known(actor: Actor, look: ListLook) -> ListLook:
    """The look, with what is kept for its source."""
    row = UploadMapping.get_or_none(_of(actor, look))
    choice = None if row is None else choice_from(row.mapping, len(look.cells))
    if row is None or choice is None:
        return replace(look, choice=look.guessed, remembered=None)
    return replace(look, choice=choice, remembered=Remembered(choice, safe(row.by), row.chosen_at))


def remember(ctx: Context, actor: Actor, look: ListLook, choice: Choice) -> None:
    """Keep a choice for its source; what the file tells by itself needs no keeping."""
    before = known(actor, look)
    if before.choice == choice:
        return
    if choice == look.guessed:
        forget(ctx, actor, look)
        return
    now = ctx.clock.now()
    values = {"mapping": choice.stored(), "by": actor.name, "chosen_at": now}
    if not UploadMapping.update(**values).where(_of(actor, look)).execute():
        UploadMapping.create(agency=actor.agency_id, source=look.source, **values)
    pairs = zip(choice.columns, look.columns, strict=True)
    taken = {column.value: shown.header for column, shown in pairs if column is not None}
    audit.record(
        ctx,
        actor,
        audit.Action.UPLOAD_MAPPED,
        subject=look.name,
        details={**taken, "dates": choice.dates.value},
    )


def forget(ctx: Context, actor: Actor, look: ListLook) -> None:
    """Keep nothing for this source any more."""
    if UploadMapping.delete().where(_of(actor, look)).execute():
        audit.record(ctx, actor, audit.Action.UPLOAD_UNMAPPED, subject=look.name)


def _of(actor: Actor, look: ListLook) -> object:
    return (UploadMapping.agency == actor.agency_id) & (UploadMapping.source == look.source)
