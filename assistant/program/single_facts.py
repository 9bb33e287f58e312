"""What the text of a single fact of the program must be, so that everything that uses it can."""

from __future__ import annotations

import re

from assistant.answers import MODELS
from assistant.program import stored
from assistant.program.costs import DOLLARS, HOURS, find_statement, reported_payments
from assistant.program.imported_facts import fact_cache
from assistant.program.printed_counts import COUNT

EMAIL = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
LEAST_LINES = 3
"""Of an address: the office, the street, the city."""


def why_unfit(fact: str, text: str) -> str:
    """Return why a text cannot stand for a fact, and what to do; "" where it can."""
    if fact == "contact.recipient" and not EMAIL.fullmatch(text):
        return "Write one e-mail address."
    if fact == "contact.headquarters" and len([line for line in text.split("; ") if line.strip()]) < LEAST_LINES:
        return "Write the lines of the address with “; ” between them: the office, the street, the city."
    if fact.startswith(COUNT) and not re.fullmatch(r"\d{1,3}(?:,\d{3})+|\d{1,7}", text):
        return "Write a whole number."
    if fact.startswith("hours."):
        return "This follows from what the model says on training. Import that fact."
    if (words := _words_for_costs().get(fact)) and words not in text and not HOURS.search(text):
        return "Write how long the training is as “40 hours”, because the cost sheet counts them."
    if fact in _payments_in_dollars() and not DOLLARS.search(text):
        return "Write the amount as “$7,500”, because the cost sheet adds it up."
    return ""


@fact_cache
def _words_for_costs() -> dict[str, str]:
    """Return the words that say how long a training is, by the fact in which they stand."""
    rows = stored.table("costs")["training"]
    return {find_statement(row["model"], "training", row["words"]).fact: row["words"] for row in rows}


@fact_cache
def _payments_in_dollars() -> frozenset[str]:
    payments = (payment for model in MODELS for payment in reported_payments(model))
    return frozenset(payment.fact for payment in payments if payment.dollars is not None)
