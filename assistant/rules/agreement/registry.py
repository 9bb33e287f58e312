"""Defines a rule about a finished agreement: like a rule about answers, but it looks at what was read.

The codes are those of the rules about answers if both report the same mistake. A rule that needs only answers is not
written twice (``answers_rules``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.rules.registry import FORM_REVIEW, Finding, Problem, RuleCard, Severity, finding, register_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from assistant.reading import ReadAgreement

    DocumentRule = Callable[["DocumentCase"], Iterator[Problem]]

__all__ = ["FORM_REVIEW", "DocumentCase", "Problem", "all_document_rules", "document_rule", "run_document_rules"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentCase:
    """What a review of a finished agreement looks at: what was read, and the day."""

    document: ReadAgreement
    today: date


_registry: dict[str, tuple[RuleCard, DocumentRule]] = {}


def document_rule(
    code: str, *, severity: Severity = "blocker", source: str = FORM_REVIEW
) -> Callable[[DocumentRule], DocumentRule]:
    """Register a function as a rule about finished agreements; the function's docstring is the requirement.

    Raises:
        ValueError: the code is taken, or the function has no docstring. Found at import, never by a user.
    """
    return register_in(_registry, code, severity=severity, source=source)


def all_document_rules() -> tuple[RuleCard, ...]:
    """Return a card for every rule about finished agreements, in the order they run."""
    return tuple(card for card, _ in _registry.values())


def run_document_rules(case: DocumentCase) -> list[Finding]:
    """Return what the rules about finished agreements find; a problem's path is the place on paper."""
    return [finding(card, problem) for card, function in _registry.values() for problem in function(case)]
