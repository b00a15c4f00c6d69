"""A call, its score and the whole queue in words and colours, for a panel of any width."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from services.practice.class_file import CRITERIA
from services.practice.values import FULL, Case, Ending, Fact, Marks, Outcome, queue_score
from services.when import show_wait

ASKED = {
    Fact.NAME: "Your name, please?",
    Fact.BORN: "When were you born?",
    Fact.ADDRESS: "Your address?",
    Fact.PHONE: "Your phone number?",
    Fact.EMAIL: "Your e-mail address?",
    Fact.FIRST: "The first question?",
    Fact.SECOND: "The second question?",
    Fact.THIRD: "The third question?",
    Fact.CODE: "The code of the mail that I send you?",
    Fact.APP: "The code of your app?",
    Fact.MORE: "Is there anything else?",
}
"""What the trainee says."""

ENDED = {
    Ending.SOLVED: "solved",
    Ending.TOLD: "told what to do",
    Ending.REFUSED: "refused",
}

_GOOD, _FAIR = 90, 60


def talk(case: Case, said: Sequence[tuple[Fact, str]]) -> Content:
    """Everything that was said in a call."""
    lines = [Content.styled("The telephone rings.", "$text-muted"), Content(), _spoken(case.caller.opening)]
    for fact, answer in said:
        lines += [Content(), Content.styled(f"You: {ASKED[fact]}", "$text-muted"), _spoken(answer)]
    return Content("\n").join(lines)


def scored(outcome: Outcome, number: int, told: str) -> Content:
    """What a call was worth, and what to do better; `told` says why it is not in the class file."""
    lines = [
        Content(f"Call {number}: {outcome.case.kind.value}"),
        Content(f"{outcome.case.name}, {ENDED[outcome.call.ending]} after {show_wait(outcome.call.seconds)}"),
        Content(),
        Content.assemble("Score  ", _points(outcome.score)),
        Content(),
        *_criteria(outcome.marks),
        Content(),
    ]
    if outcome.better:
        lines.append(Content.styled("What to do better", "bold $accent"))
        for sentence in outcome.better:
            lines += [Content(), Content(f"• {sentence}")]
    else:
        lines.append(Content.styled("Nothing to do better.", "$text-success"))
    if told:
        lines += [Content(), Content.styled(told, "$text-error")]
    return Content("\n").join(lines)


def summed(outcomes: Sequence[Outcome], trainee: str, told: str) -> Content:
    """The whole queue; `told` says what became of the class file."""
    lines = [Content(trainee), Content(), Content.assemble("Score  ", _points(queue_score(tuple(outcomes)))), Content()]
    for number, outcome in enumerate(outcomes, 1):
        lines.append(Content.assemble(f"{number:>2}  ", _points(outcome.score), f"  {outcome.case.kind.value}"))
    lost = _lost(outcomes)
    lines += [Content(), Content.styled("Points lost", "bold $accent")]
    lines += [Content(f"{words:<18}{points:>4}") for words, points in lost] or [
        Content.styled("None.", "$text-success")
    ]
    if told:
        lines += [Content(), Content(told)]
    return Content("\n").join(lines)


def _spoken(words: str) -> Content:
    return Content.styled(f"“{words}”", "bold")


def _points(score: int) -> Content:
    """The number in words of state, too: colour alone tells nothing."""
    sign, colour = (
        ("✓", "$text-success") if score >= _GOOD else ("~", "$text-warning") if score >= _FAIR else ("✗", "$text-error")
    )
    return Content.styled(f"{sign} {score:>3}", f"bold {colour}")


def _criteria(marks: Marks) -> list[Content]:
    return [
        Content.assemble(
            Content.styled("✓ " if mark == full else "✗ ", "$text-success" if mark == full else "$text-error"),
            f"{words:<18}{mark:>3} of {full}",
        )
        for words, mark, full in zip(CRITERIA, _values(marks), _values(FULL), strict=True)
    ]


def _lost(outcomes: Sequence[Outcome]) -> list[tuple[str, int]]:
    """What cost points, the costliest first."""
    sums = [sum(_values(outcome.marks)[at] for outcome in outcomes) for at in range(len(CRITERIA))]
    most = [full * len(outcomes) for full in _values(FULL)]
    lost = [(words, full - had) for words, full, had in zip(CRITERIA, most, sums, strict=True) if full > had]
    return sorted(lost, key=lambda one: -one[1])


def _values(marks: Marks) -> tuple[int, int, int, int]:
    return marks.person, marks.verified, marks.action, marks.needless
