"""`TamizClassifier`: tamiz's own training behind scikit-learn's interface.

The only module that imports scikit-learn at its top: a base class cannot be imported later. It is
loaded when somebody asks for the estimator (`tamiz._HOMES`).
"""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin  # noqa: TID253 - see above
from sklearn.utils import check_array, column_or_1d  # noqa: TID253
from sklearn.utils.multiclass import check_classification_targets  # noqa: TID253
from sklearn.utils.validation import (  # noqa: TID253
    check_consistent_length,
    check_is_fitted,
    validate_data,
)

from tamiz.core.errors import WrongData
from tamiz.core.language import say
from tamiz.core.recipe import Recipe
from tamiz.core.recipe_io import tables_from_settings, with_tables
from tamiz.data.manifest import Manifest
from tamiz.formats.reader import Reader, policy_from
from tamiz.splits.registry import SPLITS
from tamiz.stages.estimator_images import Images, images_in_list, images_of_arrays, images_of_rows
from tamiz.stages.faults import check_recipe
from tamiz.stages.image_predicting import answers_of, parts_to_ask
from tamiz.stages.planning.choices import draft
from tamiz.stages.planning.facts import look_at
from tamiz.stages.row_predictions import mean_probabilities
from tamiz.stages.train import train_rows
from tamiz.steps.apply import prepare_image

if TYPE_CHECKING:
    from tamiz.models.bundle import Bundle

_CHUNK: Final = 256  # images prepared at once while predicting
_EXAMINED: Final = ("width_px", "height_px", "channels", "bits", "mode", "content_sha256")


class TamizClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # untyped package
    """An image classifier for scikit-learn, trained as `tamiz run` trains.

    `X` is (n, height, width[, channels]) of bool, uint8, uint16 or floats; a list of such images
    of different sizes; a list of paths; or (n, features), each row a square grey image in one
    piece. Values without a natural white (floats, signed integers) are mapped to black and white
    by the least and the greatest training value, or by `settings={"data.value_range": "0,1"}`.

    Args:
        model: a name of `tamiz list models`.
        size_px: side of the network's input; None: as the plan chooses.
        epochs: None: as the plan chooses.
        learning_rate: likewise.
        val_fraction: share of the groups on which the epoch and the calibration are chosen.
        random_state: a whole number; None: 0. The same number gives the same weights.
        settings: further fields of the recipe by dotted name: {'train.batch_size': 16}.

    Attributes:
        classes_: (n_classes,) the labels, sorted.
        bundle_: the model; `bundle_.save(folder)` makes what `tamiz predict` reads.
        recipe_: every decision of the training.
        history_: one table of figures for each epoch.
        n_val_: images of the validation part; 0 where a class has one group only.
        n_features_in_: of (n, features) only.
    """

    def __init__(
        self,
        model: str = "small",
        *,
        size_px: int | None = None,
        epochs: int | None = None,
        learning_rate: float | None = None,
        val_fraction: float = 0.15,
        random_state: int | None = None,
        settings: Mapping[str, object] | None = None,
    ) -> None:
        self.model = model
        self.size_px = size_px
        self.epochs = epochs
        self.learning_rate = learning_rate
        self.val_fraction = val_fraction
        self.random_state = random_state
        self.settings = settings

    def fit(self, X: Any, y: Any, groups: Any = None) -> Self:  # noqa: N803
        """Train on all images; whole groups are set aside for validation.

        Args:
            X: images, see the class.
            y: (n,) labels.
            groups: (n,) what belongs together: patients, slides. None: each image on its own.

        Raises:
            ValueError: shapes, types or labels cannot be used.
            WrongUse: a setting is wrong.
            WrongData: an image cannot be read.
        """
        images, labels = self._checked(X, y)
        self.classes_, index = np.unique(labels, return_inverse=True)
        if len(self.classes_) < 2:
            raise ValueError(say("estimator.one_class", label=self.classes_[0]))
        keys = None if groups is None else [str(one) for one in groups]
        if keys is not None:
            check_consistent_length(labels, keys)
        names = _names_of(self.classes_)
        self._is_natural = images.is_natural
        with tempfile.TemporaryDirectory(prefix="tamiz-") as place:
            asked = self._asked(images)
            recipe = with_tables(Recipe(), tables_from_settings(asked), where="settings")
            root, rows = images.put_into(Path(place))
            manifest = _manifest(root, rows, recipe, [names[at] for at in index], keys)
            manifest = self._divided(manifest, recipe)
            recipe = draft("asked", look_at(manifest, recipe), recipe, set(asked)).recipe
            check_recipe(recipe, where="settings")
            self.bundle_, trained = train_rows(recipe, manifest, Path(place))
        self.recipe_, self.history_ = recipe, trained.history
        self.n_val_ = len(manifest.where(split="val"))
        return self

    def predict_proba(self, X: Any) -> NDArray[np.float64]:  # noqa: N803
        """Return (n, n_classes) calibrated probabilities, columns as in `classes_`.

        Raises:
            ValueError: X is of another kind than in `fit`.
            WrongData: an image cannot be read.
        """
        check_is_fitted(self, "bundle_")
        images = self._images(X, is_new=False)
        if images.is_natural != self._is_natural:
            raise ValueError(say("estimator.other_kind"))
        made = mean_probabilities(
            [
                np.concatenate([answers_of(part, chunk)[0] for chunk in _chunks(part, images)])
                for part in parts_to_ask(self.bundle_, is_guarded=False)
            ]
        )
        order = [self.bundle_.classes.index(name) for name in _names_of(self.classes_)]
        return np.asarray(made[:, order], dtype=np.float64)

    def predict(self, X: Any) -> NDArray[Any]:  # noqa: N803
        """Return (n,) the most probable class of each image."""
        shares = self.predict_proba(X)
        chosen: NDArray[Any] = self.classes_[shares.argmax(axis=1)]
        return chosen

    def __getstate__(self) -> dict[str, Any]:
        state: dict[str, Any] = dict(super().__getstate__())
        if "bundle_" in state:
            state["bundle_"] = _files_of(state["bundle_"])
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        files = state.get("bundle_")
        super().__setstate__(state if files is None else {**state, "bundle_": _bundle_of(files)})

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        return tags

    def _checked(self, given: Any, y: Any) -> tuple[Images, NDArray[Any]]:
        """Return images and labels, equally many."""
        if y is None:
            raise ValueError(say("estimator.no_labels", name=type(self).__name__))
        images = self._images(given, y, is_new=True)
        labels = column_or_1d(y, warn=True)
        check_classification_targets(labels)
        if len(images) != len(labels):
            raise ValueError(say("estimator.unequal", n=len(images), n_labels=len(labels)))
        return images, labels

    def _images(self, given: Any, y: Any = "no_validation", *, is_new: bool) -> Images:
        listed = images_in_list(given)
        if listed is not None:
            return listed
        if np.asarray(given).ndim > 2:
            return images_of_arrays([check_array(given, allow_nd=True, dtype=None)])
        checked = {"reset": is_new, "dtype": "numeric"}
        if is_new:
            rows, _ = validate_data(self, given, y, **checked)
        else:
            rows = validate_data(self, given, **checked)
        return images_of_rows(np.asarray(rows))

    def _asked(self, images: Images) -> dict[str, object]:
        """Return the fields of the recipe that do not come from the plan, by dotted name."""
        made: dict[str, object] = {
            "model.name": self.model,
            "prepare.size_px": self.size_px,
            "train.epochs": self.epochs,
            "train.learning_rate": self.learning_rate,
            "train.seed": 0 if self.random_state is None else int(self.random_state),
            "train.guard": False,
            "prepare.workers": 1,
        }
        if not images.is_natural:
            made["data.value_range"] = "{!r},{!r}".format(*images.range())
        if hasattr(self, "n_features_in_") and not images.paths:  # rows of numbers have no sides
            made |= {"train.augment": [], "train.average_mirrored": False}
        return {k: v for k, v in made.items() if v is not None} | dict(self.settings or {})

    def _divided(self, manifest: Manifest, recipe: Recipe) -> Manifest:
        """Return the manifest with a validation part, if every class has groups for it."""
        rule = SPLITS.get(recipe.split.rule)
        try:
            parts = rule(
                manifest.group_keys(),
                manifest.column("label"),
                test_fraction=0.0,
                val_fraction=self.val_fraction,
                seed=recipe.train.seed,
            )
        except WrongData as error:
            warnings.warn(say("estimator.no_val", reason=error.what), stacklevel=3)
            parts = ["train"] * len(manifest)
        return manifest.with_columns({"split": parts})


def _names_of(classes: NDArray[Any]) -> list[str]:
    """Return what the bundle calls the classes: their text, or numbers where two read alike."""
    names = [str(one) for one in classes.tolist()]
    return names if len(set(names)) == len(names) else [str(at) for at in range(len(names))]


def _manifest(
    root: Path,
    rows: Sequence[tuple[str, int]],
    recipe: Recipe,
    labels: list[str],
    groups: list[str] | None,
) -> Manifest:
    """Return the manifest of the images, each decoded once to see what it is."""
    with Reader(root, policy_from(recipe.data)) as reader:
        found = [reader.examine(*row) for row in rows]
    columns: dict[str, Sequence[Any]] = {
        "path": [path for path, _ in rows],
        "frame": [frame for _, frame in rows],
        "label": labels,
        **{name: [getattr(one, name) for one in found] for name in _EXAMINED},
    }
    return Manifest.from_columns(columns | ({"group": groups} if groups else {}), root)


def _chunks(part: Any, images: Images) -> Any:
    """Yield at most 256 images at a time as the network of `part` reads them."""
    chunk = []
    for image in images.read(part.bundle.policy):
        chunk.append((prepare_image(image, part.bundle.steps), None))
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _files_of(bundle: Bundle) -> dict[str, bytes]:
    """Return the bundle's files by name: what a pickle of the estimator holds of it."""
    with tempfile.TemporaryDirectory(prefix="tamiz-") as place:
        bundle.save(Path(place))
        return {
            path.relative_to(place).as_posix(): path.read_bytes()
            for path in sorted(Path(place).rglob("*"))
            if path.is_file()
        }


def _bundle_of(files: Mapping[str, bytes]) -> Bundle:
    from tamiz.models.bundle import Bundle

    with tempfile.TemporaryDirectory(prefix="tamiz-") as place:
        for name, content in files.items():
            path = Path(place) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return Bundle.load(Path(place))
