"""The hashes of old systems, against strings that those systems made."""

from __future__ import annotations

import hashlib
import time

import bcrypt
import pytest

from services.credentials.passwords import Secret
from services.legacy.hashes import HashFormat, LegacyHashes, format_of

HASHES = LegacyHashes(4)

# Those of bcrypt and {SSHA} stand in ory/kratos hash/hasher_test.go, those of PBKDF2 and the longer {SSHA512} in kanidm
# libs/crypto/src/lib.rs, {SHA} is made by coreutils, crypt by glibc and OpenSSL.
VECTORS = [
    (HashFormat.BCRYPT, "test", "$2a$12$o6hx.Wog/wvFSkT/Bp/6DOxCtLRTDj7lm9on9suF/WaCGNVHbkfL6"),
    (HashFormat.BCRYPT, "legacy-swright", "$2b$06$To9gO94BkpQPy8jaK0pvr.f3tuFyVqqMnUszm3A.RiwE2w5l9mmQ6"),
    (HashFormat.BCRYPT, "legacy-swright", "$2y$06$To9gO94BkpQPy8jaK0pvr.f3tuFyVqqMnUszm3A.RiwE2w5l9mmQ6"),
    (
        HashFormat.DJANGO,
        "eicieY7ahchaoCh0eeTa",
        "pbkdf2_sha256$36000$xIEozuZVAoYm$uW1b35DUKyhvQAf1mBqMvoBDcqSD06juzyO/nmyV0+w=",
    ),
    (HashFormat.LDAP_PBKDF2, "password", "{PBKDF2}10000$IlfapjA351LuDSwYC0IQ8Q$saHqQTuYnjJN/tmAndT.8mJt.6w"),
    (HashFormat.LDAP_PBKDF2, "password", "{PBKDF2-SHA1}10000$ZBEH6B07rgQpJSikyvMU2w$TAA03a5IYkz1QlPsbJKvUsTqNV"),
    (
        HashFormat.LDAP_PBKDF2,
        "password",
        "{PBKDF2-SHA256}10000$henZGfPWw79Cs8ORDeVNrQ$1dTJy73v6n3bnTmTZFghxHXHLsAzKaAy8SksDfZBPIw",
    ),
    (
        HashFormat.LDAP_PBKDF2,
        "password",
        "{PBKDF2-SHA512}10000$Je1Uw19Bfv5lArzZ6V3EPw$"
        "g4T/1sqBUYWl9o93MVnyQ/8zKGSkPbKaXXsT8WmysXQJhWy8MRP2JFudSL.N9RklQYgDPxPjnfum/F2f/TrppA",
    ),
    (HashFormat.LDAP_SHA, "password", "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g="),
    (HashFormat.LDAP_SHA, "password", "{SHA256}XohImNooBHFR0OVvjcYpJ3NgPQ1qq73WKhHvch0VQtg="),
    (
        HashFormat.LDAP_SHA,
        "password",
        "{SHA512}sQnzu7wkTrgkQZF+0G1hi5AI3Qmzvv0bXgc5THBqi7mAsdd4Xll27ASbRt9fEyavWi6m0QP9B8lThf+rDKy8hg==",
    ),
    (HashFormat.LDAP_SHA, "test123", "{SSHA}JFZFs0oHzxbMwkSJmYVeI8MnTDy/276a"),
    (HashFormat.LDAP_SHA, "test123", "{SSHA256}czO44OTV17PcF1cRxWrLZLy9xHd7CWyVYplr1rOhuMlx/7IK"),
    (
        HashFormat.LDAP_SHA,
        "test123",
        "{SSHA512}xPUl/px+1cG55rUH4rzcwxdOIPSB2TingLpiJJumN2xyDWN4Ix1WQG3ihnvHaWUE8MYNkvMi5rf0C9NYixHsE6Yh59M=",
    ),
    (
        HashFormat.LDAP_SHA,
        "password",
        "{SSHA512}JwrSUHkI7FTAfHRVR6KoFlSN0E3dmaQWARjZ+/UsShYlENOqDtFVU77HJLLrY2MuSp0jve52+pwtdVl2QUAHukQ0XUf5LDtM",
    ),
    (HashFormat.CRYPT_MD5, "Hello world!", "$1$abcdefgh$fzmjzFdo5nMtBG8gtud5e0"),
    (HashFormat.CRYPT_MD5, "Häagen legacy", "$1$saltstri$YQ25JicWLqfxeUUQG3SIK1"),
    (HashFormat.CRYPT_SHA256, "Hello world!", "$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5"),
    (HashFormat.CRYPT_SHA256, "Häagen legacy", "$5$saltstri$trVqZo5iR.tpQK62tY8l17xkyomEisn6Xr04e960pA6"),
    (
        HashFormat.CRYPT_SHA512,
        "Häagen legacy",
        "$6$saltstri$SfLXD3GZZGCY8WWIUfwkR/bvG3NW67CKFEDEwoQ8/swT3EMkgWNmCHLlWR4c1Z0w3WFX6D5OhEqr0sY0UzQcf1",
    ),
    (
        HashFormat.CRYPT_SHA512,
        "legacy-x",
        "{CRYPT}$6$rounds=10000$saltstri$"
        "xtyFzhb5m4v9OP19aUfhyIzvcd3M2bCwBVSiN6mxVU.OIhKTzBjiLWncgxpeR4Jw306B/AzutiHSQJI5/QLBw.",
    ),
]
VALID = [stored for _, _, stored in VECTORS]

REFUSED = [
    "",
    "swordfish",
    "5f4dcc3b5aa765d61d8327deb882cf99",
    "$unknown$12$o6hx.Wog/wvFSkT/Bp/6DOxCtLRTDj7lm9on9suF/WaCGNVHbkfL6",
    "$argon2id$v=19$m=32,t=2,p=4$cm94YnRVOW5jZzFzcVE4bQ$MNzk5BtR2vUhrp6qQEjRNw",
    "$2x$06$To9gO94BkpQPy8jaK0pvr.f3tuFyVqqMnUszm3A.RiwE2w5l9mmQ6",
    "$2b$06$To9gO94BkpQPy8jaK0pvr.f3tuFyVqqMnUszm3A.RiwE2w5l9mmQ",
    "{SSHA}tooshort",
    "{SSHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=",
    "{SSHAnotExistent}JFZFs0oHzxbMwkSJmYVeI8MnTDy/276a",
    "{MD5}X03MO1qnZdYdgyfeuILPmQ==",
    "pbkdf2_sha256$36000$$uW1b35DUKyhvQAf1mBqMvoBDcqSD06juzyO/nmyV0+w=",
    "pbkdf2_sha256$0$xIEozuZVAoYm$uW1b35DUKyhvQAf1mBqMvoBDcqSD06juzyO/nmyV0+w=",
    "{PBKDF2-SHA256}10000$henZGfPWw79Cs8ORDeVNrQ$1dTJy73v6n3bnTmTZFgh",
    "{CRYPT}abJnggxhB/yWI",
]
TOO_DEAR = [
    "$2b$31$To9gO94BkpQPy8jaK0pvr.f3tuFyVqqMnUszm3A.RiwE2w5l9mmQ6",
    "pbkdf2_sha256$99999999$xIEozuZVAoYm$uW1b35DUKyhvQAf1mBqMvoBDcqSD06juzyO/nmyV0+w=",
    "$5$rounds=999999999$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5",
]


@pytest.mark.parametrize(("form", "password", "stored"), VECTORS)
def test_a_hash_of_the_old_system_opens_with_its_password_only(form: HashFormat, password: str, stored: str) -> None:
    assert format_of(stored) is form
    assert HASHES.verify(Secret(password), stored)
    assert not HASHES.verify(Secret(password + "x"), stored)
    assert not HASHES.verify(Secret(password.upper()), stored)
    assert not HASHES.verify(Secret(""), stored)


@pytest.mark.parametrize("stored", REFUSED)
def test_a_hash_that_is_not_understood_is_known_as_such_and_opens_for_nothing(stored: str) -> None:
    assert format_of(stored) is None
    assert not HASHES.verify(Secret("password"), stored)


@pytest.mark.parametrize("stored", TOO_DEAR)
def test_a_hash_that_would_keep_a_core_busy_is_not_tried(stored: str) -> None:
    begun = time.monotonic()
    assert format_of(stored) is None
    assert not HASHES.verify(Secret("password"), stored)
    assert time.monotonic() - begun < 1


def test_the_old_bcrypt_did_not_look_beyond_72_bytes() -> None:
    stored = bcrypt.hashpw(b"x" * 72, bcrypt.gensalt(4)).decode()
    assert HASHES.verify(Secret("x" * 90), stored)
    assert not HASHES.verify(Secret("x" * 71), stored)


@pytest.mark.parametrize("stored", VALID)
def test_signs_that_nobody_can_type_are_a_wrong_password_and_no_fault(stored: str) -> None:
    for password in ("\0", "pass\0word", "\ud800", "x" * 300):
        assert not HASHES.verify(Secret(password), stored)


def test_such_signs_do_not_open_an_account_whose_password_is_what_stands_in_for_them() -> None:
    stored = bcrypt.hashpw(b"x", bcrypt.gensalt(4)).decode()
    assert HASHES.verify(Secret("x"), stored)
    assert not HASHES.verify(Secret("\0"), stored)


def test_a_hash_cut_in_the_middle_opens_for_nothing() -> None:
    whole = hashlib.sha1(b"password").digest()  # noqa: S324 - what the old system used
    assert format_of("{SHA}" + whole[:19].hex()) is None
    assert format_of("{PBKDF2-SHA512}10000$Je1Uw19Bfv5lArzZ6V3EPw$g4T/1sqBUYWl9o93MVnyQ/8z") is None
