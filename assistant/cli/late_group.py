"""A group of commands, each in a module of its own that is loaded when the command runs.

The help of the group comes from its table, so that it loads no Flask, no PDF and no database library; a command's
module has its imports at the top. A new command is one row in the table and one module.
"""

from __future__ import annotations

import keyword
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Mapping


class LateGroup(click.Group):
    """Knows its commands by name and first sentence; ``package`` holds their modules, of the same names."""

    def __init__(self, *args: Any, package: str, table: Mapping[str, str], **kwargs: Any) -> None:
        """Take the table; everything else is click's."""
        super().__init__(*args, **kwargs)
        self.package, self.table = package, table

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the commands in the table's order."""
        return list(self.table)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of this name from the module of this name.

        The module of "import" is "import_", since Python has the word; that of "encounter-reports" has a "_" for "-".
        """
        if cmd_name not in self.table:
            return None
        name = cmd_name.replace("-", "_")
        module = import_module(f"{self.package}.{name}{'_' if keyword.iskeyword(name) else ''}")
        return next(one for one in vars(module).values() if isinstance(one, click.Command) and one.name == cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the table, without loading one."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.table[name]) for name in self.list_commands(ctx)])
