"""A kiosk's row as it is told, and its name as it is taken."""

from __future__ import annotations

from models.agency import Agency, Office
from models.kiosk import Kiosk
from services.agency_policy import policy_of
from services.kiosks.values import KioskView
from services.rule_lines import Problem, clean_line
from services.text import fold, safe

NAME_LIMIT = 60


def clean_name(text: str) -> str:
    """A kiosk's name: one line of 1 to 60 signs. Raises Problem."""
    name = clean_line(text, "name of the kiosk", NAME_LIMIT)
    if not fold(name):
        raise Problem("Name the kiosk with letters or digits, such as where it stands: Lobby.")
    return name


def view_of(row: Kiosk) -> KioskView:
    """The kiosk, its agency and its office; call it inside `ctx.read()` or `ctx.unit()`."""
    agency = Agency.get_by_id(row.agency_id)
    office = Office.get_or_none(Office.id == row.office_id) if row.office_id is not None else None
    return KioskView(
        id=row.id,
        agency_id=row.agency_id,
        name=safe(row.name),
        agency_name=safe(agency.name),
        company_code=agency.code,
        phone=policy_of(agency).conventions.phone(agency.phone),
        email=safe(agency.email),
        office="" if office is None else safe(office.name),
        theme=row.theme,
        enrolled_at=row.enrolled_at,
        enrolled_by=safe(row.enrolled_by),
        seen_at=row.seen_at,
        revoked_at=row.revoked_at,
    )
