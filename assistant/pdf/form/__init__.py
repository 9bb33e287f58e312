"""An official form, compiled: its fields, boxes and fonts. Knows nothing of filling."""
