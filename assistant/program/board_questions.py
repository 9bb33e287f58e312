"""What governing bodies ask about an agreement, and where the answer is found."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from assistant.program import stored
from assistant.program.sources import Citation, cite


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardQuestion:
    """A question and its answer. ``topic`` names the topic of the models' statements that bear on it, "" for none."""

    question: str
    answer: str
    topic: str
    citation: Citation | None


@cache
def board_questions() -> tuple[BoardQuestion, ...]:
    """Return the questions, in the order in which they are printed."""
    return tuple(
        BoardQuestion(
            question=row["ask"],
            answer=row["answer"],
            topic=row.get("topic", ""),
            citation=cite(row["source"]) if "source" in row else None,
        )
        for row in stored.table("board")["question"]
    )
