"""What the wheel carries beside the package: pages, form maps, page style and fonts.

Knows the build only. Style and fonts that set-up has not installed yet are fetched as it fetches them. Where they
cannot be had the wheel goes without: pages come in plain style, and whatever needs a font says in a sentence that it
is absent.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STYLE = "instance/assets"
CARRIED = {"templates": "templates", "forms": "forms", STYLE: "assets"}
FETCHING_SECONDS = 600
# A build without network goes on soon.
FEW_TRIES = {"PIP_RETRIES": "1", "NPM_CONFIG_FETCH_RETRIES": "0"}


class CustomBuildHook(BuildHookInterface[Any]):
    """Put the folders that lie beside the package into assistant/_data, where config.py looks for them."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Map each folder to its place; an editable install reads them where they lie."""
        if self.target_name != "wheel" or version == "editable":
            return
        if not Path(self.root, STYLE).is_dir():
            fetch_style(Path(self.root))
        for source, name in CARRIED.items():
            folder = Path(self.root, source)
            if folder.is_dir():
                build_data["force_include"][str(folder)] = f"assistant/_data/{name}"
            else:
                sys.stderr.write(f"{source} is absent, so the wheel goes without it.\n")


def fetch_style(root: Path) -> None:
    """Have ``bootstrap.py`` bring page style and fonts, each checked against its hash; what fails is only told."""
    if not (root / "bootstrap.py").is_file():
        return
    # The environment that pip builds in is not the one that bootstrap makes.
    outer = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    try:
        subprocess.run(
            [sys.executable, "bootstrap.py", "style"], cwd=root, env=outer | FEW_TRIES, stdin=subprocess.DEVNULL,
            timeout=FETCHING_SECONDS, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        sys.stderr.write(f"Page style and fonts could not be fetched ({type(error).__name__}).\n")
