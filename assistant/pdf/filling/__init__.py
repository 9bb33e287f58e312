"""Fill a compiled form, write the update, and prove it."""
