"""This installation: its agencies, keys, backups, retention, batches."""
