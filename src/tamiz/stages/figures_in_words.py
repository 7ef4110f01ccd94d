"""A result's figures as sentences: each with its interval, beside baselines and by subgroup."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tamiz.core.language import has_text, text
from tamiz.data.report import Words
from tamiz.metrics.comparing import metric_for
from tamiz.metrics.multilabel import LabelMetric
from tamiz.metrics.registry import METRICS, Metric
from tamiz.metrics.report_blocks import metric_name, metric_words
from tamiz.stages.run_facts import RunFacts
from tamiz.stages.wording import figure, is_pooled, listed


def figure_sentences(facts: RunFacts) -> Iterator[Words]:
    """Yield the main figures with intervals, and how they compare with baselines."""
    yield from main_sentences(facts)
    if not facts.is_multilabel:
        yield from class_sentences(facts)
    yield from calibration_sentences(facts)
    yield from baseline_sentences(facts)
    yield from subgroup_sentences(facts)
    yield from external_sentences(facts)


def calibration_sentences(facts: RunFacts) -> Iterator[Words]:
    """Yield how far stated probabilities are from what was found."""
    ece = facts.figures.get("ece")
    if ece:
        shown = figure(facts, ece, unit="points", is_short=True)
        yield text("results.calibration", figure=shown)


def subgroup_sentences(facts: RunFacts) -> Iterator[Words]:
    """Yield of each column where the model does worst, and whether a difference is shown."""
    for column, found in facts.metrics.get("subgroups", {}).items():
        worst = found.get("worst")
        figures = found.get("levels", {}).get(worst, {}).get(found.get("metric"))
        if not figures or figures.get("value") is None:
            continue
        name = found["metric"]
        is_share = name in METRICS.names() and METRICS.get(name).is_share
        shown = figure(facts, figures, unit="percent" if is_share else "number")
        p = found.get("p_corrected")
        verdict = (
            "none"
            if p is None
            else "shown"
            if p < 1 - facts.recipe.evaluate.confidence
            else "not_shown"
        )
        yield text(
            f"results.subgroups_{verdict}",
            column=column,
            worst=worst,
            metric=metric_words(name),
            figure=shown,
            p=1.0 if p is None else p,
        )


def external_sentences(facts: RunFacts) -> Iterator[Words]:
    """Yield the accuracy on each external set."""
    for name, found in facts.external.items():
        accuracy = external_figure(found)
        if accuracy:
            shown = figure(facts, accuracy, unit="percent")
            yield text("results.external", name=name, figure=shown)


def external_figure(found: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the accuracy on an external set from its metrics.json."""
    for part in (found, *(one for one in found.values() if isinstance(one, Mapping))):
        accuracy = part.get("accuracy")
        if isinstance(accuracy, Mapping) and "value" in accuracy:
            return accuracy
    return None


def main_sentences(facts: RunFacts) -> Iterator[Words]:
    """Yield how much was right, and the AUROC."""
    found = facts.figures
    if facts.is_multilabel and "exact_match" in found:
        shown = figure(facts, found["exact_match"], unit="percent")
        f1 = figure(facts, found["f1_micro"], unit="number", is_short=True)
        yield text("results.exact_match", figure=shown, f1=f1)
    elif "accuracy" in found:
        kind = "_patients" if is_pooled(facts) else "_oof" if facts.part == "oof" else ""
        # the answers that predict gives follow the chosen threshold, where there is one
        chosen = chosen_point(facts).get("accuracy")
        shown = figure(facts, chosen or found["accuracy"], unit="percent")
        yield text(f"results.accuracy{kind}", figure=shown)
        if chosen:  # else the sentence and the tables of figures would seem to contradict
            by_tables = figure(facts, found["accuracy"], unit="percent", is_short=True)
            yield text("results.most_probable", figure=by_tables)
    if "auroc" in found:
        yield text(
            "results.auroc", figure=figure(facts, found["auroc"], unit="number", is_short=True)
        )


def class_sentences(facts: RunFacts) -> Iterator[Words]:
    """Yield sensitivity and specificity of two classes; of more, the best and the worst."""
    point = chosen_point(facts)
    if point:
        yield _at_point(facts, point)
        return
    by_class = facts.metrics.get("by_class", {}).get(facts.part, {})
    names = [name for name in facts.classes if "recall" in by_class.get(name, {})]
    if len(names) < 2:
        return
    if len(facts.classes) == 2:
        positive = positive_class(facts)
        other = next(name for name in facts.classes if name != positive)
        yield text(
            "results.two_classes",
            positive=positive,
            sensitivity=_recall(facts, by_class[positive]),
            specificity=_recall(facts, by_class[other]),
        )
        return
    order = sorted(names, key=lambda name: (float(by_class[name]["recall"]["value"]), name))
    yield text(
        "results.worst_class",
        best=order[-1],
        high=_recall(facts, by_class[order[-1]]),
        worst=order[0],
        low=_recall(facts, by_class[order[0]]),
    )


def chosen_point(facts: RunFacts) -> Mapping[str, Any]:
    """Return the operating point with a threshold that the model answers by; empty for none."""
    found = facts.metrics.get("operating", {})
    rule = found.get("decision", {}).get("rule", "")
    wanted = {"sensitivity", "specificity"}
    for point in found.get("points", []):
        if point.get("rule") == rule and point.get("threshold") is not None:
            return point if wanted <= point.keys() else {}
    return {}


def _at_point(facts: RunFacts, point: Mapping[str, Any]) -> Words:
    positive = facts.metrics["operating"].get("positive") or positive_class(facts)
    return text(
        "results.operating",
        positive=positive,
        rule=point["rule"],
        threshold=point["threshold"],
        sensitivity=figure(facts, point["sensitivity"], unit="percent"),
        specificity=figure(facts, point["specificity"], unit="percent"),
    )


def positive_class(facts: RunFacts) -> str:
    """Return the class that is looked for: the one asked for, of two the second by default."""
    asked = facts.recipe.evaluate.positive
    return asked if asked in facts.classes else facts.classes[-1]


def _recall(facts: RunFacts, found: Mapping[str, Any]) -> Words:
    return figure(facts, found["recall"], unit="percent")


def baseline_sentences(facts: RunFacts) -> Iterator[Words]:
    """Yield which baselines the model is shown to beat: by its whole interval."""
    wanted = facts.recipe.evaluate.metric
    metric = metric_for(wanted, is_multilabel=facts.is_multilabel)
    ours = facts.figures.get(metric.name)
    baselines = facts.metrics.get("baselines", {})
    if not ours or not baselines:
        return
    beaten: list[Words] = []
    others: list[Words] = []
    for name, figures in sorted(baselines.items()):
        theirs = figures.get(metric.name)
        if theirs is None:
            continue
        key = f"results.baseline_{name}"
        shown = text(
            "results.baseline",
            name=text(key) if has_text(key) else name,
            figure=plain_figure(metric, theirs["value"]),
        )
        paired = facts.metrics.get("against_baselines", {}).get(name, {}).get("verdict")
        is_better = is_beyond(ours, theirs["value"], metric.better)
        if paired is not None:  # the same images judged by both show smaller differences
            is_better = paired == "better"
        (beaten if is_better else others).append(shown)
    if beaten and others:
        yield text("results.some_better", baselines=listed(beaten), others=listed(others))
    elif beaten:
        yield text("results.all_better", baselines=listed(beaten))
    elif others:
        yield text("results.none_better", others=listed(others))


def plain_figure(metric: Metric | LabelMetric, value: float) -> Words:
    """Return 'accuracy 58.7%' or 'AUROC 0.500'."""
    key = f"results.metric_{metric.name}"
    if has_text(key):
        return text(key, value=100 * value)
    return text("results.metric", name=metric_name(metric), value=value)


def is_beyond(ours: Mapping[str, Any], theirs: float, better: str) -> bool:
    """Return whether the whole interval lies on the better side of a value; no interval: no."""
    if ours.get("low") is None or ours.get("high") is None:
        return False
    return bool(ours["low"] > theirs if better == "higher" else ours["high"] < theirs)
