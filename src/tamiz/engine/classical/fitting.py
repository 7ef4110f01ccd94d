"""Columns, settings and classifier of a classical model, chosen within the training rows."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn.functional import cross_entropy

from tamiz.core.errors import WrongData
from tamiz.core.events import OnEvent, track
from tamiz.core.language import text
from tamiz.engine.classical.arrays import Exported, exported
from tamiz.engine.device import thread_count
from tamiz.models.descriptors import DescriptorsOptions
from tamiz.models.nets.columns import COLUMN_ARRAYS, inputs_of

Params = Mapping[str, Any]
GRIDS: Final[Mapping[str, Sequence[Params]]] = {
    "logistic": tuple({"C": c} for c in (0.1, 0.001, 0.01, 1.0)),
    "svm": tuple(
        {"C": c, "gamma": g} for c, g in ((3.0, 2.0), (3.0, 4.0), (10.0, 1.0), (10.0, 2.0))
    ),
    "forest": tuple({"min_samples_leaf": n} for n in (1, 3, 10)),
    "boosting": tuple(
        {"max_leaf_nodes": n, "learning_rate": r} for n, r in ((15, 0.1), (31, 0.1), (7, 0.03))
    ),
    "knn": tuple({"n_neighbors": n} for n in (5, 1, 15, 45)),
}
"""What is tried; the first is taken where nothing can be tried. gamma is a multiple of
1 / (the sum of the inputs' variances), scikit-learn's 'scale'."""
MOST_ROWS: Final[Mapping[str, int]] = {
    "logistic": 60_000,
    "svm": 60_000,
    "forest": 60_000,
    "boosting": 20_000,
    "knn": 20_000,
}
_MOST_CELLS: Final = 30_000_000  # of the training rows as float64: 240 MB
_ROWS_TRIED: Final = 4_000
_CELLS_TRIED: Final = 4_000_000
_FOLDS: Final = 3
_AT_ONCE: Final = 4096
_N_TREES: Final = 200
_N_STEPS: Final = 150
_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Sample:
    """Described rows.

    Attributes:
        values: (n, all columns) float32.
        targets: (n,) class indices.
        groups: (n,) what belongs together, as numbers.
    """

    values: NDArray[np.float32]
    targets: NDArray[np.int64]
    groups: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.targets)

    def take(self, at: NDArray[Any]) -> Sample:
        """Return the rows at these positions."""
        return Sample(self.values[at], self.targets[at], self.groups[at])


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns count, how they are scaled and turned, learnt from training rows.

    Attributes:
        columns: (k,) positions.
        centre: (k,) subtracted; `scale` divides.
        axes: (components, k); none: the columns themselves.
    """

    columns: NDArray[np.int64]
    centre: NDArray[np.float64]
    scale: NDArray[np.float64]
    axes: NDArray[np.float64]

    def __call__(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return (n, k) float32, to the bit what the network computes."""
        columns, centre, scale, axes = map(torch.from_numpy, self.arrays().values())
        parts = torch.split(torch.from_numpy(values), _AT_ONCE)
        made = [inputs_of(part, columns, (centre, scale), axes).numpy() for part in parts]
        return np.concatenate(made)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the arrays by the names of `COLUMN_ARRAYS`, in that order."""
        return {name: getattr(self, name) for name in COLUMN_ARRAYS}

    @property
    def sizes(self) -> dict[str, int]:
        """Return what the network has to know of them."""
        return {"columns": len(self.columns), "axes": len(self.axes)}

    @property
    def n_inputs(self) -> int:
        """Return how many numbers the classifier reads."""
        return len(self.axes) or len(self.columns)


@dataclass(frozen=True, slots=True)
class Fitted:
    """A classifier with its columns.

    Attributes:
        columns: learnt from the rows that the classifier learnt from.
        estimator: of scikit-learn; reads `columns(values)` as float64.
        arrays: the same as plain arrays.
        n_rows: that it learnt from.
        params: chosen.
        tried: settings in words -> mean loss of the cross-validation; empty: nothing was tried.
        has_converged: whether the solver came to its end.
    """

    columns: Columns
    estimator: Any
    arrays: Exported
    n_rows: int
    params: Params
    tried: Mapping[str, float]
    has_converged: bool


def fit_best(
    train: Sample,
    options: DescriptorsOptions,
    class_weights: Sequence[float],
    seed: int,
    on_event: OnEvent,
) -> Fitted:
    """Return the classifier with the settings that did best in a cross-validation by groups.

    Three folds of at most 4,000 training rows; columns are chosen and scaled anew in each. Judged
    by log loss, an SVM (whose decisions are no probabilities yet) by its share of errors.

    Args:
        train: all training rows; of every class at least one.
        options: of the model.
        class_weights: of each class's rows; empty: all 1.
        seed: of folds, forest and boosting.
        on_event: told about progress.

    Raises:
        WrongData: no column differs between training images.
    """
    n_columns = train.values.shape[1]
    _varying(train.values)  # of the training part, not of a fold, it is said
    tried = _tried(train, options, class_weights, seed, on_event)
    grid = GRIDS[options.classifier]
    best = min(range(len(grid)), key=lambda at: (tried.get(_words(grid[at]), 0.0), at))
    limit = options.rows or MOST_ROWS[options.classifier]
    width = min(n_columns, options.n_components or n_columns)
    chosen = even_rows(train.targets, min(limit, _MOST_CELLS // max(1, width)))
    train = train if len(chosen) == len(train) else train.take(chosen)
    return fit_one(train, options, grid[best], (class_weights, seed), tried)


def check_classes(targets: NDArray[np.int64], names: Sequence[str]) -> None:
    """Raise where a class has no training row: such a classifier could never give it.

    Args:
        targets: of the training rows.
        names: of all classes.

    Raises:
        WrongData: a class lacks.
    """
    counts = np.bincount(targets, minlength=len(names))
    lacking = [name for name, n in zip(names, counts.tolist(), strict=True) if not n]
    if lacking:
        shown = ", ".join(f"'{name}'" for name in lacking[:_NAMED])
        shown += ", ..." if len(lacking) > _NAMED else ""
        raise WrongData.of("classical.class_lacks", where="train", n=len(lacking), names=shown)


def fit_one(
    train: Sample,
    options: DescriptorsOptions,
    params: Params,
    how: tuple[Sequence[float], int],
    tried: Mapping[str, float] | None = None,
) -> Fitted:
    """Return columns and classifier with these settings, fitted to all rows of `train`.

    Args:
        train: of every class at least one row.
        options: of the model.
        params: one of `GRIDS`.
        how: class weights (empty: all 1) and seed.
        tried: what is to be remembered of the choice.

    Raises:
        WrongData: no column differs between training images.
    """
    from sklearn.exceptions import ConvergenceWarning

    kind = options.classifier
    columns = fit_columns(train, options)
    rows = columns(train.values).astype(np.float64)
    if kind == "svm":
        gamma = params["gamma"] / max(1e-12, rows.shape[1] * float(rows.var()))
        params = {**params, "gamma": gamma}
    estimator = make_estimator(kind, params, len(rows), how)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        estimator.fit(rows, train.targets)
    converged = not any(issubclass(one.category, ConvergenceWarning) for one in told)
    arrays = exported(kind, estimator, train.targets)
    return Fitted(columns, estimator, arrays, len(train), params, dict(tried or {}), converged)


def fit_columns(train: Sample, options: DescriptorsOptions) -> Columns:
    """Return the columns that are not constant, or the best of them, and their scaling.

    Raises:
        WrongData: all are constant.
    """
    values = train.values
    columns = _varying(values)
    if options.select and options.select < len(columns):
        from sklearn.feature_selection import f_classif

        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            at = even_rows(train.targets, _MOST_CELLS // len(columns))
            ratios, _ = f_classif(values[at][:, columns].astype(np.float64), train.targets[at])
        order = np.argsort(-np.nan_to_num(ratios, posinf=np.finfo(np.float64).max), kind="stable")
        columns = np.sort(columns[order[: options.select]])
    centre, scale = np.zeros(len(columns)), np.ones(len(columns))
    if options.scale == "standard":
        centre, scale = _moments(values, columns)
    plain = Columns(columns.astype(np.int64), centre, scale, np.zeros((0, len(columns))))
    return _turned(plain, values, options.n_components)


def _varying(values: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return the columns that are not constant; raise where all are."""
    columns = np.flatnonzero(values.max(axis=0) > values.min(axis=0))
    if not len(columns):
        raise WrongData.of("classical.constant", where="train", n=len(values))
    return columns


def _moments(
    values: NDArray[np.float32], columns: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return mean and deviation of each column, part by part: float64 of all would be large."""
    centre = values.mean(axis=0, dtype=np.float64)[columns]
    squares = np.zeros(len(columns))
    for start in range(0, len(values), _AT_ONCE):
        part = values[start : start + _AT_ONCE, columns].astype(np.float64)
        squares += np.square(part - centre).sum(axis=0)
    scale = np.sqrt(squares / len(values))
    return centre, np.where(scale > 0, scale, 1.0)


def _turned(plain: Columns, values: NDArray[np.float32], n_axes: int) -> Columns:
    """Return the columns with the directions in which training rows differ most, where wished."""
    if not 0 < n_axes < len(plain.columns):
        return plain
    products = np.zeros((len(plain.columns),) * 2)
    for start in range(0, len(values), _AT_ONCE):
        part = plain(values[start : start + _AT_ONCE]).astype(np.float64)
        products += part.T @ part
    middle = (values.mean(axis=0, dtype=np.float64)[plain.columns] - plain.centre) / plain.scale
    spread = products / len(values) - np.outer(middle, middle)
    _, axes = np.linalg.eigh(spread)
    return replace(plain, axes=np.ascontiguousarray(axes[:, ::-1][:, :n_axes].T))


def make_estimator(kind: str, params: Params, n_rows: int, how: tuple[Sequence[float], int]) -> Any:
    """Return scikit-learn's classifier of that kind, not fitted yet.

    Args:
        kind: of `models.descriptors.CLASSIFIERS`.
        params: one of `GRIDS`; gamma of an SVM is that of its kernel.
        n_rows: that it will be fitted to.
        how: class weights (empty: all 1; k-NN knows none) and seed.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.svm import SVC

    given, seed = how
    weights = dict(enumerate(map(float, given))) or None
    if kind == "logistic":
        return LogisticRegression(**params, max_iter=400, class_weight=weights)
    if kind == "svm":
        return SVC(**params, class_weight=weights, break_ties=True, cache_size=500)
    if kind == "forest":
        return RandomForestClassifier(
            _N_TREES, **params, class_weight=weights, random_state=seed, n_jobs=thread_count()
        )
    if kind == "boosting":
        return HistGradientBoostingClassifier(
            **params,
            max_iter=_N_STEPS,
            early_stopping=False,
            class_weight=weights,
            random_state=seed,
        )
    k = min(params["n_neighbors"], n_rows)
    return KNeighborsClassifier(k, algorithm="brute")


def even_rows(targets: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Return at most about `most` positions, in order: of each class its share, evenly taken."""
    if len(targets) <= most:
        return np.arange(len(targets), dtype=np.int64)
    parts = []
    for label in np.unique(targets):
        at = np.flatnonzero(targets == label)
        n = max(1, most * len(at) // len(targets))
        parts.append(at[np.linspace(0, len(at) - 1, n).round().astype(np.int64)])
    return np.sort(np.concatenate(parts))


def _tried(
    train: Sample,
    options: DescriptorsOptions,
    class_weights: Sequence[float],
    seed: int,
    on_event: OnEvent,
) -> dict[str, float]:
    """Return settings in words -> mean loss over folds; empty where there are too few groups."""
    sample = train.take(
        even_rows(train.targets, min(_ROWS_TRIED, _CELLS_TRIED // train.values.shape[1]))
    )
    folds = _folds(sample, seed)
    grid = GRIDS[options.classifier]
    jobs = [(params, fold) for fold in folds for params in grid]
    losses: dict[str, list[float]] = {}
    for params, (learnt, held) in track(jobs, on_event, stage="train", text=text("classical.try")):
        try:
            fitted = fit_one(sample.take(learnt), options, params, (class_weights, seed))
        except WrongData:  # so few images differ that a fold's are all alike
            return {}
        loss = _loss(fitted, options.classifier, sample.take(held))
        losses.setdefault(_words(params), []).append(loss)
    return {words: float(np.mean(found)) for words, found in losses.items()}


def _folds(sample: Sample, seed: int) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Return (learnt, held out) of three folds; none where a fold would lack a class."""
    from sklearn.model_selection import StratifiedGroupKFold

    classes = np.unique(sample.targets)
    n_groups = [len(np.unique(sample.groups[sample.targets == one])) for one in classes]
    if min(n_groups) < _FOLDS:
        return []
    splitter = StratifiedGroupKFold(_FOLDS, shuffle=True, random_state=seed % 2**32)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = list(splitter.split(sample.targets, sample.targets, sample.groups))
    is_whole = all(
        len(held) and len(np.unique(sample.targets[learnt])) == len(classes)
        for learnt, held in made
    )
    return made if is_whole else []


def _loss(fitted: Fitted, kind: str, held: Sample) -> float:
    rows = torch.from_numpy(fitted.columns(held.values))
    n_classes = len(fitted.estimator.classes_)
    with torch.inference_mode():
        scores = fitted.arrays.module(kind, rows.shape[1], n_classes)(rows)
    targets = torch.from_numpy(held.targets)
    if kind == "svm":
        return float((scores.argmax(1) != targets).double().mean())
    return float(cross_entropy(scores, targets))


def _words(params: Params) -> str:
    return ", ".join(f"{name}={value:g}" for name, value in params.items())
