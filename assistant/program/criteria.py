"""Who may be nominated: every criterion of the program page and of each MOA, with the places that say so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answers import MODELS
from assistant.program import stored
from assistant.program.amendments import amended_text, amendments
from assistant.program.imported_facts import fact_cache
from assistant.program.sources import Citation, cite

if TYPE_CHECKING:
    from datetime import date

    from assistant.answers import Model


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One criterion, as it counts for one model.

    ``fields`` are the answers of a nominee that it reads; a criterion without fields is decided by ICE later.
    """

    code: str
    text: str
    fields: tuple[str, ...]
    citations: tuple[Citation, ...]

    @property
    def is_asked(self) -> bool:
        """Say whether the agency answers it, and not ICE."""
        return bool(self.fields)

    @property
    def field(self) -> str | None:
        """Return the first answer that it reads."""
        return self.fields[0] if self.fields else None

    @property
    def source(self) -> str:
        """Return all places that say so, as one line."""
        return "; ".join(str(citation) for citation in self.citations)

    @property
    def document(self) -> str:
        """Return the document that says so, the agreement before the program page."""
        return self._leading.source.document

    @property
    def section(self) -> str | None:
        """Return the section of that document."""
        return self._leading.section

    @property
    def page(self) -> int | None:
        """Return the page of that document."""
        return self._leading.page

    @property
    def revision(self) -> str | None:
        """Return the revision of that document."""
        return self._leading.source.revision

    @property
    def checked_on(self) -> date | None:
        """Return the day on which that document was read."""
        return self._leading.source.checked_on

    @property
    def _leading(self) -> Citation:
        return self.citations[-1]


@fact_cache
def criteria_for(model: Model) -> tuple[Criterion, ...]:
    """Return what a nominee for this model has to meet, ICE's own decisions last."""
    return tuple(
        Criterion(
            code=entry["code"],
            text=amended_text(fact_of(entry["code"], model), entry["text"]),
            fields=tuple(entry["fields"]),
            citations=tuple(_citations(entry, (model,))),
        )
        for entry in stored.table("criteria")["criteria"]
        if model in entry["models"]
    )


def fact_of(code: str, model: Model) -> str:
    """Return the id of a criterion as a fact."""
    return f"criterion.{code}.{model}"


@fact_cache
def criterion_source(code: str) -> str:
    """Return all places that state a criterion, whatever the model, as one line.

    Raises:
        KeyError: there is no such criterion.
    """
    for entry in stored.table("criteria")["criteria"]:
        if entry["code"] == code:
            return "; ".join(str(citation) for citation in _citations(entry, MODELS))
    raise KeyError(code)


def _citations(entry: stored.DataTable, models: tuple[Model, ...]) -> list[Citation]:
    own = [amendments().get(fact_of(entry["code"], model)) for model in models]
    if any(own):
        return [amendment.citation for amendment in own if amendment]
    return [
        cite(place["source"], place.get("section"), place.get("page"))
        for place in entry["citations"]
        if set(models) & set(place.get("models", models))
    ]
