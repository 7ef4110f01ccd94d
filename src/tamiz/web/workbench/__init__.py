"""The workbench: from looking at data to a trained model, in the browser."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tamiz.core.errors import WrongUse
from tamiz.web.opened import Page
from tamiz.web.workbench.bench import Bench

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

# In the order of the work; the module `<name>_page` draws the page.
_PAGES: Final = {
    "explore": ":material/grid_view:",
    "review": ":material/rule:",
    "recipe": ":material/tune:",
    "train": ":material/model_training:",
    "compare": ":material/compare_arrows:",
    "lab": ":material/experiment:",
    "slides": ":material/zoom_in:",
}


def pages(data: Path, runs: Path) -> tuple[Page, ...]:
    """Return the workbench's pages, in the order of the work.

    Args:
        data: what is worked on: a folder, a table, an array file, an archive.
        runs: folder of the runs; it need not be there yet.

    Raises:
        WrongUse: there is no such source, or `runs` is no folder.
    """
    if not data.exists():
        raise WrongUse.of("errors.not_found", where=data)
    if runs.exists() and not runs.is_dir():
        raise WrongUse.of("workbench.runs_no_folder", where=runs)
    bench = Bench(data, runs)
    return tuple(
        Page(name, f"workbench.page_{name}", icon, _drawing(name, bench))
        for name, icon in _PAGES.items()
    )


def routes(data: Path, runs: Path) -> Sequence[BaseRoute]:
    """Return the further answers of the server that the pages need: tiles of slides."""
    from tamiz.web.workbench.slides_page import slide_routes

    return slide_routes(Bench(data, runs))


def scripts() -> tuple[str, ...]:
    """Return the scripts that stand inline in frames of these pages, to be allowed by hash."""
    from tamiz.rendering.html import page_script
    from tamiz.web.workbench.slides_page import viewer_script

    return page_script(), viewer_script()


def _drawing(name: str, bench: Bench) -> Callable[[], None]:
    """Return what draws a page; its module is imported when it is first asked for."""

    def show() -> None:
        from tamiz.web.workbench.screens import with_style

        with_style()
        importlib.import_module(f"tamiz.web.workbench.{name}_page").show(bench)

    return show
