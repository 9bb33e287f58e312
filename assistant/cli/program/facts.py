"""``moa program facts``: every fact that this program relies on, with its source and its age."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import click

from assistant.cli.options import json_option, today_option
from assistant.cli.output import counted, print_json, printable
from assistant.program.fact_register import FactSubject, all_facts

if TYPE_CHECKING:
    from datetime import date

    from assistant.program.fact_register import Fact


@click.command("facts")
@click.option("--subject", type=click.Choice(get_args(FactSubject)), help="Show only the facts of this subject.")
@json_option
@today_option
def facts_command(subject: str | None, today: date, *, as_json: bool) -> None:
    """Show every fact this program relies on with its source, the one checked longest ago first."""
    facts = [fact for fact in all_facts() if subject in {None, fact.subject}]
    if as_json:
        print_json([fact.to_document(today) for fact in facts])
        return
    for fact in facts:
        click.echo(printable(f"{_age(fact, today):>12}  {fact.subject}  {fact.what}"))
        click.echo(printable(f"{'':12}  {fact.text}"))
        click.echo(printable(f"{'':12}  Source: {fact.source}"))
    click.echo(counted(len(facts), "fact"))


def _age(fact: Fact, today: date) -> str:
    age = fact.age(today)
    if age is None:
        return "no day"
    return fact.check_words[:10] if not fact.has_day else "today" if age <= 0 else counted(age, "day")
