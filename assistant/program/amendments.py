"""Facts that come with the program one by one, and that an imported file of program facts may change.

A fact is named by an id: "contact.recipient", "count.TFM.agreements", "term.ERO", "TFM.training.1",
"criterion.nominee-citizen.TFM", "payment.TFM.3". Terms may be added; every other id comes with the program.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assistant.program.imported_facts import fact_cache, rows_in_force
from assistant.program.sources import Citation, Source

IMPORTED = "imported"
"""The key of a source that an imported file names in its own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """What an imported file says of one fact."""

    text: str
    citation: Citation


@fact_cache
def amendments() -> dict[str, Amendment]:
    """Return what imported files say, by the id of the fact."""
    return {
        row["fact"]: Amendment(text=row["text"], citation=imported_citation(row["source"], row["checked_on"]))
        for row in rows_in_force("program_facts") or ()
    }


def imported_citation(document: str, checked_on: str) -> Citation:
    """Return the citation of a source that is named in an imported file; the day is ISO, "" for none."""
    day = date.fromisoformat(checked_on) if checked_on else None
    return Citation(source=Source(key=IMPORTED, document=document, checked_on=day))


def amended_text(fact: str, text: str) -> str:
    """Return the text of a fact that is in force; ``text`` is the one that comes with the program."""
    amendment = amendments().get(fact)
    return amendment.text if amendment else text


def amended_citation(fact: str, citation: Citation) -> Citation:
    """Return where the text of a fact that is in force stands."""
    amendment = amendments().get(fact)
    return amendment.citation if amendment else citation
