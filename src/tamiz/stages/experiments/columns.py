"""Can the label be told from how an image was taken and stored? The audit's probes, asked again."""

from __future__ import annotations

from typing import Final

import numpy as np

from tamiz.core.events import OnEvent, progress_of
from tamiz.core.language import Text, text
from tamiz.core.recipe import Recipe
from tamiz.data.evidence import Evidence, Pairs
from tamiz.data.report import Estimate, Finding, Severity
from tamiz.data.run_folder import Run
from tamiz.probes.asking import ProbeResult, ask_all, rows_to_ask
from tamiz.probes.report_blocks import is_shortcut
from tamiz.probes.score import Scored
from tamiz.stages.experiments.outcome import Outcome, Row, row_values
from tamiz.stages.experiments.parts import Material
from tamiz.stages.measuring import sketches_among

TAKING: Final = ("centre", "metadata", "storage", "file_size", "image_size")
PIXELS: Final = ("border", "corners", "background", "middle_blacked_out")


def probed(
    material: Material, recipe: Recipe, run: Run, on_event: OnEvent
) -> tuple[ProbeResult, ...] | Text:
    """Return what every probe says of the training and validation rows, or why none was asked.

    No row of the test part is among them, and none of its files is read.
    """
    sketches = sketches_among(recipe, run, material.rows, on_event)
    sealed = np.zeros(len(material.rows), dtype=np.bool_)
    evidence = Evidence(material.rows, sketches, Pairs.none(), sealed, recipe.audit.seed)
    asked = rows_to_ask(evidence)
    if isinstance(asked, Text):
        return asked
    told = progress_of(on_event, stage="sanity", text=text("audit.probing"))
    return ask_all(evidence, asked, on_progress=told)


def columns_outcome(
    results: tuple[ProbeResult, ...] | Text, names: tuple[str, ...]
) -> Outcome | Text:
    """Return a row for each of these probes that had something to look at, or why there is none.

    AUROC is cross-validated by group; p-values are corrected for all probes that were asked.
    """
    if isinstance(results, Text):
        return results
    known = [(one, one.scored) for one in results if one.name in names and one.scored is not None]
    if not known:
        return text("sanity.no_columns")
    known.sort(key=lambda pair: names.index(pair[0].name))
    rows = tuple(_row(one, scored) for one, scored in known)
    findings = tuple(_finding(one, scored) for one, scored in known if is_shortcut(one))
    values = {one.name: row_values(row) for (one, _), row in zip(known, rows, strict=True)}
    return Outcome(rows, (), findings, values)


def _row(one: ProbeResult, scored: Scored) -> Row:
    auroc = Estimate(scored.auroc, scored.low, scored.high, scored.n, scored.n_groups, "bootstrap")
    name = text("sanity.name_probe", name=text(f"probes.name_{one.name}"))
    key = "sanity.probe_tells" if is_shortcut(one) else "sanity.probe_silent"
    figures = {"auroc": scored.auroc, "low": scored.low, "high": scored.high}
    return Row(name, text(key, p=one.p_corrected, **figures), None, auroc)


def _finding(one: ProbeResult, scored: Scored) -> Finding:
    what = text(
        f"probes.found_{one.name}",
        auroc=scored.auroc,
        low=scored.low,
        high=scored.high,
        n=scored.n,
        n_groups=scored.n_groups,
    )
    return Finding(
        Severity.WARNING,
        what,
        text(f"probes.advice_{one.name}"),
        certainty=text("probes.certainty", p=one.p_corrected),
        effect=max(0.0, 2 * scored.auroc - 1),
    )
