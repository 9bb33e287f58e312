"""What the text of a single fact of the program must be, so that everything that uses it can."""

from __future__ import annotations

import re

from assistant.program import stored
from assistant.program.costs import DOLLARS, HOURS
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


def _words_for_costs() -> dict[str, str]:
    """Return the words that say how long a training is, by the fact in which they stand."""
    words_by_fact = {}
    for row in stored.table("costs")["training"]:
        of_topic = [one for one in stored.table("models")[row["model"]]["statements"] if one["topic"] == "training"]
        place = next(place for place, one in enumerate(of_topic, 1) if row["words"] in one["text"])
        words_by_fact[f"{row['model']}.training.{place}"] = row["words"]
    return words_by_fact


def _payments_in_dollars() -> set[str]:
    facts = set()
    numbers: dict[str, int] = {}
    for row in stored.table("costs")["payment"]:
        numbers[row["model"]] = numbers.get(row["model"], 0) + 1
        if "dollars" in row:
            facts.add(f"payment.{row['model']}.{numbers[row['model']]}")
    return facts
