"""Keys, clipboard, saved passwords and fingers: the page in a real Chromium, over against a server of a test."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.surfaces.portal.browsing import DESKTOP, PHONE, SMALL_PHONE, Tab
from tests.surfaces.portal.scripted import ScriptedPortal, Visit

pytestmark = pytest.mark.slow

OpenTab = Callable[..., Tab]

ANSWER_ME = "\x1b[5n"
ANSWERED = "\x1b[0n"
"""The terminal answers in its turn: whatever was drawn before has been dealt with."""


# -- keys and clipboard ----------------------------------------------------------------------------


def test_the_programs_keys_reach_it_and_the_browsers_own_do_not(
    come: Callable[..., tuple[Tab, Visit]], scripted: ScriptedPortal
) -> None:
    tab, visit = come()
    tab.key("f1", "f2", "f3", "f6", "Control+p", "F11", "F12", "q")
    visit.wait_for(lambda visit: visit.typed.endswith("q"))
    assert visit.typed == "\x1bOP\x1bOQ\x1bOR\x1b[17~\x10q"
    assert len(tab.context.pages) == 1
    for name in ("F5", "F11", "F12"):
        assert not tab.page.locator(".xterm-helper-textarea").evaluate(
            "(field, key) => !field.dispatchEvent("
            "new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}))",
            name,
        )


def test_what_is_in_the_clipboard_is_pasted_as_one_piece(come: Callable[..., tuple[Tab, Visit]]) -> None:
    tab, visit = come()
    visit.draw("\x1b[?2004h" + ANSWER_ME)
    visit.wait_for(lambda visit: visit.typed == ANSWERED)
    tab.page.evaluate("navigator.clipboard.writeText('K7PQ-93TX')")
    tab.key("Control+v")
    visit.wait_for(lambda visit: visit.typed == ANSWERED + "\x1b[200~K7PQ-93TX\x1b[201~")


def test_a_large_paste_goes_in_pieces_that_the_server_takes(come: Callable[..., tuple[Tab, Visit]]) -> None:
    tab, visit = come()
    text = "😀\x07é" * 30_000
    tab.page.evaluate("text => navigator.clipboard.writeText(text)", text)
    tab.key("Control+v")
    visit.wait_for(lambda visit: len(visit.typed) == len(text))
    assert visit.typed == text
    assert max(len(json.dumps(["stdin", piece])) for piece in visit.words("stdin")) < 65_536


@pytest.mark.parametrize("way", ["word", "sequence"])
def test_what_the_program_copies_is_in_the_clipboard(way: str, come: Callable[..., tuple[Tab, Visit]]) -> None:
    tab, visit = come()
    if way == "word":
        visit.tell("copy", "Größe 7")
    else:
        visit.draw("\x1b]52;c;R3LDtsOfZSA3\x07")
    tab.wait(lambda: tab.page.evaluate("navigator.clipboard.readText()") == "Größe 7")


def test_no_program_reads_the_clipboard(come: Callable[..., tuple[Tab, Visit]]) -> None:
    tab, visit = come()
    tab.page.evaluate("navigator.clipboard.writeText('private')")
    for which in ("c", "p", "s", ""):
        visit.draw(f"\x1b]52;{which};?\x07\x1b]52;{which};?\x1b\\")
    visit.draw(ANSWER_ME)
    visit.wait_for(lambda visit: ANSWERED in visit.typed)
    # A look into the clipboard takes a while; ours ends after any that began before it.
    assert tab.page.evaluate("navigator.clipboard.readText()") == "private"
    tab.type("z")
    visit.wait_for(lambda visit: "z" in visit.typed)
    assert visit.typed == ANSWERED + "z"


def test_no_address_in_data_becomes_a_link(come: Callable[..., tuple[Tab, Visit]]) -> None:
    tab, visit = come()
    visit.draw("\x1b[2J\x1b[Hhttp://localhost/evil \x1b]8;;http://localhost/worse\x07worse\x1b]8;;\x07" + ANSWER_ME)
    visit.wait_for(lambda visit: ANSWERED in visit.typed)
    tab.expect("worse").click("evil").click("worse").type("z")
    visit.wait_for(lambda visit: "z" in visit.typed)
    assert visit.typed == ANSWERED + "z"
    assert len(tab.context.pages) == 1


# -- the password manager --------------------------------------------------------------------------


def test_a_saved_password_is_handed_to_the_program(come: Callable[..., tuple[Tab, Visit]]) -> None:
    tab, visit = come()
    assert tab.page.locator("#saved").is_hidden()
    visit.tell("remember", {"company_code": "RAY-919"})
    visit.tell("form", "sign-in")
    tab.page.click("#saved-open")
    kinds = tab.page.eval_on_selector_all("#sign-in input", "fields => fields.map(field => field.autocomplete)")
    assert kinds == ["organization", "username", "current-password"]
    assert tab.page.input_value("[name=company_code]") == "RAY-919"
    # As a manager does it: values and events, without a key.
    for name, value in (("user_name", "brent@example.com"), ("password", "plum orbit")):
        tab.page.eval_on_selector(
            f"[name={name}]",
            "(field, value) => { field.value = value; field.dispatchEvent(new Event('change', {bubbles: true})) }",
            value,
        )
    tab.page.click("#sign-in button[type=submit]")
    visit.wait_for(lambda visit: bool(visit.words("fill")))
    assert visit.words("fill") == [
        {"company_code": "RAY-919", "user_name": "brent@example.com", "password": "plum orbit"}
    ]
    tab.wait(lambda: tab.page.input_value("[name=password]") == "")
    visit.tell("form", "")
    tab.wait(lambda: tab.page.locator("#saved").is_hidden())
    tab.type("k")
    visit.wait_for(lambda visit: visit.typed == "\rk")


def test_after_a_wrong_password_only_the_password_is_typed_again(
    come: Callable[..., tuple[Tab, Visit]], scripted: ScriptedPortal
) -> None:
    tab, visit = come()
    visit.tell("remember", {"company_code": "RAY-919"})
    visit.tell("form", "sign-in")
    tab.page.click("#saved-open")
    for name, value in (("company_code", "FAR-112"), ("user_name", "brent@example.com"), ("password", "plum orbit")):
        tab.page.fill(f"[name={name}]", value)
    tab.page.click("#sign-in button[type=submit]")
    visit.wait_for(lambda visit: bool(visit.words("fill")))
    tab.page.click("#saved-open")
    values = "fields => fields.map(field => field.value)"
    assert tab.page.eval_on_selector_all("#sign-in input", values) == ["FAR-112", "brent@example.com", ""]
    assert tab.page.evaluate("document.activeElement.name") == "password"
    # Whoever comes next begins with what the browser remembers.
    visit.tell("end", {"why": "left", "words": "You have signed out."})
    tab.says("#end-words", "You have signed out.").key("enter")
    second = scripted.visit(1).ready()
    second.tell("form", "sign-in")
    tab.page.click("#saved-open")
    assert tab.page.eval_on_selector_all("#sign-in input", values) == ["RAY-919", "", ""]


# -- a phone ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("device", [PHONE, SMALL_PHONE], ids=["390x844", "360x640"])
def test_a_phone_shows_forty_columns_and_the_keys_that_it_has_not(
    device: dict[str, Any], come: Callable[..., tuple[Tab, Visit]]
) -> None:
    tab, visit = come(device=device)
    assert 40 <= visit.hello["width"] <= 50
    assert visit.hello["touch"] is True
    for name in ("Next field", "Up", "Enter", "Back"):
        tab.page.get_by_role("button", name=name, exact=True).tap()
    visit.wait_for(lambda visit: visit.typed == "\t\x1b[A\r\x1b")
    box = tab.page.get_by_role("button", name="Enter", exact=True).bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert box["width"] >= 44
    assert tab.page.evaluate("document.documentElement.scrollWidth") == device["viewport"]["width"]


def test_the_keyboard_of_a_phone_makes_the_terminal_smaller_and_comes_for_fields_only(
    come: Callable[..., tuple[Tab, Visit]],
) -> None:
    tab, visit = come(device=PHONE)
    field = tab.page.locator(".xterm-helper-textarea")
    assert field.evaluate("field => field.inputMode") == "none"
    visit.tell("typing", "text")
    tab.wait(lambda: field.evaluate("field => field.inputMode") == "text")
    assert field.evaluate("field => document.activeElement === field && getComputedStyle(field).fontSize") == "16px"
    rows = visit.hello["height"]
    tab.page.set_viewport_size({"width": 390, "height": 480})
    visit.wait_for(lambda visit: bool(visit.words("resize")) and visit.words("resize")[-1]["height"] < rows - 10)
    bar = tab.page.locator("#keys").bounding_box()
    assert bar is not None
    assert bar["y"] + bar["height"] <= 480


def test_the_page_says_when_it_goes_out_of_sight_but_not_when_it_is_closed(
    come: Callable[..., tuple[Tab, Visit]],
) -> None:
    tab, visit = come(device=PHONE)
    turn = (
        "hidden => { Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });"
        "document.dispatchEvent(new Event('visibilitychange')) }"
    )
    tab.page.evaluate(turn, True)
    visit.wait_for(lambda visit: visit.words("hidden") == [True])
    tab.page.evaluate(turn, False)
    visit.wait_for(lambda visit: visit.words("hidden") == [True, False])
    tab.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: false }))")
    tab.page.evaluate(turn, True)
    tab.type("z")
    visit.wait_for(lambda visit: visit.typed == "z")
    assert visit.words("hidden") == [True, False]


def test_a_key_for_an_app_on_the_same_phone_can_be_tapped_or_copied_and_is_gone_afterwards(
    come: Callable[..., tuple[Tab, Visit]],
) -> None:
    tab, visit = come(device=PHONE)
    visit.tell("to_app", "javascript:alert(1)")
    tab.settle()
    assert tab.page.locator("#to-app").is_hidden()
    url = "otpauth://totp/Ray:brent@example.com?secret=QRMSKELEOIV5OAI2&issuer=Ray"
    visit.tell("to_app", url)
    tab.says("#to-app-key", "QRMS KELE OIV5 OAI2")
    assert tab.page.get_attribute("#to-app-open", "href") == url
    tab.page.tap("#to-app-copy")
    tab.says("#to-app-copy", "Copied")
    assert tab.page.evaluate("navigator.clipboard.readText()") == "QRMSKELEOIV5OAI2"
    tab.page.get_by_role("button", name="Back", exact=True).last.tap()
    tab.wait(lambda: tab.page.locator("#to-app").is_hidden())
    # It is emptied a moment after it is out of sight.
    tab.wait(lambda: "QRMS" not in tab.page.content())


def test_a_swipe_scrolls_and_a_tap_clicks(come: Callable[..., tuple[Tab, Visit]]) -> None:
    tab, visit = come(device=PHONE)
    visit.draw("\x1b[?1000h\x1b[?1006h\x1b[10;5HButton" + ANSWER_ME)
    visit.wait_for(lambda visit: ANSWERED in visit.typed)
    tab.expect("Button").tap("Button")
    visit.wait_for(lambda visit: "\x1b[<0;" in visit.typed)
    assert "\x1b[<0;7;10M" in visit.typed or "\x1b[<0;8;10M" in visit.typed
    client = tab.context.new_cdp_session(tab.page)
    for kind, y in (("touchStart", 600), ("touchMove", 560), ("touchMove", 500), ("touchEnd", None)):
        points = [] if y is None else [{"x": 100, "y": y}]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    visit.wait_for(lambda visit: visit.typed.count("\x1b[<65;") >= 3)
    assert "\x1b[<64;" not in visit.typed


# -- the page itself -------------------------------------------------------------------------------


def test_the_tab_says_where_one_is_and_has_our_icon(
    come: Callable[..., tuple[Tab, Visit]], scripted: ScriptedPortal
) -> None:
    tab, visit = come()
    assert tab.page.title() == "Trakdesk"
    visit.tell("title", "Sign in")
    tab.wait(lambda: tab.page.title() == "Sign in · Trakdesk")
    assert tab.page.get_attribute("html", "lang") == "en"
    icon = tab.page.get_attribute("link[rel=icon]", "href")
    assert tab.page.request.get(scripted.url + str(icon)).headers["content-type"] == "image/svg+xml"


def test_the_fonts_are_ours_and_have_the_signs_that_the_screens_use(come: Callable[..., tuple[Tab, Visit]]) -> None:
    tab, visit = come()
    visit.draw("\x1b[2J\x1b[H● ○ ◐ ▲ ▸ ✓ ✗ ▾ \x1b[1m● bold")
    tab.settle()
    loaded = tab.page.evaluate("[...document.fonts].map(font => font.status)")
    assert loaded == ["loaded", "loaded"]
    widths = tab.page.evaluate(
        "(() => { const brush = document.createElement('canvas').getContext('2d'); brush.font = \"16px 'Roboto Mono'\";"
        "return [...'A●○◐▲▸✓✗▾█─│╭'].map(sign => brush.measureText(sign).width) })()"
    )
    assert len(set(widths)) == 1


def test_a_browser_without_webgl_shows_it_too(open_tab: OpenTab, scripted: ScriptedPortal) -> None:
    tab = open_tab(DESKTOP, "--disable-gpu", "--disable-3d-apis", "--disable-software-rasterizer").open(scripted.url)
    assert tab.page.evaluate("document.createElement('canvas').getContext('webgl2')") is None
    scripted.visit().ready()
    tab.expect("Hello from the desk")
    assert tab.page.locator("#opening").is_hidden()
    assert tab.console == []


def test_a_browser_without_scripts_is_told_so(open_tab: OpenTab, scripted: ScriptedPortal) -> None:
    tab = open_tab({"java_script_enabled": False}).open(scripted.url)
    tab.says("noscript", "JavaScript, which is switched off")


def test_a_screen_reader_gets_the_rows_as_text(come: Callable[..., tuple[Tab, Visit]]) -> None:
    tab, visit = come()
    tab.page.locator("#read-aloud").focus()
    tab.key("enter")
    visit.draw("\x1b[2J\x1b[HChoose a password")
    tab.says(".xterm-accessibility-tree", "Choose a password")
