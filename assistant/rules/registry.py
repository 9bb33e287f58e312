"""Defines a rule: its input, what it yields, and the ordered registry of all rules.

This module knows no rule by name and no form. A rule is pure: the same case always gives the same problems, because a
rule reads no clock and no disk.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, TypedDict, TypeVar, get_args

from assistant.program.fact_register import check_words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from datetime import date

    from assistant.answers import Answers, Model
    from assistant.editions.form_plan import FormPlan
    from assistant.program.agency_listing import AgencyListing

    RuleFunction = Callable[["Case"], Iterator["Problem"]]

Severity = Literal["blocker", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)

FORM_REVIEW = "Review of 228 MOAs that agencies signed in 2025 and ICE published (this project)"
"""The source of a rule that was learned from mistakes in published agreements."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a review looks at: the answers, the day, and what goes into the blanks of the form taken for each model.

    ``plans`` may be empty or hold some models only; then the rules that read them find nothing. ``listings`` are the
    agreements that ICE's lists name for agencies of this State and of a like name. ``missing_editions`` are the pinned
    editions, by model, that are known no more; such a model has no form. ``letter`` is false if a finished agreement is
    reviewed without a letter of interest. ``letter_plan`` is what goes into ICE's own Letter of Interest where it is on
    hand; without it the letter is the agency's own, which has room for every text.
    """

    answers: Answers
    today: date
    plans: Mapping[Model, FormPlan] = field(default_factory=lambda: MappingProxyType({}))
    missing_editions: Mapping[Model, str] = field(default_factory=lambda: MappingProxyType({}))
    letter: bool = True
    letter_plan: FormPlan | None = None
    listings: tuple[AgencyListing, ...] = ()

    def papers(self) -> Iterator[tuple[str, FormPlan]]:
        """Yield (what it is called, its plan) for every agreement and the official letter."""
        for model, plan in self.plans.items():
            yield f"the {model} agreement", plan
        if self.letter_plan is not None:
            yield "the letter of interest", self.letter_plan


@dataclass(frozen=True, slots=True)
class Problem:
    """What a rule yields: the path of the answer, and one or two plain sentences that say what is wrong and what to do.

    ``severity`` and ``source`` are set only if they differ from the rule's own; ``check_words`` only if they say more
    of the day on which the source was last checked than the register of sources does. ``message`` is for every reader;
    ``command`` is one more sentence for the command line, where a page has a link. ``group_message`` says the same of
    several nominees at once and names none of them (``groups``);
    ``group_detail`` is what it says of this one, put behind the name in the list.
    """

    path: str
    message: str
    severity: Severity | None = field(default=None, kw_only=True)
    source: str | None = field(default=None, kw_only=True)
    check_words: str = field(default="", kw_only=True)
    command: str = field(default="", kw_only=True)
    group_message: str = field(default="", kw_only=True)
    group_detail: str = field(default="", kw_only=True)


class FindingDocument(TypedDict):
    """A finding as a JSON object; ``check_words`` as in ``Finding``, "" where no day is recorded."""

    code: str
    severity: Severity
    where: str
    message: str
    source: str
    check_words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A problem with its rule's code, as the interface names it; ``where`` is a path, or a page and blank."""

    code: str
    severity: Severity
    where: str
    message: str
    source: str
    check_words: str = ""
    """When its source was last checked, where that is no document of the register: an ISO day, or words ("2025-26")."""
    command: str = ""
    """What to do at the command line, "" if the message says everything. Pages do not show it."""
    group_message: str = ""
    """The message for several nominees with the same problem, "" where each one's is different."""
    group_detail: str = ""
    """What ``group_message`` leaves open and differs for each of them: "like nominee 3"."""

    def with_command(self) -> Finding:
        """Return the finding for the command line: its message also includes ``command``."""
        return replace(self, message=f"{self.message} {self.command}", command="") if self.command else self

    @property
    def last_check(self) -> str:
        """Return when its source was last checked: an ISO day, words like "2025-26", "" where nothing is recorded."""
        return self.check_words or check_words_of(self.source)

    def to_document(self) -> FindingDocument:
        """Return the finding as a JSON object."""
        return {
            "code": self.code,
            "severity": self.severity,
            "where": self.where,
            "message": self.message,
            "source": self.source,
            "check_words": self.last_check,
        }


class ReviewDocument(TypedDict):
    """A review as a JSON document."""

    ready: bool
    findings: list[FindingDocument]
    counts: dict[Severity, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """All findings of one review, in the order of the registry."""

    findings: tuple[Finding, ...]

    @property
    def counts(self) -> dict[Severity, int]:
        """Return how many findings there are of each severity, zeros too."""
        counts = Counter(finding.severity for finding in self.findings)
        return {severity: counts[severity] for severity in SEVERITIES}

    @property
    def ready(self) -> bool:
        """Say whether nothing blocks."""
        return not self.counts["blocker"]

    def to_document(self) -> ReviewDocument:
        """Return the review as a JSON document."""
        return {
            "ready": self.ready,
            "findings": [finding.to_document() for finding in self.findings],
            "counts": dict(self.counts),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCard:
    """What is known about a rule without running it; ``requirement`` is the first line of its docstring."""

    code: str
    severity: Severity
    source: str
    requirement: str
    subject: str


F = TypeVar("F", bound="Callable[..., Iterator[Problem]]")
_registry: dict[str, tuple[RuleCard, RuleFunction]] = {}


def rule(code: str, *, source: str, severity: Severity = "blocker") -> Callable[[RuleFunction], RuleFunction]:
    """Register a function as the rule of this code; the function's docstring is the requirement.

    Raises:
        ValueError: the code is taken, or the function has no docstring. Found at import, never by a user.
    """
    return register_in(_registry, code, severity=severity, source=source)


def register_in(
    registry: dict[str, tuple[RuleCard, F]], code: str, *, severity: Severity, source: str
) -> Callable[[F], F]:
    """Return the decorator that adds a rule to a registry, for answers or for finished agreements.

    Raises:
        ValueError: as ``rule``.
    """

    def register(function: F) -> F:
        if code in registry:
            raise ValueError(f"Two rules have the code {code}. Give one of them another code.")
        if not function.__doc__:
            raise ValueError(f"The rule {code} has no requirement. Write it as the function's docstring.")
        card = RuleCard(
            code=code,
            severity=severity,
            source=source,
            requirement=function.__doc__.strip().partition("\n")[0],
            subject=function.__module__.rpartition(".")[2],
        )
        registry[code] = (card, function)
        return function

    return register


def finding(card: RuleCard, problem: Problem) -> Finding:
    """Return a rule's problem as a finding; what the problem leaves open comes from the rule."""
    return Finding(
        code=card.code,
        severity=problem.severity or card.severity,
        where=problem.path,
        message=problem.message,
        source=problem.source or card.source,
        check_words=problem.check_words,
        command=problem.command,
        group_message=problem.group_message,
        group_detail=problem.group_detail,
    )


def all_rules() -> tuple[RuleCard, ...]:
    """Return a card for every rule, in the order they run."""
    return tuple(card for card, _ in _registry.values())


def check(case: Case, *, subjects: Collection[str] | None = None, codes: Collection[str] | None = None) -> Review:
    """Return what the rules find in a case.

    ``subjects`` limits them to some modules ("contacts", "fit"), ``codes`` to the rules of these codes.
    """
    return Review(
        findings=tuple(
            finding(card, problem)
            for card, function in _registry.values()
            if (subjects is None or card.subject in subjects) and (codes is None or card.code in codes)
            for problem in function(case)
        )
    )
