"""`run`: the whole way, from raw images to an honest number."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tamiz.core.events import OnEvent, ignore
from tamiz.core.recipe_io import tables_from_settings
from tamiz.data.report import Report
from tamiz.stages.pipeline import advance, begin


def run(
    source: Path | str,
    out: Path | str | None = None,
    settings: Mapping[str, object] | None = None,
    *,
    recipe_file: Path | None = None,
    overwrite: bool = False,
    on_event: OnEvent = ignore,
) -> Report:
    """Index, check, split, plan, train, evaluate and report; skip what is done already.

    Args:
        source: folder, table, array file or archive; or the folder of a run to go on with.
        out: the run's folder.
        settings: recipe fields by dotted name: {'train.epochs': 20}.
        recipe_file: a recipe to start from.
        overwrite: forget what the folder's run had done.
        on_event: told what happens, as it happens.

    Returns:
        The whole report; `report.values` holds the figures of metrics.json.

    Raises:
        WrongUse: a setting, the folder or the source cannot be used.
        WrongData: the data do not allow an honest result.
    """
    job, asked = begin(
        source,
        out,
        recipe_file=recipe_file,
        settings=tables_from_settings(settings or {}),
        overwrite=overwrite,
    )
    return advance(job, asked, "report", on_event, command="tamiz.run")
