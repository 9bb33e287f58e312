"""Findings put together: what many nominees share in the same words is one text with the people it concerns.

A roster that holds names alone leads to five findings a person; nobody reads 25,000 lines, and no nominee may be left
out. The review and its JSON keep every finding by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_SINGLE_FINDINGS = 4
"""So many nominees with the same problem, or fewer, have a line each: a person reads and ticks them one by one."""


class GroupedFinding(Protocol):
    """The part of a finding that this module needs."""

    @property
    def code(self) -> str:
        """Return the rule's code."""

    @property
    def severity(self) -> str:
        """Return "blocker", "warning" or "note"."""

    @property
    def where(self) -> str:
        """Return the path of the answer, or page and blank."""

    @property
    def last_check(self) -> str:
        """Return when its source was last checked, "" where nothing is recorded."""

    @property
    def message(self) -> str:
        """Return what is wrong and what to do."""

    @property
    def group_message(self) -> str:
        """Return the message for several nominees with the same problem, or nothing."""

    @property
    def group_detail(self) -> str:
        """Return the words that concern this nominee alone, or nothing."""

    @property
    def source(self) -> str:
        """Return where the requirement is written."""


F = TypeVar("F", bound=GroupedFinding)


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingGroup(Generic[F]):
    """One finding, or several about different nominees in the same words."""

    findings: tuple[F, ...]

    @property
    def first(self) -> F:
        """Return the finding that stands for all: they have code, severity, field and source in common."""
        return self.findings[0]

    @property
    def message(self) -> str:
        """Return what is wrong and what to do, for the one or for all."""
        return self.first.group_message if len(self.findings) > 1 else self.first.message

    @property
    def nominees(self) -> tuple[int, ...]:
        """Return the places of the nominees concerned, from 0; none where it is one finding."""
        return tuple(int(one.where.split(".")[1]) for one in self.findings) if len(self.findings) > 1 else ()


def name_in_group(name: str, finding: GroupedFinding) -> str:
    """Return a nominee's name as the list of a group shows it: "Ann Lee (like nominee 3)"."""
    return f"{name} ({finding.group_detail})" if finding.group_detail else name


def group_findings(findings: Iterable[F], *, most_single: int = MAX_SINGLE_FINDINGS) -> list[FindingGroup[F]]:
    """Return the findings in groups, each where its first finding stands; none is left out, none stands twice.

    So many nominees with the same problem as ``most_single``, or fewer, have a finding each.
    """
    keyed = [(_key(finding), finding) for finding in findings]
    by_key: dict[tuple[str, ...], list[F]] = {}
    for key, finding in keyed:
        by_key.setdefault(key, []).append(finding)
    groups: list[FindingGroup[F]] = []
    for key, finding in keyed:
        together = by_key[key]
        if not key or len(together) <= most_single:
            groups.append(FindingGroup(findings=(finding,)))
        elif finding is together[0]:
            groups.append(FindingGroup(findings=tuple(together)))
    return groups


def _key(finding: GroupedFinding) -> tuple[str, ...]:
    """Return what findings of one group have in common, () where a finding stands by itself."""
    section, _, rest = finding.where.partition(".")
    place, _, field = rest.partition(".")
    if section != "nominees" or not place.isdecimal() or not finding.group_message:
        return ()
    return (finding.code, finding.severity, finding.source, finding.group_message, field)
