"""A benchmark as plain figures, for scripts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tamiz.data.report import Estimate
from tamiz.metrics.report_blocks import to_values
from tamiz.stages.benchmarking.cost import facts_of, prior_figure
from tamiz.stages.benchmarking.figures import Against, SideBySide
from tamiz.stages.benchmarking.ways import Way


@dataclass(frozen=True, slots=True)
class Told:
    """What the report tells besides the figures.

    Attributes:
        ways: all that were asked for.
        reference: the way that others are held against, or 'best'.
        n_compared: how many comparisons were corrected together.
        page: where the page lies.
    """

    ways: tuple[Way, ...]
    reference: str
    n_compared: int
    page: str


def values_of(sets: Sequence[SideBySide], told: Told, ranks: Mapping[str, float]) -> dict[str, Any]:
    """Return all figures, ready for JSON."""
    return {
        "ways": [
            {"way": way.word, "folder": way.folder, "left_out": list(way.left_out)}
            for way in told.ways
        ],
        "reference": told.reference,
        "comparisons": told.n_compared,
        "mean_rank": dict(ranks),
        "gaps": sum(cell.gap is not None for one in sets for cell in one.cells),
        "data": [_set_values(one, told) for one in sets],
        "page": told.page,
    }


def _set_values(one: SideBySide, told: Told) -> dict[str, Any]:
    against = {found.way: found for found in one.against}
    prior = prior_figure(one)
    made: dict[str, Any] = {}
    for cell in one.cells:
        word = cell.way.word
        if cell.gap is not None:
            made[word] = {"gap": {"stage": cell.gap.stage, "reason": cell.gap.reason}}
            continue
        made[word] = {
            "run": str(cell.folder),
            "part": one.runs[word].part,
            **{
                name: _estimate(one.figure(word, part))
                for name, part in (("val", "val"), ("result", ""))
            },
            "train_seconds": cell.cost.train_seconds if cell.cost else None,
            "run_seconds": cell.cost.run_seconds if cell.cost else None,
            "n_parameters": cell.cost.n_parameters if cell.cost else None,
            "model_bytes": cell.cost.model_bytes if cell.cost else None,
            "size_px": cell.cost.size_px if cell.cost else None,
            "against_reference": _against(against[word]) if word in against else None,
            "looks": cell.n_looks,
        }
    return {
        "name": one.data_set.name,
        "source": one.data_set.path,
        "metric": one.metric.name if one.metric else None,
        "data_key": one.keys[0],
        "split_key": one.keys[1],
        **facts_of(one),
        "prior": _estimate(prior),
        "reference": one.reference(told.reference) or None,
        "chosen_on_validation": one.chosen or None,
        "optimism_of_picking_the_best": None if math.isnan(one.optimism) else one.optimism,
        "ways": made,
    }


def _estimate(estimate: Estimate | None) -> dict[str, Any] | None:
    return None if estimate is None else to_values({"": estimate})[""]


def _against(found: Against) -> dict[str, Any]:
    is_tested = not math.isnan(found.test.p)
    return {
        "difference": _estimate(found.difference),
        "test": found.test.name,
        "p": found.test.p if is_tested else None,
        "p_corrected": found.p_corrected if is_tested else None,
        "verdict": found.verdict,
    }
