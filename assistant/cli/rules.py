"""``moa rules``: every rule of the review, without running one."""

from __future__ import annotations

import click

from assistant.cli.output import print_json
from assistant.rules import all_rules


@click.group(name="rules")
def rules() -> None:
    """Show what the review looks for."""


@rules.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def list_rules(*, as_json: bool) -> None:
    """List every rule: its code, how serious it is, what it asks for, and who says so."""
    if as_json:
        print_json(
            [
                {
                    "code": card.code,
                    "severity": card.severity,
                    "source": card.source,
                    "requirement": card.requirement,
                    "subject": card.subject,
                }
                for card in all_rules()
            ]
        )
        return
    subject = None
    for card in all_rules():
        if card.subject != subject:
            click.echo(
                f"{card.subject.replace('_', ' ')}" if subject is None else f"\n{card.subject.replace('_', ' ')}"
            )
            subject = card.subject
        click.echo(f"  {card.code} ({card.severity}): {card.requirement}")
        click.echo(f"    [{card.source}]")


command = rules
