"""What the program does, one module a noun. A service takes a session first, flushes, and never commits."""
