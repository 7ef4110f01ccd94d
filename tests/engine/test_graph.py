"""A graph prepares images as the steps do, byte for byte, and answers as the bundle does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tamiz.core.errors import WrongUse
from tamiz.data.contracts import Policy
from tamiz.data.image import Image, Kind
from tamiz.engine.graph.answering import answers, distances, probabilities
from tamiz.engine.graph.building import OPSET, Graph, Value
from tamiz.engine.graph.steps import prepared, stored_type
from tamiz.formats.pixels import from_channels
from tamiz.metrics.calibration import Calibration
from tamiz.metrics.decision import Decision
from tamiz.models.guard import Distance
from tamiz.steps.apply import build_steps, prepare_image

onnxruntime = pytest.importorskip("onnxruntime")
Tables = Sequence[dict[str, object]]


def session_of(graph: Graph, inputs: Sequence[Value], output: Value) -> Any:
    """Return a session of the graph."""
    from onnx import helper

    made = helper.make_model(
        graph.closed("test", inputs, [output]),
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=10,
    )
    return onnxruntime.InferenceSession(made.SerializeToString())


class Preparing:
    """The steps of some tables as a graph."""

    def __init__(self, tables: Tables, policy: Policy) -> None:
        graph = Graph()
        image = Value(graph, "image", stored_type(policy))
        made = prepared(image, policy, build_steps(tables))
        self._session = session_of(graph, [image], made)

    def __call__(self, pixels: NDArray[Any]) -> NDArray[np.uint8]:
        """Return (height, width, channels) of one image."""
        (made,) = self._session.run(None, {"image": pixels[None]})
        channels_last: NDArray[np.uint8] = made[0].transpose(1, 2, 0)
        return channels_last


RESIZE: dict[str, object] = {"name": "resize", "size_px": 24}
GREY_STEPS: list[dict[str, object]] = [{"name": "grey"}, RESIZE]
CROP: dict[str, object] = {"name": "centre_crop", "size_px": 20, "shorter_px": 25}
TABLES: dict[str, Tables] = {
    "pad": [{"name": "rgb"}, {**RESIZE, "pad_value": 7}],
    "stretch": [{"name": "grey"}, {**RESIZE, "aspect": "stretch"}],
    "crop": [{**RESIZE, "aspect": "crop", "interpolation": "bicubic"}, {"name": "rgb"}],
    "bicubic": [{"name": "rgb"}, {**RESIZE, "interpolation": "bicubic"}],
    "centre": [{"name": "rgb"}, CROP],
    "squash": [{"name": "rgb"}, {**CROP, "aspect": "stretch", "interpolation": "bicubic"}],
    "blur": [{"name": "blur", "kernel_px": 5}, {"name": "rgb"}, RESIZE],
    "wide blur": [{"name": "blur", "kernel_px": 13}, {"name": "grey"}, RESIZE],
    "black": [{"name": "black_out", "share": 0.4}, {"name": "rgb"}, RESIZE],
}
PREPARING: dict[str, Preparing] = {}


def preparing(name: str) -> Preparing:
    """Return the graph of some tables, built once."""
    if name not in PREPARING:
        PREPARING[name] = Preparing(TABLES[name], Policy())
    return PREPARING[name]


def drawn(seed: int, *shape: int) -> NDArray[np.uint8]:
    """Return random bytes."""
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize(
    "shape",
    [(1, 1), (3, 7), (31, 1000), (300, 9), (24, 24), (101, 57)],
    ids=lambda shape: f"{shape[1]}x{shape[0]}",
)
def test_the_graph_prepares_grey_and_colour_byte_for_byte(
    name: str, shape: tuple[int, int]
) -> None:
    for channels in (1, 3):
        pixels = drawn(1, *shape, channels)
        wanted = prepare_image(Image(pixels), build_steps(TABLES[name]))
        assert np.array_equal(preparing(name)(pixels), wanted)


@settings(max_examples=15, deadline=None)
@given(
    height=st.integers(1, 160),
    width=st.integers(1, 160),
    name=st.sampled_from(["pad", "stretch", "crop", "bicubic", "centre"]),
    seed=st.integers(0, 1000),
)
def test_any_size_is_resized_as_pillow_does(height: int, width: int, name: str, seed: int) -> None:
    pixels = drawn(seed, height, width, 3)
    wanted = prepare_image(Image(pixels), build_steps(TABLES[name]))
    assert np.array_equal(preparing(name)(pixels), wanted)


@pytest.mark.parametrize("background", ["white", "black", "grey"])
@pytest.mark.parametrize("channels", [2, 4])
def test_alpha_is_laid_on_the_policys_background(background: str, channels: int) -> None:
    policy = Policy(background=background)
    pixels = drawn(2, 33, 20, channels)
    wanted = prepare_image(Image(from_channels(pixels, policy)), build_steps(GREY_STEPS))
    assert np.array_equal(Preparing(GREY_STEPS, policy)(pixels), wanted)


@pytest.mark.parametrize(
    "windows", [["lung"], ["40,400", "exact:bone", "sigmoid:40,80"], ["40,1"], ["lung", "bone"]]
)
def test_windows_of_values_become_the_same_grey(windows: list[str]) -> None:
    tables: list[dict[str, object]] = [{"name": "window", "windows": windows}, RESIZE]
    values = np.random.default_rng(3).normal(0, 700, (40, 30, 1)).astype(np.float32)
    wanted = prepare_image(Image(values, Kind.HOUNSFIELD), build_steps(tables))
    made = Preparing(tables, Policy(window="values"))(values)
    assert np.array_equal(made, wanted)


def test_images_of_one_size_go_through_together() -> None:
    graph = Graph()
    image = Value(graph, "image", np.dtype(np.uint8))
    session = session_of(graph, [image], prepared(image, Policy(), build_steps(TABLES["pad"])))
    pixels = drawn(4, 3, 40, 50, 3)
    (made,) = session.run(None, {"image": pixels})
    one = [prepare_image(Image(each), build_steps(TABLES["pad"])) for each in pixels]
    assert np.array_equal(made.transpose(0, 2, 3, 1), np.stack(one))


def test_a_step_without_counterpart_is_named_with_the_way_out() -> None:
    graph = Graph()
    image = Value(graph, "image", np.dtype(np.uint8))
    with pytest.raises(WrongUse, match="macenko") as caught:
        prepared(image, Policy(), build_steps([{"name": "macenko"}, RESIZE]))
    assert "safetensors" in str(caught.value.fix)


def test_values_that_never_become_grey_are_refused() -> None:
    graph = Graph()
    image = Value(graph, "image", np.dtype(np.float32))
    with pytest.raises(WrongUse, match="8-bit"):
        prepared(image, Policy(window="values"), build_steps([RESIZE]))


def asked(build: Any, given_rows: NDArray[Any]) -> NDArray[Any]:
    """Return what a graph makes of rows."""
    graph = Graph()
    rows = Value(graph, "rows", given_rows.dtype)
    (made,) = session_of(graph, [rows], build(rows)).run(None, {"rows": given_rows})
    result: NDArray[Any] = made
    return result


CALIBRATIONS = {
    "temperature": Calibration.of_temperature(1.7, 4),
    "vector": Calibration((1.2, 0.7, 1.0, 2.0), (0.3, -0.1, 0.0, -0.2), -0.04),
}


@pytest.mark.parametrize("is_multilabel", [False, True])
@pytest.mark.parametrize("name", CALIBRATIONS)
def test_calibrated_probabilities_are_the_bundles(name: str, is_multilabel: bool) -> None:
    calibration = CALIBRATIONS[name]
    scores = np.random.default_rng(5).normal(0, 4, (20, 4))
    made = asked(lambda v: probabilities(v, calibration, is_multilabel=is_multilabel), scores)
    wanted = calibration.probabilities(scores, is_multilabel=is_multilabel)
    assert np.abs(made - wanted).max() < 1e-12


DECISIONS = {
    "usual": Decision(),
    "threshold": Decision(rule="youden", positive="b", threshold=0.2),
    "costs": Decision(rule="cost", costs=((0, 1, 5), (2, 0, 1), (9, 1, 0)), abstain_below=0.8),
    "silent": Decision(abstain_below=0.6),
    "silent threshold": Decision(rule="f1", positive="a", threshold=0.3, abstain_below=0.55),
}


@pytest.mark.parametrize("name", DECISIONS)
def test_answers_are_those_of_the_decision(name: str) -> None:
    decision, classes = DECISIONS[name], ("a", "b", "c")
    shares = np.random.default_rng(6).dirichlet((1.0, 1.0, 1.0), 200)
    made = asked(lambda v: answers(v, decision, classes), shares)
    assert made.tolist() == decision.answers(shares, classes).tolist()


def test_the_guards_distance_is_an_output_to_its_last_digit() -> None:
    rng = np.random.default_rng(7)
    distance = Distance(
        taps=("x",),
        places=np.array([4, 0, 2, 7, 5]),
        mean=rng.normal(size=5).astype(np.float32),
        scale=rng.uniform(0.5, 2, 5).astype(np.float32),
        basis=np.linalg.qr(rng.normal(size=(5, 3)))[0].astype(np.float32),
        variances=np.array([3.0, 2.0, 1.0, 0.5], dtype=np.float32),
        centres=rng.normal(size=(4, 5)).astype(np.float32),
        limit=2.0,
    )
    features = rng.normal(size=(30, 8)).astype(np.float32)
    features[3] = np.nan
    made = asked(lambda v: distances(v, distance), features)
    assert np.abs(made - distance(features)).max() <= 1e-6
