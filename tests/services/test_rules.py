"""E-mail addresses, codes and whole rows: what is cleaned, what is refused, and that the short ways are true."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services import rules
from services.rules import Problem
from tests.places import DATA


def refusal(rule: Callable[..., object], *values: object) -> str:
    with pytest.raises(Problem) as caught:
        rule(*values)
    return caught.value.sentence


@pytest.mark.parametrize(
    ("typed", "address", "key"),
    [
        ("ann@example.ca", "ann@example.ca", "ann@example.ca"),
        ("MARC.Tremblay@Example.CA ", "MARC.Tremblay@example.ca", "marc.tremblay@example.ca"),
        ("  ann@example.ca\u00a0", "ann@example.ca", "ann@example.ca"),
        ("Info@Example.CA", "info@example.ca", "info@example.ca"),
        ("ann+desk@mail.example.org", "ann+desk@mail.example.org", "ann+desk@mail.example.org"),
        ("Ann@B\u00fccher.example", "Ann@b\u00fccher.example", "ann@b\u00fccher.example"),
        ("ann@xn--bcher-kva.example", "ann@b\u00fccher.example", "ann@b\u00fccher.example"),
        ("JOSE\u0301@example.ca", "JOS\u00c9@example.ca", "jos\u00e9@example.ca"),
        ("\uff41nn@example.ca", "\uff41nn@example.ca", "ann@example.ca"),
        ("o'brien@example.ca", "o'brien@example.ca", "o'brien@example.ca"),
        ("x" * 64 + "@example.ca", "x" * 64 + "@example.ca", "x" * 64 + "@example.ca"),
    ],
)
def test_an_address_is_kept_readable_with_a_key_that_forgets_case(typed: str, address: str, key: str) -> None:
    assert rules.clean_email(typed) == rules.Email(address, key)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("ann.lee@", "something after the @-sign"),
        ("ann", "@-sign"),
        ("@example.ca", "something before the @-sign"),
        ("ann@example", "period"),
        ("ann@@example.ca", "invalid characters"),
        ("ann..lee@example.ca", "two periods"),
        ("ann lee@example.ca", "SPACE"),
        ("Ann <ann@example.ca>", "display name"),
        ("ann@[127.0.0.1]", "IP address"),
        ('"ann lee"@example.ca', "Quoting"),
        ("ann@desk.local", "special-use"),
        ("ann@desk.test", "special-use"),
        ("x" * 65 + "@example.ca", "too long"),
        ("ann@" + "x" * 64 + ".ca", "so many characters"),
        ("inject@example.ca\nBcc: all@example.ca", "U+000A LINE FEED"),
        ("ann@example.ca\n", "U+000A LINE FEED"),
        ("a@x.com\r\nBcc: e@e", "U+000D CARRIAGE RETURN"),
        ("\u202eann@example.ca", "RIGHT-TO-LEFT OVERRIDE"),
        ("ann\u200b@example.ca", "ZERO WIDTH SPACE"),
        ("\ud800@example.ca", "half of a sign"),
        ("a" * 10_000 + "@example.ca", "254"),
    ],
)
def test_what_no_mail_server_takes_is_refused_with_the_reason(typed: str, reason: str) -> None:
    assert reason in refusal(rules.clean_email, typed)


def library_verdict(text: str) -> str | None:
    from email_validator import EmailNotValidError, validate_email

    try:
        return validate_email(text, check_deliverability=False, strict=True).normalized
    except EmailNotValidError:
        return None


PARTS = st.text("abkxzABKXZ019._+'-\u212a", min_size=1, max_size=12)
TAILS = st.sampled_from(
    ["ca", "CA", "example", "test", "local", "localhost", "onion", "arpa", "invalid", "c", "1", "a1", "xn--p1ai", ""]
)
MAILBOXES = st.sampled_from(["INFO", "Postmaster", "www", "FTP", "Sales", "webMaster"])


@pytest.mark.slow
@settings(max_examples=1_500, deadline=None)
@given(st.one_of(PARTS, MAILBOXES), PARTS, TAILS)
@example("a", "xn--bcher-kva", "ca")
@example("a", "-a", "ca")
@example("a" * 70, "a", "ca")
@example("a" * 50, "a" * 63, "ca")
def test_the_short_way_takes_only_what_email_validator_takes_and_as_it_takes_it(
    local: str, domain: str, tail: str
) -> None:
    text = f"{local}@{domain}.{tail}"
    taken = library_verdict(text)
    if taken is None:
        refusal(rules.clean_email, text)
    else:
        assert rules.clean_email(text).address == taken


def test_the_short_way_knows_the_library_s_caseless_mailboxes_and_special_domains() -> None:
    from email_validator import SPECIAL_USE_DOMAIN_NAMES
    from email_validator.rfc_constants import CASE_INSENSITIVE_MAILBOX_NAMES

    assert set(CASE_INSENSITIVE_MAILBOX_NAMES) == rules._CASELESS_MAILBOXES
    for name in SPECIAL_USE_DOMAIN_NAMES:
        assert not rules._PLAIN_ADDRESS.fullmatch(f"a@b.{name}")


@given(st.text(max_size=40))
@example("a@\u0661.ca")
@example("a@\u00ad.ca")
def test_no_text_breaks_the_rule_for_addresses(text: str) -> None:
    for typed in (text, f"a@{text}.ca", f"{text}@example.ca"):
        try:
            cleaned = rules.clean_email(typed)
        except Problem:
            continue
        assert rules.clean_email(cleaned.address) == cleaned
        assert "\n" not in cleaned.address


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("919236", "919236"),
        (" Ray-Staging ", "Ray-Staging"),
        ("abc", "abc"),
        ("a" * 32, "a" * 32),
        ("\uff19\uff11\uff19", "919"),
    ],
)
def test_a_company_code_keeps_its_case(typed: str, code: str) -> None:
    assert rules.clean_company_code(typed) == code


@pytest.mark.parametrize(
    "typed", ["", "ab", "a" * 33, "-abc", "abc-", "a b c", "caf\u00e9", "a_b", "abc\n\ud800", "1" * 10_000]
)
def test_other_company_codes_are_refused(typed: str) -> None:
    assert "3 to 32" in refusal(rules.clean_company_code, typed)


@pytest.mark.parametrize(
    "word", ["Enabled", "ENABLED", " yes ", "1", "True", "Activ\u00e9", "ACTIVE\u0301", "oui", "Active"]
)
def test_yes_is_understood(word: str) -> None:
    assert rules.is_yes(word) is True


@pytest.mark.parametrize("word", ["Disabled", "no", "0", "FALSE", "D\u00e9sactiv\u00e9", "Non", "Inactive"])
def test_no_is_understood(word: str) -> None:
    assert rules.is_yes(word) is False


@pytest.mark.parametrize("word", ["Maybe", "", "2", "yes" * 1_000, "\ud800"])
def test_anything_else_is_neither(word: str) -> None:
    assert "Enabled" in refusal(rules.is_yes, word)


def test_importing_the_rules_does_not_import_the_slow_libraries() -> None:
    program = "import sys, services.rules; print({'email_validator', 'phonenumbers', 'dns'} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", program], text=True).strip() == "set()"


def verdict(row: list[str]) -> str:
    """The first thing wrong with a row of the messy file, or "fine"."""
    first, last, email, phone, birth, status = row
    try:
        rules.clean_name(first)
        rules.clean_name(last)
        rules.clean_email(email)
        rules.clean_phone(phone)
        rules.clean_birth_date(birth, date(2026, 11, 21))
        rules.is_yes(status)
    except Problem as problem:
        return problem.sentence
    return "fine"


def rows(name: str, delimiter: str) -> list[list[str]]:
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))[1:]


def test_each_row_of_the_messy_file_gets_the_verdict_that_a_person_would_give() -> None:
    expected = [
        "fine",
        "fine",
        "fine",
        "something after the @-sign",
        "e-mail address is empty",
        "name is empty",
        "fine",
        "U+001B ESCAPE",
        "fine",
        "fine",
        "fine",
        "Shorten it to 100",
        "in the future",
        "no such day",
        "no phone number",
        "neither yes nor no",
        "U+000A LINE FEED",
        "U+202E RIGHT-TO-LEFT OVERRIDE",
        "U+200B ZERO WIDTH SPACE",
        "U+000A LINE FEED",
    ]
    verdicts = [verdict(row) for row in rows("clients-messy-excel.csv", ";") if len(row) == 6]
    assert len(verdicts) == len(expected)
    for found, said in zip(verdicts, expected, strict=True):
        assert said in found


def test_every_row_of_the_sample_list_is_fine() -> None:
    for row in rows("clients.csv", ","):
        first, last, email, phone, birth, anniversary, status, _, _, balance, rate, renewal = row
        assert verdict([first, last, email, phone, birth, status]) == "fine"
        if anniversary:
            assert rules.show_month_day(rules.clean_month_day(anniversary)) == anniversary
        if rate:
            assert rules.show_rate(rules.clean_rate(rate)) == rate
            assert f"{rules.clean_money(balance):,}" == balance
            assert f"{rules.clean_date(renewal):%m/%d/%Y}" == renewal
