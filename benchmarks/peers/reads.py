"""What a peer's reader makes of odd files, as its own loop gets them.

usage: reads.py PEER FILE...       prints one JSON line: {file: {"pixels": ...} or {"error": ...}}

Pixels are 0..255, grey, upright as the reader hands them out; rows first.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np


def keras(path: Path) -> Any:
    import keras as library

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a").mkdir()
        (Path(folder) / "a" / path.name).write_bytes(path.read_bytes())
        loaded = library.utils.image_dataset_from_directory(
            folder, color_mode="grayscale", image_size=(64, 64), verbose=False
        )
        return next(iter(loaded))[0].numpy()[0, ..., 0]


def fastai(path: Path) -> Any:
    from fastai.vision.all import PILImageBW

    return np.asarray(PILImageBW.create(path))


def torch(path: Path) -> Any:
    from torchvision import transforms
    from torchvision.datasets.folder import default_loader

    prepare = transforms.Compose([transforms.Grayscale(), transforms.ToTensor()])
    return prepare(default_loader(str(path))).numpy()[0] * 255


def timm(path: Path) -> Any:
    from timm.data import create_dataset

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a").mkdir()
        (Path(folder) / "a" / path.name).write_bytes(path.read_bytes())
        return np.asarray(create_dataset("", root=folder, input_img_mode="L")[0][0])


def monai(path: Path) -> Any:
    from monai.transforms import EnsureChannelFirst, LoadImage, ScaleIntensity

    image = ScaleIntensity()(EnsureChannelFirst()(LoadImage(image_only=True)(path)).mean(0))
    return np.asarray(image).T * 255  # MONAI's order is (width, height)


def classic(path: Path) -> Any:
    from skimage.color import rgb2gray
    from skimage.io import imread
    from skimage.util import img_as_float

    image = imread(path)
    return (rgb2gray(image) if image.ndim == 3 else img_as_float(image)) * 255


def autogluon(path: Path) -> Any:
    import PIL.Image

    with PIL.Image.open(path) as opened:  # as its ImageProcessor does
        return np.asarray(opened.convert("RGB"))[..., 0]


READERS: dict[str, Callable[[Path], Any]] = {
    one.__name__: one for one in (keras, fastai, torch, timm, monai, classic, autogluon)
}


def main() -> None:
    made: dict[str, Any] = {}
    for name in sys.argv[2:]:
        try:
            pixels = np.asarray(READERS[sys.argv[1]](Path(name)), dtype=np.float64)
            made[name] = {"pixels": pixels.round(1).tolist()}
        except Exception as error:  # noqa: BLE001  # whatever a reader raises is the finding
            made[name] = {"error": f"{type(error).__name__}: {str(error)[:200]}"}
    print(json.dumps(made))


if __name__ == "__main__":
    main()
