"""``moa forms``: keep, inspect, check, label and map blank official forms."""

from __future__ import annotations

from assistant.cli.late_group import LateGroup

forms = LateGroup(
    "forms",
    package="assistant.cli.forms",
    table={
        "inspect": "Say what a PDF is: its edition, its fields, and what in it goes wrong easily.",
        "add": "Keep a blank official form for use.",
        "list": "Show the kept forms, and the editions that are known without one.",
        "remove": "Take out a kept form; ID is its SHA-256 or the first digits of it.",
        "check": "Hold every field map against the kept form it was written for.",
        "label": "Make a copy in which every field shows its own name.",
        "map": "Propose a field map for an unknown form.",
        "register": "Take a draft that you have looked through in among the known editions, and keep its form FILE.",
        "compare": "Say which blanks are new, gone, moved or resized from edition OLD to NEW.",
        "packet": "Make the blank packet.",
        "unregister": "Take back an edition that was registered here, to correct its map.",
    },
    help="Keep, inspect, check and map blank official forms.",
)
