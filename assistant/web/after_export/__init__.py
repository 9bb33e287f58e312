"""Pages for what comes after an export: signing, sending, and what follows."""
