"""Measure the check against made-up agreements that look like real ones, with labels: recall and false alarms.

The folder holds ``review/*.pdf``, ``labels.csv`` (file, rule, verdict, evidence) and ``pages.csv`` (file, page,
form_page, kind). A row "fail" wants a finding of that rule in that file, a row "pass" wants none. A blocker of a rule
that no row of the file calls "fail" is a false blocker, and there must be none.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from assistant.rules.agreement import check_document
from tests.finished.in_processes import map_in_processes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

PAGE = re.compile(r"\bp(\d+)")
"""The first page that a label's evidence names."""
TODAY = "2025-12-01"
"""The day of review that the labels were written for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One row of ``labels.csv``, with the kind of the page that it speaks of: text, recognised or picture."""

    file: str
    rule: str
    fails: bool
    evidence: str
    kind: str


@dataclass(slots=True)
class Counts:
    """Labels counted by rule, or by kind of page."""

    found: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    left_alone: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, label: Label, *, raised: bool) -> None:
        """Count one label under a name."""
        if label.fails:
            (self.found if raised else self.missed)[name] += 1
        else:
            (self.wrong if raised else self.left_alone)[name] += 1

    @property
    def names(self) -> list[str]:
        """Return the names that anything was counted under."""
        return sorted({*self.found, *self.missed, *self.left_alone, *self.wrong})


@dataclass(slots=True)
class Measured:
    """What a measurement found. ``notes`` has a line for each label that was not met, and for each false blocker."""

    by_rule: Counts = field(default_factory=Counts)
    by_kind: Counts = field(default_factory=Counts)
    false_blockers: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    files: int = 0
    ready: Counter[str] = field(default_factory=Counter)


def measure_real_kinds(
    folder: Path, forms: str = "", *, check: Callable[..., Mapping[str, Any]] = check_document
) -> Measured:
    """Check every file that has a label; ``forms`` is a folder of blank forms, as ``check_document`` takes it."""
    by_file: dict[str, list[Label]] = defaultdict(list)
    for label in read_labels(folder):
        by_file[label.file].append(label)
    measured = Measured()
    names = sorted(by_file)
    documents = map_in_processes(partial(_check_file, check, forms), [folder / name for name in names])
    for name, document in zip(names, documents, strict=True):
        labels = by_file[name]
        measured.files += 1
        measured.ready[str(document["ready"])] += 1
        raised = {finding["code"] for finding in document["findings"]}
        for label in labels:
            hit = label.rule in raised
            measured.by_rule.add(label.rule, label, raised=hit)
            measured.by_kind.add(label.kind, label, raised=hit)
            if hit != label.fails:
                word = "missed" if label.fails else "wrong"
                measured.notes.append(f"{word} {label.rule}: {name} ({label.kind}): {label.evidence}")
        expected = {label.rule for label in labels if label.fails}
        for finding in document["findings"]:
            if finding["severity"] == "blocker" and finding["code"] not in expected:
                measured.false_blockers.append(f"{finding['code']}: {name}: {finding['where']}: {finding['message']}")
    return measured


def _check_file(check: Callable[..., Mapping[str, Any]], forms: str, path: Path) -> Mapping[str, Any]:
    return check(path.read_bytes(), TODAY, forms)


def read_labels(folder: Path) -> list[Label]:
    """Return the rows of ``labels.csv``; a row that names no page takes the kind of most pages of its file."""
    kinds: dict[str, dict[str, str]] = defaultdict(dict)
    with (folder / "pages.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            kinds[row["file"]][row["page"]] = row["kind"]
    labels = []
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            pages = kinds[row["file"]]
            page = PAGE.search(row["evidence"])
            usual = Counter(pages.values()).most_common(1)[0][0] if pages else "unknown"
            kind = pages.get(page[1], usual) if page else usual
            labels.append(
                Label(
                    file=row["file"],
                    rule=row["rule"],
                    fails=row["verdict"] == "fail",
                    evidence=row["evidence"],
                    kind=kind,
                )
            )
    return labels


def format_table(measured: Measured) -> str:
    """Return the figures as text: recall and passes left alone by rule and by kind of page, then the false blockers."""
    rows = []
    for heading, counts in (("rule", measured.by_rule), ("kind of page", measured.by_kind)):
        rows.append(f"{heading:<24}{'fail':>6}{'recall':>8}{'pass':>6}{'left alone':>12}")
        rows += [_row(name, counts, [name]) for name in counts.names]
        rows += [_row("all", counts, counts.names), ""]
    ready = ", ".join(f"{count} {word}" for word, count in sorted(measured.ready.items()))
    rows.append(f"{measured.files} agreements; ready: {ready}")
    rows.append(f"false blockers: {len(measured.false_blockers)}")
    rows += [f"  {line}" for line in measured.false_blockers]
    return "\n".join(rows)


def _row(title: str, counts: Counts, names: list[str]) -> str:
    found, missed, alone, wrong = (
        sum(counter[name] for name in names)
        for counter in (counts.found, counts.missed, counts.left_alone, counts.wrong)
    )
    recall = f"{found / (found + missed):.2f}" if found + missed else "–"
    share = f"{alone / (alone + wrong):.2f}" if alone + wrong else "–"
    return f"{title:<24}{found + missed:>6}{recall:>8}{alone + wrong:>6}{share:>12}"
