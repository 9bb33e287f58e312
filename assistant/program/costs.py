"""What an agreement costs: how long its training is reported to last, and who pays for what, each with its source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from assistant.program import stored
from assistant.program.models import get_model
from assistant.program.sources import Citation, cite

if TYPE_CHECKING:
    from assistant.answers import Model

Payer = Literal["Agency", "ICE", "Not stated", "Not published"]

PAYERS: dict[str, Payer] = {"agency_pays": "Agency", "ice_pays": "ICE", "not stated": "Not stated"}
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


def training_time(model: Model) -> TrainingTime | None:
    """Return how long the training of a model is reported to last; None where nothing is published."""
    costs = stored.table("costs")
    for row in costs["training"]:
        if row["model"] == model:
            statement = next(one for one in get_model(model).on("training") if row["words"] in one.text)
            citation = statement.citation
            if citation is not None:
                return TrainingTime(
                    hours=row["hours"],
                    days=-(-row["hours"] // costs["hours_of_a_day"]),
                    text=statement.text,
                    citation=citation,
                )
    return None


@cache
def cost_items(model: Model) -> tuple[CostItem, ...]:
    """Return who pays for what under a model, in the order in which it is printed."""
    return tuple(_item(model, row) for row in stored.table("costs")["item"] if model in row or not _only_for_some(row))


def reported_payments(model: Model) -> tuple[ReportedPayment, ...]:
    """Return what is reported to be paid under a model, though its agreement promises none of it."""
    return tuple(
        ReportedPayment(
            text=row["text"],
            citation=cite(row["source"]),
            dollars=row.get("dollars"),
            each=row.get("each", ""),
        )
        for row in stored.table("costs")["payment"]
        if row["model"] == model
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
    statement = next(one for one in get_model(model).on(topic) if row["words"].casefold() in one.text.casefold())
    return CostItem(label=row["label"], payer=PAYERS[topic], citation=statement.citation)
