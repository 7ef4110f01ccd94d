"""What descriptors are good for: real tissue, real photographs."""

from __future__ import annotations

import numpy as np
import PIL.Image
import pytest

from tamiz.descriptors.tiles import describe


def classifier():
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=500))


def crops_of(paths, side):
    """Return (n, side, side, 3) crops, and the number of the file of each."""
    crops, files = [], []
    for number, path in enumerate(paths):
        with PIL.Image.open(path) as image:
            pixels = np.asarray(image.convert("RGB"))[:512, :512]
        for y in range(0, pixels.shape[0] - side + 1, side):
            for x in range(0, pixels.shape[1] - side + 1, side):
                crops.append(pixels[y : y + side, x : x + side])
                files.append(number)
    return np.stack(crops), np.array(files)


def are_left(files):
    """Return whether each crop is from the left half of its picture, of four crops a row."""
    places = np.concatenate([np.arange(np.sum(files == one)) % 4 for one in np.unique(files)])
    return places < 2


@pytest.mark.shared_data
def test_a_line_through_descriptors_tells_tissue_from_pen_and_glass(shared_data):
    from sklearn.metrics import roc_auc_score

    # Pieces not seen, of pictures seen: pen of each colour is on one picture only.
    folder = shared_data / "slides" / "tiles"
    tissue = [*sorted(folder.glob("tissue-*")), *sorted(folder.glob("*-score-level*.png"))]
    tissue = [path for path in tissue if path.stem != "high-nuclei-score-level2"]  # mostly glass
    empty = [*sorted(folder.glob("no-tissue*")), *sorted(folder.glob("almost-white-[12]*"))]
    crops, files = crops_of(tissue + empty, 128)
    labels, is_left = files < len(tissue), are_left(files)
    made = describe(crops)
    found = classifier().fit(made[is_left], labels[is_left])
    scores = found.predict_proba(made[~is_left])[:, 1]
    assert roc_auc_score(labels[~is_left], scores) > 0.97
    assert np.mean((scores > 0.5) == labels[~is_left]) > 0.93


@pytest.mark.shared_data
def test_a_piece_of_tissue_is_told_by_its_texture_from_others(shared_data):
    folder = shared_data / "slides" / "tiles"
    paths = [*sorted(folder.glob("tissue-*")), *sorted(folder.glob("*-score-level[02].png"))]
    crops, files = crops_of(paths, 128)
    made, is_left = describe(crops), are_left(files)
    found = classifier().fit(made[is_left], files[is_left])
    assert found.score(made[~is_left], files[~is_left]) > 5 / len(paths)


@pytest.mark.shared_data
def test_descriptors_tell_hand_signs_far_above_chance(shared_data):
    folders = sorted((shared_data / "sign_digits").iterdir())
    paths = [path for one in folders for path in sorted(one.glob("*.JPG"))[:60]]
    tiles = []
    for path in paths:
        with PIL.Image.open(path) as image:
            tiles.append(np.asarray(image.convert("RGB").resize((100, 100))))
    labels = np.array([int(path.parent.name) for path in paths])
    is_train = np.arange(len(paths)) % 60 < 45
    made = describe(np.stack(tiles))
    found = classifier().fit(made[is_train], labels[is_train])
    assert found.score(made[~is_train], labels[~is_train]) > 0.35
