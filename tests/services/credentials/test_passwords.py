"""Password hashes: the vectors of security-anchors 2.4, the same work for every wrong answer, and nothing shown."""

from __future__ import annotations

import contextlib
import pickle
import threading
import traceback
from collections.abc import Callable
from dataclasses import replace

import bcrypt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.credentials.passwords import Passwords, PasswordUnusable, Secret, Verdict, is_usable
from services.keys import Keys

PEPPER = bytes(range(32))
KEYS = Keys(
    peppers={"1": PEPPER},
    current="1",
    mail=b"m" * 32,
    lookup=b"l" * 32,
    ciphers={"1": b"e" * 32},
    current_cipher="1",
    audit=b"a" * 32,
)
SALT = "$2b$04$abcdefghijklmnopqrstuu"
RIGHT, WRONG = Verdict(ok=True, rehash=False), Verdict(ok=False, rehash=False)
GOOD = Secret("correct horse battery staple")


@pytest.fixture
def passwords() -> Passwords:
    return Passwords(KEYS, cost=4)


def stored(tail: str, pepper_id: str = "1") -> str:
    return f"dk1${pepper_id}${SALT}{tail}"


VECTORS = [
    ("correct horse battery staple", "cM.A2KvEbaqkaAyzIynZ2DGD5d5q0Wy"),
    ("p\u00e4ssw\u00f6rd \u2713", "eYqyDRidp33z1fuZCsWLKu6pcHVGw6C"),
    ("pa\u0308sswo\u0308rd \u2713", "eYqyDRidp33z1fuZCsWLKu6pcHVGw6C"),
    ("a" * 72, "5ccdnMMsJzwTVgYyS5doJXa3IfSgrg2"),
    ("a" * 73, "/RtR/qcUyhAd.h2J8GYH0.vrA/cHbki"),
    (" lead and trail ", "UUwygvsAZJAQrkYi0U3Y7HcMhddbGwi"),
    ("x" * 128, "aqhKU5vMWSDjrmFmzN2o2vcHg8Az1oO"),
]


@pytest.mark.parametrize(("password", "tail"), VECTORS)
def test_the_construction_is_the_one_of_the_vectors(passwords: Passwords, password: str, tail: str) -> None:
    assert passwords.verify(Secret(password), stored(tail)) == RIGHT


@pytest.mark.parametrize(
    ("hashed", "password"),
    [
        ("$2a$06$m0CrhHm10qJ3lXRY.5zDGO3rS2KdeeWLuGmsfGlMfOxih58VYVfxe", b"a"),
        ("$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i", b"abc"),
        ("$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", b"U*U"),
        ("$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK", b"U*U*"),
        ("$2y$05$/OK.fbVrR/bpIqNJ5ianF.Sa7shbm4.OzKpvFnX1pQLmQW96oUlCq", b"\xa3"),
    ],
)
def test_the_library_underneath_still_agrees_with_the_published_vectors(hashed: str, password: bytes) -> None:
    assert bcrypt.checkpw(password, hashed.encode())


def test_a_hash_carries_scheme_pepper_and_cost(passwords: Passwords) -> None:
    verifier = passwords.hash(GOOD)
    assert verifier.startswith("dk1$1$$2b$04$")
    assert len(verifier) == 66


def test_the_same_password_never_gives_the_same_hash(passwords: Passwords) -> None:
    assert passwords.hash(GOOD) != passwords.hash(GOOD)


@pytest.mark.parametrize("length", [1, 71, 72, 73, 200, 256])
def test_every_sign_counts_at_every_length(passwords: Passwords, length: int) -> None:
    password = "a" * length
    verifier = passwords.hash(Secret(password))
    assert passwords.verify(Secret(password), verifier) == RIGHT
    assert passwords.verify(Secret(password[:-1] + "b"), verifier) == WRONG
    assert passwords.verify(Secret(password + "a"), verifier) == WRONG
    assert passwords.verify(Secret(password.upper()), verifier) == WRONG


def test_four_bytes_a_sign_are_no_obstacle(passwords: Passwords) -> None:
    secret = Secret("\U0001f600" * 64)
    assert passwords.verify(secret, passwords.hash(secret)) == RIGHT


def test_blanks_at_the_ends_belong_to_the_password(passwords: Passwords) -> None:
    assert passwords.verify(Secret("p"), passwords.hash(Secret(" p"))) == WRONG


UNUSABLE = {
    "NUL": "a\0a",
    "line feed": "abc\n",
    "escape": "\x1b[2J",
    "lone surrogate": "\ud800",
    "unassigned": "\u0378",
    "257 signs": "a" * 257,
    "10,000 signs": "a" * 10_000,
    "marks that take seconds to normalise": "a" + "\u0316\u0301" * 50_000,
}


@pytest.mark.parametrize("text", UNUSABLE.values(), ids=UNUSABLE)
def test_what_cannot_be_a_password_is_neither_hashed_nor_right(passwords: Passwords, text: str) -> None:
    assert not is_usable(text)
    with pytest.raises(PasswordUnusable):
        passwords.hash(Secret(text))
    assert passwords.verify(Secret(text), passwords.hash(Secret("a"))) == WRONG


def test_the_empty_text_hashes_like_any_other_and_only_policy_forbids_it(passwords: Passwords) -> None:
    assert passwords.verify(Secret(""), passwords.hash(Secret(""))) == RIGHT
    assert passwords.verify(Secret(""), passwords.hash(GOOD)) == WRONG


def test_a_label_of_its_own_keeps_two_kinds_of_secret_apart(passwords: Passwords) -> None:
    verifier = passwords.hash(GOOD, label=b"desk/qa/v1\0")
    assert passwords.verify(GOOD, verifier, label=b"desk/qa/v1\0") == RIGHT
    assert passwords.verify(GOOD, verifier) == WRONG


BAD_VERIFIERS = {
    "none": None,
    "empty": "",
    "plain bcrypt": f"{SALT}cM.A2KvEbaqkaAyzIynZ2DGD5d5q0Wy",
    "another scheme": stored("cM.A2KvEbaqkaAyzIynZ2DGD5d5q0Wy").replace("dk1", "dk2"),
    "unknown pepper": stored("cM.A2KvEbaqkaAyzIynZ2DGD5d5q0Wy", "9"),
    "cut": stored("cM.A2KvEbaqkaAyzIynZ2DGD5d5q0W"),
    "with a line feed": stored("cM.A2KvEbaqkaAyzIynZ2DGD5d5q0Wy") + "\n",
    "a cost that would take days": stored("cM.A2KvEbaqkaAyzIynZ2DGD5d5q0Wy").replace("$04$", "$31$"),
    "a cost that bcrypt does not know": stored("cM.A2KvEbaqkaAyzIynZ2DGD5d5q0Wy").replace("$04$", "$99$"),
    "salt bits that base64 does not allow": "dk1$1$$2b$04$" + "z" * 53,
    "not ASCII": "dk1$1$$2b$0\uff14$" + "." * 53,
    "the dummy itself": "dk1$1$$2b$04$" + "." * 53,
}


@pytest.mark.parametrize("verifier", BAD_VERIFIERS.values(), ids=BAD_VERIFIERS)
def test_a_verifier_that_is_none_is_wrong_and_raises_nothing(passwords: Passwords, verifier: str | None) -> None:
    assert passwords.verify(GOOD, verifier) == WRONG


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_input_makes_the_check_raise(password: str, verifier: str) -> None:
    assert Passwords(KEYS, cost=4).verify(Secret(password), verifier) == WRONG


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How many rounds of bcrypt were done since the last look; a count, which no busy machine disturbs."""
    rounds: list[int] = []
    check = bcrypt.checkpw

    def counted(password: bytes, hashed: bytes) -> bool:
        result = check(password, hashed)
        rounds.append(2 ** int(hashed[4:6]))
        return result

    def look() -> int:
        total = sum(rounds)
        rounds.clear()
        return total

    monkeypatch.setattr(bcrypt, "checkpw", counted)
    return look


@pytest.mark.parametrize("verifier", BAD_VERIFIERS.values(), ids=BAD_VERIFIERS)
def test_an_unusable_verifier_takes_the_work_of_a_wrong_password(
    passwords: Passwords, work: Callable[[], int], verifier: str | None
) -> None:
    passwords.verify(GOOD, verifier)
    assert work() == 2**4


@pytest.mark.parametrize("text", UNUSABLE.values(), ids=UNUSABLE)
def test_an_unusable_password_takes_the_work_of_a_wrong_one(
    passwords: Passwords, work: Callable[[], int], text: str
) -> None:
    passwords.verify(Secret(text), stored(VECTORS[0][1]))
    assert work() == 2**4


@pytest.mark.parametrize("cost", [4, 5, 6, 7])
def test_an_older_cheaper_hash_gives_a_wrong_password_the_work_of_today(work: Callable[[], int], cost: int) -> None:
    verifier = Passwords(KEYS, cost=cost).hash(GOOD)
    assert Passwords(KEYS, cost=7).verify(Secret("wrong"), verifier) == WRONG
    assert work() == 2**7


@pytest.mark.parametrize(("was", "is_now", "rehash"), [(4, 4, False), (4, 5, True), (5, 4, True)])
def test_a_right_password_asks_for_a_new_hash_when_the_cost_has_changed(was: int, is_now: int, rehash: bool) -> None:
    verdict = Passwords(KEYS, cost=is_now).verify(GOOD, Passwords(KEYS, cost=was).hash(GOOD))
    assert verdict == Verdict(ok=True, rehash=rehash)


def test_an_older_pepper_still_opens_and_asks_for_a_new_hash(passwords: Passwords) -> None:
    rotated = Passwords(replace(KEYS, peppers={"1": PEPPER, "2": b"p" * 32}, current="2"), cost=4)
    old, new = passwords.hash(GOOD), rotated.hash(GOOD)
    assert new.startswith("dk1$2$")
    assert rotated.verify(GOOD, old) == Verdict(ok=True, rehash=True)
    assert rotated.verify(GOOD, new) == RIGHT


def test_a_wrong_password_never_asks_for_a_new_hash(passwords: Passwords) -> None:
    assert Passwords(KEYS, cost=5).verify(Secret("wrong"), passwords.hash(GOOD)) == WRONG


def test_a_stolen_verifier_is_worth_nothing_without_the_pepper(passwords: Passwords) -> None:
    elsewhere = Passwords(replace(KEYS, peppers={"1": b"p" * 32}), cost=4)
    assert elsewhere.verify(GOOD, passwords.hash(GOOD)) == WRONG


def test_as_many_hashes_run_at_once_as_there_are_cores_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    passwords, running, most, a_crowd = Passwords(KEYS, cost=4), 0, 0, threading.Barrier(3)
    check, lock = bcrypt.checkpw, threading.Lock()

    def watched(password: bytes, hashed: bytes) -> bool:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        with contextlib.suppress(threading.BrokenBarrierError):
            a_crowd.wait(timeout=0.3)
        with lock:
            running -= 1
        return check(password, hashed)

    monkeypatch.setattr(bcrypt, "checkpw", watched)
    threads = [threading.Thread(target=passwords.verify, args=(GOOD, None)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 2


def test_a_secret_shows_itself_only_on_demand() -> None:
    secret = Secret("hunter22")
    assert repr(secret) == str(secret) == f"{secret}" == f"{secret!r}" == "****"
    assert secret.reveal() == "hunter22"
    assert not hasattr(secret, "__dict__")


def test_a_secret_is_absent_from_a_traceback_with_local_variables() -> None:
    def fail(secret: Secret) -> None:
        raise RuntimeError("boom")

    try:
        fail(Secret("hunter22"))
    except RuntimeError as error:
        shown = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    assert "secret = ****" in shown


def test_a_secret_is_not_written_down() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Secret("hunter22"))
    with pytest.raises(TypeError):
        hash(Secret("hunter22"))


def test_secrets_compare_by_their_text() -> None:
    assert Secret("\ud800a") == Secret("\ud800a") != Secret("b")
    assert Secret("a") != "a"
    assert not Secret("")
    assert Secret(" ")
