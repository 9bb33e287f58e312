"""``moa message``: saved e-mail messages, to ICE and from it."""

from __future__ import annotations

from assistant.cli.late_group import LateGroup

message = LateGroup(
    "message",
    package="assistant.cli.message",
    table={"read": "Say what a saved message is, and which attachments are signed copies or exported files."},
    help="Read a saved e-mail message.",
)
