"""Whole numbers in addresses and hidden fields: what is no such number, or too long for one, is none."""

from __future__ import annotations


def read_number(text: str, most_digits: int) -> int | None:
    """Return the number that the ASCII digits of a text make; None for any other text, and for more digits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= most_digits else None
