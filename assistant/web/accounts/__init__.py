"""Pages of accounts, and the gate in front of every page where an installation is shared."""
