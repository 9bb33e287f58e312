"""Editions of official forms: their files, the forms on hand, recognition, traps, and how values are written."""
