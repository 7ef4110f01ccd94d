"""`lab features`, `lab pool`, `lab softmax`: true figures, files, and errors in one line."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner
from tests.engine.corner_world import bundle_of, corner_image

from tamiz.cli.lab import command
from tamiz.core.errors import TamizError, WrongUse
from tamiz.core.language import set_language
from tamiz.formats.png_writing import encode_png
from tamiz.metrics.calibration import Calibration
from tamiz.models.ensemble import ensemble_of
from tamiz.stages.laboratory.drawing import kernels_grid, maps_grid
from tamiz.stages.laboratory.pool import Pooling, lab_pool
from tamiz.stages.predict import predict


def lab(*arguments: object):
    words = [*map(str, arguments), "--json"]
    done = CliRunner().invoke(command, words, catch_exceptions=False, standalone_mode=False)
    return json.loads(done.stdout)["values"]["lab"]


def in_order(by_class: dict[str, float]) -> list[float]:
    return [by_class["upright"], by_class["lying"]]


def refused(*arguments: object) -> str:
    with pytest.raises(TamizError) as error:
        lab(*arguments)
    return str(error.value)


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "photos" / "photo.png"
    path.parent.mkdir()
    path.write_bytes(encode_png(corner_image(5)))
    return path


@pytest.fixture
def model(tmp_path):
    bundle_of().with_temperature(1.7).save(tmp_path / "model")
    return tmp_path / "model"


def test_features_draw_kernels_and_maps_and_write_every_layer(model, photo, tmp_path):
    told = lab("features", model, photo, "--layers", 2, "--out", tmp_path / "out")
    assert [one["maps_of"].rsplit(".", 1)[0] for one in told["drawn"]] == [
        one["convolution"].rsplit(".", 1)[0] for one in told["drawn"]
    ]
    assert told["drawn"][0]["kernels"] == [8, 1, 4, 4]
    assert told["layers"][0]["shape"] == [8, 16, 16]
    names = {path.name.split("-")[0] for path in (tmp_path / "out").iterdir()}
    assert names == {"kernels", "maps", "layers.csv", "report.html"}
    lines = (tmp_path / "out" / "layers.csv").read_text().splitlines()
    assert len(lines) == 1 + len(told["layers"])


def test_features_of_softmax_are_the_weights_of_its_classes(photo, tmp_path):
    bundle_of(model="softmax").save(tmp_path / "model")
    told = lab("features", tmp_path / "model", photo, "--out", tmp_path / "out")
    assert told["drawn"] == []
    assert (tmp_path / "out" / "weights.png").is_file()


def test_features_refuse_what_is_not_there(model, photo, tmp_path):
    out = ("--out", tmp_path / "out")
    assert "no layer 'x' gives feature maps" in refused(
        "features", model, photo, *out, "--layers", "x"
    )
    assert "--layers: 0 is below 1" in refused("features", model, photo, *out, "--layers", "0")
    assert "there is no image 2: the source holds 1" in refused(
        "features", model, photo, *out, "--image", "2"
    )
    assert not (tmp_path / "out").exists()


def test_features_of_a_model_that_is_no_network_are_refused(photo, tmp_path):
    replace(bundle_of(), model="descriptors", options={}).save(tmp_path / "model")
    words = refused("features", tmp_path / "model", photo, "--out", tmp_path / "out")
    assert "'descriptors' is no network" in words


def test_kernels_share_one_scale_and_zero_is_white():
    kernels = np.zeros((3, 1, 3, 3), np.float32)
    kernels[1, 0, 1, 1], kernels[2, 0, 1, 1] = -2.0, 1.0
    grid = kernels_grid(kernels, is_colour=True)
    assert (grid.low, grid.high) == (-2, 2)
    middle = [grid.pixels[8 + 36, 8 + 36 + at * 76] for at in range(3)]
    assert (middle[0] > 240).all()
    assert middle[1][2] > middle[1][0]  # blue
    assert middle[2][0] > middle[2][2]  # red


def test_of_many_maps_those_that_vary_most_are_drawn_in_their_order():
    maps = np.zeros((70, 4, 4), np.float32)
    maps[6:, 0, 0] = np.arange(64) + 1
    assert maps_grid(maps).numbers == tuple(range(6, 70))


def test_softmax_gives_the_very_probabilities_of_predict(model, photo):
    told = lab("softmax", model, photo, "--true", "lying")
    answers = predict(model, photo, guard="off")
    shares = answers.predictions.probabilities[0].tolist()
    assert in_order(told["probabilities"]) == shares
    scores = np.array(in_order(told["scores"]))
    assert np.allclose(in_order(told["calibrated_scores"]), scores / 1.7)
    assert told["loss"] == pytest.approx(-np.log(shares[1]))
    powers = np.exp(scores)
    assert told["loss_as_trained"] == pytest.approx(-np.log(powers[1] / powers.sum()))
    assert sum(told["gradient"].values()) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("kind", ["vector", "several labels", "ensemble"])
def test_softmax_agrees_with_predict_for_every_kind_of_answer(kind, photo, tmp_path):
    bundle = bundle_of()
    if kind == "vector":
        bundle = bundle.with_calibration(Calibration((0.5, 2.0), (0.1, -0.2), -0.1), 1.3)
    elif kind == "several labels":
        bundle = bundle.with_thresholds((0.4, 0.6)).with_temperature(0.8)
    else:
        changed = {name: value * np.float32(1.5) for name, value in bundle.weights.items()}
        bundle = ensemble_of((bundle, replace(bundle, weights=changed)))
    bundle.save(tmp_path / "model")
    told = lab("softmax", tmp_path / "model", photo, "--true", "upright")
    shares = predict(tmp_path / "model", photo, guard="off").predictions.probabilities[0]
    assert in_order(told["probabilities"]) == shares.tolist()
    if kind == "several labels":
        assert told["loss"] == pytest.approx(-np.log([shares[0], 1 - shares[1]]).mean())


def test_softmax_refuses_unknown_and_too_many_classes(model, photo):
    words = refused("softmax", model, photo, "--true", "crooked")
    assert words.startswith("--true: the model knows no class 'crooked'; it knows upright, lying")
    words = refused("softmax", model, photo, "--true", "lying", "--true", "upright")
    assert "2 true classes are given, but an image has one" in words
    assert "nowhere" in refused("softmax", model, photo.parent / "nowhere.png")


def test_pool_shows_numbers_and_who_won():
    told = lab("pool", "--numbers", "1 3 2 4; 5 6 7 8; 3 2 1 0; 1 2 3 4")
    assert told["values"] == [[[6, 8], [3, 4]]]
    assert told["winners"] == [[[[1, 1], [1, 3]], [[2, 0], [3, 3]]]]
    assert lab("pool", "--numbers", "1 3; 5 7", "--kind", "mean")["values"] == [[[4]]]


def test_pool_of_a_photo_writes_pictures(photo, tmp_path):
    told = lab("pool", photo, "--size", 3, "--stride", 2, "--out", tmp_path / "out")
    assert (told["input"], told["output"]) == ([32, 32, 1], [15, 15, 1])
    assert told["left_over"] == [1, 1]
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"before.png", "after-max.png", "winners.png", "report.html"}


def test_pool_wants_an_image_or_numbers_and_not_both(photo):
    assert "one image or --numbers is needed" in refused("pool")
    assert "and not both" in refused("pool", photo, "--numbers", "1 2; 3 4")
    assert "Give --size 2 or less" in refused("pool", "--numbers", "1 2; 3 4", "--size", "3")


def test_the_words_come_in_spanish_too(model, photo):
    set_language("es")
    try:
        done = CliRunner().invoke(command, ["softmax", str(model), str(photo), "--true", "lying"],
                                  catch_exceptions=False, standalone_mode=False)  # fmt: skip
    finally:
        set_language("en")
    assert "Entropía cruzada de la clase verdadera" in done.output


def test_pool_of_numbers_takes_no_number_of_an_image():
    with pytest.raises(WrongUse, match="--image is for a source of images"):
        lab_pool(None, Pooling(numbers="1 2; 3 4", image=1))


def test_weights_of_1x1_kernels_are_drawn_large_enough_to_be_seen():
    kernels = np.random.default_rng(0).normal(size=(64, 16, 1, 1)).astype(np.float32)
    assert kernels_grid(kernels, is_colour=False).pixels.shape[0] > 64 * 9
    many = np.ones((2000, 16, 1, 1), np.float32)
    assert kernels_grid(many, is_colour=False).pixels.shape[0] < 2200
