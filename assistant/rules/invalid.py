"""Which findings say that an answer cannot be right; a page with one of them is never complete.

Most of them are warnings, because ICE also signs a form with a wrong telephone number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

INVALID = frozenset({"approval-in-future", "contact-format", "date-doubtful", "date-invalid", "state-unknown"})


class WithCode(Protocol):
    """The part of a finding that this module needs."""

    @property
    def code(self) -> str:
        """Return the rule's code."""


F = TypeVar("F", bound=WithCode)


def invalid_answers(findings: Iterable[F]) -> list[F]:
    """Return the findings about answers that cannot be right."""
    return [finding for finding in findings if finding.code in INVALID]
