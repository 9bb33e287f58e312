"""``moa application status``: what ICE's loaded lists say of the agency of an answers file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.answers import parse
from assistant.cli.database import session_if_any
from assistant.cli.options import ANSWERS_FILE, json_option, today_option
from assistant.cli.output import counted, notice, print_json, printable
from assistant.errors import InputError
from assistant.program.states_and_counties import state_code
from assistant.services.published_lists.agency_status import AgencyStatus, ModelStatus, agency_status, ids_of_name
from assistant.services.published_lists.status_words import (
    NO_LIST,
    STATUS_WORDS,
    age_of,
    model_words,
    status_document,
    wait_limits,
    wait_words,
)
from assistant.services.published_lists.waiting_time import usual_wait

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from sqlalchemy.orm import Session

    from assistant.answers import Answers, Model
    from assistant.services.published_lists.waiting_time import WaitRange


@click.command("status")
@click.argument("answers_file", metavar="ANSWERS.json", type=ANSWERS_FILE)
@click.option(
    "--listed-as",
    metavar="NAME",
    multiple=True,
    help="The agency's name as a list has it; repeat for each name that is the agency's.",
)
@json_option
@today_option
def status(answers_file: Path, listed_as: tuple[str, ...], today: date, *, as_json: bool) -> None:
    """Say what ICE's loaded lists say of the agency: pending, signed, posted, gone, and the usual wait.

    Only a name that is surely the agency's counts. For another one, name it with --listed-as.
    """
    answers = parse(answers_file.read_bytes())
    if not answers.agency.legal_name or state_code(answers.agency.state) is None:
        raise InputError("The answers file has no legal name or no State of the agency. Fill them in first.")
    if not answers.models:
        raise InputError("No model is chosen yet, so there is no status. Choose one first.")
    with session_if_any() as opened:
        of_agency = _status(opened, answers, listed_as)
        waits = {model: usual_wait(opened, model) if opened else None for model in answers.models}
    if not of_agency.lists:
        notice(NO_LIST)
    if as_json:
        agency, state = answers.agency.legal_name, state_code(answers.agency.state)
        print_json(status_document(of_agency, waits, agency=agency, state=state, today=today))
    elif of_agency.lists:
        _print(of_agency, waits, today)


def _print(of_agency: AgencyStatus, waits: Mapping[Model, WaitRange | None], today: date) -> None:
    for one in of_agency.lists:
        age = f", {counted(age_of(one, today), 'day')} old"
        click.echo(printable(f"List of {one.kind} agencies as of {one.as_of.isoformat()}{age} ({one.file})"))
    how = "as you said" if of_agency.sureness == "confirmed" else "surely this agency"
    for name in of_agency.own:
        click.echo(printable(f"Listed as {name.agency}, {how}"))
    for name in of_agency.possible:
        county = f", {name.county}" if name.county else ""
        click.echo(
            printable(
                f"Perhaps {name.agency}{county} ({', '.join(name.models)}), {name.match:.2f}. {name.doubt}".rstrip()
            )
        )
    for row in of_agency.models:
        click.echo(f"{row.model}: {STATUS_WORDS[row.status] if of_agency.own else 'Not known'}.")
        click.echo(printable(f"  {model_words(row, of_agency)}"))
        for label, address in (("MOA", row.moa_url), ("Addendum", row.addendum_url)):
            if address:
                click.echo(printable(f"  {label} posted: {address}"))
        wait = waits.get(row.model)
        if wait and row.status in {"pending", "not-listed"}:
            click.echo(f"  Usual wait: {wait_words(wait)} {' '.join(wait_limits(wait))}")


def _status(opened: Session | None, answers: Answers, listed_as: tuple[str, ...]) -> AgencyStatus:
    """Return the status under the name that was given, else under those that are surely the agency's.

    Raises:
        InputError: no list has the name in the agency's State.
    """
    if opened is None:
        models = tuple(ModelStatus(model=model, status="not-listed") for model in answers.models)
        return AgencyStatus(lists=(), models=models, own=(), sureness=None, possible=(), is_decided=False)
    if not listed_as:
        return agency_status(opened, answers)
    ids: set[int] = set()
    for name in listed_as:
        own_ids = ids_of_name(opened, name, state_code(answers.agency.state) or "")
        if not own_ids:
            raise InputError(
                f"No list has the name “{name}” in the agency's State. Look it up with `moa program find`, and write "
                "it as it is there."
            )
        ids.update(own_ids)
    return agency_status(opened, answers, decided_ids=ids)
