"""The fields of a staff member, cleaned by the same rules for the form and for the upload."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from models.states import Role
from services.clients.fields import name_key, search_text
from services.rules import Email, Problem, clean_email, clean_name, clean_phone, clean_text
from services.staff.values import STAFF_ROLES, StaffFields

T = TypeVar("T")

NOTE_LIMIT = 500
"""Most signs of a note."""

TOLD = ("first_name", "last_name", "email", "cell", "role", "active", "note")
"""The columns whose change the audit tells, beside the office."""


class CheckedStaff:
    """The fields of the form, cleaned; what did not hold is in `problems` and stays empty.

    Attributes:
        problems: field name to sentence, in the order of the form.
        fields: as they will be stored; an office is only trimmed, as the database alone knows which ones there are.
        email: address and key; both empty for none.
    """

    def __init__(self, typed: StaffFields) -> None:
        self.problems: dict[str, str] = {}
        first = self._take("first_name", clean_name, typed.first_name) or ""
        last = self._take("last_name", clean_name, typed.last_name) or ""
        email = self._take("email", clean_email, typed.email) if typed.email.strip() else None
        self.email = email or Email("", "")
        cell = self._take("cell", clean_phone, typed.cell) or ""
        self.role = self._take("role", clean_role, typed.role) or Role.AGENT
        note = self._take("note", lambda text: clean_text(text, NOTE_LIMIT), typed.note) or ""
        office = typed.office.strip()
        self.fields = StaffFields(first, last, self.email.address, cell, office, self.role.value, typed.active, note)

    def columns(self) -> dict[str, Any]:
        """What a row holds of them, derived columns included, but the office."""
        fields = self.fields
        return {
            "first_name": fields.first_name,
            "last_name": fields.last_name,
            "email": fields.email,
            "email_key": self.email.key,
            "cell": fields.cell,
            "role": self.role,
            "active": fields.active,
            "note": fields.note,
            "name_key": name_key(fields.first_name, fields.last_name),
            "search": search_text(fields.first_name, fields.last_name, fields.email, fields.cell),
        }

    def _take(self, name: str, rule: Callable[[str], T], text: str) -> T | None:
        try:
            return rule(text)
        except Problem as problem:
            self.problems[name] = problem.sentence
            return None


def clean_role(text: str) -> Role:
    """What somebody may do, by its English or French word."""
    word = text.strip().casefold()[:40]
    for role in STAFF_ROLES:
        if word in (role.value, *_ALSO[role]):
            return role
    known = ", ".join(STAFF_ROLES[:-1])
    raise Problem(f"This is no role. Write {known} or {STAFF_ROLES[-1]}.")


_ALSO = {
    Role.AGENT: ("agente", "user", "utilisateur", "utilisatrice"),
    Role.SUPERVISOR: ("manager", "superviseur", "superviseure", "gestionnaire"),
    Role.ADMINISTRATOR: ("admin", "administrateur", "administratrice"),
    Role.AUDITOR: ("auditeur", "auditrice", "vérificateur", "vérificatrice"),
}
