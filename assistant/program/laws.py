"""What is known of state law on 287(g) agreements: notes to take to counsel, never a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.program import stored
from assistant.program.imported_facts import fact_cache
from assistant.program.states_and_counties import state_code

Leaning = Literal["requires", "bars", "limits", "unclear"]

_LEANINGS: tuple[tuple[str, Leaning], ...] = (
    ("mandate", "requires"),
    ("prohibit", "bars"),
    ("restrict", "limits"),
    ("conditions", "limits"),
    ("local approval", "limits"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LawNote:
    """A law or an opinion as it was found; ``effect`` and ``confidence`` are in the words of the collection."""

    state: str
    effect: str
    authority: str
    summary: str
    source: str
    as_of: str
    confidence: str

    @property
    def leaning(self) -> Leaning:
        """Say in one word which way it points; what is proposed or unsure is "unclear"."""
        return next((leaning for start, leaning in _LEANINGS if self.effect.startswith(start)), "unclear")


def state_laws(state: str | None) -> tuple[LawNote, ...]:
    """Return the notes for a state; none means that the state was not examined."""
    return _notes_by_state().get(state_code(state) or "", ())


@fact_cache
def _notes_by_state() -> dict[str, tuple[LawNote, ...]]:
    notes: dict[str, tuple[LawNote, ...]] = {}
    for row in stored.rows("state_laws"):
        note = LawNote(**row)
        notes[note.state] = (*notes.get(note.state, ()), note)
    return notes
