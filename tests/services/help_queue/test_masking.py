"""Secrets in what people say are masked; what merely sounds like one stays where it can."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.credentials import codes
from services.help_queue.masking import MASK, mask
from services.text import safe

SECRETS = {
    "a typed code": ("the code is 7K3M-9QXZ ok", "7K3M"),
    "in small letters": ("it says 7k3m-9qxz", "7k3m"),
    "of letters alone": ("it says ABCD-EFGH", "EFGH"),
    "with a blank": ("it says 7K3M 9QXZ", "9QXZ"),
    "in one piece": ("it says 7K3M9QXZ", "7K3M"),
    "with another dash": ("7K3M\u20139QXZ", "9QXZ"),
    "in wide letters": ("\uff17\uff2b\uff13\uff2d-\uff19\uff31\uff38\uff3a", "\uff2b"),
    "six digits": ("my app shows 482913", "482913"),
    "six digits in halves": ("my app shows 482 913.", "482"),
    "six digits spelled": ("it is 4 8 2 9 1 3", "2 9"),
    "six digits with dashes": ("it is 4-8-2-9-1-3", "2-9"),
    "Arabic digits": ("\u0664\u0668\u0662\u0669\u0661\u0663", "\u0662"),
    "a temporary password": ("I got 7K3M-9QXZ-AB2D-EFGH", "AB2D"),
    "a temporary password in one piece": ("I got 7K3M9QXZAB2DEFGH", "AB2D"),
    "a recovery code": ("use ABCD-EFGH-IJKL-MNOP-QRST-UVWX", "IJKL"),
    "a recovery code with blanks": ("use ABCD EFGH IJKL MNOP QRST UVWX", "QRST"),
    "a key of an app": ("JBSW Y3DP EHPK 3PXP", "EHPK"),
    "a link": ("https://portal.example/#reset=abcdefghijklmnopqrstuvwxy2", "abcdef"),
    "a link rewritten by a filter": ("https://portal.example/%23reset%3Dabcdefghijklmnopqrstuvwxy2", "abcdef"),
    "a link of another program": ("https://x.example/?token=s3cr3tstuff&b=1", "s3cr3t"),
    "a bare token": ("abcdefghijklmnopqrstuvwxy2", "abcdef"),
    "password:": ("password: hunter2", "hunter2"),
    "Password =": ("Password=hunter2", "hunter2"),
    "my password is": ("my password is plum orbit candle seven", "orbit"),
    "shouted": ("MY PASSWORD IS HUNTER2", "HUNTER2"),
    "my password was": ("the password was hunter2, now what", "hunter2"),
    "password is:": ("my password is: hunter2", "hunter2"),
    "password for": ("the password for my account is hunter2", "hunter2"),
    "passphrase": ("passphrase: plum orbit", "plum"),
    "PIN": ("my pin is 4711", "4711"),
    "French": ("mon mot de passe est soleil", "soleil"),
    "beside its name": ("I typed password hunter2! again", "hunter2"),
    "in quotes": ('the password "Sommer2024" fails', "Sommer"),
    "an arrow": ("pw -> hunter2", "hunter2"),
    "not, as the first word of one": ("my password is not-my-dog", "my-dog"),
}
HARMLESS = (
    "I cannot get in",
    "my password is not working",
    "my password is wrong",
    "My password was changed",
    "I forgot my password",
    "the password is too short it says",
    "call me on (519) 555-0143",
    "call me on 519-555-0143 or 519 555 0144",
    "+1 519 555 0143",
    "half-hour, part-time and well-know",
    "they sent four mail over three days",
    "My company code is RAY-919",
    "since 10/26/2024 at 10:42",
    "I am client 1204",
    "password reset please",
    "WHAT HAPPENED",
    "[/x] [@click=app.bell] ${x}",
    "Zoë 李小龍 🎉",
    "",
)


@pytest.mark.parametrize("case", SECRETS)
def test_a_secret_is_masked(case: str) -> None:
    words, secret = SECRETS[case]
    masked = mask(words)
    assert secret not in masked
    assert MASK in masked


@pytest.mark.parametrize("words", HARMLESS)
def test_what_is_no_secret_stays(words: str) -> None:
    assert mask(words) == words


@settings(max_examples=60, deadline=None)
@given(st.uuids(), st.sampled_from(("reset", "activate", "kiosk")), st.sampled_from(("{}", "code {} thanks", "({})")))
def test_whatever_the_desk_mails_is_masked(number: object, purpose: str, around: str) -> None:
    key = b"k" * 32
    temporary = codes.temporary_password(key, str(number))
    token = codes.link_token(key, str(number), purpose)
    shown = codes.show_code(codes.typed_code(key, str(number), purpose))
    spoken = codes.spoken_code(key, str(number), purpose)
    for secret in (shown, codes.show_code(temporary), spoken, token, f"https://portal.example/#{purpose}={token}"):
        assert secret not in mask(around.format(secret))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_masking_twice_changes_nothing_more_and_makes_nothing_unsafe(words: str) -> None:
    once = mask(safe(words))
    assert mask(once) == once
    assert safe(once) == once


def test_two_thousand_signs_take_no_time_worth_speaking_of() -> None:
    for words in ("password for " * 160, "1 " * 1000, "a" * 2000, "ab12-" * 400, "pin is " * 280, "#a=" * 600):
        assert len(mask(words[:2000])) <= 2100
