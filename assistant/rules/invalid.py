"""Which findings say that an answer cannot be right as it stands: what holds one of them is never complete.

Most of them are warnings, since a form with a poor telephone number is countersigned all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

INVALID = frozenset({"approval-in-future", "contact-format", "date-doubtful", "date-invalid", "state-unknown"})


class WithCode(Protocol):
    """A finding, by what is asked of it here."""

    @property
    def code(self) -> str:
        """Return the rule's code."""


F = TypeVar("F", bound=WithCode)


def invalid_answers(findings: Iterable[F]) -> list[F]:
    """Return the findings about answers that cannot be right as they stand."""
    return [finding for finding in findings if finding.code in INVALID]
