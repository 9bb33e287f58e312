"""What state law may say about 287(g) agreements: questions for counsel, never a ruling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.program import state_code, state_laws, states
from assistant.rules.registry import Problem, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assistant.rules.registry import Case, Severity

WORDS: dict[str, tuple[Severity, str]] = {
    "requires": ("note", "State law may require or call for an agreement"),
    "bars": ("warning", "State law may bar this agreement"),
    "limits": ("warning", "State law may set conditions for this agreement, or say who must approve it"),
    "unclear": ("note", "State law may affect this agreement, but how is not known"),
}


@rule("state-law", severity="note", source="Collection of state laws (this project)")
def state_law_is_put_to_counsel(case: Case) -> Iterator[Problem]:
    """The agency asks counsel about the state's law on 287(g) agreements before anyone signs."""
    for law in state_laws(case.answers.agency.state):
        severity, words = WORDS[law.leaning]
        yield Problem(
            "agency.state",
            f"{words}. Ask counsel about {law.authority}. Recorded as “{law.effect}” as of {law.as_of}. "
            f"Confidence: {law.confidence}. What was found: {law.summary}",
            severity=severity,
            source=f"{law.authority}; {law.source}",
            check_words=law.as_of,
        )


@rule("state-law-not-examined", severity="note", source="Collection of state laws (this project)")
def a_state_without_notes_is_put_to_counsel(case: Case) -> Iterator[Problem]:
    """If a state's law was not examined, the review says so."""
    code = state_code(case.answers.agency.state)
    if code and not state_laws(code):
        yield Problem(
            "agency.state",
            f"The law of {states()[code]} on 287(g) agreements was not examined here. Ask counsel whether it has any.",
        )
