"""Bytes and values: the syntax of PDF, its objects, cross-reference, filters, encryption. Knows nothing of forms."""
