"""Looks at a sealed part: counted before a figure is made, in the run and beside the data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tamiz.core.recipe import Recipe
from tamiz.data.looks_ledger import LookRecord, LooksLedger, now_and_who, part_key
from tamiz.data.manifest import Manifest
from tamiz.data.report import Estimate
from tamiz.data.run_folder import Run
from tamiz.engine.openings import contents_of_rows

if TYPE_CHECKING:
    from tamiz.models.bundle import Bundle


@dataclass(frozen=True, slots=True)
class Looked:
    """A look that was counted.

    Attributes:
        ledger: where.
        record: what stands there; without figures yet.
    """

    ledger: LooksLedger
    record: LookRecord

    def found(self, estimate: Estimate | None) -> None:
        """Add what the look showed."""
        if estimate is not None:
            shown = replace(self.record, value=estimate.value, low=estimate.low, high=estimate.high)
            self.ledger.append(shown)


def look_at_test(run: Run, bundle: Bundle, rows: Manifest, recipe: Recipe, metric: str) -> Looked:
    """Count a look at the run's test part, beside the data and in run.json; see `look_at_part`."""
    looked = look_at_part(run, bundle, rows, recipe.data.source, metric)
    own: list[dict[str, str]] = run.state().get("test_looks", [])
    look = {"when": looked.record.when, "bundle": looked.record.bundle}
    run.remember(test_looks=[*own, look])
    return looked


def look_at_part(run: Run, bundle: Bundle, rows: Manifest, source: str, metric: str) -> Looked:
    """Count a look at these rows' labels, before any figure is made; return what was noted.

    Args:
        run: whose model looks.
        bundle: the model.
        rows: the sealed rows, all of them.
        source: where they are from; the ledger lies beside it.
        metric: the one that comes first.

    Raises:
        MachineTrouble, WrongUse: the ledger cannot be written.
    """
    when, who = now_and_who()
    record = LookRecord(
        when=when,
        who=who,
        run=run.folder.resolve().name,
        bundle=bundle.identity()[:16],
        part=part_key(contents_of_rows(rows)),
        n=len(rows),
        metric=metric,
    )
    ledger = LooksLedger.of(source)
    ledger.append(record)
    return Looked(ledger, record)
