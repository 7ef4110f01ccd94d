"""Looks at the test part by programs that are not tamiz: counted before an image is given."""

from __future__ import annotations

from typing import Final

from tamiz.core.urls import is_url, name_of
from tamiz.data.looks_ledger import LookRecord, LooksLedger, now_and_who, part_key
from tamiz.data.manifest import Manifest
from tamiz.data.run_folder import Run
from tamiz.splits.audit import CONTENT_COLUMN

NO_METRIC: Final = "-"  # what is measured there, nobody tells


def count_opening(manifest: Manifest, run: Run | None) -> None:
    """Count a look at the test part of a manifest where `tamiz evaluate` counts its own.

    The ledger lies beside the source of the run, or of a manifest alone beside its root. The model
    is the run's; without one the look counts as that of a model of its own.

    Raises:
        MachineTrouble, WrongUse: the ledger cannot be written.
    """
    rows = manifest.where(split="test")
    if not len(rows):
        return
    when, who = now_and_who()
    record = LookRecord(
        when=when,
        who=who,
        run="-" if run is None else run.folder.resolve().name,
        bundle=_identity(run),
        part=part_key(contents_of_rows(rows)),
        n=len(rows),
        metric=NO_METRIC,
    )
    has_recipe = run is not None and run.recipe_path.is_file()
    source = run.recipe().data.source if run is not None and has_recipe else ""
    root = name_of(manifest.root)
    LooksLedger.of(source or (root if is_url(root) else manifest.root)).append(record)
    if run is not None and run.exists:
        own: list[dict[str, str]] = run.state().get("test_looks", [])
        run.remember(test_looks=[*own, {"when": when, "bundle": record.bundle}])


def contents_of_rows(rows: Manifest) -> list[str]:
    """Return what makes each row the image that it is: its content, frame and region."""
    content = CONTENT_COLUMN if CONTENT_COLUMN in rows.column_names else "item"
    names = (content, "frame", "x", "y", "width", "height")
    return ["\x1f".join(map(str, row)) for row in rows.rows(*names)]


def _identity(run: Run | None) -> str:
    if run is None or not (run.model_folder / "bundle.json").is_file():
        return "-"
    from tamiz.models.bundle import Bundle

    return Bundle.load(run.model_folder).identity()[:16]
