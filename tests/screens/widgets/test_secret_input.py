"""The input for secrets: shown or masked, nothing of it can be copied, and nothing of a paste is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.app import App, ComposeResult
from textual.events import Paste
from textual.pilot import Pilot

from screens.widgets.secret_input import SecretInput
from tests.settling import screen_text, until

SECRET = "plum orbit candle"


class Vault(App[None]):
    """A secret, and whatever would go to the terminal's clipboard."""

    def __init__(self) -> None:
        super().__init__()
        self.copied: list[str] = []
        self.told: list[str] = []

    def compose(self) -> ComposeResult:
        yield SecretInput(value=SECRET)

    def copy_to_clipboard(self, text: str) -> None:
        """Keep it."""
        self.copied.append(text)

    def on_line_input_paste_not_whole(self, event: SecretInput.PasteNotWhole) -> None:
        """Keep it."""
        self.told.append(event.sentence)


@asynccontextmanager
async def vault() -> AsyncIterator[tuple[Pilot[Any], Vault, SecretInput]]:
    """The secret on a screen, with the cursor in it."""
    app = Vault()
    async with app.run_test(size=(40, 5)) as pilot:
        secret = app.screen.query_one(SecretInput)
        secret.focus()
        await until(pilot, lambda: secret.has_focus)
        yield pilot, app, secret


async def test_a_secret_is_masked() -> None:
    async with vault() as (pilot, _, _secret):
        assert SECRET not in screen_text(pilot)
        assert "•" * len(SECRET) in screen_text(pilot)


async def test_nothing_is_copied_by_keys_masked_or_shown() -> None:
    async with vault() as (pilot, app, secret):
        for masked in (True, False):
            secret.password = masked
            secret.select_all()
            await pilot.press("ctrl+c", "super+c", "ctrl+x")
            await pilot.pause()
            assert secret.selected_text == ""
        assert app.copied == []
        assert secret.value == SECRET


async def test_nothing_is_copied_by_dragging_the_mouse_over_a_shown_secret() -> None:
    async with vault() as (pilot, app, secret):
        secret.password = False
        await pilot.pause()
        await pilot.mouse_down(secret, offset=(2, 0))
        await pilot.hover(secret, offset=(12, 0))
        await pilot.mouse_up(secret, offset=(12, 0))
        await pilot.press("ctrl+c")
        assert app.copied == []
        assert not app.screen.get_selected_text()


async def test_a_pasted_secret_of_several_lines_is_refused_whole() -> None:
    async with vault() as (pilot, app, secret):
        secret.value = ""
        secret.post_message(Paste("first half\nsecond half"))
        await until(pilot, lambda: app.told)
        assert secret.value == ""
        assert app.told == ["You pasted 2 lines, and this field takes one. Nothing was put in."]


async def test_a_line_break_after_a_pasted_secret_is_left_out() -> None:
    async with vault() as (pilot, app, secret):
        secret.value = ""
        secret.post_message(Paste(f"{SECRET}\r\n"))
        await until(pilot, lambda: secret.value)
        assert secret.value == SECRET
        assert app.told == []


async def test_a_control_sign_within_a_pasted_secret_is_kept_for_the_policy_to_refuse() -> None:
    async with vault() as (pilot, _, secret):
        secret.value = ""
        secret.post_message(Paste("one\x0btwo\x00three"))
        await until(pilot, lambda: secret.value)
        assert secret.value == "one\x0btwo\x00three"
