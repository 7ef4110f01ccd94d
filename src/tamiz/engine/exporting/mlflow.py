"""An MLflow model: an ONNX model, and the few lines that ask it."""

from __future__ import annotations

import io
import logging
import os
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.files import write_json, write_text
from tamiz.core.language import Text, text
from tamiz.core.optional import require
from tamiz.data.image import Image
from tamiz.engine.exporting.facts import bundle_facts
from tamiz.engine.exporting.folder import check_network, put_folder
from tamiz.engine.exporting.registry import EXPORTS, Exported, Wanted
from tamiz.models.bundle import Bundle
from tamiz.models.card import card_of

_NAME: Final = "mlflow"
_MODULE: Final = "tamiz_onnx_model"
_ONNX: Final = "model.onnx"
_PACKAGES: Final = ("numpy", "onnxruntime", "pandas", "pillow")
_EXAMPLE_PX: Final = 8


@dataclass(frozen=True, slots=True)
class MlflowModel:
    """An MLflow model in the scratch folder, loaded.

    Attributes:
        folder: of it.
        bundle: of which it was made.
        onnx: the model inside it.
        asked: what `mlflow.pyfunc.load_model` returned.
        notes: for the user.
    """

    folder: Path
    bundle: Bundle
    onnx: Exported
    asked: Any
    notes: Sequence[Text] = ()

    @property
    def facts(self) -> Mapping[str, Any]:
        """Return what the ONNX model inside tells."""
        return self.onnx.facts

    @property
    def plain(self) -> Exported | None:
        """Return the ONNX model that an 8-bit one was made from."""
        made: Exported | None = getattr(self.onnx, "plain", None)
        return made

    def probabilities(self, image: Image) -> NDArray[np.float64]:
        """Return (classes,) probabilities of a decoded image, perhaps with alpha.

        It goes in as the bytes of a file, as MLflow's server takes them.
        """
        import pandas as pd

        rows = pd.DataFrame({"image": [_file_of(image)]})
        answer = self.asked.predict(rows)[list(self.bundle.classes)]
        made: NDArray[np.float64] = answer.to_numpy(dtype=np.float64)[0]
        return made

    def write(self, place: Path, facts: Mapping[str, Any]) -> None:
        """Write the folder with the gate's figures in its metadata, whole or not at all."""
        from mlflow.models import Model

        inner = self.folder / "data" / "model" / _ONNX
        inner.unlink()
        self.onnx.write(inner, facts)
        description = Model.load(str(self.folder))
        description.metadata = {"tamiz": {**_metadata(self.bundle), **facts}}
        description.save(str(self.folder / "MLmodel"))
        put_folder(self.folder, place)


@EXPORTS.add(_NAME)
class Mlflow:
    """A folder for `mlflow.pyfunc.load_model`; answers by onnxruntime, without tamiz."""

    suffix: ClassVar[str] = ""
    reads_alpha: ClassVar[bool] = True

    def check(self, wanted: Wanted) -> None:
        """Raise `WrongUse` or `MissingDependency` where this bundle cannot go this way."""
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")
        for package in ("mlflow", "pandas", "onnx", "onnxscript", "onnxruntime"):
            require(package, extra="mlflow,export", why=f"--format {_NAME}")
        check_network(wanted.bundle, _NAME)
        EXPORTS.get("onnx")().check(wanted)

    def make(self, wanted: Wanted) -> MlflowModel:
        """Return the model, saved and loaded by MLflow.

        Raises:
            WrongUse: ONNX cannot express a step or an operator.
        """
        onnx = EXPORTS.get("onnx")().make(wanted)
        parts, folder = wanted.scratch / "model", wanted.scratch / _NAME
        parts.mkdir()
        onnx.write(parts / _ONNX, {})
        write_json(parts / "classes.json", list(wanted.bundle.classes))
        write_text(parts / "card.md", card_of(bundle_facts(wanted.bundle)))
        with _without_trace():
            import mlflow.pyfunc

            _save(folder, parts, wanted.bundle)
            asked = mlflow.pyfunc.load_model(str(folder))
        notes = (*onnx.notes, text("forms.mlflow_input"))
        return MlflowModel(folder, wanted.bundle, onnx, asked, notes)


@contextmanager
def _without_trace() -> Iterator[None]:
    """Keep MLflow from talking, and from leaving the model's module and its place in Python."""
    logger, before = logging.getLogger("mlflow"), list(sys.path)
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on its own and its libraries' older ways
            yield
    finally:
        logger.setLevel(level)
        sys.path[:] = before
        sys.modules.pop(_MODULE, None)


def _save(folder: Path, parts: Path, bundle: Bundle) -> None:
    """Have MLflow write its folder: no pickle, its code is a file that can be read."""
    import mlflow.pyfunc
    import pandas as pd
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, Schema, TensorSpec

    columns: list[ColSpec | TensorSpec] = [ColSpec("double", name) for name in bundle.classes]
    is_real = bundle.policy.window == "values"  # a device's own, no bytes
    size = (_EXAMPLE_PX, _EXAMPLE_PX, 1)
    example = Image(np.zeros(size, np.float32) if is_real else np.full(size, 128, np.uint8))
    code = Path(__file__).parent / "foreign" / f"{_MODULE}.py"
    mlflow.pyfunc.save_model(
        str(folder),
        loader_module=_MODULE,
        data_path=str(parts),
        code_paths=[str(code)],
        signature=ModelSignature(Schema([ColSpec("binary", "image")]), Schema(columns)),
        input_example=pd.DataFrame({"image": [_file_of(example)]}),
        pip_requirements=_requirements(),
        metadata={"tamiz": _metadata(bundle)},
    )


def _metadata(bundle: Bundle) -> dict[str, Any]:
    """Return what MLflow keeps beside the model: test figures with their intervals, and whence."""
    facts = bundle_facts(bundle)
    names = ("classes", "model", "metrics", "training", "manifest_hash", "versions", "licence")
    told: dict[str, Any] = {name: facts[name] for name in (*names, "intended_use")}
    return {**told, "sha256": facts["weights"]["sha256"]}


def _requirements() -> list[str]:
    """Return the packages that the model needs, as they are here."""
    from importlib.metadata import version

    return [f"mlflow-skinny=={version('mlflow-skinny')}"] + [
        f"{name}=={version(name)}" for name in _PACKAGES
    ]


def _file_of(image: Image) -> bytes:
    """Return an image as the bytes of a file that loses nothing: PNG, of real numbers TIFF."""
    from PIL import Image as Pillow

    pixels: Any = image.pixels
    held = io.BytesIO()
    flat = np.ascontiguousarray(pixels[:, :, 0] if pixels.shape[2] == 1 else pixels)
    Pillow.fromarray(flat).save(held, "TIFF" if flat.dtype == np.float32 else "PNG")
    return held.getvalue()
