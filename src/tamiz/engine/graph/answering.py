"""From a network's scores to probabilities, distances and answers, as operators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from tamiz.engine.graph.building import Graph, Value
from tamiz.metrics.calibration import Calibration, Floats
from tamiz.metrics.decision import WITHHELD, Decision
from tamiz.models.guard import FARTHEST, Distance

_NEARLY: Final = 1e-9


def probabilities(scores: Value, calibration: Calibration, *, is_multilabel: bool) -> Value:
    """Return (n, classes) float64, as `Calibration.probabilities` does of (n, classes) float64."""
    g = scores.graph
    if not (is_multilabel or calibration.is_plain):
        scores = g.op("LogSoftmax", [scores], np.float64, {"axis": 1})
    scaled = scores * g.constant([calibration.scales], np.float64)
    scaled = scaled + g.constant([calibration.shifts], np.float64)
    if calibration.bend:
        scaled = scaled + scores * scores * calibration.bend
    if not is_multilabel:
        return g.op("Softmax", [scaled], np.float64, {"axis": 1})
    return g.constant(1.0, np.float64) / ((scaled * -1.0).one("Exp") + 1.0)


def mean_of(parts: Sequence[Value]) -> Value:
    """Return the mean of several networks' probabilities."""
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total / float(len(parts)) if len(parts) > 1 else total


def distances(features: Value, distance: Distance) -> Value:
    """Return (n,) float64, as a guard's `Distance` gives of (n, all features) float32."""
    g = features.graph
    chosen = features.taken(g.constant(distance.places, np.int64), 1).cast(np.float64)
    rows = (chosen - _exact(g, distance.mean)) / _exact(g, distance.scale)
    basis, centres = (one.astype(np.float64) for one in (distance.basis, distance.centres))
    roots = np.sqrt(distance.variances[:-1].astype(np.float64))
    rows_in = g.op("MatMul", [rows, _exact(g, distance.basis)], np.float64)
    centres_in = centres @ basis
    inside = _squared_between(rows_in / g.constant(roots, np.float64), centres_in / roots)
    outside = _squared_between(rows, centres) - _squared_between(rows_in, centres_in)
    near = inside + outside.at_least(0.0) / float(distance.variances[-1])
    axis = g.constant([1], np.int64)
    nearest = g.op("ReduceMin", [near, axis], np.float64, {"keepdims": 0})
    made = (nearest.at_least(0.0) / float(len(distance.mean))).one("Sqrt")
    made = (made * 1e6).one("Round") / 1e6
    is_number = g.op("Equal", [made, made], np.bool_)
    return made.where(is_number, FARTHEST).at_most(FARTHEST)


def answers(shares: Value, decision: Decision, classes: Sequence[str]) -> Value:
    """Return (n,) int64, as `Decision.answers` does: the class's number, -1 where withheld."""
    chosen, sureness = _chosen(shares, decision, classes)
    if decision.abstain_below <= 0:
        return chosen
    return chosen.where(sureness > np.nextafter(decision.abstain_below, -1.0), WITHHELD)


def _chosen(shares: Value, decision: Decision, classes: Sequence[str]) -> tuple[Value, Value]:
    """Return (n,) the class of each row and how sure the answer is."""
    g = shares.graph
    if decision.costs:
        table = np.array(decision.costs, dtype=np.float64)
        expected = g.op("MatMul", [shares, g.constant(table, np.float64)], np.float64)
        least = _best(expected * -1.0)
        return least, (_most(expected * -1.0) / max(float(table.max()), _NEARLY)) + 1.0
    if decision.threshold is None:
        return _best(shares), _most(shares)
    at = list(classes).index(decision.positive)
    is_positive = np.arange(len(classes)) == at
    nothing = g.constant(-1.0, np.float64)
    others = nothing.where(g.constant([is_positive], np.bool_), shares)
    zero = g.constant(0.0, np.float64)
    positive = shares.where(g.constant([is_positive], np.bool_), zero).total([1])
    is_yes = g.op(
        "GreaterOrEqual", [positive, g.constant(decision.threshold, np.float64)], np.bool_
    )
    chosen = g.constant(at, np.int64).where(is_yes, _best(others))
    limit = min(max(decision.threshold, _NEARLY), 1 - _NEARLY)
    rest = positive * -1.0 + 1.0
    yes, no = positive * (1 - limit), rest * limit
    share = yes.where(is_yes, no * _most(others) / rest.at_least(_NEARLY))
    return chosen, (share / (yes + no)).clipped(0.0, 1.0)


def _squared_between(rows: Value, centres: Floats) -> Value:
    g = rows.graph
    lengths = (rows * rows).total([1], keep=True) + g.constant(
        [(centres**2).sum(axis=1)], np.float64
    )
    product = g.op("MatMul", [rows, g.constant(centres.T, np.float64)], np.float64)
    return lengths - product * 2.0


def _best(rows: Value) -> Value:
    return rows.graph.op("ArgMax", [rows], np.int64, {"axis": 1, "keepdims": 0})


def _most(rows: Value) -> Value:
    axis = rows.graph.constant([1], np.int64)
    return rows.graph.op("ReduceMax", [rows, axis], np.float64, {"keepdims": 0})


def _exact(graph: Graph, numbers: Any) -> Value:
    """Return float32 numbers as float64; the file holds half as many bytes."""
    return graph.constant(numbers, np.float32).cast(np.float64)
