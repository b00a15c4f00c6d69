"""From the mail to one's own account, as people do it: Chromium, nginx with TLS below a path, a real SMTP server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.making import PASSWORD
from tests.surfaces.portal.browsing import PHONE, SMALL_PHONE, Tab
from tests.surfaces.portal.house import CODE, OWN, USER, House, answer_questions, choose_password, sign_in

pytestmark = pytest.mark.slow

OpenTab = Callable[..., Tab]


def test_a_mail_leads_to_an_account_of_ones_own_and_its_secret_is_seen_by_nobody(
    house: House, open_tab: OpenTab
) -> None:
    house.client()
    link = house.link_to(USER)
    secret = link.partition("=")[2]

    # A mail scanner was here before.
    assert open_tab().page.request.head(link).ok
    assert open_tab().page.request.get(link).ok

    tab = open_tab().open(link)
    tab.expect("Activate your account").wait(lambda: tab.page.title() == "Activate your account · Trakdesk")
    assert tab.page.url == house.url + "/"
    choose_password(tab)
    tab.expect("Sign in with your account").settle().type(OWN).key("f2")
    answer_questions(tab)
    assert tab.page.title() != "Trakdesk"

    # The same link once more, and one of somebody else after its time.
    again = open_tab().open(link)
    again.expect("no longer works").expect("Used")
    ida = house.client("ida@mortgageclient.example.com", "Ida", "Brown")
    late = house.link_to("ida@mortgageclient.example.com")
    house.expire_links(ida)
    again.page.goto(late)
    again.expect("Expired").expect("Send me a fresh one")

    for seen in (*tab.requests, *again.requests, house.nginx.log, house.portal.said, house.portal.log):
        assert secret not in seen
        assert late.partition("=")[2] not in seen
        assert "referer" not in seen.lower()
    assert tab.hosts | again.hosts == {house.url.split("/")[2]}
    assert (tab.console, again.console) == ([], [])
    assert "fault" not in house.portal.log


def test_a_line_that_is_cut_leads_back_to_the_same_screen_with_what_was_typed(house: House, open_tab: OpenTab) -> None:
    tab = open_tab().open(house.url)
    tab.expect("Sign in with your account").fill(CODE, "half-typed@exam")
    tab.expect("half-typed@exam").settle()
    [program] = house.portal.programs()
    house.nginx.stop()
    tab.says("#bar", "The line has dropped.")
    house.nginx.start()
    tab.wait(lambda: tab.page.locator("#bar").is_hidden())
    tab.expect("half-typed@exam").type("ple.com").expect("half-typed@example.com")
    assert house.portal.programs() == [program]


def test_a_restarted_portal_finds_the_person_still_signed_in(house: House, open_tab: OpenTab) -> None:
    house.member()
    tab = open_tab().open(house.url)
    sign_in(tab)
    tab.expect("Welcome, Brent Thomas").settle()
    house.portal.stop()
    tab.says("#bar", "is being restarted")
    house.portal.start()
    tab.wait(lambda: tab.page.locator("#bar").is_hidden()).expect("Welcome, Brent Thomas").settle()
    # And so does a reload, and a server that was killed.
    tab.reload().expect("Welcome, Brent Thomas").settle()
    house.portal.kill()
    tab.says("#bar", "The line has dropped.")
    house.portal.start()
    tab.wait(lambda: tab.page.locator("#bar").is_hidden()).expect("Welcome, Brent Thomas")
    # Whoever signs out is told so, and a reload does not undo it.
    tab.settle().key("esc").expect("Sign out?").settle().key("y").expect("Sign in with your account").settle()
    tab.reload().expect("Sign in with your account").settle().absent("Welcome, Brent")


def test_a_link_that_is_opened_during_a_restart_is_followed_after_it(house: House, open_tab: OpenTab) -> None:
    house.client()
    link = house.link_to(USER)
    house.portal.stop()
    tab = open_tab().open(link)
    tab.says("body", "The desk is being restarted.")
    house.portal.start()
    tab.expect("Activate your account", 30)


def test_the_address_that_staff_read_out_leads_to_a_mail(house: House, open_tab: OpenTab) -> None:
    house.member()
    tab = open_tab(PHONE).open(house.desk.accounts.reset_page_address(house.made.admin))
    tab.expect("Write your e-mail address twice").settle()
    tab.fill(USER, USER).key("f2").expect("on its way")
    assert "reset" not in tab.page.url


@pytest.mark.parametrize("device", [PHONE, SMALL_PHONE], ids=["390x844", "360x640"])
def test_a_phone_is_enough(device: dict[str, Any], house: House, open_tab: OpenTab) -> None:
    house.client()
    tab = open_tab(device).open(house.link_to(USER))
    keyboard = tab.page.locator(".xterm-helper-textarea")
    tab.expect("Activate your account").settle()
    assert keyboard.evaluate("field => field.inputMode") == "none"
    tab.tap("Choose a password").expect("New password").settle()
    tab.wait(lambda: keyboard.evaluate("field => field.inputMode") == "text")
    # The keyboard comes up, and what is typed stays in sight above it.
    width, height = device["viewport"]["width"], device["viewport"]["height"]
    tab.page.set_viewport_size({"width": width, "height": height - 290})
    tab.settle().fill(OWN, OWN)
    tab.page.set_viewport_size({"width": width, "height": height})
    tab.settle().key("f2").expect("Your password has been set.").settle()
    tab.type(OWN).settle().tap("Log in")
    answer_questions(tab)
    assert tab.size[0] >= 40
    assert tab.console == []


def test_a_saved_password_signs_in(house: House, open_tab: OpenTab) -> None:
    house.member()
    tab = open_tab(PHONE).open(house.url)
    tab.expect("Sign in with your account").settle()
    tab.page.tap("#saved-open")
    for name, value in (("company_code", CODE), ("user_name", USER), ("password", PASSWORD.reveal())):
        tab.page.fill(f"[name={name}]", value)
    tab.page.tap("#sign-in button[type=submit]")
    tab.expect("Welcome, Brent Thomas")


def test_nothing_of_a_link_is_in_the_arguments_or_the_environment_of_a_process(house: House, open_tab: OpenTab) -> None:
    house.client()
    link = house.link_to(USER)
    open_tab().open(link).expect("Activate your account")
    processes = [house.portal.process, *house.portal.process.children(recursive=True)]
    seen = "".join(str(process.cmdline()) + str(process.environ()) for process in processes)
    assert link.partition("=")[2] not in seen
