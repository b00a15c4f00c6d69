"""The kiosks of an agency: enrolled by an administrator, revoked at once, and what each says about itself."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from peewee import Field, IntegrityError

from models.agency import Office
from models.help_queue import KioskVisit
from models.identity import OneTimeToken
from models.kiosk import Kiosk
from models.states import AuditResult, Surface, TokenPurpose, TokenState
from services import audit, offices, sessions, throttle
from services.actor import Actor, Origin
from services.audit import Action
from services.colours import NAMES
from services.context import Context
from services.credentials.codes import link_hash
from services.credentials.passwords import Secret
from services.errors import Invalid, NotFound, Refused
from services.kiosks.standing import KioskClosed, closed, require
from services.kiosks.values import KioskView
from services.kiosks.viewing import NAME_LIMIT, clean_name, view_of
from services.kiosks.visits import gone
from services.mail import outbox
from services.rights import Right
from services.rule_lines import Problem
from services.text import fold, safe

SEEN_EVERY = timedelta(minutes=1)
"""How often a kiosk that nobody touches writes that it runs."""

_REFUSED_EVERY = timedelta(hours=1)
"""How often it is written down that a revoked kiosk still tries to open."""

_WHICH_THEMES = f"Choose one of {', '.join(NAMES)}."
_NOT_HERE = "There is no such kiosk. It may have been revoked in the meantime."


class Kiosks:
    """Gives kiosks their identities and takes them back."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def enrol(self, actor: Actor, name: str, office_id: int | None = None, theme: str = "") -> tuple[KioskView, Secret]:
        """Give a new kiosk its identity; the secret is told here and never again.

        Raises Invalid for `name`, `office` or `theme`; Refused if an open kiosk has the name; Forbidden or SignedOut.
        """
        with audit.refusals_recorded(self._ctx, actor, Action.KIOSK_ENROLLED, subject=safe(name)[:NAME_LIMIT]):
            try:
                return self._enrol(actor, name, office_id, theme)
            except IntegrityError as error:
                raise _taken(name) from error

    def _enrol(self, actor: Actor, name: str, office_id: int | None, theme: str) -> tuple[KioskView, Secret]:
        with self._ctx.unit():
            sessions.require_staff(self._ctx, actor, Right.KIOSKS)
            problems = {} if theme in ("", *NAMES) else {"theme": _WHICH_THEMES}
            try:
                clean = clean_name(name)
            except Problem as problem:
                raise Invalid({**problems, "name": problem.sentence}) from problem
            _check_office(actor, office_id, problems)
            same = (Kiosk.agency == actor.agency_id) & (Kiosk.name_key == fold(clean)) & Kiosk.revoked_at.is_null()
            if Kiosk.select().where(same).exists():
                raise _taken(clean)
            secret = Secret(secrets.token_urlsafe(32))
            row = Kiosk.create(
                agency=actor.agency_id,
                office=office_id,
                name=clean,
                name_key=fold(clean),
                secret_hash=link_hash(secret.reveal()),
                theme=theme,
                enrolled_at=self._ctx.clock.now(),
                enrolled_by=actor.name,
            )
            view = view_of(row)
            audit.record(
                self._ctx, actor, Action.KIOSK_ENROLLED, subject=clean, details={"kiosk": row.id, "office": view.office}
            )
            return view, secret

    def open(self, secret: Secret) -> KioskView:
        """The kiosk that holds this secret; whoever has it is that kiosk. Raises KioskClosed.

        A revoked one that goes on trying is written down once an hour.
        """
        with self._ctx.read():
            row = Kiosk.get_or_none(Kiosk.secret_hash == link_hash(secret.reveal()))
            if row is not None and row.revoked_at is None:
                return view_of(row)
        if row is not None:
            self._write_refusal(row)
        raise closed(row)

    def list(self, actor: Actor) -> Sequence[KioskView]:
        """The kiosks that the actor may look after, open ones first, then by name. Raises Forbidden or SignedOut."""
        with self._ctx.read():
            sessions.require_staff(self._ctx, actor, Right.KIOSKS)
            own = offices.own_offices(actor)
            rows = [
                row
                for row in Kiosk.select().where(Kiosk.agency == actor.agency_id)
                if own is None or row.office_id in own
            ]
            rows.sort(key=lambda row: (row.revoked_at is not None, row.name_key, row.id))
            return [view_of(row) for row in rows]

    def revoke(self, actor: Actor, kiosk_id: int) -> KioskView:
        """Take its identity back at once: who stands there is sent home, and its codes open nothing any more.

        One that is revoked already stays as it is. Raises NotFound, Forbidden or SignedOut.
        """
        with audit.refusals_recorded(self._ctx, actor, Action.KIOSK_REVOKED), self._ctx.unit():
            row = self._get(actor, kiosk_id)
            now = self._ctx.clock.now()
            revoked = (
                Kiosk.update(revoked_at=now, revoked_by=actor.name)
                .where((Kiosk.id == row.id) & Kiosk.revoked_at.is_null())
                .execute()
            )
            if revoked:
                gone(self._ctx, row)
                codes = (OneTimeToken.kiosk == row.id) & (OneTimeToken.purpose == TokenPurpose.KIOSK)
                codes &= OneTimeToken.state == TokenState.LIVE
                outbox.take_back(self._ctx, OneTimeToken.select(OneTimeToken.message).where(codes))
                OneTimeToken.update(state=TokenState.REVOKED, ended_at=now).where(codes).execute()
                audit.record(self._ctx, actor, Action.KIOSK_REVOKED, subject=row.name, details={"kiosk": row.id})
            return view_of(Kiosk.get_by_id(row.id))

    def move(self, actor: Actor, kiosk_id: int, office_id: int | None) -> KioskView:
        """Let another office answer its requests for help, or with None the whole agency.

        Raises Invalid for `office`, NotFound, Refused for a revoked one, Forbidden or SignedOut.
        """
        with audit.refusals_recorded(self._ctx, actor, Action.KIOSK_CHANGED), self._ctx.unit():
            row = self._get_open(actor, kiosk_id)
            _check_office(actor, office_id, {})
            return self._change(actor, row, {Kiosk.office: office_id})

    def recolour(self, actor: Actor, kiosk_id: int, theme: str) -> KioskView:
        """Choose its colours, empty for the usual ones; its program follows within seconds.

        Raises Invalid for `theme`, NotFound, Refused for a revoked one, Forbidden or SignedOut.
        """
        with audit.refusals_recorded(self._ctx, actor, Action.KIOSK_CHANGED), self._ctx.unit():
            row = self._get_open(actor, kiosk_id)
            if theme not in ("", *NAMES):
                raise Invalid({"theme": _WHICH_THEMES})
            return self._change(actor, row, {Kiosk.theme: theme})

    def _change(self, actor: Actor, row: Kiosk, columns: dict[Field[Any], int | str | None]) -> KioskView:
        before = view_of(row)
        Kiosk.update(columns).where(Kiosk.id == row.id).execute()
        view = view_of(Kiosk.get_by_id(row.id))
        if view != before:
            facts: dict[str, str | int | bool | None] = {"kiosk": row.id, "office": view.office, "theme": view.theme}
            audit.record(self._ctx, actor, Action.KIOSK_CHANGED, subject=row.name, details=facts)
        return view

    def pulse(self, origin: Origin) -> KioskView:
        """What the kiosk's program asks every few seconds; writes at most once a minute. Raises KioskClosed."""
        now = self._ctx.clock.now()
        with self._ctx.read():
            row = require(origin)
            view = view_of(row)
        if _is_old(row.seen_at, now):
            with self._ctx.unit():
                Kiosk.update(seen_at=now).where(Kiosk.id == row.id).execute()
        return view

    def started(self, origin: Origin, visit: int | None = None) -> None:
        """Its program has begun; `visit` is who stands there already, None for nobody. Raises KioskClosed."""
        with audit.refusals_recorded(self._ctx, origin, Action.KIOSK_STARTED), self._ctx.unit():
            row = require(origin)
            gone(self._ctx, row, _begun(row, visit))
            Kiosk.update(seen_at=self._ctx.clock.now()).where(Kiosk.id == row.id).execute()
            self._record(origin, row, Action.KIOSK_STARTED)

    def fault(self, origin: Origin, reference: str, visit: int | None = None) -> None:
        """Its program met a fault and began anew; the log has it under the reference.

        `visit` is who has begun something since, None for nobody. Raises KioskClosed.
        """
        with self._ctx.unit():
            row = require(origin)
            # Whoever stood there meets the first screen now.
            gone(self._ctx, row, _begun(row, visit))
            self._record(origin, row, Action.KIOSK_FAULT, reference=reference)

    def left(self, actor: Actor) -> None:
        """Somebody ends the kiosk's program from its own keyboard.

        Raises Forbidden, Refused for staff of another agency, SignedOut.
        """
        place, kiosk_id = actor.origin.place, actor.origin.kiosk_id
        with audit.refusals_recorded(self._ctx, actor, Action.KIOSK_LEFT, subject=place), self._ctx.unit():
            self._require_leave(actor)
            audit.record(self._ctx, actor, Action.KIOSK_LEFT, subject=place, details={"kiosk": kiosk_id})

    def may_leave(self, actor: Actor) -> None:
        """Check that the actor may end the kiosk's program. Raises Forbidden, Refused or SignedOut."""
        with audit.refusals_recorded(self._ctx, actor, Action.KIOSK_LEFT, subject=actor.origin.place), self._ctx.read():
            self._require_leave(actor)

    def _require_leave(self, actor: Actor) -> None:
        sessions.require_staff(self._ctx, actor, Right.LEAVE_KIOSK)
        row = Kiosk.get_or_none(Kiosk.id == (actor.origin.kiosk_id or 0))
        if row is not None and row.agency_id != actor.agency_id:
            raise Refused("This kiosk belongs to another agency. Ask its helpdesk to open it.")

    def _get(self, actor: Actor, kiosk_id: int) -> Kiosk:
        sessions.require_staff(self._ctx, actor, Right.KIOSKS)
        row = Kiosk.get_or_none((Kiosk.id == kiosk_id) & (Kiosk.agency == actor.agency_id))
        own = offices.own_offices(actor)
        if row is None or (own is not None and row.office_id not in own):
            raise NotFound(_NOT_HERE)
        return row

    def _get_open(self, actor: Actor, kiosk_id: int) -> Kiosk:
        row = self._get(actor, kiosk_id)
        if row.revoked_at is not None:
            raise Refused("This kiosk has been revoked. Enrol it again to change it.")
        return row

    def _record(self, origin: Origin, row: Kiosk, action: Action, **facts: str) -> None:
        audit.record(
            self._ctx, origin, action, agency_id=row.agency_id, subject=row.name, details={"kiosk": row.id, **facts}
        )

    def _write_refusal(self, row: Kiosk) -> None:
        with self._ctx.unit():
            slot = throttle.key(self._ctx, "kiosk-refused", str(row.id))
            if throttle.take_slot(self._ctx, slot, _REFUSED_EVERY, None) == 0:
                audit.record(
                    self._ctx,
                    Origin(Surface.KIOSK, row.name, row.id),
                    Action.KIOSK_STARTED,
                    result=AuditResult.REFUSED,
                    agency_id=row.agency_id,
                    subject=row.name,
                    reason=KioskClosed.REVOKED,
                    details={"kiosk": row.id},
                )


def _begun(row: Kiosk, visit_id: int | None) -> KioskVisit | None:
    """The visit of whoever stands there already, if it is one at this kiosk."""
    found: KioskVisit | None = KioskVisit.get_or_none((KioskVisit.id == (visit_id or 0)) & (KioskVisit.kiosk == row.id))
    return found


def _check_office(actor: Actor, office_id: int | None, problems: dict[str, str]) -> None:
    """Raises Invalid with all problems."""
    own = offices.own_offices(actor)
    if office_id is None:
        if own is not None:
            problems["office"] = "Name one of your offices: the whole agency is not yours to choose."
    elif (own is not None and office_id not in own) or not Office.select().where(
        (Office.id == office_id) & (Office.agency == actor.agency_id)
    ).exists():
        problems["office"] = "There is no such office. Choose one of the agency's."
    if problems:
        raise Invalid(problems)


def _taken(name: str) -> Refused:
    return Refused(f'There is a kiosk "{safe(name)}" already. Revoke it first, or choose another name.')


def _is_old(seen_at: datetime | None, now: datetime) -> bool:
    """Also where it was seen in the future: then the clock was set back since."""
    return seen_at is None or not timedelta(0) <= now - seen_at < SEEN_EVERY
