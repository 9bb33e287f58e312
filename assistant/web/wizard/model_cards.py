"""The models as cards: what each lets officers do, does not allow and costs; and what adding or dropping it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant import program

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistant.answers import Answers, Model
    from assistant.program import ModelCard, SourcedStatement

LINES = (("Lets officers", "delegates"), ("Does not allow", "forbids"), ("Costs you", "agency_pays"))
"""The three lines of a card: what stands before each, and its topic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLine:
    """One line of a card, in few words, with the place that says so."""

    label: str
    text: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelChoice:
    """A model to choose: ``fit`` says whether it fits the agency, ``effect`` what adding or dropping it does."""

    model: Model
    name: str
    lines: tuple[CardLine, ...]
    fit: str
    effect: str


def model_choices(answers: Answers, fits: Iterable[program.ModelFit]) -> dict[str, ModelChoice]:
    """Return a card for each model, by its code."""
    why = {fit.model: fit.why for fit in fits}
    return {card.code: _choice(card, answers, why.get(card.code, "")) for card in program.models()}


def _choice(card: ModelCard, answers: Answers, fit: str) -> ModelChoice:
    return ModelChoice(
        model=card.code,
        name=f"{card.name} ({card.code})",
        lines=tuple(_line(label, card.on(topic)[0]) for label, topic in LINES),
        fit=fit,
        effect=_effect(card.code, answers),
    )


def _line(label: str, statement: SourcedStatement) -> CardLine:
    source = str(statement.citation) if statement.citation else ""
    return CardLine(label=label, text=statement.short or statement.text, source=source)


def _effect(model: Model, answers: Answers) -> str:
    """Return what a change of this choice does to answers already given."""
    count = sum(model in nominee.models for nominee in answers.nominees)
    if model in answers.models:
        people = f" {_people(count)} nominated for it: choose another model for them, or remove them." if count else ""
        return f"If you drop it: its agreement leaves the documents. No answer is deleted.{people}"
    questions = len(_questions(model) - set().union(*(_questions(other) for other in answers.models)))
    asks = (
        f" Each nominee for it is asked {questions} more question{'' if questions == 1 else 's'}." if questions else ""
    )
    waiting = f" {_people(count)} nominated for it already." if count else ""
    return f"If you add it: one more agreement, filled from the same answers.{asks}{waiting}"


def _people(count: int) -> str:
    return "One nominee is" if count == 1 else f"{count:,} nominees are"


def _questions(model: Model) -> set[str]:
    """Return the answers of a nominee that the criteria of a model read first."""
    return {criterion.field for criterion in program.criteria_for(model) if criterion.field}
