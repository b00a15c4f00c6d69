"""Which entries of the audit the table shows."""

from __future__ import annotations

from models.states import AuditResult
from screens.dialogs.filter_menu import FilterMenu, Group
from services.auditing.found_by import Who
from services.auditing.query import AREA_WORDS, RESULT_WORDS, WHO_WORDS, Area, AuditFilter, Span

_SPANS = ((None, "all"), (Span.TODAY, "today"), (Span.WEEK, "the last seven days"))


class AuditFilterMenu(FilterMenu[AuditFilter]):
    """One value of each group."""

    def __init__(self, present: AuditFilter) -> None:
        super().__init__(
            "Which entries to show",
            AuditFilter,
            present,
            Group("span", "When", _SPANS),
            Group("area", "What", ((None, "all"), *((area, AREA_WORDS[area]) for area in Area))),
            Group("result", "Result", ((None, "all"), *((result, RESULT_WORDS[result][1]) for result in AuditResult))),
            Group("who", "Who", ((None, "all"), *((who, WHO_WORDS[who]) for who in Who))),
        )
