"""``moa program``: ICE's published lists, loaded, searched and counted."""

from __future__ import annotations

from assistant.cli.late_group import LateGroup

program = LateGroup(
    "program",
    package="assistant.cli.program",
    table={
        "import": "Load FILE, a list as ICE publishes it, to replace the last one of its kind.",
        "find": "Look up an agency by NAME, in any spelling, among participating and pending ones.",
        "report": "Count agreements and pending ones by model, state and month, from the last lists loaded.",
        "timeline": "Show what changed from one loaded list to the next: signed, dropped, renamed, moved from pending.",
        "encounter-reports": "Show the months of ICE's encounter reports, and keep the files of them.",
        "facts": "Show every fact this program relies on with its source, the one checked longest ago first.",
        "feed": "Write the changes of the loaded lists as an Atom feed file.",
    },
    help="Load and search ICE's published lists.",
)
