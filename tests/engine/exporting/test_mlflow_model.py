"""MLflow models: no tamiz, no pickle, the same answers."""

from __future__ import annotations

import io
import json
import subprocess
import sys

import numpy as np
import pytest

pytest.importorskip("mlflow")
pytest.importorskip("onnxscript")

ALONE = """
import io, json, sys, warnings, os
sys.modules["tamiz"] = None  # as where it is not installed
os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
import mlflow.pyfunc, pandas
model = mlflow.pyfunc.load_model(sys.argv[1])
rows = pandas.DataFrame({"image": [open(sys.argv[2], "rb").read()] * 2})
print(json.dumps(model.predict(rows).to_dict("records")))
"""


@pytest.mark.long
def test_an_mlflow_model_answers_without_tamiz(make_bundle, exported, gap, tmp_path):
    from PIL import Image as Pillow

    from tamiz.data.image import Image

    bundle = make_bundle()
    made, folder = exported("mlflow", bundle, {"parity": {"n": 9}})
    assert gap(made, bundle) < 1e-6
    assert "tamiz_onnx_model" not in sys.modules
    pixels = np.random.default_rng(4).integers(0, 256, (19, 33, 3), dtype=np.uint8)
    Pillow.fromarray(pixels).save(tmp_path / "photo.png")
    done = subprocess.run(
        [sys.executable, "-c", ALONE, str(folder), str(tmp_path / "photo.png")],
        capture_output=True, text=True, check=True, cwd=tmp_path,
    )  # fmt: skip
    first, second = json.loads(done.stdout.splitlines()[-1])
    assert first == second
    assert list(first) == list(bundle.classes)
    assert np.allclose(list(first.values()), made.probabilities(Image(pixels)), atol=1e-6)
    names = {one.name for one in folder.rglob("*") if one.is_file()}
    assert not [name for name in names if name.endswith((".pkl", ".pickle", ".bin"))]
    assert {"MLmodel", "requirements.txt", "input_example.json", "tamiz_onnx_model.py"} <= names
    assert "tamiz" not in (folder / "requirements.txt").read_text()


@pytest.mark.long
def test_figures_and_signature_are_in_the_description(make_bundle, exported):
    import yaml  # type: ignore[import-untyped]

    bundle = make_bundle("softmax")
    _, folder = exported("mlflow", bundle, {"parity": {"n": 9}})
    told = yaml.safe_load((folder / "MLmodel").read_text("utf-8"))
    kept = told["metadata"]["tamiz"]
    assert kept["metrics"]["accuracy"] == {"value": 0.9, "low": 0.8, "high": 0.95, "n": 40}
    assert kept["parity"] == {"n": 9}
    assert kept["sha256"] == bundle.identity()
    taken = json.loads(told["signature"]["inputs"])
    assert [(one["name"], one["type"]) for one in taken] == [("image", "binary")]
    given = json.loads(told["signature"]["outputs"])
    assert [one["name"] for one in given] == list(bundle.classes)


@pytest.mark.long
def test_what_is_transparent_shows_the_background_of_the_training(make_bundle, exported):
    import pandas as pd
    from PIL import Image as Pillow

    made, _ = exported("mlflow", make_bundle("softmax"))
    clear = Pillow.new("RGBA", (9, 9), (200, 10, 10, 0))
    held = io.BytesIO()
    clear.save(held, "PNG")
    white = np.full((9, 9, 3), 255, np.uint8)
    rows = pd.DataFrame({"image": [held.getvalue()]})
    from tamiz.data.image import Image

    found = made.asked.predict(rows).to_numpy()[0]
    assert np.allclose(found, made.probabilities(Image(white)), atol=1e-6)
