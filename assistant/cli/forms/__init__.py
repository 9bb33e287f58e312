"""``moa forms``: keep, inspect, check, label and map blank official forms."""

from __future__ import annotations

from assistant.cli.late_group import LateGroup

forms = LateGroup(
    "forms",
    package="assistant.cli.forms",
    table={
        "inspect": "Say what a PDF is: its edition, its fields, and what can easily go wrong with it.",
        "add": "Add a blank official form so that it can be filled.",
        "list": "Show the forms that were added, and the known editions without one.",
        "remove": "Remove a form that was added; ID is its SHA-256 or the first digits of it.",
        "check": "Compare every field map with the form it was written for.",
        "label": "Make a copy in which every field shows its own name.",
        "map": "Propose a field map for an unknown form.",
        "register": "Register a draft that you have checked as a known edition, and add its form FILE.",
        "compare": "Say which blanks are new, gone, moved or resized from edition OLD to NEW.",
        "packet": "Make the blank packet.",
        "unregister": "Unregister an edition that was registered here, to correct its map.",
    },
    help="Add, inspect, check and map blank official forms.",
)
