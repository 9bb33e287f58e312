"""``moa program facts``: every fact that this program relies on, with its source and its age."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import click

from assistant.cli.late_group import LateGroup
from assistant.cli.options import json_option, today_option
from assistant.cli.output import counted, notice, print_json, printable
from assistant.program.fact_register import FactSubject, all_facts, versions_of
from assistant.program.imported_facts import unreadable_imports

if TYPE_CHECKING:
    from datetime import date

    from assistant.program.fact_register import Fact

TABLE = {
    "import": "Take in the newer files of facts in DIR: laws, field offices, counties, program facts.",
    "history": "Show each import of facts: when, from which files, and what stood before.",
    "export": "Write the facts in force as files into DIR, to change them and import them again.",
}


@click.group("facts", cls=LateGroup, package="assistant.cli.program.facts", table=TABLE, invoke_without_command=True)
@click.option("--subject", type=click.Choice(get_args(FactSubject)), help="Show only the facts of this subject.")
@json_option
@today_option
@click.pass_context
def facts_command(ctx: click.Context, subject: str | None, today: date, *, as_json: bool) -> None:
    """Show every fact this program relies on with its source, the one checked longest ago first."""
    if ctx.invoked_subcommand is not None:
        return
    for name in unreadable_imports():
        notice(f"The file facts/{name} of this installation is no import of facts, so it is left out.")
    facts = [fact for fact in all_facts() if subject in {None, fact.subject}]
    if as_json:
        print_json([fact.to_document(today) for fact in facts])
        return
    for fact in facts:
        click.echo(printable(f"{_age(fact, today):>12}  {fact.subject}  {fact.what}"))
        click.echo(printable(f"{'':12}  {fact.text}"))
        click.echo(printable(f"{'':12}  Source: {fact.source}"))
        last = versions_of(fact)[-1]
        if last.since:
            click.echo(printable(f"{'':12}  Imported {last.since:%Y-%m-%d} from {last.file}"))
    click.echo(counted(len(facts), "fact"))


def _age(fact: Fact, today: date) -> str:
    age = fact.age(today)
    if age is None:
        return "no day"
    return fact.check_words[:10] if not fact.has_day else "today" if age <= 0 else counted(age, "day")
