"""Engine and session, tables, sealed values, keys, migrations. Knows nothing of requests or of what an answer means."""
