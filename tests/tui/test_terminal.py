"""What is taken from the environment, and where a session comes from."""

from __future__ import annotations

from tui.terminal import place, scrub


def test_what_could_drive_or_watch_the_program_is_taken_away() -> None:
    environment = {
        "TEXTUAL_DRIVER": "evil:Driver",
        "TEXTUAL_LOG": "/tmp/keys",
        "RICH_THEME": "x",
        "COLUMNS": "99999",
        "LINES": "1",
        "HOME": "/root",
    }
    scrub(environment)
    assert environment == {"HOME": "/root", "TEXTUAL_FPS": "120"}


def test_a_slow_line_gets_no_animation() -> None:
    environment = {"SSH_CONNECTION": "192.0.2.7 50000 192.0.2.1 22", "TEXTUAL_ANIMATIONS": "full"}
    scrub(environment)
    assert environment["TEXTUAL_ANIMATIONS"] == "none"
    assert environment["ESCDELAY"] == "200"


def test_the_place_of_an_ssh_session_is_the_peers_address() -> None:
    assert place({"SSH_CONNECTION": "192.0.2.7 50000 192.0.2.1 22"}) == "192.0.2.7"


def test_the_place_of_a_local_session_is_the_user() -> None:
    assert place({})
