"""How MLflow asks this model; needs onnxruntime and Pillow, and no tamiz."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

_COLUMN: Final = "image"


class OnnxClassifier:
    """Probabilities of image files, by the ONNX model beside it.

    Args:
        folder: with model.onnx and classes.json.
    """

    def __init__(self, folder: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3  # errors only
        providers = ["CPUExecutionProvider"]
        place = str(folder / "model.onnx")
        self._session = onnxruntime.InferenceSession(place, options, providers=providers)
        self._reads_floats = self._session.get_inputs()[0].type == "tensor(float)"
        self._classes: list[str] = json.loads((folder / "classes.json").read_text("utf-8"))

    def predict(self, rows: pd.DataFrame, params: dict[str, Any] | None = None) -> pd.DataFrame:  # noqa: ARG002
        """Return a row of probabilities per image, a column per class.

        Args:
            rows: column 'image' holds the bytes of files (PNG, JPEG, ...), or arrays (height,
                width, channels) as the model's card tells.
            params: none are known.
        """
        import numpy as np
        import pandas as pd

        found = [self._answer(one) for one in rows[_COLUMN]]
        values = np.array(found, dtype=np.float64).reshape(len(found), len(self._classes))
        return pd.DataFrame(values, columns=self._classes, index=rows.index)

    def _answer(self, image: Any) -> NDArray[np.float32]:
        import numpy as np

        pixels = image if isinstance(image, np.ndarray) else self._decoded(bytes(image))
        found = self._session.run(["probabilities"], {"image": pixels[None]})
        made: NDArray[np.float32] = found[0][0]
        return made

    def _decoded(self, content: bytes) -> NDArray[Any]:
        """Return (height, width, channels), upright; the model itself fills transparent pixels."""
        import numpy as np
        from PIL import Image, ImageOps

        with Image.open(io.BytesIO(content)) as opened:
            photo: Image.Image = ImageOps.exif_transpose(opened)
            if self._reads_floats:
                return np.asarray(photo, dtype=np.float32)[:, :, None]
            return np.asarray(photo.convert("RGBA" if photo.has_transparency_data else "RGB"))


def _load_pyfunc(folder: str) -> OnnxClassifier:
    """Return what MLflow asks; it calls this by name."""
    return OnnxClassifier(Path(folder))
