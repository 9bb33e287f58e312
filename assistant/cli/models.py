"""``moa models``: the four models, what each is for, who may use it, and its criteria with their sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from assistant.cli.output import print_json
from assistant.program import models as all_models
from assistant.program import topics

if TYPE_CHECKING:
    from assistant.program import Criterion, ModelCard, SourcedStatement


@click.command(name="models")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def models(*, as_json: bool) -> None:
    """Compare the four models: purpose, criteria, duties and costs, each with its source."""
    if as_json:
        print_json([_document(card) for card in all_models()])
        return
    click.echo("\n\n".join(_text(card) for card in all_models()))


command = models

WIDTH = 100


def _document(card: ModelCard) -> dict[str, object]:
    return {
        "code": card.code,
        "name": card.name,
        "for": card.purpose,
        "who": card.who,
        "criteria": [_criterion(criterion) for criterion in card.criteria],
        "statements": [_statement(statement) for topic in topics() for statement in card.on(topic.key)],
    }


def _criterion(criterion: Criterion) -> dict[str, object]:
    return {
        "code": criterion.code,
        "text": criterion.text,
        "source": criterion.source,
        "decided_by": "agency" if criterion.is_asked else "ICE",
        "fields": list(criterion.fields),
        "checked_on": criterion.checked_on.isoformat() if criterion.checked_on else None,
    }


def _statement(statement: SourcedStatement) -> dict[str, object]:
    return {
        "topic": statement.topic,
        "text": statement.text,
        "source": str(statement.citation) if statement.citation else None,
        "sureness": statement.sureness,
    }


def _text(card: ModelCard) -> str:
    title = f"{card.name} ({card.code})"
    lines = [title, "=" * len(title), _wrap(card.purpose), _wrap(f"Who may use it: {card.who}"), "", "Nominees"]
    for criterion in card.criteria:
        lines += [_wrap(criterion.text, "  - "), _wrap(f"[{criterion.source}]", "    ")]
    for topic in topics():
        lines += ["", topic.label]
        for statement in card.on(topic.key):
            lines.append(_wrap(statement.text, "  - "))
            if statement.citation:
                unsure = "" if statement.sureness == "text read" else f"; {statement.sureness}"
                lines.append(_wrap(f"[{statement.citation}{unsure}]", "    "))
    return "\n".join(lines)


def _wrap(text: str, start: str = "") -> str:
    return click.wrap_text(text, WIDTH, initial_indent=start, subsequent_indent=" " * len(start))
