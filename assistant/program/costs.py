"""What an agreement costs: how long its training is reported to last, and who pays for what, each with its source."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from assistant.program import stored
from assistant.program.amendments import amended_citation, amended_text
from assistant.program.imported_facts import fact_cache
from assistant.program.models import get_model
from assistant.program.sources import Citation, cite

if TYPE_CHECKING:
    from assistant.answers import Model
    from assistant.program.models import SourcedStatement

Payer = Literal["Agency", "ICE", "Not stated", "Not published"]

PAYERS: dict[str, Payer] = {"agency_pays": "Agency", "ice_pays": "ICE", "not stated": "Not stated"}
HOURS = re.compile(r"\b(\d{1,4}) hours\b")
DOLLARS = re.compile(r"\$(\d{1,3}(?:,\d{3})+|\d+)")
SOURCE_BY_MODEL = {"JEM": "moa-jem", "TFM": "moa-tfm", "WSO": "moa-wso"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingTime:
    """How long the training of a model is reported to last: hours, and days of ``hours_of_a_day``."""

    hours: int
    days: int
    text: str
    citation: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class CostItem:
    """Who pays for one thing under one model; no citation where nothing is published."""

    label: str
    payer: Payer
    citation: Citation | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedPayment:
    """What is reported to be paid, and no agreement promises; ``dollars`` is the most for each officer or agency."""

    text: str
    citation: Citation
    dollars: int | None
    each: Literal["", "officer", "agency"]
    fact: str
    """The id of the fact."""


def training_time(model: Model) -> TrainingTime | None:
    """Return how long the training of a model is reported to last; None where nothing is published."""
    costs = stored.table("costs")
    for row in costs["training"]:
        if row["model"] == model:
            statement = find_statement(model, "training", row["words"])
            citation = statement.citation
            if citation is not None:
                named = HOURS.search(statement.text)
                hours = int(named[1]) if named else row["hours"]
                return TrainingTime(
                    hours=hours,
                    days=-(-hours // costs["hours_of_a_day"]),
                    text=statement.text,
                    citation=citation,
                )
    return None


def find_statement(model: Model, topic: str, words: str) -> SourcedStatement:
    """Return the statement on a topic whose text, as it comes with the program, has some words."""
    of_topic = [row for row in stored.table("models")[model]["statements"] if row["topic"] == topic]
    place = next(place for place, row in enumerate(of_topic) if words.casefold() in row["text"].casefold())
    return get_model(model).on(topic)[place]


@fact_cache
def cost_items(model: Model) -> tuple[CostItem, ...]:
    """Return who pays for what under a model, in the order in which it is printed."""
    return tuple(_item(model, row) for row in stored.table("costs")["item"] if model in row or not _only_for_some(row))


def reported_payments(model: Model) -> tuple[ReportedPayment, ...]:
    """Return what is reported to be paid under a model, though its agreement promises none of it."""
    of_model = [row for row in stored.table("costs")["payment"] if row["model"] == model]
    return tuple(_payment(f"payment.{model}.{number}", row) for number, row in enumerate(of_model, 1))


def _payment(fact: str, row: stored.DataTable) -> ReportedPayment:
    text, dollars = amended_text(fact, row["text"]), row.get("dollars")
    named = DOLLARS.search(text)
    return ReportedPayment(
        fact=fact,
        text=text,
        citation=amended_citation(fact, cite(row["source"])),
        dollars=int(named[1].replace(",", "")) if dollars is not None and named else dollars,
        each=row.get("each", ""),
    )


def _only_for_some(row: stored.DataTable) -> bool:
    """Say whether a row stands for one model alone, under which nothing else is published."""
    return "TTFM" in row


def _item(model: Model, row: stored.DataTable) -> CostItem:
    topic = row.get(model)
    if topic is None:
        return CostItem(label=row["label"], payer="Not published", citation=None)
    if topic == "not stated":
        return CostItem(label=row["label"], payer="Not stated", citation=cite(SOURCE_BY_MODEL[model]))
    statement = find_statement(model, topic, row["words"])
    return CostItem(label=row["label"], payer=PAYERS[topic], citation=statement.citation)
