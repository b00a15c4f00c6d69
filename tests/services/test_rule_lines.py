"""Names and other lines of text: what is cleaned, what is refused, and with which words."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import rule_lines, rules
from services.rules import Problem


def refusal(rule: Callable[..., object], *values: object) -> str:
    with pytest.raises(Problem) as caught:
        rule(*values)
    return caught.value.sentence


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Ann", "Ann"),
        ("  Ann   Lee ", "Ann Lee"),
        ("Ann\u00a0\u3000Lee", "Ann Lee"),
        ("Zoe\u0301", "Zo\u00e9"),
        ("L'\u00c9cuyer-B\u00e9langer", "L'\u00c9cuyer-B\u00e9langer"),
        ("\u05de\u05e9\u05d4", "\u05de\u05e9\u05d4"),
        ("\u7f8e\u73b2", "\u7f8e\u73b2"),
        ("V\u0169", "V\u0169"),
        ("\u0928\u093f\u0924\u093f\u0928", "\u0928\u093f\u0924\u093f\u0928"),
        ("Zalgo" + "e" + "\u0323\u0324\u0325\u0326", "Zalgo\u1eb9\u0324\u0325\u0326"),
        ("\U0001f600", "\U0001f600"),
        ('Quote "Q"', 'Quote "Q"'),
        ("a" * 100, "a" * 100),
        ("\u738b", "\u738b"),
    ],
)
def test_a_name_is_composed_and_has_single_blanks(typed: str, name: str) -> None:
    assert rules.clean_name(typed) == name


@pytest.mark.parametrize(
    "text",
    [
        "[/b]Bob",
        "[@click=app.quit]Click[/]",
        "[/]",
        "[/",
        "[0]",
        "[link=http://e]x[/link]",
        '=HYPERLINK("http://x")',
        "=cmd|'/c calc'!A1",
        "{{7*7}}",
        "%s%n",
        "$(id)",
        "'; DROP TABLE--",
        "<link rel=stylesheet href=http://127.0.0.1:9/x>",
        "/etc/passwd",
    ],
)
def test_markup_and_formulas_are_ordinary_text(text: str) -> None:
    assert rules.clean_name(text) == rules.clean_text(text, 200) == text


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("\x1b]0;PWN\x07", "U+001B ESCAPE"),
        ("\x1b]52;c;UFdO\x1b\\", "U+001B ESCAPE"),
        ("\x1b[2J\x1b[H", "U+001B ESCAPE"),
        ('\x1bP$q"p\x1b\\', "U+001B ESCAPE"),
        ("\x9b2J", "U+009B CONTROL SEQUENCE INTRODUCER"),
        ("\x07bell", "U+0007 BELL"),
        ("\x0eshift", "U+000E (control sign)"),
        ("a\0b", "U+0000 NULL"),
        ("a\tb", "U+0009 TAB"),
        ("Ann\r\nBcc: e@e", "U+000D CARRIAGE RETURN"),
        ("Ann\n", "U+000A LINE FEED"),
        ("\x85", "U+0085 NEXT LINE"),
        ("\u202eevil\u202c", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("\u2066x\u2069", "U+2066 LEFT-TO-RIGHT ISOLATE"),
        ("\u200fx", "U+200F RIGHT-TO-LEFT MARK"),
        ("a\u200bb", "U+200B ZERO WIDTH SPACE"),
        ("\ufeffAnn", "U+FEFF ZERO WIDTH NO-BREAK SPACE"),
        ("a\u00adb", "U+00AD SOFT HYPHEN"),
        ("\u2028", "U+2028 LINE SEPARATOR"),
        ("\u2029", "U+2029 PARAGRAPH SEPARATOR"),
        ("\U000e0041", "U+E0041 TAG LATIN CAPITAL LETTER A"),
        ("\ue000", "U+E000 (private sign)"),
        ("\u0378", "U+0378 (sign that Unicode does not know)"),
        ("\uffff", "U+FFFF (sign that Unicode does not know)"),
        ("\ud800", "U+D800 (half of a sign)"),
        ("\u3164", "U+3164 HANGUL FILLER"),
        ("\u2800", "U+2800 BRAILLE PATTERN BLANK"),
        ("e" + "\u0301" * 50, "more than 4 marks"),
        ("\u0301Ann", "begins with a mark"),
    ],
)
def test_a_sign_that_acts_or_deceives_is_refused_by_its_name(text: str, named: str) -> None:
    for sentence in (refusal(rules.clean_name, text), refusal(rules.clean_text, text, 200)):
        assert named in sentence
        assert "Remove" in sentence
        assert sentence.isprintable()


@pytest.mark.parametrize("text", ["", "   ", "\u00a0"])
def test_an_empty_name_is_refused_and_an_empty_text_is_not(text: str) -> None:
    assert "empty" in refusal(rules.clean_name, text)
    assert rules.clean_text(text, 10) == ""


@pytest.mark.parametrize("text", ["A" * 101, "\u7f8e" * 101, "A" * 400, "a\u0316\u0301" * 50_000])
def test_a_name_that_is_too_long_is_refused_with_both_numbers(text: str) -> None:
    sentence = refusal(rules.clean_name, text)
    assert str(len(text)) in sentence
    assert "100" in sentence


def test_a_text_is_measured_after_cleaning() -> None:
    assert rules.clean_text("  a    b  ", 3) == "a b"
    assert rules.clean_text("e\u0301" * 3, 3) == "\u00e9" * 3
    assert "Shorten it to 3" in refusal(rules.clean_text, "abcd", 3)


def test_the_short_way_through_a_line_skips_nothing() -> None:
    for code in range(0x1F00):
        sign = chr(code)
        if rule_lines._PLAIN_LINE.fullmatch(sign):
            assert unicodedata.category(sign)[0] not in "CM"
            assert unicodedata.normalize("NFC", sign) == sign
            assert not unicodedata.combining(sign)
            rule_lines.refuse_signs(sign, "name")


@given(st.text(max_size=30))
def test_a_cleaned_name_is_clean(text: str) -> None:
    try:
        name = rules.clean_name(text)
    except Problem:
        return
    assert rules.clean_name(name) == name == unicodedata.normalize("NFC", name)
    assert name.isprintable()
