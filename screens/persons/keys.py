"""The keys of the tabs that list people."""

from __future__ import annotations

from textual.binding import Binding

from screens.list_tab import SEARCH_KEY, SHOW_ALL_KEY

ROW_ACTION = Binding(
    "enter",
    "choose",
    "Actions",
    key_display="Enter",
    id="people.actions",
    tooltip="All that can be done with this person",
)

PERSON_KEYS = (
    Binding("e", "task('edit')", "Edit", id="people.edit", tooltip="Edit this person"),
    Binding("r", "task('reset')", "Reset", id="people.reset", tooltip="Send a reset, for one of three reasons"),
    Binding("i", "task('identity')", "Identity", id="people.identity", tooltip="Manage the user account (identity)"),
    Binding("v", "task('verify')", "Verify", id="people.verify", tooltip="Verify a caller"),
    Binding("n", "new", "New", id="people.new", tooltip="Add somebody"),
    # The footer has room for eight keys, and a click on what is shown filters too.
    Binding("f", "filter", "Filter", show=False, id="list.filter", tooltip="Show only some"),
    Binding("s", "sort", "Sort", show=False, id="people.sort", tooltip="Sort by another column, or the other way"),
    SEARCH_KEY,
    SHOW_ALL_KEY,
    Binding(
        "w",
        "task('welcome')",
        "Welcome mail",
        show=False,
        id="people.welcome",
        tooltip="Send the welcome mail; creates the account",
    ),
    Binding(
        "t",
        "task('temporary')",
        "Temporary password",
        show=False,
        id="people.temporary",
        tooltip="Mail a temporary password",
    ),
    Binding(
        "d",
        "task('open_or_close')",
        "Deactivate or reactivate",
        show=False,
        id="people.state",
        tooltip="Deactivate the account, or reactivate",
    ),
    Binding(
        "a",
        "task('address')",
        "Reset page's address",
        show=False,
        id="people.address",
        tooltip="Show the reset page's address",
    ),
    Binding(
        "y",
        "task('why')",
        "Why",
        show=False,
        id="people.why",
        tooltip="Why this person cannot get in, and what mends it",
    ),
    Binding(
        "x",
        "task('clear_factor')",
        "Clear second factor",
        show=False,
        id="people.clear_factor",
        tooltip="Clear a lost second factor",
    ),
    Binding("h", "task('history')", "History", show=False, id="people.history", tooltip="Who did what, and when"),
    Binding(
        "m",
        "mark_all",
        "Mark all",
        show=False,
        id="people.mark_all",
        tooltip="Mark all who match the search and the filter; again unmarks all",
    ),
    Binding("u", "unmark_all", "Unmark all", show=False, id="people.unmark_all", tooltip="Take all marks back"),
    Binding(
        "b",
        "create_for_many",
        "Many",
        show=False,
        id="people.many",
        tooltip="Create accounts for all who are marked",
    ),
    Binding("p", "person", "Person", show=False, id="people.person", tooltip="Everything about this person"),
    Binding("k", "columns", "Columns", show=False, id="people.columns", tooltip="Show or hide columns"),
)
"""The most needed stand in the footer; `?` and the palette have them all."""
