"""The keys of the Clients tab."""

from __future__ import annotations

from textual.binding import Binding

from screens.list_tab import FILTER_KEY, SEARCH_KEY, SHOW_ALL_KEY

ROW_ACTION = Binding(
    "enter",
    "choose",
    "Actions",
    key_display="Enter",
    id="clients.actions",
    tooltip="All that can be done with this client",
)

CLIENT_KEYS = (
    Binding("e", "task('edit')", "Edit", id="clients.edit", tooltip="Edit this client"),
    Binding("r", "task('reset')", "Reset", id="clients.reset", tooltip="Send a reset, for one of three reasons"),
    Binding("n", "new", "New", id="clients.new", tooltip="Add a client"),
    FILTER_KEY,
    Binding("s", "sort", "Sort", id="clients.sort", tooltip="Sort by another column, or the other way"),
    SEARCH_KEY,
    SHOW_ALL_KEY,
    Binding(
        "w",
        "task('welcome')",
        "Welcome mail",
        show=False,
        id="clients.welcome",
        tooltip="Send the welcome mail; creates the account",
    ),
    Binding(
        "d",
        "task('open_or_close')",
        "Deactivate or reactivate",
        show=False,
        id="clients.state",
        tooltip="Deactivate the account, or reactivate",
    ),
    Binding(
        "a",
        "task('address')",
        "Reset page's address",
        show=False,
        id="clients.address",
        tooltip="Show the reset page's address",
    ),
    Binding("h", "task('history')", "History", show=False, id="clients.history", tooltip="Who did what, and when"),
    Binding("p", "person", "Person", show=False, id="clients.person", tooltip="Everything about this client"),
    Binding("k", "columns", "Columns", show=False, id="clients.columns", tooltip="Show or hide columns"),
)
"""The most needed stand in the footer; `?` and the palette have them all."""
