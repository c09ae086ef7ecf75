"""What is made when the package is built or installed: the guide, so that every playground can serve it, and the
extension that repeats updates, where there is a compiler."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from properdocs.commands.build import build
from properdocs.config import load_config

EXTENSION = "engine.tapes._calls"


class PlaygroundHook(BuildHookInterface[Any]):
    """Builds the site of docs/ and engine/tapes/_calls.c before the wheel is packed, in an editable install too."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build both; a broken link in the guide ends the build, and a missing compiler does not."""
        build(load_config(str(Path(self.root) / "docs" / "site" / "properdocs.yml")))
        if compiled := self._compiled():
            build_data["pure_python"], build_data["infer_tag"] = False, True
            build_data["artifacts"].append(compiled)  # and none that another Python's build has left beside it

    def _compiled(self) -> str:
        """Compile the extension into engine/ and give its path; "", with a line that says why, where that fails."""
        import numpy as np
        from setuptools import Distribution, Extension

        source = str(Path("engine") / "tapes" / "_calls.c")
        extension = Extension(EXTENSION, [source], include_dirs=[np.get_include()])
        command = Distribution({"ext_modules": [extension]}).get_command_obj("build_ext")
        command.inplace, command.force, command.build_temp = True, True, str(Path("build") / "tape")
        try:
            command.ensure_finalized()
            command.run()
        except Exception as error:  # whatever a compiler or its absence may raise
            self.app.display_warning(f"engine/tapes/_calls.c was not compiled, and updates run without it: {error}")
            return ""
        return Path(command.get_ext_filename(EXTENSION)).as_posix()
