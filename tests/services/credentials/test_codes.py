"""One-time secrets: the same for the same mail, unlike for every other, and readable however they arrive."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.credentials.codes import code_hash, link_hash, link_token, read_code, read_link, show_code, typed_code

KEY = bytes(range(32))
UUID = "0123456789abcdef0123456789abcdef"
TOKEN = link_token(KEY, UUID, "reset")
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def test_the_secrets_of_a_mail_never_change_between_releases() -> None:
    assert link_token(KEY, UUID, "reset") == "vem7xp43i4iloftl5nhm54n5vp"
    assert typed_code(KEY, UUID, "reset") == "Y8RDFXFE"


def test_a_token_has_130_bits_in_signs_that_no_mail_client_breaks() -> None:
    assert re.fullmatch("[a-z2-7]{26}", TOKEN)


def test_key_mail_and_purpose_each_make_another_secret() -> None:
    variants = [
        (KEY, UUID, "reset"),
        (KEY, UUID, "activate"),
        (KEY, UUID[::-1], "reset"),
        (KEY[::-1], UUID, "reset"),
    ]
    assert len({link_token(*variant) for variant in variants}) == 4
    assert len({typed_code(*variant) for variant in variants}) == 4


def test_where_the_mail_ends_and_the_purpose_begins_matters() -> None:
    assert link_token(KEY, "ab", "c") != link_token(KEY, "a", "bc")


def test_every_sign_of_a_code_is_equally_likely() -> None:
    counted = Counter("".join(typed_code(KEY, str(number), "reset") for number in range(4_000)))
    assert sorted(counted) == sorted(ALPHABET)
    # 1,000 of each are expected; five standard deviations are 156.
    assert all(840 < count < 1_160 for count in counted.values())


@given(st.text(max_size=40))
def test_what_a_mail_shows_is_what_can_be_typed(uuid: str) -> None:
    code = typed_code(KEY, uuid.encode("ascii", "replace").decode(), "reset")
    assert read_code(show_code(code)) == code


@pytest.mark.parametrize(
    "typed",
    [
        "K7QM2XHF",
        "k7qm2xhf",
        "K7QM-2XHF",
        " k7qm 2xhf ",
        "K7QM\u00a02XHF",
        "K7QM\u20132XHF",
        "K7QM\u20142XHF",
        "K7QM\u20112XHF",
        "K7QM\u22122XHF",
        "K 7 Q M - 2 X H F",
        "\uff2b\uff17\uff31\uff2d\uff0d\uff12\uff38\uff28\uff26",
        "K7QM-2XHF\n",
    ],
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert read_code(typed) == "K7QM2XHF"


def test_look_alikes_are_read_as_the_signs_that_codes_have() -> None:
    assert read_code("OoIi-LlUu") == "001111VV"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "K7QM2XH",
        "K7QM2XHFF",
        "K7QM_2XHF",
        "K7QM2XH!",
        "K7QM2XHé",
        "K7QM2XH\0",
        "\ud800" * 8,
        "1" * 10_000,
        " " * 70,
    ],
)
def test_anything_else_is_no_code(typed: str) -> None:
    assert read_code(typed) is None


@given(st.text(max_size=100))
def test_reading_a_code_gives_a_code_or_nothing(typed: str) -> None:
    code = read_code(typed)
    assert code is None or re.fullmatch(f"[{ALPHABET}]{{8}}", code)


LINK = f"https://desk.example.ca/account#reset={TOKEN}"


@pytest.mark.parametrize(
    "pasted",
    [
        TOKEN,
        f"  {TOKEN}\n",
        TOKEN.upper(),
        f"<{TOKEN}>",
        f"{TOKEN[:13]}\n{TOKEN[13:]}",
        LINK,
        LINK.replace("reset", "activate"),
        f"<{LINK}>",
        f"{LINK}.",
        f"({LINK}),",
        LINK.upper(),
        f"{LINK[:40]}\r\n{LINK[40:]}",
        f"{LINK[:-10]}\n  {LINK[-10:]}\n",
        f"Open this address:\n\n{LINK}\n\nor type the code K7QM-2XHF.",
        f"https://safe.example/?url={LINK.replace('#', '%23').replace('=', '%3D')}&data=1",
        f"https://safe.example/?url={LINK.replace('#', '%2523').replace('=', '%253d')}",
    ],
)
def test_the_token_is_found_in_whatever_is_pasted(pasted: str) -> None:
    assert read_link(pasted) == TOKEN


@pytest.mark.parametrize(
    "pasted",
    [
        "",
        "https://desk.example.ca/account",
        f"https://desk.example.ca/account?reset={TOKEN}",
        f"https://desk.example.ca/account#reset={TOKEN[:-1]}",
        TOKEN[:-1],
        TOKEN + "a",
        TOKEN.replace(TOKEN[0], "1"),
        TOKEN[:-1] + "\u212a",
        "K7QM-2XHF",
        "#reset=" * 3_000,
        LINK + " " * 20_000,
    ],
)
def test_anything_else_is_no_link(pasted: str) -> None:
    assert read_link(pasted) is None


@given(st.text(max_size=200))
def test_reading_a_link_gives_a_token_or_nothing(pasted: str) -> None:
    token = read_link(pasted)
    assert token is None or re.fullmatch("[a-z2-7]{26}", token)


def test_the_hash_of_a_token_is_plain_sha_256() -> None:
    assert link_hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_the_hash_of_a_code_depends_on_key_scope_and_code() -> None:
    variants = [
        (KEY, "1", "K7QM2XHF"),
        (KEY, "2", "K7QM2XHF"),
        (KEY, "1", "K7QM2XHG"),
        (KEY[::-1], "1", "K7QM2XHF"),
        (KEY, "1K", "7QM2XHF"),
    ]
    hashes = {code_hash(*variant) for variant in variants}
    assert len(hashes) == 5
    assert all(re.fullmatch("[0-9a-f]{64}", found) for found in hashes)
