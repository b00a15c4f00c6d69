"""What every form does with its fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from itertools import pairwise

from textual.widget import Widget

from screens.widgets.field import Field
from services.rule_lines import refusal_of


def told_by(rule: Callable[[str], object]) -> Callable[[str], str | None]:
    """The check of a field from one of services' rules."""
    return partial(refusal_of, rule)


def optional(rule: Callable[[str], object]) -> Callable[[str], str | None]:
    """The same for a field that may stay empty."""
    check = told_by(rule)
    return lambda text: check(text) if text.strip() else None


def needed(sentence: str) -> Callable[[str], str | None]:
    """The check of a field in which only nothing is wrong."""
    return lambda text: None if text else sentence


def fields(form: Widget) -> list[Field]:
    """The fields of a form, from top to bottom."""
    return list(form.query(Field))


def all_hold(form: Widget) -> bool:
    """Check every field, show what is wrong, and put the cursor where the first problem is."""
    wrong = [field for field in fields(form) if not field.validate_now()]
    if wrong:
        wrong[0].focus()
    return not wrong


def tell(form: Widget, problems: Mapping[str, str]) -> bool:
    """Show a service's sentences beside the fields that they name; False if none of them is in this form."""
    named = [field for field in fields(form) if field.id in problems]
    for field in named:
        field.problem = problems[field.id or ""]
    if named:
        named[0].focus()
    return bool(named)


def focus_first_empty(form: Widget) -> None:
    """Put the cursor where something is still to be typed, else into the last field."""
    inside = fields(form)
    for field in inside:
        if not field.value or field is inside[-1]:
            field.focus()
            return


def after(form: Widget, focused: Widget | None) -> Field | None:
    """The field after the one with the cursor; None in the last one and outside all of them."""
    inside = fields(form)
    return next((later for field, later in pairwise(inside) if field.input is focused), None)
