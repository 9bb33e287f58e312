"""What the wheel carries beside the package: pages, form maps, and page style and fonts where they are installed.

Knows the build only. A wheel made without style and fonts works: pages come in plain style, and whatever needs
a font says in a sentence that it is absent.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CARRIED = {"templates": "templates", "forms": "forms", "instance/assets": "assets"}


class CustomBuildHook(BuildHookInterface[Any]):
    """Put the folders that lie beside the package into assistant/_data, where config.py looks for them."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Map each folder to its place; an editable install reads them where they lie."""
        if self.target_name != "wheel" or version == "editable":
            return
        for source, name in CARRIED.items():
            folder = Path(self.root, source)
            if folder.is_dir():
                build_data["force_include"][str(folder)] = f"assistant/_data/{name}"
            else:
                sys.stderr.write(f"{source} is absent, so the wheel goes without it.\n")
