"""The cost sheet: officers times training days times pay for each model, who pays what by source, reported payments.

No sum is made up: what an officer's day costs is a blank for the agency. ``cost_workbook`` is the same with formulas.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.documents.blocks import Block, Items, PaperDocument, PaperHeading, Paragraph, Table, TableColumn
from assistant.documents.setting import to_pdf
from assistant.documents.wording import agency_name, counted, model_name, models_in_order
from assistant.editions.formats import long_date
from assistant.program.costs import cost_items, reported_payments, training_time

if TYPE_CHECKING:
    from datetime import date

    from assistant.answers import Answers, Model
    from assistant.program.sources import Citation, Source

PLACE = "cost-sheet.pdf"
BLANK, DOLLARS = "________", "$________"
ICE_PAYS = "ICE pays"
TRAVEL = "Travel, housing and per diem for training"
INTRODUCTION = (
    "This program does not know what your officers are paid, so every sum is a blank for you to fill in. Nothing is "
    "guessed. The agreements state no number of officers and no length of training."
)
HOW_TO_COUNT = (
    "Officer-days are officers times training days. The total is officer-days times the two daily sums, and officers "
    "times the travel costs. An officer who is nominated under two models trains for each, and is counted under each."
)
NOT_TAKEN_OFF = (
    "No agreement promises these payments, so they are not taken off the total. Ask ICE for the terms in writing."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingRow:
    """The training of one model: how many officers, how many days each; None where it is a blank to fill in."""

    model: Model
    name: str
    officers: int | None
    days: int | None
    ice_pays_travel: bool


def cost_sheet(answers: Answers, *, today: date) -> bytes:
    """Return the sheet as a PDF; it names no nominee.

    Raises:
        FillError: a letter of the agency's name cannot be printed.
    """
    return to_pdf(compose_cost_sheet(answers, today=today))


def compose_cost_sheet(answers: Answers, *, today: date) -> PaperDocument:
    """Return what the sheet says."""
    name = agency_name(answers)
    rows = training_rows(answers)
    models = [row.model for row in rows]
    blocks: list[Block] = [
        PaperHeading(text=f"Cost sheet – {name}", level=1),
        Paragraph(text=f"As of {long_date(today)}. {INTRODUCTION}"),
        PaperHeading(text="What the agency pays for training time"),
        _training_table(rows),
        Paragraph(text=HOW_TO_COUNT),
        Items(items=tuple(training_sentence(row) for row in rows)),
        PaperHeading(text="Who pays what"),
    ]
    for model in models:
        blocks += [PaperHeading(text=model_name(model), level=3), _payer_table(model)]
    blocks += [*_payments(models), PaperHeading(text="Sources"), _sources(sources_of(models))]
    return PaperDocument(
        title=f"287(g) cost sheet – {name}",
        agency=name,
        day=today,
        blocks=tuple(blocks),
        place=PLACE,
        foot="Facts with their sources; sums are the agency’s own. This is no legal advice.",
    )


def training_rows(answers: Answers) -> list[TrainingRow]:
    """Return the training of each model applied for."""
    rows = []
    for model in models_in_order(answers.models):
        time = training_time(model)
        rows.append(
            TrainingRow(
                model=model,
                name=model_name(model),
                officers=sum(1 for _ in answers.nominees_for(model)) or None,
                days=time.days if time else None,
                ice_pays_travel=any(one.label == TRAVEL and one.payer == "ICE" for one in cost_items(model)),
            )
        )
    return rows


def training_sentence(row: TrainingRow) -> str:
    """Return where the training days of a model come from."""
    time = training_time(row.model)
    if time is None:
        return f"{row.name}: nothing is published about the training. Ask ICE, and fill in the days."
    days = f"Counted here as {counted(time.days, 'day', 'days')} of eight hours."
    return f"{row.name}: {time.text} {days} [{time.citation}, {as_of(time.citation.source)}]"


def sources_of(models: list[Model]) -> list[Source]:
    """Return every source that the sheet cites for some models, each once."""
    citations: list[Citation | None] = []
    for model in models:
        time = training_time(model)
        citations += [time.citation if time else None]
        citations += [item.citation for item in cost_items(model)]
        citations += [payment.citation for payment in reported_payments(model)]
    return list(dict.fromkeys(citation.source for citation in citations if citation))


def as_of(source: Source) -> str:
    """Return "as of January 28, 2026", the day a source was read, or that it has no date."""
    return f"as of {long_date(source.checked_on)}" if source.checked_on else "no date"


def _training_table(rows: list[TrainingRow]) -> Table:
    columns = (
        TableColumn(title="Model", share=1.7, header=True),
        TableColumn(title="Officers", share=1),
        TableColumn(title="Training days each", share=1),
        TableColumn(title="Officer-days", share=1.05),
        TableColumn(title="Pay and benefits for a day", share=1.25),
        TableColumn(title="Officer who fills in, for a day", share=1.25),
        TableColumn(title="Travel for an officer", share=1.25),
        TableColumn(title="Total", share=1.25),
    )
    cells = tuple(
        (
            row.name,
            _number_or_blank(row.officers),
            _number_or_blank(row.days),
            _number_or_blank(row.officers * row.days if row.officers and row.days else None),
            DOLLARS,
            DOLLARS,
            ICE_PAYS if row.ice_pays_travel else DOLLARS,
            DOLLARS,
        )
        for row in rows
    )
    return Table(columns=columns, rows=cells, totals=("All models", "", "", "", "", "", "", DOLLARS), small=True)


def _number_or_blank(number: int | None) -> str:
    return BLANK if number is None else f"{number:,}"


def _payer_table(model: Model) -> Table:
    columns = (
        TableColumn(title="For", share=3, header=True),
        TableColumn(title="Who pays", share=1.1),
        TableColumn(title="Source", share=2.4),
    )
    return Table(columns=columns, rows=tuple(payer_rows(model)), small=True)


def payer_rows(model: Model) -> list[tuple[str, str, str]]:
    """Return (for what, who pays, source) of a model, in order."""
    return [(item.label, item.payer, str(item.citation) if item.citation else "") for item in cost_items(model)]


def _payments(models: list[Model]) -> list[Block]:
    sentences = payment_sentences(models)
    if not sentences:
        return []
    return [
        PaperHeading(text="Reported payments, in no agreement"),
        Items(items=tuple(sentences)),
        Paragraph(text=NOT_TAKEN_OFF),
    ]


def payment_sentences(models: list[Model]) -> list[str]:
    """Return what is reported to be paid under some models, each with its source."""
    return [
        f"{model_name(model)}: {payment.text} [{payment.citation}, {as_of(payment.citation.source)}]"
        for model in models
        for payment in reported_payments(model)
    ]


def _sources(sources: list[Source]) -> Table:
    columns = (
        TableColumn(title="Document", share=2.4, header=True),
        TableColumn(title="Read", share=1.4),
        TableColumn(title="Note", share=3),
    )
    rows = tuple((source.title, as_of(source), source.note or "") for source in sources)
    return Table(columns=columns, rows=rows, small=True)
