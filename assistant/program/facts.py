"""Contacts of the program, and the words it uses."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.program import stored
from assistant.program.amendments import amended_citation, amended_text, amendments
from assistant.program.imported_facts import fact_cache
from assistant.program.sources import Citation, cite

TERM = "term."
"""What the id of a term begins with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramContact:
    """Where ICE is reached; ``headquarters`` has one line an entry. ``citation`` is that of the answer time."""

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


@fact_cache
def program_contact() -> ProgramContact:
    """Return the contacts that ICE's page prints."""
    entry = stored.table("facts")["contact"]
    return ProgramContact(
        recipient=amended_text("contact.recipient", entry["recipient"]),
        telephone=amended_text("contact.telephone", entry["telephone"]),
        telephone_for=entry["telephone_for"],
        headquarters=tuple(amended_text("contact.headquarters", "; ".join(entry["headquarters"])).split("; ")),
        answer_time=amended_text("contact.answer-time", entry["answer_time"]),
        citation=contact_citation("contact.answer-time"),
    )


def contact_citation(fact: str) -> Citation:
    """Return where one of the contacts stands, by the id of its fact."""
    return amended_citation(fact, cite(stored.table("facts")["contact"]["source"]))


def recipient_address() -> str:
    """Return the e-mail address to which applications go."""
    return program_contact().recipient


@fact_cache
def glossary() -> tuple[Term, ...]:
    """Return the words, in alphabetical order."""
    terms = {
        entry["term"]: Term(term=entry["term"], meaning=entry["meaning"], citation=cite(entry["source"]))
        for entry in stored.table("facts")["glossary"]
    }
    for fact, amendment in amendments().items():
        if fact.startswith(TERM):
            term = fact.removeprefix(TERM)
            terms[term] = Term(term=term, meaning=amendment.text, citation=amendment.citation)
    return tuple(sorted(terms.values(), key=lambda term: (not term.term[0].isdigit(), term.term.casefold())))
