"""Asks how many days a report looks at."""

from __future__ import annotations

from screens.dialogs.ask_line import AskLine
from services.errors import Invalid
from services.reports.values import Asked, Days, Report, asked_of


class AskDays(AskLine[Asked]):
    """Answers with the report and the new number."""

    def __init__(self, report: Report, days: Days, present: int) -> None:
        """`days` are the limits, and `present` is the number that holds now."""

        def take(text: str) -> Asked:
            return asked_of(report, int(text))

        def check(text: str) -> str | None:
            try:
                take(text)
            except ValueError:
                return f"Choose a number from {days.least} to {days.most:,}."
            except Invalid as refusal:
                return refusal.sentence
            return None

        super().__init__(
            f"{report.title}: how many days?",
            "Days",
            str(present),
            take,
            id="days",
            hint=f"{days.words[:1].upper()}{days.words[1:]}, from {days.least} to {days.most:,}.",
            check=check,
            problem="",
            go_on="Show them",
            replace=True,
        )
