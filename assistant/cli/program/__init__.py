"""``moa program``: ICE's published lists, loaded, searched and counted."""

from __future__ import annotations

from assistant.cli.late_group import LateGroup

program = LateGroup(
    "program",
    package="assistant.cli.program",
    table={
        "import": "Load FILE, a list as ICE publishes it, in place of the last one of its kind.",
        "find": "Look an agency up by NAME, in whatever spelling, among participating and pending ones.",
        "report": "Count agreements by model, state and month, and pending ones, from the last lists loaded.",
    },
    help="Load and search ICE's published lists.",
)
