"""The programs of examples/use: the same class and probability as `tamiz predict`."""

from __future__ import annotations

import functools
import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnxruntime")
pytest.importorskip("onnxscript")

ROOT = Path(__file__).resolve().parents[2]
USE = ROOT / "examples" / "use"
CLASSES = ("a", 'b "q" \\ é', "ñandú", "d")


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Return a folder with model.onnx and photo.png, and what must be printed about it."""
    from PIL import Image as Pillow

    from tamiz.data.contracts import Policy
    from tamiz.data.image import Image
    from tamiz.engine.exporting.registry import EXPORTS, Wanted
    from tamiz.models.build import build_network
    from tamiz.models.bundle import Bundle
    from tamiz.models.registry import InputShape
    from tamiz.stages.exporting.gate import answers_by_tamiz
    from tamiz.steps.apply import build_steps

    folder = tmp_path_factory.mktemp("use")
    net = build_network("softmax", {}, InputShape(3, 12, 4), mean=(0.5,) * 3, std=(0.2,) * 3)
    weights = {key: value.numpy() for key, value in net.state_dict().items()}
    rng = np.random.default_rng(1)
    for key, value in weights.items():
        if value.ndim == 2:
            weights[key] = rng.normal(0, 0.05, value.shape).astype(np.float32)
    bundle = Bundle(
        classes=CLASSES,
        size_px=12,
        channels=3,
        model="softmax",
        options={},
        steps=build_steps([{"name": "rgb"}, {"name": "resize", "size_px": 12}]),
        policy=Policy(),
        mean=(0.5,) * 3,
        std=(0.2,) * 3,
        weights=weights,
    )
    pixels = rng.integers(0, 256, (37, 53, 3), dtype=np.uint8)
    Pillow.fromarray(pixels).save(folder / "photo.png")
    EXPORTS.get("onnx")().make(Wanted(bundle, folder)).write(folder / "model.onnx", {})
    shares = answers_by_tamiz(bundle, [Image(pixels)])[0]
    return folder, f"{CLASSES[shares.argmax()]} {shares.max():.4f}"


def said(*words: object) -> str:
    """Return what a program prints."""
    line = [str(word) for word in words]
    return subprocess.run(line, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.long
def test_in_python_without_tamiz(world):
    folder, wanted = world
    program = USE / "classify.py"
    assert "tamiz" not in re.sub(r'""".*?"""', "", program.read_text())
    assert said(sys.executable, program, folder / "model.onnx", folder / "photo.png") == wanted


def test_the_page_of_the_documentation_shows_this_program():
    page = (ROOT / "docs" / "howto" / "use-a-model-elsewhere.md").read_text("utf-8")
    code = (USE / "classify.py").read_text("utf-8").split('"""\n\n', 1)[1]
    assert code in page


def node_modules(*packages: str) -> Path:
    """Return the folder with npm's packages, or skip."""
    if shutil.which("node") is None:
        pytest.skip("node is not installed")
    folder = Path(os.environ.get("TAMIZ_NODE_MODULES", USE / "node_modules"))
    for package in packages:
        if not (folder / package).is_dir():
            pytest.skip(f"npm's package {package} is not in {folder} (TAMIZ_NODE_MODULES)")
    return folder


@pytest.mark.long
def test_in_javascript_under_node(world, tmp_path):
    packages = node_modules("onnxruntime-node", "sharp")
    (tmp_path / "node_modules").symlink_to(packages)
    for program in USE.glob("*.mjs"):
        shutil.copy(program, tmp_path)
    folder, wanted = world
    place = tmp_path / "classify.mjs"
    assert said("node", place, folder / "model.onnx", folder / "photo.png") == wanted


@pytest.mark.long
def test_in_the_browser(world, tmp_path):
    packages = node_modules("onnxruntime-web")
    browser = shutil.which("chromium")
    if browser is None:
        pytest.skip("chromium is not installed")
    sync = pytest.importorskip("playwright.sync_api")
    folder, wanted = world
    for name in ("classify.html", "class_names.mjs"):
        shutil.copy(USE / name, tmp_path)
    shutil.copy(folder / "model.onnx", tmp_path)
    (tmp_path / "ort").symlink_to(packages / "onnxruntime-web" / "dist")

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_words):
            pass

    handler = functools.partial(Quiet, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with sync.sync_playwright() as play:
            opened = play.chromium.launch(executable_path=browser, args=["--no-sandbox"])
            page = opened.new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}/classify.html")
            page.wait_for_load_state("networkidle")
            page.set_input_files("#photo", folder / "photo.png")
            page.wait_for_function("document.getElementById('answer').textContent")
            assert page.text_content("#answer") == wanted
            opened.close()
        server.shutdown()


@pytest.mark.long
def test_in_cpp(world, tmp_path):
    found = os.environ.get("TAMIZ_ORT_CPP", "")  # -I, -L and -Wl,-rpath of ONNX Runtime and stb
    if shutil.which("g++") is None or not found:
        pytest.skip("g++ or ONNX Runtime's C++ headers are not here (flags in TAMIZ_ORT_CPP)")
    folder, wanted = world
    program = tmp_path / "classify"
    said("g++", "-std=c++17", USE / "classify.cpp", *found.split(), "-l", "onnxruntime",
         "-o", program)  # fmt: skip
    assert said(program, folder / "model.onnx", folder / "photo.png") == wanted
