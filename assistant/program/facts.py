"""Contacts of the program, and the words it uses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from assistant.program import stored
from assistant.program.sources import Citation, cite


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramContact:
    """Where ICE is reached; ``headquarters`` has one line an entry."""

    recipient: str
    telephone: str
    telephone_for: str
    headquarters: tuple[str, ...]
    answer_time: str
    citation: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word of the program and what it means."""

    term: str
    meaning: str
    citation: Citation


@cache
def program_contact() -> ProgramContact:
    """Return the contacts that ICE's page prints."""
    entry = stored.table("facts")["contact"]
    return ProgramContact(
        recipient=entry["recipient"],
        telephone=entry["telephone"],
        telephone_for=entry["telephone_for"],
        headquarters=tuple(entry["headquarters"]),
        answer_time=entry["answer_time"],
        citation=cite(entry["source"]),
    )


@cache
def glossary() -> tuple[Term, ...]:
    """Return the words, in alphabetical order."""
    return tuple(
        Term(term=entry["term"], meaning=entry["meaning"], citation=cite(entry["source"]))
        for entry in stored.table("facts")["glossary"]
    )


RECIPIENT = program_contact().recipient
HEADQUARTERS = program_contact().headquarters
