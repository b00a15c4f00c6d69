"""What a field may hold: one pure function for each kind, used by forms, services and imports alike.

Each takes text as typed or read from a file and gives the cleaned value, or raises `Problem` with a sentence.
A million rows go through them: plain values take a short way, which the tests hold equal to the libraries'.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from services.rule_figures import (
    Order,
    clean_birth_date,
    clean_date,
    clean_money,
    clean_month_day,
    clean_rate,
    show_month_day,
    show_rate,
)
from services.rule_lines import Problem, clean_line, refuse_signs

__all__ = [
    "Email",
    "Order",
    "Problem",
    "clean_birth_date",
    "clean_company_code",
    "clean_date",
    "clean_email",
    "clean_money",
    "clean_month_day",
    "clean_name",
    "clean_phone",
    "clean_rate",
    "clean_text",
    "is_yes",
    "show_month_day",
    "show_phone",
    "show_rate",
]

NAME_LIMIT = 100
EMAIL_LIMIT = 254
"""Octets of an address, RFC 5321."""


@dataclass(frozen=True, slots=True)
class Email:
    """An e-mail address.

    Attributes:
        address: as it is shown and written to.
        key: equal for addresses that only case and width tell apart.
    """

    address: str
    key: str


def clean_name(text: str) -> str:
    """A person's, an agency's or an office's name: composed, single blanks, 1 to 100 signs of any script."""
    name = clean_line(text, "name", NAME_LIMIT)
    if not name:
        raise Problem("The name is empty. Type it.")
    return name


def clean_text(text: str, limit: int) -> str:
    """One line of free text, such as a reason or a street, of at most `limit` signs; may be empty."""
    return clean_line(text, "text", limit)


def clean_email(text: str) -> Email:
    """An e-mail address that a mail server can take; whether anybody reads it is not asked."""
    lower = text.lower()
    if len(text) <= 64 and text.isascii() and _PLAIN_ADDRESS.fullmatch(lower):
        if text == lower:
            return Email(text, text)
        local, _, domain = lower.partition("@")
        if local in _CASELESS_MAILBOXES:
            return Email(lower, lower)
        return Email(f"{text[: len(local)]}@{domain}", lower)
    return _clean_rare_email(text)


def clean_phone(text: str, region: str = "CA") -> str:
    """A phone number as E.164, or "" for nothing; one without a country code belongs to `region`."""
    if region in _NORTH_AMERICA:
        found = _PLAIN_PHONE.fullmatch(text)
        if found:
            return f"+1{found[1]}{found[2]}{found[3]}"
    return _clean_rare_phone(text, region) if text and not text.isspace() else ""


def show_phone(e164: str, region: str = "CA") -> str:
    """A stored number as people of the region write it; foreign ones with their country code."""
    if region in _NORTH_AMERICA and len(e164) == 12 and e164.startswith("+1"):
        return f"({e164[2:5]}) {e164[5:8]}-{e164[8:]}"
    return _show_rare_phone(e164, region) if e164 else ""


def clean_company_code(text: str) -> str:
    """A company code: 3 to 32 letters, digits and inner dashes, in the case in which it was written."""
    code = unicodedata.normalize("NFKC", text[:100]).strip()
    if not _COMPANY_CODE.fullmatch(code):
        raise Problem("A company code has 3 to 32 letters without accents, digits and dashes between them.")
    return code


def is_yes(text: str) -> bool:
    """Enabled or disabled, in the words that exports use, English and French."""
    word = _YES_AND_NO.get(text)
    if word is None and len(text) <= 40:
        word = _YES_AND_NO.get(unicodedata.normalize("NFC", text).strip().casefold())
    if word is None:
        raise Problem('This is neither yes nor no. Write "Enabled" or "Disabled".')
    return word


# Only what email-validator takes as it stands; the tests hold the two together.
_PLAIN_ADDRESS = re.compile(
    r"[a-z0-9_+'-]+(?:\.[a-z0-9_+'-]+)*@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+"
    r"(?!(?:arpa|invalid|local|localhost|onion|test)\Z)[a-z]{2,}"
)
# RFC 2142: mailboxes whose case means nothing.
_CASELESS_MAILBOXES = frozenset(
    (
        *("info", "marketing", "sales", "support", "abuse", "noc", "security", "postmaster", "hostmaster"),
        *("usenet", "news", "webmaster", "www", "uucp", "ftp"),
    )
)


def _clean_rare_email(text: str) -> Email:
    if text != text.strip(" "):
        return clean_email(text.strip(" "))

    from email_validator import EmailNotValidError, validate_email

    if len(text) > 2 * EMAIL_LIMIT:
        raise Problem(f"The e-mail address has {len(text)} signs; no mail server takes more than {EMAIL_LIMIT}.")
    refuse_signs(text, "e-mail address")
    typed = text.strip()
    if not typed:
        raise Problem("The e-mail address is empty. Write one, such as ann@example.ca.")
    try:
        address = validate_email(typed, check_deliverability=False, strict=True).normalized
    except EmailNotValidError as error:
        told = str(error).replace("email address", "e-mail address")
        raise Problem(f"{told} Write it like ann@example.ca.") from error
    key = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", address).casefold())
    if max(len(key), len(address)) > EMAIL_LIMIT:
        raise Problem(f"The e-mail address is too long; no mail server takes more than {EMAIL_LIMIT} signs.")
    return Email(address, key)


_NORTH_AMERICA = frozenset(("CA", "US"))
# The numbering plan's own shape rather than the library's list of area codes in use, which ages.
_PLAN = r"(?![2-9]11)([2-9][0-8][0-9])\)?[ .-]?([2-9][0-9]{2})[ .-]?([0-9]{4})"
_PLAIN_PHONE = re.compile(rf" *(?:\+?1[ .-]?)?\(?{_PLAN} *")
# Address books wrap a number that is copied from them in direction marks, which nobody sees.
_WRAPPING = " \u00a0\u200e\u200f\u202a\u202c\u202d\u2066\u2067\u2068\u2069"
_NOT_A_PHONE = "This is no phone number. Write it like (519) 555-0143, or with + and the country code."


def _clean_rare_phone(text: str, region: str) -> str:
    import phonenumbers

    typed = text.strip(_WRAPPING)
    refuse_signs(typed, "phone number")
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException as error:
        raise Problem(_NOT_A_PHONE) from error
    if number.extension:
        raise Problem("An extension cannot be kept with a phone number. Write the number without it.")
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if number.country_code == 1:
        sound = _PLAIN_PHONE.fullmatch(e164) is not None or phonenumbers.is_valid_number(number)
    else:
        reason = phonenumbers.is_possible_number_with_reason(number)
        sound = reason == phonenumbers.ValidationResult.IS_POSSIBLE and len(e164) <= 16
    if not sound:
        raise Problem("This phone number has too few, too many or impossible digits. Check it, area code included.")
    return e164


def _show_rare_phone(e164: str, region: str) -> str:
    import phonenumbers

    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    home = number.country_code == phonenumbers.country_code_for_region(region)
    formats = phonenumbers.PhoneNumberFormat
    return phonenumbers.format_number(number, formats.NATIONAL if home else formats.INTERNATIONAL)


_COMPANY_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{1,30}[A-Za-z0-9]")
_YES = "enabled Enabled active Active yes on true 1 y oui o vrai activé Activé actif"
_NO = "disabled Disabled inactive Inactive no off false 0 n non faux désactivé Désactivé inactif"
_YES_AND_NO = {word: verdict for words, verdict in ((_YES, True), (_NO, False)) for word in words.split()}
