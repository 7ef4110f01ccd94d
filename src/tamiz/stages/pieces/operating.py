"""Closer look: what other ways of deciding would give, and what giving no answer would."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tamiz.core.errors import WrongUse
from tamiz.core.events import OnEvent
from tamiz.core.language import text
from tamiz.core.recipe import EvaluateOptions
from tamiz.data.predictions import Predictions
from tamiz.data.report import Block, Finding, Paragraph, Section, Severity, Words
from tamiz.metrics.decision import MOST_PROBABLE, Decision
from tamiz.metrics.operating import (
    USUAL_POINTS,
    check_decision,
    cuts_of,
    decide,
    decision_by,
    guaranteed,
    needed_for,
    parse_rule,
    positive_class,
    rule_words,
)
from tamiz.metrics.operating_blocks import (
    confusion_at,
    cost_table,
    estimate_words,
    point_charts,
    point_tables,
    sensitivity_on,
    withheld_blocks,
)
from tamiz.metrics.operating_figures import (
    Point,
    Withheld,
    measure_points,
    measure_withholding,
)
from tamiz.metrics.report_blocks import COLUMN_NAMES, to_values
from tamiz.stages.evaluation import Evaluation, Piece

if TYPE_CHECKING:
    from tamiz.models.bundle import Bundle


def operating_piece(evaluation: Evaluation, on_event: OnEvent) -> Piece:  # noqa: ARG001
    """Return operating points, the decision in force and what withholding answers gives.

    Thresholds and limits come from the validation part, or from the model where there is none.
    Nothing with several labels per image: those have thresholds of their own.
    """
    known = evaluation.predictions.labelled()
    if known.is_multilabel or not len(known):
        return Piece()
    sorted_rows = known.take(known.item.argsort(kind="stable"))
    evaluation = replace(evaluation, predictions=sorted_rows)
    decision = decision_of(evaluation)
    return _joined(
        decision, _points(evaluation, decision), _withheld(evaluation, decision), evaluation
    )


def decision_of(evaluation: Evaluation) -> Decision:
    """Return the decision in force: set on validation rows, or the model's own without any."""
    if evaluation.val is None:
        return evaluation.bundle.decision
    return decide(evaluation.recipe.evaluate, evaluation.bundle.classes, evaluation.val)


def refuse_wishes(options: EvaluateOptions, bundle: Bundle, *, has_val: bool) -> None:
    """Raise where what the recipe asks of decisions cannot be had (see `check_decision`).

    Raises:
        WrongUse: a class or rule is unknown, a rule lacks what it needs, or images have several
            labels, each of which has a threshold of its own.
    """
    if not bundle.is_multilabel:
        check_decision(options, bundle.classes, has_val=has_val)
    elif options.decide != MOST_PROBABLE or options.abstain or options.positive is not None:
        raise WrongUse.of("operating.several_labels", where="evaluate.decide")


def with_decision(
    bundle: Bundle, options: EvaluateOptions, val: Predictions | None, *, is_pooled: bool
) -> Bundle:
    """Return the bundle that decides as the recipe asks, so that `predict` does so too.

    Figures of patients are set on means of images, and prediction answers image by image: there
    the most probable class stays. With several labels nothing changes.
    """
    if bundle.is_multilabel:
        return bundle
    if val is None or is_pooled:
        return bundle.with_decision(Decision())
    return bundle.with_decision(decide(options, bundle.classes, val))


def _joined(decision: Decision, points: Piece, withheld: Piece, evaluation: Evaluation) -> Piece:
    values: dict[str, Any] = {"decision": decision.facts() or {"rule": MOST_PROBABLE}}
    values |= {**points.values, **withheld.values}
    summary = (*points.summary, *withheld.summary)
    sections = (*points.sections, *withheld.sections)
    has_wish = not decision.is_usual
    if has_wish and not points.sections:
        table = confusion_at(decision, evaluation.predictions, _part(evaluation))
        blocks: list[Block] = [table] if table else []
        if decision.costs:
            costs, found = cost_table(
                decision,
                evaluation.predictions,
                _part(evaluation),
                evaluation.recipe.evaluate.confidence,
            )
            blocks.insert(0, costs)
            values["costs"] = to_values(found)
            summary = (costs, *summary)
        made = Section("operating", text("operating.title"), tuple(blocks))
        sections = (made, *sections) if blocks else sections
    return Piece(sections, summary, (*points.findings, *withheld.findings), {"operating": values})


def _part(evaluation: Evaluation) -> Words:
    return COLUMN_NAMES.get(evaluation.part, evaluation.part)


def _points(evaluation: Evaluation, decision: Decision) -> Piece:
    """Return the operating points of the positive class; nothing where there is none."""
    options, known = evaluation.recipe.evaluate, evaluation.predictions
    positive = positive_class(options, known.classes)
    if evaluation.val is None and decision.positive:
        positive = decision.positive
    if not positive:
        return Piece()
    val = None if evaluation.val is None else evaluation.val.labelled()
    decisions = _decisions(options, evaluation.bundle.classes, val, decision)
    points = measure_points(decisions, positive, known, options)
    chosen = next(one for one in points if one.decision.rule == decision.rule)
    part, at = _part(evaluation), list(known.classes).index(positive)
    blocks: list[Block] = [*_how(evaluation, positive, val)]
    findings: list[Finding] = []
    wish = options.decide if val is not None else decision.rule
    if val is not None:
        sentence, findings = _promise(wish, decision, val, positive)
        blocks += sentence
        findings = [*findings, *_missed(chosen, part)]
    blocks += point_tables(points, decision.rule, known, part, options)
    values: dict[str, Any] = {"positive": positive, "points": [_values(one) for one in points]}
    if decision.costs:
        costs, found = cost_table(decision, known, part, options.confidence)
        blocks.append(costs)
        values["costs"] = to_values(found)
    blocks += point_charts(known, at, chosen, part, options)
    if not decision.is_usual:
        confusion = confusion_at(decision, known, part)
        blocks += [confusion] if confusion else []
    section = Section("operating", text("operating.title"), tuple(blocks))
    return Piece((section,), _summary(chosen, part), tuple(findings), values)


def _decisions(
    options: EvaluateOptions, classes: tuple[str, ...], val: Predictions | None, chosen: Decision
) -> list[Decision]:
    """Return the usual points that validation rows can tell, the chosen one in its place."""
    plain = replace(chosen, abstain_below=0.0)
    made = {MOST_PROBABLE: Decision()}
    for rule in USUAL_POINTS:
        found = decision_by(rule, options, classes, val)
        if found is not None:
            made[rule] = found
    names = {parse_rule(rule): rule for rule in made}
    made.pop(names.get(parse_rule(plain.rule), ""), None)  # the same rule in other words
    made[plain.rule] = plain
    order = {parse_rule(rule): at for at, rule in enumerate(USUAL_POINTS)}
    return sorted(made.values(), key=lambda one: order.get(parse_rule(one.rule), len(order)))


def _how(evaluation: Evaluation, positive: str, val: Predictions | None) -> list[Block]:
    if val is None:
        return [Paragraph(text("operating.how_stored", positive=positive))]
    n_positive = int((val.target == list(val.classes).index(positive)).sum())
    made: list[Block] = [
        Paragraph(text("operating.how", positive=positive, n=len(val), n_positive=n_positive))
    ]
    if evaluation.part == "oof":
        made.append(Paragraph(text("operating.how_folds")))
    if evaluation.is_pooled:
        made.append(Paragraph(text("operating.patients")))
    return made


def _promise(
    rule: str, decision: Decision, val: Predictions, positive: str
) -> tuple[list[Block], list[Finding]]:
    """Return what a target sensitivity set on so many validation rows does and does not promise."""
    name, target = parse_rule(rule)
    needs_threshold = name not in {MOST_PROBABLE, "cost"}
    if needs_threshold and decision.threshold is None:
        what = text("operating.no_threshold", positive=positive)
        advice = text("operating.no_threshold_advice")
        return [], [Finding(Severity.WARNING, what, advice)]
    if name != "sensitivity" or decision.threshold is None:
        return [], []
    at = list(val.classes).index(positive)
    cuts = cuts_of(val.probabilities[:, at], val.target == at)
    n_groups = len(set(val.group[val.target == at].tolist()))
    share = sensitivity_on(cuts, decision.threshold) / max(1, cuts.n_positive)
    bound = guaranteed(math.floor(share * n_groups), n_groups)  # a patient's images count once
    facts = {"target": 100 * target, "n": cuts.n_positive, "positive": positive}
    facts["groups"] = n_groups
    sentence = Paragraph(text("operating.guaranteed", **facts, bound=bound))
    needed = needed_for(target)
    if n_groups >= needed:  # 0 where no number is enough: a target of 100 %
        return [sentence], []
    what = text("operating.cannot_guarantee", **facts, needed=needed)
    advice = text("operating.cannot_guarantee_advice")
    return [sentence], [Finding(Severity.NOTE, what, advice)]


def _missed(chosen: Point, part: Words) -> list[Finding]:
    """Return a warning where the interval of a target rate lies below the target."""
    name, target = parse_rule(chosen.decision.rule)
    found = chosen.figures.get(name)
    if found is None or found.high is None or found.high >= target:
        return []
    rate = text(f"operating.{name}")
    shown = estimate_words(found)
    what = text("operating.missed", rate=rate, target=100 * target, part=part, found=shown)
    return [Finding(Severity.WARNING, what, text("operating.missed_advice"))]


def _summary(chosen: Point, part: Words) -> tuple[Block, ...]:
    decision = chosen.decision
    if decision.threshold is None:
        return ()
    sentence = text(
        "operating.summary",
        rule=rule_words(decision.rule),
        threshold=decision.threshold,
        sensitivity=estimate_words(chosen.figures["sensitivity"]),
        specificity=estimate_words(chosen.figures["specificity"]),
        part=part,
    )
    return (Paragraph(sentence),)


def _withheld(evaluation: Evaluation, decision: Decision) -> Piece:
    options, known = evaluation.recipe.evaluate, evaluation.predictions
    part, n = _part(evaluation), len(known)
    found = measure_withholding(decision, known, options)
    limit = decision.abstain_below
    if not limit:
        how = Paragraph(text("operating.withheld_none"))
    elif evaluation.val is None:
        how = Paragraph(text("operating.withheld_stored", limit=limit, n=found.n_withheld, all=n))
    else:
        how = Paragraph(
            text(
                "operating.withheld_how",
                limit=limit,
                share=options.abstain,
                n=found.n_withheld,
                all=n,
            )
        )
    blocks = (how, *withheld_blocks(found, part))
    section = Section("withheld", text("operating.withheld_title"), blocks)
    summary: tuple[Block, ...] = ()
    if limit:
        accuracy = estimate_words(found.accuracy)
        facts = {"n": found.n_withheld, "all": n, "part": part}
        summary = (Paragraph(text("operating.withheld_summary", **facts, accuracy=accuracy)),)
    return Piece((section,), summary, (), {"withheld": _withheld_values(found)})


def _withheld_values(found: Withheld) -> dict[str, Any]:
    named = {
        "coverage": found.coverage,
        "accuracy": found.accuracy,
        "accuracy_of_all": found.accuracy_of_all,
        "aurc": found.area,
    }
    figures = to_values({name: one for name, one in named.items() if one is not None})
    return {"n_withheld": found.n_withheld, **figures}


def _values(point: Point) -> dict[str, Any]:
    figures = {name: one for name, one in point.figures.items() if one is not None}
    counts = dict(zip(("tp", "fp", "fn", "tn"), point.counts, strict=True))
    decision = point.decision
    facts = {"rule": decision.rule, "threshold": decision.threshold}
    return {**facts, **counts, **to_values(figures)}
