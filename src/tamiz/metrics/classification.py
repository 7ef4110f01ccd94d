"""Metrics of decisions: which class was named, right or wrong.

Conventions, the same everywhere: the decision is the most probable class. Averages over classes
run over the classes that occur among the true labels (scikit-learn with `labels` = the labels
present), so that macro recall and balanced accuracy are one figure. A class that is never
predicted has precision 0 and F1 0 (scikit-learn's `zero_division=0`).
"""

from __future__ import annotations

import numpy as np

from tamiz.metrics.by_class import (
    by_support,
    f1_by_class,
    over_present,
    precision_by_class,
    ratio,
    recall_by_class,
)
from tamiz.metrics.registry import metric
from tamiz.metrics.sums import Floats, Sums


@metric("accuracy", "proportion")
def accuracy(sums: Sums) -> Floats:
    """Return the share of items whose class was named right."""
    return ratio(sums.hit.sum(axis=1), sums.n, empty=np.nan)


@metric("balanced_accuracy", "macro")
def balanced_accuracy(sums: Sums) -> Floats:
    """Return the mean of the recalls of all classes."""
    return over_present(recall_by_class(sums), sums)


@metric("precision_macro", "macro", is_headline=False)
def precision_macro(sums: Sums) -> Floats:
    """Return the mean of the precisions of all classes."""
    return over_present(precision_by_class(sums), sums)


@metric("recall_macro", "macro", is_headline=False)
def recall_macro(sums: Sums) -> Floats:
    """Return the mean of the recalls of all classes: the balanced accuracy."""
    return over_present(recall_by_class(sums), sums)


@metric("f1_macro", "macro")
def f1_macro(sums: Sums) -> Floats:
    """Return the mean of the F1 scores of all classes."""
    return over_present(f1_by_class(sums), sums)


@metric("precision_weighted", "share", is_headline=False)
def precision_weighted(sums: Sums) -> Floats:
    """Return the mean of the precisions, each class as heavy as its items."""
    return by_support(precision_by_class(sums), sums)


@metric("recall_weighted", "proportion", is_headline=False)
def recall_weighted(sums: Sums) -> Floats:
    """Return the mean of the recalls, each class as heavy as its items: the accuracy."""
    return by_support(recall_by_class(sums), sums)


@metric("f1_weighted", "share", is_headline=False)
def f1_weighted(sums: Sums) -> Floats:
    """Return the mean of the F1 scores, each class as heavy as its items."""
    return by_support(f1_by_class(sums), sums)
