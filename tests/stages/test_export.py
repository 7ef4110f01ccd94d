"""An exported model gives the answers of `predict`, or is not written."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import PIL.Image
import pytest

from tamiz.core.errors import WrongData, WrongUse
from tamiz.core.recipe import PrepareOptions
from tamiz.data.contracts import Policy
from tamiz.data.image import Image
from tamiz.data.report import Estimate, Findings
from tamiz.metrics.decision import Decision
from tamiz.models.build import build_network
from tamiz.models.bundle import Bundle
from tamiz.models.ensemble import ensemble_of
from tamiz.models.onnx_file import OnnxModel
from tamiz.models.registry import InputShape
from tamiz.stages.bench_model import BenchOptions, bench_model
from tamiz.stages.export import ExportOptions, export
from tamiz.stages.exporting.gate import Parity, answers_by_tamiz
from tamiz.stages.exporting.int8 import Cost
from tamiz.stages.predict import predict
from tamiz.steps.apply import build_steps, input_steps

pytest.importorskip("onnxruntime")
pytest.importorskip("onnxscript")


def bundle_of(model: str = "softmax", side: int = 12, seed: int = 0, **changes: Any) -> Bundle:
    """Return a network with drawn weights whose answers differ from image to image."""
    net = build_network(model, {}, InputShape(1, side, 3), mean=(0.5,), std=(0.1,), seed=seed)
    fields: dict[str, Any] = {
        "classes": ("a", "b", "c"),
        "size_px": side,
        "channels": 1,
        "model": model,
        "options": {},
        "steps": input_steps(PrepareOptions(size_px=side, channels=1)),
        "policy": Policy(),
        "mean": (0.5,),
        "std": (0.1,),
        "weights": {name: value.numpy().copy() for name, value in net.state_dict().items()},
        "decision": Decision(abstain_below=0.4),
        "licence": "CC0",
        "manifest_hash": "abc",
    }
    return Bundle(**(fields | changes))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a model, images of odd sizes and modes, and the exported file."""
    folder = tmp_path_factory.mktemp("export")
    bundle_of(temperature=1.5).save(folder / "model")
    rng = np.random.default_rng(0)
    images = folder / "images"
    images.mkdir()
    for number, (width, height, mode) in enumerate(
        [(12, 12, "L"), (1, 1, "L"), (7, 3, "RGB"), (90, 31, "RGB"), (40, 50, "RGBA"), (9, 9, "LA")]
    ):
        channels = len(mode)
        pixels = rng.integers(0, 256, (height, width, channels), dtype=np.uint8)
        PIL.Image.fromarray(pixels[:, :, 0] if channels == 1 else pixels).save(
            images / f"{number}.png"
        )
    deep = rng.integers(0, 65536, (20, 30), dtype=np.uint16)
    PIL.Image.fromarray(deep).save(images / "deep.png")
    (images / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    options = ExportOptions(reference=images)
    export(folder / "model", folder / "model.onnx", options)
    return folder


def rows_of(path: Path) -> list[list[str]]:
    """Return the cells of a CSV file."""
    with path.open(encoding="utf-8", newline="") as opened:
        return list(csv.reader(opened))


def test_the_file_answers_as_the_folder_does(place: Path, tmp_path: Path) -> None:
    tables = []
    for model, name in ((place / "model", "torch.csv"), (place / "model.onnx", "onnx.csv")):
        answers = predict(model, place / "images")
        answers.save_csv(tmp_path / name)
        tables.append(rows_of(tmp_path / name))
    torch, onnx = tables
    shares = slice(3, 6)
    assert [row[:3] + row[6:] for row in torch] == [row[:3] + row[6:] for row in onnx]
    read = [(a[shares], b[shares]) for a, b in zip(torch[1:], onnx[1:], strict=True) if a[3]]
    differences = [abs(float(x) - float(y)) for a, b in read for x, y in zip(a, b, strict=True)]
    assert len(read) == 7
    assert max(differences) < 1e-6


def test_the_metadata_tell_what_others_need(place: Path) -> None:
    onnx = pytest.importorskip("onnx")
    proto = onnx.load(str(place / "model.onnx"))
    told = {one.key: one.value for one in proto.metadata_props}
    assert json.loads(told["classes"]) == ["a", "b", "c"]
    assert told["licence"] == "CC0"
    assert told["manifest_hash"] == "abc"
    assert told["weights_sha256"] == Bundle.load(place / "model").identity()
    assert json.loads(told["decision"])["abstain_below"] == 0.4
    assert json.loads(told["input"])["type"] == "uint8"
    parity = json.loads(told["parity"])
    assert parity["n_real"] == 7
    assert parity["same_answer"] == 1.0
    assert parity["largest_dp"] < 1e-5
    assert told["card"].startswith("# ")


def test_the_graph_gives_the_decisions_answer_itself(place: Path) -> None:
    runtime = pytest.importorskip("onnxruntime")
    session = runtime.InferenceSession(str(place / "model.onnx"))
    pixels = np.random.default_rng(1).integers(0, 256, (5, 30, 20, 3), dtype=np.uint8)
    shares, answer = session.run(["probabilities", "answer"], {"image": pixels})
    bundle = Bundle.load(place / "model")
    assert answer.tolist() == bundle.decision.answers(shares.astype(float), bundle.classes).tolist()


def test_predict_by_onnxruntime_loads_no_torch(place: Path) -> None:
    code = (
        "import sys\n"
        "from tamiz.stages.predict import predict\n"
        f"answers = predict({str(place / 'model.onnx')!r}, {str(place / 'images')!r})\n"
        "assert len(answers.paths) == 7\n"
        "print([name for name in ('torch', 'timm', 'onnx', 'onnxscript') if name in sys.modules])"
    )
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert made.stdout.strip() == "[]"


def test_a_model_that_answers_otherwise_is_not_written(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tamiz.engine.exporting import onnx_format

    class Other:
        facts: Any = types.MappingProxyType({})
        notes = ()

        def probabilities(self, image: Image) -> Any:
            return np.array([0.2, 0.3, 0.5]) if image.pixels.shape[0] == 1 else np.ones(3) / 3

        def write(self, place: Path, facts: object) -> None:
            place.write_text(str(facts), encoding="utf-8")

    monkeypatch.setattr(onnx_format.OnnxFormat, "make", lambda _self, _wanted: Other())
    with pytest.raises(WrongData, match="does not answer as `tamiz predict`") as caught:
        export(place / "model", tmp_path / "x.onnx")
    assert "Nothing was written" in str(caught.value.fix)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("found", "is_bad"),
    [((0.0, True), False), ((0.0011, True), True), ((0.0, False), True), ((np.inf, True), True)],
)
def test_the_gate_asks_for_the_same_class_and_a_thousandth(
    found: tuple[float, bool], is_bad: bool
) -> None:
    parity = Parity(("x",), np.array([found[0]]), np.array([found[1]]), 0)
    assert bool(parity.is_bad[0]) == is_bad


@pytest.mark.parametrize(
    ("out", "options", "words"),
    [
        ("model.onnx", {}, "something already"),
        ("x.pt", {}, "must end in .onnx"),
        ("x.onnx", {"calibrate": Path("images")}, "says nothing without --int8"),
        ("x.onnx", {"format": "onix"}, "onnx"),
        ("x.onnx", {"reference": Path("nowhere")}, "nowhere"),
        ("x.onnx", {"is_int8": True}, "8-bit numbers need training images"),
    ],
)
def test_what_cannot_be_is_said_in_a_line_before_the_work(
    place: Path, out: str, options: dict[str, Any], words: str
) -> None:
    paths: dict[str, Any] = {k: place / v if isinstance(v, Path) else v for k, v in options.items()}
    with pytest.raises(WrongUse, match=words):
        export(place / "model", place / out, ExportOptions(**paths))
    assert not [one for one in place.iterdir() if one.name.startswith(".tamiz")]


def test_models_that_onnx_cannot_express_are_named(place: Path, tmp_path: Path) -> None:
    stain = build_steps([{"name": "rgb"}, {"name": "macenko"}, {"name": "grey"},
                         {"name": "resize", "size_px": 12}])  # fmt: skip
    bundle_of(steps=stain).save(tmp_path / "stain")
    with pytest.raises(WrongUse, match="macenko"):
        export(tmp_path / "stain", tmp_path / "x.onnx")


def test_a_file_of_another_program_is_refused(tmp_path: Path, place: Path) -> None:
    onnx = pytest.importorskip("onnx")
    proto = onnx.load(str(place / "model.onnx"))
    del proto.metadata_props[:]
    onnx.save(proto, str(tmp_path / "foreign.onnx"))
    with pytest.raises(WrongData, match="not written by `tamiz export`"):
        predict(tmp_path / "foreign.onnx", place / "images")
    (tmp_path / "broken.onnx").write_bytes(b"nothing")
    with pytest.raises(WrongData, match=r"broken\.onnx"):
        predict(tmp_path / "broken.onnx", place / "images")
    with pytest.raises(WrongUse, match=r"missing\.onnx"):
        predict(tmp_path / "missing.onnx", place / "images")


def _changed(told: dict[str, Any], case: str) -> dict[str, Any]:
    if case == "schema":
        return told | {"schema_version": 2}
    members = [one | {"classes": ["a", "b"]} for one in told["members"]]
    return told | {"members": members}


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("schema", r"another version of tamiz wrote this ONNX file \(layout 2; this one reads 1"),
        ("classes", "does not take or give what its metadata say"),
        ("graph", "does not take or give what its metadata say"),
    ],
)
def test_metadata_that_do_not_suit_the_graph_are_told_at_once(
    tmp_path: Path, place: Path, case: str, words: str
) -> None:
    onnx = pytest.importorskip("onnx")
    proto = onnx.load(str(place / "model.onnx"))
    for one in proto.metadata_props:
        if one.key == "tamiz" and case != "graph":
            one.value = json.dumps(_changed(json.loads(one.value), case))
    if case == "graph":
        sides = [onnx.helper.make_tensor_value_info(name, 1, ["n", 3]) for name in "xy"]
        nodes = [onnx.helper.make_node("Softmax", ["x"], ["y"])]
        proto.graph.CopyFrom(onnx.helper.make_graph(nodes, "other", sides[:1], sides[1:]))
    onnx.save(proto, str(tmp_path / "changed.onnx"))
    with pytest.raises(WrongData, match=words):
        predict(tmp_path / "changed.onnx", place / "images")


def test_what_needs_the_folder_says_so_of_a_file(tmp_path: Path, place: Path) -> None:
    with pytest.raises(WrongUse, match=r"model\.onnx: this is an ONNX file, .* model's folder"):
        export(place / "model.onnx", tmp_path / "again.onnx")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"backend": "torch"}, "needs the model's folder"),
        ({"backend": "tensorflow"}, "no backend 'tensorflow'"),
        ({"weights": "x.safetensors"}, "--weights"),
    ],
)
def test_options_that_do_not_suit_a_file_are_refused(
    place: Path, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(WrongUse, match=words):
        predict(place / "model.onnx", place / "images", **options)


@pytest.mark.long
def test_the_backend_exports_once_into_the_cache(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAMIZ_CACHE", str(tmp_path))
    first = predict(place / "model", place / "images", backend="onnxruntime")
    (made,) = (tmp_path / "onnx").iterdir()
    written = made.stat().st_mtime_ns
    again = predict(place / "model", place / "images", backend="onnxruntime")
    assert made.stat().st_mtime_ns == written
    assert first.csv_text() == again.csv_text()


@pytest.mark.long
def test_an_ensemble_of_unlike_members_is_one_file(tmp_path: Path) -> None:
    crop = build_steps([
        {"name": "grey"}, {"name": "blur", "kernel_px": 3},
        {"name": "centre_crop", "size_px": 12, "shorter_px": 14, "interpolation": "bicubic"},
    ])  # fmt: skip
    vector: dict[str, Any] = {"scales": (1.2, 0.8, 1.0), "shifts": (0.1, -0.2, 0.1), "bend": -0.05}
    members = [
        bundle_of("mlp"),
        bundle_of("softmax", seed=1, steps=crop, averages_mirrored=True, **vector),
    ]
    ensemble_of(members).save(tmp_path / "model")
    export(tmp_path / "model", tmp_path / "m.onnx")
    model = OnnxModel.load(tmp_path / "m.onnx")
    image = Image(np.random.default_rng(2).integers(0, 256, (50, 31, 3), dtype=np.uint8))
    found = model.ask(np.asarray(image.pixels)[None])[0]
    wanted = answers_by_tamiz(Bundle.load(tmp_path / "model"), [image])
    assert np.abs(found - wanted).max() < 1e-5
    assert model.identity == ensemble_of(members).identity()


@pytest.mark.long
def test_eight_bits_are_measured_and_told(place: Path, tmp_path: Path) -> None:
    bundle_of("mlp").save(tmp_path / "model")
    options = ExportOptions(is_int8=True, calibrate=place / "images")
    report = export(tmp_path / "model", tmp_path / "small.onnx", options)
    told = report.values["export"]["int8"]
    assert told["size_ratio"] < 0.8
    assert told["speed_ratio"]["low"] <= told["speed_ratio"]["value"]
    assert told["loss"] is None  # there is no run, so no validation image
    facts = OnnxModel.load(tmp_path / "small.onnx").facts
    assert facts["parity"]["largest_dp"] < 1e-3
    assert 0 < facts["int8"]["parity"]["largest_dp"] < 0.5


@pytest.mark.long
def test_models_are_timed_in_turn_and_compared(place: Path) -> None:
    options = BenchOptions(batch=2, blocks=3, side_px=20, threads=1)
    report = bench_model([place / "model.onnx", place / "model"], options)
    first, last = report.values["bench-model"]["models"]
    assert first["largest_dp"] < 1e-5
    assert first["identity"] == last["identity"]
    assert first["latency_ratio"]["low"] <= first["latency_ratio"]["value"]
    assert first["memory_mib"]["value"] < last["memory_mib"]["value"]  # torch is not loaded


@pytest.mark.parametrize(("value", "half", "is_warned"), [(-0.8, 0.1, True), (-0.01, 0.02, False)])
def test_a_loss_that_is_shown_is_warned_of(value: float, half: float, is_warned: bool) -> None:
    loss = Estimate(value, value - half, value + half, 100, 100)
    cost = Cost("accuracy", loss, Estimate(1.0, 0.9, 1.1, 12, 12), 0.5)
    found = [one for one in cost.section().blocks if isinstance(one, Findings)]
    assert bool(found) is is_warned


@pytest.mark.parametrize("name", ["batch", "blocks", "side_px"])
def test_too_little_to_measure_is_refused(name: str, place: Path) -> None:
    with pytest.raises(WrongUse, match="too low"):
        bench_model([place / "model.onnx"], BenchOptions(**{name: 0}))


def test_models_of_other_classes_are_not_compared(tmp_path: Path, place: Path) -> None:
    bundle_of(classes=("a", "b", "z")).save(tmp_path / "model")
    with pytest.raises(WrongUse, match="does not know the classes"):
        bench_model([place / "model.onnx", tmp_path / "model"], BenchOptions())
