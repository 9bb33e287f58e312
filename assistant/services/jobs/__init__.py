"""Long work: its kinds, and who does it; the wizard's own threads, or the workers of a queue."""
