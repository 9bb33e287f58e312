"""The four models: what each is for, what it asks and costs, and which of them fit an agency."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from assistant.answers import MODELS
from assistant.program import stored
from assistant.program.amendments import amended_citation, amended_text
from assistant.program.criteria import criteria_for
from assistant.program.imported_facts import fact_cache
from assistant.program.sources import Citation, cite

if TYPE_CHECKING:
    from assistant.answers import Model
    from assistant.program.criteria import Criterion

FactSureness = Literal["text read", "secondary", "uncertain", "not published"]

NOT_PUBLISHED = "Not published. Ask ICE."


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A line of the side-by-side table."""

    key: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcedStatement:
    """What a model says on a topic, where that stands, and how sure it is; ``fact`` is its id, "" for none.

    ``short`` says the same in few words, "" where nobody has written it, or where the text was amended since.
    """

    topic: str
    text: str
    citation: Citation | None
    sureness: FactSureness
    fact: str = ""
    short: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """A model; ``purpose`` says what it is for, in the sense of ICE's page."""

    code: Model
    name: str
    purpose: str
    who: str
    statements: tuple[SourcedStatement, ...]
    criteria: tuple[Criterion, ...]

    def on(self, topic: str) -> tuple[SourcedStatement, ...]:
        """Return what is known on a topic; where nothing is, one statement that says so."""
        of_topic = tuple(statement for statement in self.statements if statement.topic == topic)
        return of_topic or (SourcedStatement(topic=topic, text=NOT_PUBLISHED, citation=None, sureness="not published"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFit:
    """Whether a model fits an agency: ``None`` where a question is still open; ``why`` says the reason."""

    model: Model
    fits: bool | None
    why: str


@fact_cache
def models() -> tuple[ModelCard, ...]:
    """Return the four models."""
    return tuple(_card(code) for code in MODELS)


def get_model(code: Model) -> ModelCard:
    """Return one model."""
    return models()[MODELS.index(code)]


@cache
def topics() -> tuple[Topic, ...]:
    """Return the lines of the side-by-side table, in order."""
    return tuple(Topic(**entry) for entry in stored.table("models")["topics"])


def side_by_side() -> tuple[tuple[Topic, tuple[tuple[SourcedStatement, ...], ...]], ...]:
    """Return the table: for each topic the statements of each model, in the order of ``models``."""
    return tuple((topic, tuple(card.on(topic.key) for card in models())) for topic in topics())


def fitting_models(
    *, operates_jail: bool | None, conducts_patrol: bool | None, tribal: bool | None
) -> tuple[ModelFit, ...]:
    """Return for each model whether it fits, with the reason.

    A fit is a proposal: the user chooses, and counsel decides what the agency may sign.
    """
    return (
        _jail_fit("JEM", operates_jail=operates_jail, tribal=tribal),
        _patrol_fit("TFM", conducts_patrol=conducts_patrol, tribal=tribal),
        _tribal_fit(conducts_patrol=conducts_patrol, tribal=tribal),
        _jail_fit("WSO", operates_jail=operates_jail, tribal=tribal),
    )


TRIBAL_QUESTION = (
    " Section 287(g) covers a State or a political subdivision of a State. A tribal agency should ask ICE and "
    "counsel before it chooses this model."
)


def _jail_fit(model: Model, *, operates_jail: bool | None, tribal: bool | None) -> ModelFit:
    if operates_jail is None:
        return ModelFit(
            model=model, fits=None, why="Say whether the agency operates a jail. This model works only inside a jail."
        )
    if not operates_jail:
        return ModelFit(
            model=model,
            fits=False,
            why="This model works only inside the agency's own jail, and the agency has no jail.",
        )
    return _unless_tribal(model, "The agency operates a jail, and this model works inside it.", tribal=tribal)


def _patrol_fit(model: Model, *, conducts_patrol: bool | None, tribal: bool | None) -> ModelFit:
    if conducts_patrol is None:
        return ModelFit(
            model=model,
            fits=None,
            why="Say whether the agency conducts patrol. This model is for routine police duties.",
        )
    if not conducts_patrol:
        return ModelFit(
            model=model, fits=False, why="This model is for routine police duties, and the agency does not patrol."
        )
    return _unless_tribal(
        model, "The agency conducts patrol, and this model is for routine police duties.", tribal=tribal
    )


def _tribal_fit(*, conducts_patrol: bool | None, tribal: bool | None) -> ModelFit:
    if tribal is None:
        return ModelFit(
            model="TTFM", fits=None, why="Say whether this is a tribal agency. This model is for tribal agencies only."
        )
    if not tribal:
        return ModelFit(model="TTFM", fits=False, why="This model is for tribal law-enforcement agencies only.")
    if conducts_patrol is False:
        return ModelFit(
            model="TTFM", fits=False, why="This model is for routine police duties, and the agency does not patrol."
        )
    return ModelFit(
        model="TTFM",
        fits=True,
        why="This is a tribal agency. ICE has not published this agreement, so ask ICE for the form.",
    )


def _unless_tribal(model: Model, why: str, *, tribal: bool | None) -> ModelFit:
    if tribal:
        return ModelFit(model=model, fits=None, why=why + TRIBAL_QUESTION)
    return ModelFit(model=model, fits=True, why=why)


def _card(code: Model) -> ModelCard:
    entry = stored.table("models")[code]
    numbers: Counter[str] = Counter()
    statements = []
    for row in entry["statements"]:
        numbers[row["topic"]] += 1
        fact = f"{code}.{row['topic']}.{numbers[row['topic']]}"
        citation = cite(row.get("source", entry["source"]), row.get("section"), row.get("page"))
        text = amended_text(fact, row["text"])
        statements.append(
            SourcedStatement(
                fact=fact,
                topic=row["topic"],
                text=text,
                short=row.get("short", "") if text == row["text"] else "",
                citation=amended_citation(fact, citation),
                sureness=row.get("sureness", "text read"),
            )
        )
    return ModelCard(
        code=code,
        name=entry["name"],
        purpose=entry["for"],
        who=entry["who"],
        criteria=criteria_for(code),
        statements=tuple(statements),
    )
