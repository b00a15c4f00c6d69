"""Codes of an authenticator app: the vectors of RFC 6238, what is read kindly, and what is no code."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.credentials import totp

# RFC 6238, appendix B: the seed "12345678901234567890"; the last six of its eight digits.
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(("seconds", "code"), RFC)
def test_the_vectors_of_rfc_6238_match_in_their_step(seconds: int, code: str) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    assert totp.matching_step(RFC_SECRET, code, moment) == seconds // 30


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_the_clock_of_an_app_may_differ_by_one_step_either_way_and_not_by_two(steps: int, taken: bool) -> None:
    moment = datetime.fromtimestamp(1111111109, UTC) + timedelta(seconds=30 * steps)
    assert (totp.matching_step(RFC_SECRET, "081804", moment) is not None) is taken


@pytest.mark.parametrize("typed", ["287082", " 287 082 ", "287-082", "２８７０８２", "28\u00a070 82", "287\u2013082"])
def test_a_code_is_read_however_it_is_grouped(typed: str) -> None:
    assert totp.read_code(typed) == "287082"


@pytest.mark.parametrize(
    "typed",
    ["", "28708", "2870822", "28708a", "٢٨٧٠٨٢", "287.082", "-87082", "2" * 10_000_000, "287082\0", "\ud800" * 6],
    ids=["nothing", "five", "seven", "letter", "arabic", "dot", "minus", "10 MB", "NUL", "surrogates"],
)
def test_anything_else_is_no_code(typed: str) -> None:
    assert totp.read_code(typed) is None


def test_a_key_has_160_bits_and_is_shown_in_groups_of_four() -> None:
    key = totp.new_secret()
    assert len(key) == 32
    assert [len(group) for group in totp.groups(key).split(" ")] == [4] * 8
    assert totp.new_secret() != key


def test_what_the_qr_code_says_names_agency_and_user_and_parts_them_with_one_colon() -> None:
    uri = totp.uri(RFC_SECRET, "sue:w@example.com", "Ray: Staging / West")
    assert uri == (
        f"otpauth://totp/Ray%20Staging%20West:suew%40example.com?secret={RFC_SECRET}&issuer=Ray%20Staging%20West"
    )
    short = totp.short_uri(RFC_SECRET, "sue:w@example.com", "Ray: Staging / West")
    assert short == f"otpauth://totp/Ray%20Staging%20West:suew@example.com?secret={RFC_SECRET}"
    assert totp.short_uri(RFC_SECRET, "a?b#c&d@é.ca", "").startswith("otpauth://totp/Trakdesk:a%3Fb%23c%26d@%C3%A9.ca?")


def test_before_1970_no_step_is_negative() -> None:
    assert totp.matching_step(RFC_SECRET, "000000", datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)) is None
    assert totp.step_at(NOW) == int(NOW.timestamp()) // 30
