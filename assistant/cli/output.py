"""What commands print: results on standard output, all else on standard error."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from assistant.text import describe_check

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.mapping.compare import Difference
    from assistant.rules import Review, Severity
    from assistant.rules.registry import FindingDocument


def print_json(document: Any) -> None:
    """Print one JSON document, letters as they are, and nothing else."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def notice(text: str) -> None:
    """Say something on standard error, where it cannot get into a result; where nobody can see it, go on."""
    with suppress(OSError):
        click.echo(printable(text), err=True)


def printable(text: str) -> str:
    """Return ``text`` with control characters written out: a file's name must not steer the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in text)


def counted(number: int, word: str) -> str:
    """Return "1 page" or "3 pages"."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def print_findings(findings: Sequence[FindingDocument]) -> None:
    """Print findings for a person, under the title of their severity: what to do, and the source."""
    titles = {"blocker": "Blockers", "warning": "Warnings", "note": "Notes"}
    for severity, title in titles.items():
        of_severity = [finding for finding in findings if finding["severity"] == severity]
        if of_severity:
            click.echo(f"{title} ({len(of_severity)})")
        for finding in of_severity:
            click.echo(printable(f"  {finding['code']}  {finding['where']}"))
            click.echo(printable(f"    {finding['message']}"))
            check = describe_check(finding["check_words"]).rstrip(".")
            click.echo(printable(f"    [{finding['source']}{f'; {check[0].lower()}{check[1:]}' if check else ''}]"))


def with_commands(review: Review) -> Review:
    """Return a review that says what to do at the command line, for someone without a page that links to it."""
    return replace(review, findings=tuple(finding.with_command() for finding in review.findings))


def print_review(review: Review, *, what: str = "the export") -> None:
    """Print a review for a person: blockers first, each finding with what to do and its source."""
    print_findings([finding.to_document() for finding in review.findings])
    counts = ", ".join(counted(number, severity) for severity, number in review.counts.items())
    ready = f"Nothing blocks {what}." if review.ready else f"Fix the blockers before {what}."
    click.echo(f"{counts}. {ready}")


def print_counts(counts: Mapping[Severity, int]) -> None:
    """Print how many findings there are of each severity."""
    click.echo(f"{', '.join(counted(number, severity) for severity, number in counts.items())}.")


def print_differences(differences: Sequence[Difference]) -> None:
    """Print differences, each with the blank's label above it."""
    for difference in differences:
        click.echo(printable(f"{difference.kind:<8} {difference.label}\n         {difference.message}"))
