"""`TamizClassifier`: images of every kind, groups, pickles, scikit-learn's own checks."""

from __future__ import annotations

import subprocess
import sys
from functools import partial

import joblib  # type: ignore[import-untyped]
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_val_score
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils.estimator_checks import estimator_checks_generator

import tamiz
from tamiz.core.errors import WrongUse
from tamiz.models.bundle import Bundle
from tamiz.stages.estimator import TamizClassifier
from tamiz.stages.estimator_images import images_of_rows
from tamiz.testing.pictures import encode

Few = partial(TamizClassifier, model="softmax", epochs=12, learning_rate=0.05)


def dark_or_bright(n=24, side=8) -> tuple[np.ndarray, np.ndarray]:
    """Return images of which every second is bright, and what each is."""
    random = np.random.default_rng(0)
    made = random.integers(0, 90, (n, side, side, 3), dtype=np.uint8)
    made[1::2] += 150
    return made, np.array(["dark", "light"])[np.arange(n) % 2]


IMAGES, LABELS = dark_or_bright()


@pytest.fixture(scope="module")
def fitted() -> TamizClassifier:
    return Few().fit(IMAGES, LABELS)


def test_it_learns_and_its_probabilities_are_of_the_sorted_classes(fitted):
    assert fitted.classes_.tolist() == ["dark", "light"]
    assert fitted.score(IMAGES, LABELS) == 1.0
    shares = fitted.predict_proba(IMAGES)
    assert shares.sum(axis=1) == pytest.approx(1.0)
    assert (fitted.classes_[shares.argmax(axis=1)] == LABELS).all()


def test_numbers_as_classes_come_back_as_numbers_in_numeric_order():
    made = Few(epochs=8).fit(IMAGES, np.where(LABELS == "dark", 10, 9))
    assert made.classes_.tolist() == [9, 10]
    assert made.predict(IMAGES[:2]).tolist() == [10, 9]


def test_files_lists_and_arrays_of_the_same_images_give_the_same_answers(fitted, tmp_path):
    paths = [tmp_path / f"{at}.png" for at in range(4)]
    for path, image in zip(paths, IMAGES, strict=False):
        path.write_bytes(encode(image))
    wanted = fitted.predict_proba(IMAGES[:4])
    for given in (paths, [str(path) for path in paths], list(IMAGES[:4])):
        assert (fitted.predict_proba(given) == wanted).all()


def test_urls_are_brought_and_read(fitted, tmp_path, monkeypatch):
    fsspec = pytest.importorskip("fsspec")
    monkeypatch.setenv("TAMIZ_CACHE", str(tmp_path))
    for at in range(4):
        fsspec.filesystem("memory").pipe_file(f"/sk/{at} #?.png", encode(IMAGES[at]))
    urls = [f"memory://sk/{at} #?.png" for at in range(4)]
    assert fitted.predict(urls).tolist() == fitted.predict(IMAGES[:4]).tolist()


def test_images_of_several_sizes_are_a_list():
    mixed = [image[: 5 + at % 3] for at, image in enumerate(IMAGES)]
    made = Few(size_px=8).fit(mixed, LABELS)
    assert made.score(mixed, LABELS) == 1.0


@pytest.mark.parametrize(
    "kind", [np.uint16, pytest.param(np.float32, marks=pytest.mark.long), np.int64]
)
def test_other_types_of_numbers_are_read_by_their_own_range(kind):
    made = Few().fit(IMAGES.astype(kind) * kind(3), LABELS)
    assert made.score(IMAGES.astype(kind) * kind(3), LABELS) == 1.0
    if kind is not np.uint16:
        with pytest.raises(ValueError, match="trained on values of another kind"):
            made.predict(IMAGES)


def test_validation_takes_whole_groups_and_calibrates():
    groups = (np.arange(24) // 4 + 6 * (np.arange(24) % 2)).tolist()
    made = Few(val_fraction=0.25, epochs=2).fit(IMAGES, LABELS, groups=groups)
    assert made.n_val_ > 0
    assert made.bundle_.training["calibration"] != "none"
    with pytest.warns(UserWarning, match="no validation part, so probabilities are not"):
        alone = Few(epochs=1).fit(IMAGES, LABELS, groups=(LABELS == "dark").tolist())
    assert (alone.n_val_, alone.bundle_.training["calibration"]) == (0, "none")


def test_a_pickle_holds_the_bundles_bytes_and_answers_the_same(fitted, tmp_path):
    state = fitted.__getstate__()
    assert sorted(state["bundle_"]) == ["bundle.json", "card.md", "weights.safetensors"]
    joblib.dump(fitted, tmp_path / "x.joblib")
    again = joblib.load(tmp_path / "x.joblib")
    assert (again.predict_proba(IMAGES) == fitted.predict_proba(IMAGES)).all()


def test_its_bundle_is_what_tamiz_predicts_with(fitted, tmp_path):
    fitted.bundle_.save(tmp_path / "model")
    (tmp_path / "x.png").write_bytes(encode(IMAGES[1]))
    answers = tamiz.predict(tmp_path / "model", tmp_path / "x.png")
    assert Bundle.load(tmp_path / "model").classes == ("dark", "light")
    assert answers.predictions.probabilities[0] == pytest.approx(
        fitted.predict_proba(IMAGES[1:2])[0], abs=1e-12
    )


def test_the_same_number_gives_the_same_weights_and_a_clone_starts_anew(fitted):
    again = clone(fitted).fit(IMAGES, LABELS)
    assert (again.predict_proba(IMAGES) == fitted.predict_proba(IMAGES)).all()
    assert not hasattr(clone(fitted), "bundle_")
    assert fitted.get_params()["model"] == "softmax"


@pytest.mark.long
def test_it_works_in_pipelines_searches_and_cross_validation_by_groups():
    flip = Pipeline([("flip", FunctionTransformer(np.fliplr)), ("net", Few(epochs=4))])
    groups = np.arange(24) // 2
    found = cross_val_score(flip, IMAGES, LABELS, groups=groups, cv=GroupKFold(2))
    assert found.min() > 0.8
    search = GridSearchCV(Few(), {"epochs": [2, 4]}, cv=2).fit(IMAGES, LABELS)
    assert search.best_params_["epochs"] in {2, 4}


@pytest.mark.parametrize(
    ("given", "labels", "said"),
    [
        (IMAGES, LABELS[:-1], "24 images and 23 labels"),
        (IMAGES, ["one"] * 24, "all images are of one class, one"),
        (IMAGES[..., np.newaxis], LABELS, "holds no images"),
        ([IMAGES[0], IMAGES[1] / 255.0], ["a", "b"], "some arrays are of 8 or 16 bits"),
        (IMAGES, None, "requires y to be passed"),
    ],
)
def test_what_cannot_be_learnt_is_a_value_error_in_one_line(given, labels, said):
    with pytest.raises(ValueError, match=said):
        Few().fit(given, labels)


def test_wrong_settings_are_told_as_everywhere():
    with pytest.raises(WrongUse, match="epoch"):
        Few(settings={"train.epoch": 3}).fit(IMAGES, LABELS)


def test_rows_of_numbers_are_square_images():
    [stack] = images_of_rows(np.arange(40.0).reshape(2, 20)).stacks
    assert stack.shape == (2, 5, 5)
    assert stack[1].ravel()[:20].tolist() == list(range(20, 40))


def test_importing_tamiz_does_not_import_scikit_learn():
    code = "import sys, tamiz; sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# Failing checks would stand here with their reason; of scikit-learn 1.9's there is none.
@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
def test_it_passes_every_check_of_scikit_learn():
    from unittest import SkipTest

    failed, skipped = [], []
    for made, check in estimator_checks_generator(TamizClassifier("mlp", epochs=4)):
        try:
            check(made)
        except SkipTest:
            skipped.append(check.func.__name__)
        except (AssertionError, ValueError, TypeError, AttributeError) as error:
            failed.append(f"{check.func.__name__}: {error}")
    assert failed == []
    assert set(skipped) <= {"check_array_api_input"}  # needs SCIPY_ARRAY_API
