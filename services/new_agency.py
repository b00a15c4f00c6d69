"""What is asked before an agency stands, and the rules for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from services.agency_policy import NEW_PASSWORD
from services.credentials.passwords import Secret
from services.credentials.policy import About, problem
from services.errors import Invalid
from services.rules import Email, Problem, clean_company_code, clean_email, clean_name, clean_phone, clean_text

_ADDRESS_LIMIT = 300
_ADDRESS_LINES = 6


@dataclass(frozen=True, slots=True)
class NewAgency:
    """What the first-run screen or `trakdesk init` asks for, as typed.

    Attributes:
        address: the street address in one line or several; may be empty, as phone and email may.
        password: the administrator's; None sends and returns a one-time code instead.
    """

    name: str
    code: str
    admin_first: str
    admin_last: str
    admin_email: str
    address: str = ""
    phone: str = ""
    email: str = ""
    password: Secret | None = None


@dataclass(frozen=True, slots=True)
class CleanAgency:
    """The same, cleaned."""

    name: str
    code: str
    address: str
    phone: str
    email: str
    first: str
    last: str
    admin: Email


def clean_agency(draft: NewAgency) -> CleanAgency:
    """All fields cleaned. Raises Invalid with a sentence for each that does not hold."""
    problems: dict[str, str] = {}

    def cleaned(field: str, rule: Callable[[str], str], text: str) -> str:
        try:
            return rule(text)
        except Problem as refusal:
            problems[field] = refusal.sentence
            return ""

    def address_of(text: str) -> str:
        return clean_email(text).address if text.strip() else ""

    def lines_of(text: str) -> str:
        return "\n".join(clean_text(line, _ADDRESS_LIMIT) for line in text.strip().splitlines()[:_ADDRESS_LINES])

    clean = CleanAgency(
        name=cleaned("name", clean_name, draft.name),
        code=cleaned("code", clean_company_code, draft.code),
        address=cleaned("address", lines_of, draft.address),
        phone=cleaned("phone", clean_phone, draft.phone),
        email=cleaned("email", address_of, draft.email),
        first=cleaned("admin_first", clean_name, draft.admin_first),
        last=cleaned("admin_last", clean_name, draft.admin_last),
        admin=Email(
            cleaned("admin_email", lambda text: clean_email(text).address, draft.admin_email),
            cleaned("admin_email", lambda text: clean_email(text).key, draft.admin_email),
        ),
    )
    if draft.password is not None:
        about = About(clean.first, clean.last, clean.admin.address, clean.name, clean.code)
        told = problem(NEW_PASSWORD, draft.password, about)
        if told:
            problems["password"] = told
    if problems:
        raise Invalid(problems)
    return clean
