"""The page in a real Chromium, over against a server that says what a test says."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.surfaces.portal.browsing import Tab
from tests.surfaces.portal.scripted import ScriptedPortal, Visit

pytestmark = pytest.mark.slow

SECRET = "kV7rQ2tokenthatnobodyelsemaysee"
LINK = f"activate={SECRET}"


# -- the link --------------------------------------------------------------------------------------


def test_the_link_goes_into_the_first_message_and_nowhere_else(
    come: Callable[..., tuple[Tab, Visit]], scripted: ScriptedPortal
) -> None:
    tab, visit = come(LINK)
    assert visit.hello["link"] == LINK
    assert tab.page.evaluate("location.href") == scripted.url
    assert not any(SECRET in request for request in scripted.requests + tab.requests)
    assert not any("referer" in request.lower() for request in scripted.requests)
    assert tab.page.evaluate("document.referrer + JSON.stringify(localStorage) + history.length") == "{}2"
    assert tab.hosts == {scripted.url.removeprefix("http://").rstrip("/")}
    assert tab.console == []


def test_a_reload_opens_the_link_again_until_it_has_done_what_it_was_for(
    come: Callable[..., tuple[Tab, Visit]], scripted: ScriptedPortal
) -> None:
    tab, visit = come(LINK)
    tab.page.reload()
    visit = scripted.visit(1).ready()
    assert visit.hello["link"] == LINK
    visit.tell("link_done")
    visit.tell("title", "Done")
    tab.wait(lambda: tab.page.title() == "Done · Trakdesk")
    tab.page.reload()
    assert scripted.visit(2).hello["link"] == ""


def test_another_link_in_the_same_tab_begins_anew(
    come: Callable[..., tuple[Tab, Visit]], scripted: ScriptedPortal
) -> None:
    tab, visit = come(LINK)
    visit.tell("ticket", "ticket-of-the-first")
    tab.page.evaluate("location.hash = 'reset=another'")
    second = scripted.visit(1)
    visit.wait_for(lambda visit: visit.closed == 1000)
    assert (second.hello["link"], second.hello["back"], second.hello["ticket"]) == ("reset=another", "", "")
    assert tab.page.evaluate("location.href") == scripted.url


@pytest.mark.parametrize("fragment", ["terminal", "=", "a=b&c=d", "<script>=x"])
def test_a_fragment_that_is_no_link_of_ours_is_dropped(
    fragment: str, come: Callable[..., tuple[Tab, Visit]], scripted: ScriptedPortal
) -> None:
    tab, visit = come(fragment)
    assert visit.hello["link"] == ""
    assert tab.page.evaluate("location.href") == scripted.url


def test_a_giant_link_is_cut_to_what_the_server_takes(come: Callable[..., tuple[Tab, Visit]]) -> None:
    _, visit = come("activate=" + "x" * 1_000_000)
    assert len(visit.hello["link"]) == 300


@pytest.mark.parametrize("part", ["keys.js", "textual.js"])
def test_a_part_of_the_page_that_does_not_come_is_told_and_the_page_goes_on_by_itself(
    part: str, open_tab: Callable[..., Tab], scripted: ScriptedPortal
) -> None:
    scripted.refused = part
    tab = open_tab().open(f"{scripted.url}#{LINK}")
    tab.says("#opening p", "Trakdesk could not be loaded. This page tries again by itself.")
    scripted.refused = ""
    visit = scripted.visit().ready()
    tab.expect("Hello from the desk")
    assert visit.hello["link"] == LINK


# -- the line --------------------------------------------------------------------------------------


def test_a_dropped_line_is_told_and_comes_back_to_the_same_program(
    come: Callable[..., tuple[Tab, Visit]], scripted: ScriptedPortal
) -> None:
    tab, visit = come()
    scripted.away = True
    visit.cut()
    tab.says("#bar", "The line has dropped.")
    tab.type("x").says("#bar", "What you type now is not kept.")
    scripted.away = False
    second = scripted.visit(1)
    assert second.hello["back"] == "way-back"
    second.ready(shows="\x1b[2J\x1b[HStill here")
    tab.expect("Still here").wait(lambda: tab.page.locator("#bar").is_hidden())
    tab.type("y")
    second.wait_for(lambda visit: visit.typed == "y")


def test_a_half_sent_sequence_does_not_spoil_what_comes_after_it(
    come: Callable[..., tuple[Tab, Visit]], scripted: ScriptedPortal, tmp_path: Any
) -> None:
    tab, visit = come()
    visit.draw("\x1b]0;a title that never ends")
    visit.cut()
    scripted.visit(1).ready(shows="\x1b[2J\x1b[H\x1b[48;2;255;0;0m" + " " * 2000)
    pixel = (
        "(() => { const canvas = document.querySelector('.xterm-text-layer');"
        "return [...canvas.getContext('2d').getImageData(50, 5, 1, 1).data] })()"
    )
    tab.wait(lambda: tab.page.evaluate(pixel) == [255, 0, 0, 255])


def test_a_line_on_which_nobody_answers_counts_as_dropped(
    come: Callable[..., tuple[Tab, Visit]], scripted: ScriptedPortal
) -> None:
    tab, visit = come()
    scripted.deaf = True
    tab.page.evaluate("dispatchEvent(new Event('offline'))")
    tab.says("#bar", "The line has dropped.", 15)
    second = scripted.visit(1)
    assert second.hello["back"] == "way-back"
    # The server must not take it for a farewell.
    visit.wait_for(lambda visit: visit.closed not in (None, 1000, 1001))


def test_a_network_that_is_back_is_used_at_once(
    come: Callable[..., tuple[Tab, Visit]], scripted: ScriptedPortal
) -> None:
    tab, visit = come()
    scripted.away = True
    visit.cut()
    tab.says("#bar", "Trying again in 8\u00a0s", 40)
    scripted.away = False
    tab.page.evaluate("dispatchEvent(new Event('online'))")
    scripted.wait_until(lambda: len(scripted.visits) == 2, 5)


@pytest.mark.parametrize(
    ("why", "words", "shown"),
    [
        ("stopping", "", "The desk is being restarted."),
        (
            "busy",
            "Many people are using this page right now.",
            "Many people are using this page right now. Trying again",
        ),
    ],
)
def test_a_server_that_has_no_room_or_restarts_is_asked_again(
    why: str, words: str, shown: str, come: Callable[..., tuple[Tab, Visit]], scripted: ScriptedPortal
) -> None:
    tab, visit = come()
    visit.tell("ticket", "ticket")
    visit.tell("end", {"why": why, "words": words})
    tab.says("#bar", shown)
    tab.page.evaluate("dispatchEvent(new Event('online'))")
    assert scripted.visit(1).hello["ticket"] == "ticket"


def test_the_end_is_told_with_one_way_on(come: Callable[..., tuple[Tab, Visit]], scripted: ScriptedPortal) -> None:
    tab, visit = come(LINK)
    visit.tell("ticket", "ticket")
    visit.tell("end", {"why": "left", "words": "You are signed out. <b>Good bye</b>"})
    tab.says("#end-words", "You are signed out. <b>Good bye</b>")
    tab.key("enter")
    hello = scripted.visit(1).hello
    assert (hello["link"], hello["back"], hello["ticket"]) == ("", "", "")
    assert tab.page.locator("#end").is_hidden()


# -- this browser ----------------------------------------------------------------------------------


def test_what_is_remembered_comes_with_the_next_visit_of_this_browser_and_holds_no_secret(
    come: Callable[..., tuple[Tab, Visit]], scripted: ScriptedPortal
) -> None:
    tab, visit = come(LINK)
    visit.tell("ticket", "ticket")
    visit.tell("remember", {"company_code": "RAY-919", "user_name": "brent@example.com", "theme": "light"})
    tab.wait(lambda: "RAY-919" in tab.page.evaluate("JSON.stringify(localStorage)"))
    kept = tab.page.evaluate("JSON.stringify(localStorage)")
    assert not any(secret in kept for secret in (SECRET, "way-back", "ticket"))
    other = Tab(tab.context).open(scripted.url)
    hello = scripted.visit(1).hello
    assert (hello["remembered"]["company_code"], hello["theme"]) == ("RAY-919", "light")
    assert (hello["link"], hello["back"], hello["ticket"]) == ("", "", "")
    assert other.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(245, 247, 250)"


def test_a_duplicated_tab_leaves_the_first_one_alone(
    come: Callable[..., tuple[Tab, Visit]], scripted: ScriptedPortal
) -> None:
    tab, visit = come(LINK)
    visit.tell("ticket", "ticket")
    with tab.context.expect_page() as opened:
        tab.page.evaluate("open(location.href)")
    assert json.loads(opened.value.evaluate("JSON.stringify(Object.keys(sessionStorage))"))
    hello = scripted.visit(1).hello
    assert (hello["link"], hello["back"], hello["ticket"]) == ("", "", "")
    assert visit.closed is None
