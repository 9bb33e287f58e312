"""``moa application``: review answers, export the bundle, read answers back out of a filled form."""

from __future__ import annotations

from assistant.cli.late_group import LateGroup

application = LateGroup(
    "application",
    package="assistant.cli.application",
    table={
        "review": "Print the checklist: every finding, what to do, and its source.",
        "export": "Make the bundle: filled forms, letter, roster, checklist, e-mail draft, manifest.",
        "package": "Make the sending package: the signed copies, and the e-mail draft that carries them.",
        "read": "Read answers back out of a filled official form, as far as it goes.",
        "move": "Say what would print differently on another edition of a form, and with --out move the answers to it.",
    },
    help="Review answers and export the bundle.",
)
