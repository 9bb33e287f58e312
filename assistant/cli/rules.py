"""``moa rules``: every rule of the review, without running one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import click

from assistant.cli.options import json_option
from assistant.cli.output import print_json
from assistant.rules import all_rules
from assistant.rules.agreement import ANSWER_RULE_CODES, all_document_rules

if TYPE_CHECKING:
    from assistant.rules import RuleCard


@click.group(name="rules")
def rules() -> None:
    """Show what the review looks for."""


@dataclass(frozen=True, slots=True)
class _Row:
    card: RuleCard
    looks_at: tuple[str, ...]
    """"answers", "document" (a finished PDF), or both."""


@rules.command(name="list")
@json_option
@click.option("--markdown", is_flag=True, help="Print the table of rules for README.")
def list_rules(*, as_json: bool, markdown: bool) -> None:
    """List every rule: its code, how serious it is, what it asks for, and who says so."""
    rows = _rows()
    if as_json:
        print_json([_document(row) for row in rows])
    elif markdown:
        click.echo(table(rows))
    else:
        for subject, group in groupby(rows, lambda row: row.card.subject):
            click.echo(subject.replace("_", " "))
            for row in group:
                click.echo(f"  {row.card.code} ({row.card.severity}; {' and '.join(row.looks_at)})")
                click.echo(f"    {row.card.requirement}")
                click.echo(f"    [{row.card.source}]")


def table(rows: list[_Row] | None = None) -> str:
    """Return the rules as a Markdown table."""
    lines = ["| code | severity | looks at | what it asks for |", "| --- | --- | --- | --- |"]
    for row in rows or _rows():
        looks_at = ", ".join(row.looks_at)
        lines.append(f"| `{row.card.code}` | {row.card.severity} | {looks_at} | {row.card.requirement} |")
    return "\n".join(lines)


def _rows() -> list[_Row]:
    own = {card.code: card for card in all_document_rules()}
    of_documents = own.keys() | set(ANSWER_RULE_CODES)
    rule_cards = all_rules()
    rows = [_Row(card, ("answers", "document") if card.code in of_documents else ("answers",)) for card in rule_cards]
    codes = {card.code for card in rule_cards}
    return rows + [_Row(card, ("document",)) for card in own.values() if card.code not in codes]


def _document(row: _Row) -> dict[str, object]:
    card = row.card
    return {
        "code": card.code,
        "severity": card.severity,
        "source": card.source,
        "requirement": card.requirement,
        "subject": card.subject,
        "looks_at": list(row.looks_at),
    }


command = rules
