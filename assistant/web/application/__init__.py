"""The pages of one application: list, review, documents, editions, checklist."""
