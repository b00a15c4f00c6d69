"""Text made harmless, and text folded for the search."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.text import LONGEST_WORD, MOST_WORDS, fold, safe, search_words

ANY_TEXT = st.text(st.characters(codec=None, categories=None))


@pytest.mark.parametrize(
    "text",
    [
        "Brent Thomas",
        "José Müller-Lüdenscheidt",
        "Łukasz",
        "山田太郎",
        "Иванов",
        "נועה",
        "[/x] [@click=app.quit]",
        "● ✓ ▲",
        "",
    ],
)
def test_honest_text_is_left_alone(text: str) -> None:
    assert safe(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;PWN\x1b\\", "]0;PWN\\"),
        ("\x1b]52;c;UFdO\x07", "]52;c;UFdO"),
        ("\x9b2J", "2J"),
        ("a\x00b\x7fc\x0ed", "abcd"),
        ("\u202eevil\u202c \u2066x\u2069", "evil x"),
        ("a\u200bb\u200dc\ufeffd\u00ade\u2060f", "abcdef"),
        ("a\u2028b\u2029c", "abc"),
        ("x\U000e0041\U000e007fy", "xy"),
        ("a\ud800b\udfffc", "abc"),
        ("a\ue000b\U000f0000c", "abc"),
        ("a\u0378b\uffffc", "abc"),
        ("\u3164\u115f\u034fx\ufe0f", "x"),
    ],
)
def test_signs_that_a_terminal_must_not_get_go(text: str, shown: str) -> None:
    assert safe(text) == shown


@pytest.mark.parametrize("text", ["a\nb", "a\tb", "a\r\n\tb", "a\x85b", "a\u00a0b", "a\u3000b"])
def test_breaks_tabs_and_odd_spaces_become_one_plain_space(text: str) -> None:
    assert safe(text) == "a b"


def test_towers_of_accents_are_cut_to_four() -> None:
    assert safe("e" + "\u0301" * 50 + "x") == "e" + "\u0301" * 4 + "x"
    assert safe("\u1100" + "\u1161" * 9) == "\u1100" + "\u1161" * 4


def test_flags_are_shown_as_their_letters_because_their_width_is_anybodys_guess() -> None:
    assert safe("🇫🇷 Anne") == "FR Anne"


@given(ANY_TEXT)
def test_whatever_comes_in_only_printable_signs_come_out(text: str) -> None:
    shown = safe(text)
    assert shown.isprintable()
    assert safe(shown) == shown
    assert not any(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for sign in shown)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Brent THOMAS", "brent thomas"),
        ("  José   Müller-Lüdenscheidt ", "jose muller ludenscheidt"),
        (
            "Łukasz Ørsted Đorđe Straße Æsir Œuvre Þór ðæ Işık İzmir",
            "lukasz orsted dorde strasse aesir oeuvre thor dae isik izmir",
        ),
        ("brent.thomas@example.com", "brent thomas example com"),
        ("O'Brien O’Brien OʼBrien", "o brien o brien o brien"),
        ("ＡＢＣ ①② ﬁ", "abc 12 fi"),
        ("Trần Thị Ngọc Ánh", "tran thi ngoc anh"),
        ("Ёлкин Й", "елкин и"),
        ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
        ("山田　太郎", "山田 太郎"),
        ("Mil\u00adler\u200b", "miller"),
        ("_-–\x1b\u2028", ""),
        ("\ud800x", "x"),
    ],
)
def test_the_search_sees_words_without_case_and_accents(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize("name", ["José", "Ångström", "Việt", "が", "한국어", "ёж"])
def test_composed_and_decomposed_spellings_fold_alike(name: str) -> None:
    assert fold(unicodedata.normalize("NFC", name)) == fold(unicodedata.normalize("NFD", name))


@given(ANY_TEXT)
def test_folding_twice_changes_nothing_and_leaves_words_one_space_apart(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert folded == " ".join(folded.split())
    assert all(sign.isalnum() for sign in folded.replace(" ", ""))


@given(ANY_TEXT)
def test_case_never_matters(text: str) -> None:
    assert fold(text.lower().upper()) == fold(fold(text).upper()) or fold(text.upper()) == fold(text.upper().lower())


def test_a_long_text_of_accents_takes_no_longer_than_its_length_is_worth() -> None:
    """Normalising such a text as a whole takes time in proportion to the square of its length."""
    started = time.process_time()
    assert fold("a" + "\u0301\u0323" * 500_000) == "a"
    assert time.process_time() - started < 5


def test_search_words_come_once_each_in_the_order_typed() -> None:
    assert search_words("  Thomas bro THOMAS, Bró ") == ("thomas", "bro")
    assert search_words(" \t ") == ()


def test_search_words_are_bounded_in_number_and_length() -> None:
    words = search_words(" ".join(f"{number}" + "x" * 500 for number in range(50)))
    assert len(words) == MOST_WORDS
    assert {len(word) for word in words} == {LONGEST_WORD}
