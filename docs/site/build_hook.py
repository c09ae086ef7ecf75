"""Builds the guide into `app/guide` when the package is built or installed, so that every playground can serve it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from properdocs.commands.build import build
from properdocs.config import load_config


class GuideHook(BuildHookInterface[Any]):
    """Makes the pages of docs/ into a site before the wheel is packed; in an editable install too."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the site; a broken link in it ends the build."""
        build(load_config(str(Path(self.root) / "docs" / "site" / "properdocs.yml")))
