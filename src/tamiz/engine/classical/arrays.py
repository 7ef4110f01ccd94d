"""From a fitted scikit-learn classifier to the arrays that `models.nets.classical` answers from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

from tamiz.models.nets.classical import Classifier, make_classifier

Arrays = dict[str, NDArray[Any]]
_CLOSE: Final = 1e-6  # largest difference between our answers and scikit-learn's
_TIED: Final = 1e-9  # relative; nearer neighbours than that may be taken in either order


@dataclass(frozen=True, slots=True)
class Exported:
    """A classifier as plain arrays.

    Attributes:
        arrays: by the names of its `state_dict`.
        sizes: what `make_classifier` has to know of them.
    """

    arrays: Arrays
    sizes: dict[str, int]

    def module(self, kind: str, n_columns: int, n_classes: int) -> Classifier:
        """Return the classifier, ready to answer."""
        made = make_classifier(kind, n_columns, n_classes, self.sizes)
        made.take(self.arrays)
        return made.eval()


def exported(kind: str, fitted: Any, targets: NDArray[np.int64]) -> Exported:
    """Return what a fitted classifier of scikit-learn knows.

    Args:
        kind: of `models.descriptors.CLASSIFIERS`.
        fitted: of that kind, to classes 0, 1, ...
        targets: of the rows it was fitted to.
    """
    if kind == "logistic":
        return _logistic(fitted)
    if kind == "svm":
        return _svm(fitted)
    if kind == "knn":
        rows = np.asarray(fitted._fit_X, dtype=np.float32)  # noqa: SLF001
        nearest = np.array(fitted.n_neighbors)
        known: Arrays = {"rows": rows, "owner": targets, "n_nearest": nearest}
        return Exported(known, {"rows": len(rows)})
    return _forest(fitted) if kind == "forest" else _boosting(fitted)


def check_equal(kind: str, ours: Classifier, fitted: Any, rows: NDArray[np.float32]) -> float:
    """Return the largest difference between our answers and scikit-learn's about some rows.

    Rows whose last neighbour has rivals at the same distance are left out: either is right.

    Raises:
        RuntimeError: it is above 1e-6: arrays and library do not agree, and nothing may be saved.
    """
    with torch.inference_mode():
        found = ours.answers(torch.from_numpy(rows)).numpy()
    exact = rows.astype(np.float64)
    if kind == "svm":
        wanted = fitted.decision_function(exact)
        wanted = np.stack([-wanted, wanted], 1) / 2 if wanted.ndim == 1 else wanted
    else:
        wanted = fitted.predict_proba(exact)
    apart = np.abs(found - wanted).max(axis=1, initial=0.0)
    if kind == "knn":
        apart = apart[~_are_tied(fitted, exact)]
    largest = float(apart.max(initial=0.0))
    if not largest <= _CLOSE:
        raise RuntimeError(f"{kind}: arrays and scikit-learn differ by {largest:.3g}")
    return largest


def _are_tied(fitted: Any, rows: NDArray[np.float64]) -> NDArray[np.bool_]:
    k = int(fitted.n_neighbors)
    if k >= len(fitted._fit_X):  # noqa: SLF001
        return np.zeros(len(rows), dtype=bool)
    distances, _ = fitted.kneighbors(rows, n_neighbors=k + 1)
    squares = distances**2
    scale = np.square(rows).sum(axis=1) + squares[:, k]
    tied: NDArray[np.bool_] = squares[:, k] - squares[:, k - 1] <= _TIED * (1 + scale)
    return tied


def _logistic(fitted: Any) -> Exported:
    weight, bias = fitted.coef_.astype(np.float64), fitted.intercept_.astype(np.float64)
    if len(weight) == 1:  # of two classes scikit-learn keeps the second's score alone
        weight = np.concatenate([np.zeros_like(weight), weight])
        bias = np.concatenate([np.zeros_like(bias), bias])
    return Exported({"weight": weight, "bias": bias}, {})


def _svm(fitted: Any) -> Exported:
    owner = np.repeat(np.arange(len(fitted.n_support_)), fitted.n_support_)
    # Of two classes scikit-learn turns the signs: above 0 is the second class.
    sign = -1.0 if len(fitted.classes_) == 2 else 1.0
    arrays = {
        "rows": fitted.support_vectors_.astype(np.float32),
        "dual": sign * np.asarray(fitted.dual_coef_, dtype=np.float64),
        "owner": owner.astype(np.int64),
        "bias": sign * fitted.intercept_.astype(np.float64),
        "gamma": np.array(float(fitted.gamma)),
    }
    return Exported(arrays, {"rows": len(owner)})


@dataclass(frozen=True, slots=True)
class _Tree:
    """One tree: children below 0 mark a leaf, whose values are in its row of `value`."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    feature: NDArray[np.int64]
    threshold: NDArray[np.float64]
    value: NDArray[np.float64]


def _forest(fitted: Any) -> Exported:
    trees = []
    for one in fitted.estimators_:
        tree = one.tree_
        shares = tree.value[:, 0, :]
        shares = shares / shares.sum(axis=1, keepdims=True)
        trees.append(
            _Tree(tree.children_left, tree.children_right, tree.feature, tree.threshold, shares)
        )
    return _laid_out(trees, np.dtype(np.float32), {})


def _boosting(fitted: Any) -> Exported:
    trees = []
    for step in fitted._predictors:  # noqa: SLF001
        for one in step:
            nodes = one.nodes
            is_leaf = nodes["is_leaf"].astype(bool)
            left, right = (
                np.where(is_leaf, -1, nodes[side].astype(np.int64)) for side in ("left", "right")
            )
            feature = nodes["feature_idx"].astype(np.int64)
            trees.append(
                _Tree(left, right, feature, nodes["num_threshold"], nodes["value"][:, None])
            )
    first = np.ravel(fitted._baseline_prediction).astype(np.float64)  # noqa: SLF001
    return _laid_out(trees, np.dtype(np.float64), {"first": first})


def _laid_out(trees: Sequence[_Tree], dtype: np.dtype[Any], more: Arrays) -> Exported:
    """Return all trees as one list of nodes; a leaf is its own child."""
    sizes = [len(tree.left) for tree in trees]
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
    feature, threshold, below, leaf, value = [], [], [], [], []
    n_leaves = 0
    for tree, start in zip(trees, starts.tolist(), strict=True):
        is_leaf = tree.left < 0
        own = np.arange(len(is_leaf)) + start
        feature.append(np.where(is_leaf, 0, tree.feature))
        threshold.append(np.where(is_leaf, 0.0, tree.threshold))
        sides = [np.where(is_leaf, own, side + start) for side in (tree.left, tree.right)]
        below.append(np.stack(sides))
        leaf.append(np.where(is_leaf, np.cumsum(is_leaf) - 1 + n_leaves, 0))
        value.append(tree.value[is_leaf])
        n_leaves += int(is_leaf.sum())
    arrays: Arrays = {
        "feature": np.concatenate(feature).astype(np.int32),
        "threshold": np.concatenate(threshold).astype(np.float64),
        "below": np.concatenate(below, axis=1).astype(np.int32),
        "leaf": np.concatenate(leaf).astype(np.int32),
        "roots": starts.astype(np.int32),
        "value": np.concatenate(value).astype(dtype),
        **more,
    }
    return Exported(arrays, {"trees": len(trees), "nodes": sum(sizes), "leaves": n_leaves})
