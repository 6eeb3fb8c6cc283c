"""A build hook that puts the page and its templates into the wheel, as gradwalk/page and gradwalk/templates.

Editable installs skip it: they serve static/dist and templates/.
"""

import importlib.util
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_spec = importlib.util.spec_from_file_location("gradwalk_page", Path(__file__).with_name("build.py"))
assert _spec is not None
assert _spec.loader is not None
page = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(page)


class PageHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds the page before the wheel is packed."""

    def dependencies(self) -> list[str]:
        """Node.js from PyPI, only where the machine has none."""
        return [] if page.node_on_path() else [page.NODE_PACKAGE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the page, and add it and the templates to a standard wheel."""
        if version != "editable":
            page.build()
            build_data["force_include"][str(page.STATIC / "dist")] = "gradwalk/page"
            build_data["force_include"][str(page.STATIC.parent / "templates")] = "gradwalk/templates"
