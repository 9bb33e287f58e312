"""Accounts where an installation is shared: people, passwords, codes, sign-ins, roles."""
