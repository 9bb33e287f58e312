"""Editions of official forms: their files, the forms available, recognition, traps, and how values are written."""
