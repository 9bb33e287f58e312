"""Every state the tables have had, oldest first; ``db.migrate`` goes through them."""
