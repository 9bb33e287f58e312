"""The nominees, their criteria, and rosters."""
