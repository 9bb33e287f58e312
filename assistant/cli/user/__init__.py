"""``moa user``: who may sign in where the installation is shared."""

from __future__ import annotations

from assistant.cli.late_group import LateGroup

user = LateGroup(
    "user",
    package="assistant.cli.user",
    table={
        "add": "Give a person roles in an agency, and print a link to set up the account.",
        "list": "List the accounts with their agencies and roles.",
        "disable": "Disable an account and end its sign-ins.",
        "unlock": "Release an account that five wrong tries have locked.",
        "reset-password": "Print a link for a new password and a new code app.",
    },
    help="Manage the accounts of a shared installation.",
)
