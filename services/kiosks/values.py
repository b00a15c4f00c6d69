"""What is told of a kiosk. Frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class KioskView:
    """A kiosk as its own program and its administrators see it.

    Attributes:
        agency_name: whose it is; company_code, phone, email: what a person needs who cannot be helped here.
        office: the part of the agency that answers its requests for help; empty for the whole agency.
        theme: the colours chosen for it; empty for the usual ones.
        seen_at: when its program last said that it runs; None if it never did.
        revoked_at: since when it is closed for good; None while it is not.
    """

    id: int
    agency_id: int
    name: str
    agency_name: str
    company_code: str
    phone: str
    email: str
    office: str
    theme: str
    enrolled_at: datetime
    enrolled_by: str
    seen_at: datetime | None
    revoked_at: datetime | None
