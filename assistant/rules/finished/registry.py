"""What a rule about a finished agreement is: like a rule about answers, but it looks at what was read.

The codes are those of the rules about answers wherever both speak of the same mistake; a rule that can be asked of
answers alone is not written twice (``answers_rules``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.rules.registry import FORM_REVIEW, Finding, Problem, RuleCard, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from assistant.reading import Finished

    DocumentRule = Callable[["DocumentCase"], Iterator[Problem]]

__all__ = ["FORM_REVIEW", "DocumentCase", "Problem", "all_document_rules", "ask", "document_rule"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentCase:
    """What a review of a finished agreement looks at: what was read, and the day."""

    document: Finished
    today: date


_registry: dict[str, tuple[RuleCard, DocumentRule]] = {}


def document_rule(
    code: str, *, severity: Severity = "blocker", source: str = FORM_REVIEW
) -> Callable[[DocumentRule], DocumentRule]:
    """Register a function as a rule about finished agreements; the function's docstring is the requirement.

    Raises:
        ValueError: the code is taken, or the function has no docstring. Found at import, never by a user.
    """

    def register(function: DocumentRule) -> DocumentRule:
        if code in _registry or not function.__doc__:
            raise ValueError(f"The rule {code} stands twice or says no requirement; correct it.")
        card = RuleCard(
            code=code,
            severity=severity,
            source=source,
            requirement=function.__doc__.strip().partition("\n")[0],
            subject=function.__module__.rpartition(".")[2],
        )
        _registry[code] = (card, function)
        return function

    return register


def all_document_rules() -> tuple[RuleCard, ...]:
    """Return a card for every rule about finished agreements, in the order they are asked."""
    return tuple(card for card, _ in _registry.values())


def ask(case: DocumentCase) -> list[Finding]:
    """Return what the rules about finished agreements find; a problem's path is the place on paper."""
    return [
        Finding(
            code=card.code,
            severity=problem.severity or card.severity,
            where=problem.path,
            message=problem.message,
            source=problem.source or card.source,
        )
        for card, function in _registry.values()
        for problem in function(case)
    ]
