"""The plan as a report: the fingerprint, the choices, what the figures will be worth, the time."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from tamiz.core.language import Text, text
from tamiz.core.recipe import EvaluateOptions, Recipe
from tamiz.core.recipe_io import recipe_to_toml
from tamiz.data.report import (
    Block,
    Cell,
    Code,
    Finding,
    Findings,
    Paragraph,
    Report,
    Section,
    Severity,
    Table,
)
from tamiz.metrics.expected import SUPPOSED, half_width
from tamiz.models.registry import MODELS
from tamiz.stages.planning.choices import is_uneven
from tamiz.stages.planning.facts import DataFacts, MachineFacts, PartSizes
from tamiz.stages.planning.trials import Trial, name_of
from tamiz.stages.planning.within import Planned

_ONLY_SHOWN: Final = frozenset({"--json", "--quiet", "--debug"})
_WIDE: Final = 0.05  # half a width of the test figure from which folds are worth their time
_FOLDS: Final = 5
_WORD_FOR: Final = 0.9  # the accuracy that sentences suppose


def plan_report(
    recipe: Recipe,
    reasons: Mapping[str, Text],
    planned: Planned,
    facts: DataFacts,
    machine: MachineFacts | None,
) -> Report:
    """Return the report; its first summary block is the table of choices."""
    choices = planned.draft.choices
    columns = (text("plan.field"), text("plan.value"), text("plan.why"))
    table = Table(columns, tuple((c.path, _shown(c.value), c.reason) for c in choices))
    code = Code(recipe_to_toml(recipe, reasons), text("plan.recipe"))
    title = text("plan.title")
    findings = _findings(facts, planned, recipe)
    noted: tuple[Block, ...] = (Findings(findings),) if findings else ()
    times = _time_blocks(planned, recipe)
    sections = [
        Section("fingerprint", text("plan.fingerprint"), (_fingerprint(facts, machine),)),
        Section("plan", text("plan.decisions"), (table, code)),
        Section("trials", text("budget.trials"), _trial_blocks(planned.trials)),
        Section("validation", text("plan.validation"), (*_width_blocks(facts), *noted)),
        Section("time", text("budget.section"), times),
    ]
    shown = tuple(section for section in sections if section.blocks)
    return Report("plan", title, shown, (table, *times, *noted), _values(planned, facts))


def _fingerprint(facts: DataFacts, machine: MachineFacts | None) -> Table:
    sizes, (label, n_least) = facts.sizes, facts.smallest_class
    lines: list[tuple[str, Cell]] = [
        ("images", text("plan.fp_images_value", n=sizes.n_all, n_groups=sizes.n_all_groups)),
        ("training", text("plan.fp_training_value", n=facts.n_train, n_groups=facts.n_groups)),
        ("set_aside", text("plan.fp_aside_value", copies=sizes.n_copies, others=sizes.n_aside)),
        ("classes", text("plan.fp_classes_value", n=len(facts.counts), label=label, least=n_least)),
        ("imbalance", text("plan.fp_imbalance_value", times=facts.imbalance)),
        ("size", _size_words(facts)),
        ("channels", text("plan.fp_grey" if facts.is_grey else "plan.fp_colour")),
    ]
    if facts.bits:
        lines.append(("bits", text("plan.fp_bits_value", n=facts.bits)))
    lines.append(("kind", text(f"plan.kind_{facts.kind.kind}")))
    if facts.n_centres:
        lines.append(("centres", text("plan.fp_centres_value", n=facts.n_centres)))
    if machine is not None:
        lines.append(("machine", _machine_words(machine)))
    rows = tuple((text(f"plan.fp_{name}"), value) for name, value in lines)
    return Table((text("plan.fp_what"), text("plan.fp_value")), rows, text("plan.fp_caption"))


def _size_words(facts: DataFacts) -> Text:
    if facts.is_one_size:
        return text("plan.fp_one_size", n=facts.largest_px)
    return text("plan.fp_sizes", low=facts.smallest_px, middle=facts.side_px, high=facts.largest_px)


def _machine_words(machine: MachineFacts) -> Text:
    gib = machine.memory_bytes / 2**30
    if machine.gpu:
        return text("plan.fp_gpu", n=machine.n_cores, gpu=machine.gpu, gib=gib)
    return text("plan.fp_cpu", n=machine.n_cores, gib=gib)


def _width_blocks(facts: DataFacts) -> tuple[Block, ...]:
    """Return the intervals to expect: of accuracy, and of the smallest class's recall."""
    sizes = facts.sizes
    if sizes.n_test_groups < 1 or facts.is_multilabel:
        return ()
    label, _ = facts.smallest_class
    n_class = _smallest_in_test(facts)
    rows: list[tuple[Cell, ...]] = [
        (text("plan.width_accuracy"), sizes.n_test_groups, *_widths(sizes.n_test_groups)),
        (text("plan.width_recall", label=label), n_class, *_widths(n_class)),
    ]
    if not facts.is_folded:
        n = sizes.n_all_groups
        rows.append((text("plan.width_folds", n=_FOLDS), n, *_widths(n)))
    columns = (
        text("plan.width_what"),
        text("plan.width_groups"),
        *(text("sample.column_at", at=share) for share in SUPPOSED),
    )
    return (Table(columns, tuple(rows), text("plan.width_caption"), unit="count"),)


def _smallest_in_test(facts: DataFacts) -> int:
    """Return about how many groups of the smallest class are tested, by its training share."""
    _, n = facts.smallest_class
    return max(1, round(facts.sizes.n_test_groups * n / max(1, facts.n_train)))


def _widths(n: int) -> tuple[str, ...]:
    return tuple(f"±{100 * half_width(share, n):.1f}" for share in SUPPOSED)


def _findings(facts: DataFacts, planned: Planned, recipe: Recipe) -> tuple[Finding, ...]:
    found: list[Finding] = []
    sizes = facts.sizes
    if sizes.n_test_groups and not facts.is_folded and not facts.is_multilabel:
        can_fold = MODELS.get(recipe.model.name).reads != "slides"
        found += _scheme(sizes, can_fold=can_fold)
    if is_uneven(facts) and recipe.evaluate.metric == EvaluateOptions().metric:
        label, n = facts.smallest_class
        what = text("plan.uneven", label=label, n=n, times=facts.imbalance)
        command = "tamiz run {run} --metric balanced_accuracy"
        found.append(Finding(Severity.NOTE, what, text("plan.uneven_advice"), command))
    minutes, load = recipe.train.minutes, planned.load
    if minutes is not None and load is not None:
        needed = planned.spent_s + planned.rest_s
        if needed > 60 * minutes:
            what = text("budget.over", minutes=minutes, needed=needed / 60)
            found.append(Finding(Severity.WARNING, what, text("budget.over_advice")))
    found += [Finding(Severity.NOTE, note) for note in planned.notes]
    return tuple(found)


def _scheme(sizes: PartSizes, *, can_fold: bool) -> list[Finding]:
    """Return which way of validating the data bear, and what either would tell.

    Models that read slides are not trained in folds: nothing is advised that would be refused.
    """
    held, folded = (
        100 * half_width(_WORD_FOR, n) for n in (sizes.n_test_groups, sizes.n_all_groups)
    )
    told = {"n": sizes.n_test_groups, "held": held, "all": sizes.n_all_groups, "folded": folded}
    if held <= 100 * _WIDE:
        return [Finding(Severity.NOTE, text("plan.scheme_holdout", **told))]
    if not can_fold:
        what = text("plan.scheme_small", **told)
        return [Finding(Severity.WARNING, what, text("plan.scheme_small_advice"))]
    what = text("plan.scheme_folds", **told)
    advice = text("plan.scheme_folds_advice", folds=_FOLDS)
    command = f"tamiz run {{run}} --folds {_FOLDS}"
    return [Finding(Severity.WARNING, what, advice, command, effect=held / 100)]


def _trial_blocks(trials: Sequence[Trial]) -> tuple[Block, ...]:
    if not trials:
        return ()
    columns = (
        text("budget.trial_way"),
        text("budget.trial_images"),
        text("budget.trial_epochs"),
        text("budget.trial_figure", figure=text(f"budget.figure_{trials[0].judged_by}")),
        text("budget.trial_seconds"),
    )
    rows = tuple(
        (_trial_name(one), one.n_train, one.epochs, one.figure, f"{one.seconds:.0f}")
        for one in trials
    )
    return (Table(columns, rows, text("budget.trials_caption")),)


def _trial_name(trial: Trial) -> Text:
    return text(
        "budget.trial_whole" if trial.is_whole else "budget.trial_short", way=name_of(trial)
    )


def _time_blocks(planned: Planned, recipe: Recipe) -> tuple[Block, ...]:
    load = planned.load
    if load is None:
        return ()
    is_ready = planned.is_warm or bool(planned.folder)
    prepare = 0.0 if is_ready else load.n_fits * load.prepare_all_s
    whole = planned.rest_s
    lines: list[Block] = [
        Paragraph(
            text(
                "budget.estimate",
                prepare=_span(prepare),
                training=_span(whole - prepare),
                epoch=_span(load.epoch_s()),
                n_fits=load.n_fits,
            )
        ),
        Paragraph(
            text(
                "budget.memory",
                images=load.prepared_bytes / 2**20,
                step=load.step_bytes / 2**20,
            )
        ),
    ]
    if recipe.train.minutes is not None:
        told = text("budget.spent", minutes=recipe.train.minutes, spent=_span(planned.spent_s))
        lines.insert(0, Paragraph(told))
    if planned.folder:
        lines.append(Paragraph(text("budget.is_trained")))
    return tuple(lines)


def _span(seconds: float) -> str:
    """Return '40 s', '3 min' or '2.5 h': no more digits than an estimate has."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def _values(planned: Planned, facts: DataFacts) -> dict[str, Any]:
    sizes, load = facts.sizes, planned.load
    values: dict[str, Any] = {
        "choices": {c.path: c.value for c in planned.draft.choices},
        "facts": {
            "n_train": facts.n_train,
            "n_val": facts.n_val,
            "n_groups": facts.n_groups,
            "classes": facts.counts,
            "imbalance": facts.imbalance,
            "kind": facts.kind.kind,
            "n_test_groups": sizes.n_test_groups,
            "n_all_groups": sizes.n_all_groups,
        },
        "half_width": {
            name: {f"{share:g}": half_width(share, n) for share in SUPPOSED}
            for name, n in (("test", sizes.n_test_groups), ("folds", sizes.n_all_groups))
            if n
        },
        "trials": [_trial_values(one) for one in planned.trials],
    }
    if load is not None:
        values["time"] = {
            "prepare_s": load.n_fits * load.prepare_all_s,
            "epoch_s": load.epoch_s(),
            "whole_s": planned.rest_s,
            "spent_s": planned.spent_s,
            "memory_bytes": load.prepared_bytes + load.step_bytes,
        }
    return values


def _trial_values(trial: Trial) -> dict[str, Any]:
    recipe, figure = trial.draft.recipe, trial.figure
    return {
        "model": recipe.model.name,
        "options": recipe.model.options,
        "size_px": recipe.prepare.size_px,
        "epochs": trial.epochs,
        "n_train": trial.n_train,
        "is_whole": trial.is_whole,
        "value": figure.value,
        "low": figure.low,
        "high": figure.high,
        "n": figure.n,
        "n_groups": figure.n_groups,
        "seconds": trial.seconds,
    }


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(one if isinstance(one, str) else _table_shown(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}={one}" for name, one in value.items())
    return f"{value:g}" if isinstance(value, float) else str(value)


def _table_shown(table: dict[str, Any]) -> str:
    options = (f"{name}={value}" for name, value in table.items() if name != "name")
    return " ".join([str(table["name"]), *options])


def with_next_command(report: Report, typed: str, folder: Path) -> Report:
    """Return a report of which nothing was kept, with the commands that do it for real.

    Args:
        report: of a plan in a temporary folder.
        typed: the command that was given, 'tamiz plan ...'.
        folder: the temporary one, in which the commands of findings would begin.
    """
    words = shlex.split(typed)
    at = words.index("plan") if "plan" in words else 0
    plain = [one for one in words[at + 1 :] if one not in _ONLY_SHOWN]
    name = re.sub(r"\W+", "-", Path(next(iter(plain), "first")).stem).strip("-") or "first"
    begin, end = shlex.join(["tamiz", "run", *plain]), shlex.join(["--out", f"runs/{name}"])
    in_vain = shlex.join(["tamiz", "run", str(folder)])

    def lasting(finding: Finding) -> Finding:
        if not finding.command.startswith(in_vain):
            return finding
        return replace(finding, command=f"{begin}{finding.command.removeprefix(in_vain)} {end}")

    made = report.with_findings(lasting)
    blocks = (Paragraph(text("budget.only_planned")), Code(f"{begin} {end}"))
    return replace(made, summary=(*made.summary, *blocks))
