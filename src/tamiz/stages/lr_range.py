"""`lr-range`: which learning rate suits this network and these images; trains nothing that stays.

It is no stage of a run: it goes up to `plan`, tries rates on a throw-away network, and shows what
it saw. The run can be trained afterwards as if nothing had happened.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from tamiz.core.errors import WrongUse
from tamiz.core.events import OnEvent, ignore
from tamiz.core.files import write_bytes
from tamiz.core.language import text
from tamiz.core.recipe import Recipe
from tamiz.core.recipe_io import Tables
from tamiz.data.report import (
    Block,
    Chart,
    Code,
    Finding,
    Findings,
    Paragraph,
    Report,
    Section,
    Series,
    Severity,
    Table,
)
from tamiz.data.run_folder import Run
from tamiz.models.registry import MODELS
from tamiz.rendering.charts import chart_png
from tamiz.stages.pipeline import (
    advance,
    keep_recipe,
    merge_tables,
    recipe_of,
    stage_report_folder,
)
from tamiz.stages.train import task_of
from tamiz.stages.training_rows import training_rows

if TYPE_CHECKING:
    from tamiz.engine.lr_range import RangeTest

STAGE: Final = "lr-range"
_PICTURE: Final = "lr-range.png"
_DIGITS: Final = 2  # of the suggestion: the test is no more exact than that
_SHOWN_RISE: Final = 2.0  # times the start's loss: what lies higher is cut off the picture


def lr_range(
    run: Run,
    asked: Tables,
    on_event: OnEvent = ignore,
    *,
    is_applied: bool = False,
    command: str = "",
) -> Report:
    """Try learning rates from tiny to huge and suggest one; the test part is not read.

    Args:
        run: from `pipeline.begin`; what comes before training is done if it is not yet.
        asked: what the user asked for, likewise.
        on_event: told about progress.
        is_applied: write the suggestion into the run's recipe.
        command: as typed, for run.json.

    Raises:
        WrongUse: a setting is wrong, or the network reads slides.
        WrongData: the images do not allow it, or there are no starting weights.
    """
    name = recipe_of(run, asked).model.name
    if MODELS.get(name).reads == "slides":
        raise WrongUse.of("watching.lr_slides", where="model.name", name=name)
    if MODELS.get(name).learns == "at once":
        raise WrongUse.of("classical.no_steps", where="model.name", name=name)
    advance(run, asked, "plan", on_event, command=command)
    recipe = recipe_of(run, asked)
    from tamiz.engine.lr_range import range_test

    with run.opened(command):
        rows, _ = training_rows(run.manifest())
        task, _ = task_of(recipe, rows, run.folder / "cache", on_event)
        found = range_test(task, on_event=on_event)
        value = _for_recipe(found)
        if is_applied and value is not None:
            changed = merge_tables(asked, {"train": {"learning_rate": value}})
            run.remember(asked=merge_tables(run.state().get("asked", {}), changed))
            keep_recipe(run, recipe_of(run, changed))
        chart = _chart(found)
        if found.rates.size:
            write_bytes(run.folder / _PICTURE, chart_png(chart))
        report = _report(found, recipe, run, chart, value if is_applied else None)
        report.save(stage_report_folder(run, STAGE))
    return report


def _for_recipe(found: RangeTest) -> float | None:
    """Return the value of `train.learning_rate` that trains this part at the suggested rate."""
    if found.suggestion is None or found.share is None:
        return None
    return _rounded(found.suggestion / found.share)


def _rounded(rate: float) -> float:
    return float(f"{rate:.{_DIGITS - 1}e}")


def _chart(found: RangeTest) -> Chart:
    """Return loss over rate, cut off where it explodes."""
    start = float(found.smoothed[0]) if found.smoothed.size else math.nan
    shown = found.smoothed <= _SHOWN_RISE * start
    rates = tuple(map(float, found.rates[shown]))
    series = [Series(text("watching.lr_smoothed"), rates, tuple(map(float, found.smoothed[shown])))]
    if found.suggestion is not None:
        at = int(abs(found.rates - found.suggestion).argmin())
        here = (float(found.rates[at]),), (float(found.smoothed[at]),)
        series.append(Series(text("watching.lr_suggested"), *here))
    return Chart(
        "line",
        text("watching.lr_chart"),
        text("watching.lr_rate"),
        text("training.loss"),
        tuple(series),
        log_x=True,
    )


def _report(
    found: RangeTest, recipe: Recipe, run: Run, chart: Chart, applied: float | None
) -> Report:
    value = _for_recipe(found)
    blocks: list[Block] = [*_told(found, recipe, run, applied)]
    if found.rates.size:
        blocks += [chart, Paragraph(text("watching.lr_picture", path=str(run.folder / _PICTURE)))]
    if found.by_rule:
        rows = tuple(
            (text(f"watching.lr_rule_{name}"), f"{_rounded(rate):.1e}")
            for name, rate in found.by_rule.items()
        )
        columns = (text("watching.lr_rule"), text("watching.lr_rate"))
        blocks.append(Table(columns, rows, text("watching.lr_rules")))
    values: dict[str, Any] = {
        "learning_rate": value,
        "suggestion": found.suggestion and _rounded(found.suggestion),
        "part": found.part,
        "rules": found.by_rule,
        "applied": applied is not None,
        "exploded": found.has_exploded,
        "rates": found.rates.tolist(),
        "losses": found.losses.tolist(),
        "smoothed": found.smoothed.tolist(),
        "picture": str(run.folder / _PICTURE),
    }
    title = text("watching.lr_title")
    curve = replace(chart, series=chart.series[:1])  # in a terminal one point is no picture
    summary = tuple(curve if block is chart else block for block in blocks)
    return Report(STAGE, title, (Section(STAGE, title, tuple(blocks)),), summary, {STAGE: values})


def _told(found: RangeTest, recipe: Recipe, run: Run, applied: float | None) -> list[Block]:
    """Return the sentence with the suggestion, and the command that uses it."""
    if found.suggestion is None:
        key = "lr_no_number" if not found.rates.size else "lr_no_fall"
        what, advice = text(f"watching.{key}"), text("watching.lr_no_fall_advice")
        return [Findings((Finding(Severity.WARNING, what, advice),))]
    suggested = _rounded(found.suggestion)
    blocks: list[Block] = [
        Paragraph(
            text(
                "watching.lr_sentence",
                rate=f"{suggested:g}",
                n=len(found.rates),
                low=f"{found.rates[0]:.0e}",
                high=f"{found.rates[-1]:.1g}",
            )
        )
    ]
    value = _for_recipe(found)
    if "edge" not in found.by_rule:
        blocks.append(Paragraph(text("watching.lr_never_rose")))
    if found.part != "all" and recipe.train.stages:
        blocks.append(Paragraph(text("watching.lr_part", part=found.part)))
    if value is None:
        words = f"{found.part}:EPOCHS:{suggested:g}"
        blocks.append(Paragraph(text("watching.lr_stage", stage=words)))
    elif applied is not None:
        blocks.append(Paragraph(text("watching.lr_applied", rate=f"{value:g}")))
    else:
        now = f"{recipe.train.learning_rate:g}"
        command = f"tamiz train {run.folder} --set train.learning_rate={value:g}"
        blocks.append(Code(command, text("watching.lr_use", now=now)))
    return blocks
