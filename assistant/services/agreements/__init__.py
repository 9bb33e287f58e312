"""Agreements that others finished or signed: read, check, compare."""
