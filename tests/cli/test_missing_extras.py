"""Who lacks an extra is told in one line which it is and the command that brings it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.metadata import requires
from pathlib import Path
from typing import Any

import PIL.Image
import pytest

from tamiz.core.errors import MissingDependency
from tamiz.core.optional import require
from tamiz.stages.doctor import doctor

# What a plain `pip install tamiz` does not bring.
ABSENT = (
    "pydicom", "pynetdicom", "dicomweb_client", "highdicom", "openslide", "openvino", "fastapi",
    "starlette", "uvicorn", "python_multipart", "streamlit", "ray", "s3fs", "aiohttp",
    "aiobotocore", "onnx", "onnxruntime", "onnxscript", "mlflow", "pandas", "tensorboard",
)  # fmt: skip
ASKED = {
    "serve m": "web",
    "serve --workbench photos": "web",
    "api m": "service",
    "node m --answer-to A@127.0.0.1:104 --folder n": "node",
    "index dicom --out i": "dicom",
    "convert dicom --out c": "dicom",
    "pacs echo --host 127.0.0.1 --port 104 --called A": "dicom",
    "check photos --out r --engine ray": "cluster",
    "index s3://box/a --out s": "remote",
    "index https://127.0.0.1:9/a.csv --out h": "remote",
}
# One process for all: what is loaded at the top of a module is loaded once, as on a user's machine.
PROGRAM = """
import contextlib, io, json, sys
sys.modules.update(dict.fromkeys({absent!r}))
from tamiz.cli.main import main
told = {{}}
for words in {asked!r}:
    for language in ("en", "es"):
        said = io.StringIO()
        with contextlib.redirect_stderr(said):
            try: main([*words.split(), "--quiet", "--lang", language])
            except SystemExit as ended: code = ended.code
        told[f"{{words}} {{language}}"] = code, said.getvalue()
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, str]]:
    """Return exit code and standard error of each command in each language, without extras."""
    folder: Path = tmp_path_factory.mktemp("plain")
    (folder / "photos").mkdir()
    PIL.Image.new("L", (20, 20)).save(folder / "photos" / "a.png")
    (folder / "dicom").mkdir()
    (folder / "dicom" / "a.dcm").write_bytes(b"\0" * 128 + b"DICM" + b"\0" * 200)
    program = PROGRAM.format(absent=ABSENT, asked=tuple(ASKED))
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return {words: (code, said) for words, (code, said) in json.loads(done.stdout).items()}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("words", ASKED)
def test_a_missing_extra_is_one_line_with_the_command_that_installs_it(told, words, language):
    code, said = told[f"{words} {language}"]
    assert code == 2, said
    assert said.startswith("error: ")
    assert said.count("\n") == 1
    command = f"pip install 'tamiz[{ASKED[words]}]'"
    assert said.endswith(f"Install it: {command}\n" if language == "en" else f": {command}\n")
    assert ("which is not installed" if language == "en" else "que no está instalado") in said


@pytest.mark.parametrize("missing", ["mlflow", "pandas", "onnx", "onnxruntime"])
def test_writing_for_mlflow_names_both_extras_at_once(monkeypatch, missing):
    from tamiz.engine.exporting import mlflow as writing

    def found(package, *, extra, why):
        if package == missing:
            require("no_such_package_anywhere", extra=extra, why=why)

    monkeypatch.setattr(writing, "require", found)
    asked: Any = None  # no model is looked at before
    with pytest.raises(MissingDependency, match=r"pip install 'tamiz\[mlflow,export\]'"):
        writing.Mlflow().check(asked)


def test_doctor_tells_the_version_of_every_package_that_tamiz_cannot_do_without():
    plain = [one for one in requires("tamiz") or () if "extra ==" not in one]
    needed = {re.split(r"[\[<>=; ]", one)[0] for one in plain}
    found: Any = doctor().values["packages"]
    assert needed == set(found) - {"tamiz"}
    assert all(found.values())
