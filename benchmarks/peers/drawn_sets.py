"""The data sets that all peers get: one of photos, one with a fault planted, one slide.

usage: drawn_sets.py FOLDER       writes the sets of docs/explanation/comparison.md's commands:
                                  photos, signs, patients and squeezenet1_0.safetensors
"""

from __future__ import annotations

import argparse
import gzip
import io
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import PIL.Image
import tifffile
from numpy.typing import NDArray

HERE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("TAMIZ_SHARED_DATA", HERE.parents[2] / "shared" / "data"))
PHOTOS, SIGNS = (2000, 500, 1000), (12, 4, 20)  # of each class, where signs are meant
PARTS = ("train", "val", "test")
SIDE = 64
N_PATIENTS, N_EACH = 60, 4
FAULTS = (
    "patients on both sides",
    "copies in the test part",
    "a file cut short",
    "a 16-bit grey PNG",
    "a photo turned by EXIF",
)
Images = NDArray[np.uint8]


def photos(data: Path, out: Path, sizes: tuple[int, int, int]) -> str:
    """Write `out/{train,val,test}/<class>/<n>.png` of 28 px and return where they come from.

    Fashion-MNIST where `data` has it, else scikit-learn's digits, scaled up; balanced in order.
    """
    folder = data / "fashion-mnist"
    if folder.is_dir():
        source = "fashion-mnist"
        seen, answers = _idx(folder, "train")
        tested, wanted = _idx(folder, "t10k")
    else:
        from sklearn.datasets import load_digits

        source = "scikit-learn's digits, scaled up to 28 px"
        loaded = load_digits()
        grey = (loaded.images * 255 / 16).astype(np.uint8)
        large = [PIL.Image.fromarray(one).resize((28, 28), 3) for one in grey]
        pixels = np.stack([np.asarray(one) for one in large])
        seen, answers = pixels[:1300], loaded.target[:1300]
        tested, wanted = pixels[1300:], loaded.target[1300:]
        sizes = (1040, 260, 497)
    n_train, n_val, n_test = sizes
    write_classes(seen[:n_train], answers[:n_train], out / "train")
    write_classes(seen[n_train:][:n_val], answers[n_train:][:n_val], out / "val")
    write_classes(tested[:n_test], wanted[:n_test], out / "test")
    return source


def signs(data: Path, out: Path, each: tuple[int, int, int]) -> str:
    """Write hand signs (drawn discs and bars where they are not), so many of each class."""
    found = [sorted((data / "sign_digits" / str(one)).glob("*.*")) for one in range(10)]
    is_real = all(len(paths) >= sum(each) for paths in found)
    rng = np.random.default_rng(0)
    for label in range(10):
        at = 0
        for part, n in zip(PARTS, each, strict=True):
            folder = out / part / str(label)
            folder.mkdir(parents=True)
            for number in range(at, at + n):
                target = folder / f"{number:04}.jpg"
                if is_real:
                    target.write_bytes(found[label][number].read_bytes())
                else:
                    PIL.Image.fromarray(_sign(rng, label)).save(target, quality=92)
            at += n
    return "sign_digits" if is_real else "drawn"


def weights(data: Path, out: Path) -> str:
    """Write squeezenet1_0's weights: ImageNet's where `data` has them, else drawn ones."""
    found = data / "weights" / "squeezenet1_0_imagenet.safetensors"
    if found.is_file():
        shutil.copyfile(found, out)
        return "ImageNet"
    import torch
    from safetensors.torch import save_file
    from torchvision.models import squeezenet1_0

    torch.manual_seed(0)
    save_file(squeezenet1_0().state_dict(), out)
    return "drawn"


def write_classes(pixels: Images, labels: NDArray[np.integer], out: Path) -> None:
    """Write one PNG per image into a folder per class."""
    for number, (image, label) in enumerate(zip(pixels, labels, strict=True)):
        folder = out / str(label)
        folder.mkdir(parents=True, exist_ok=True)
        PIL.Image.fromarray(image).save(folder / f"{number:05}.png")


def patients(out: Path, faults: Sequence[str] = ()) -> dict[str, list[Path]]:
    """Write drawn images of patients with labels that their looks say nothing about.

    A patient has a look of its own, and every second patient is an `a`. So a model that is asked
    about patients it never saw is right in half of the cases.

    Returns:
        for each fault the files that carry it.
    """
    rng = np.random.default_rng(7)
    is_shared = FAULTS[0] in faults
    for patient in range(N_PATIENTS):
        label = "ab"[patient % 2]  # as many of each
        look = _look(rng)
        own = PARTS[0] if patient < 36 else PARTS[1] if patient < 46 else PARTS[2]
        for number in range(N_EACH):
            part = PARTS[min(number, 3) % 3] if is_shared else own
            folder = out / part / label
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / f"p{patient:03}_{number}.png"
            PIL.Image.fromarray(_view(rng, look)).save(path, dpi=(72, 72))
    made = {FAULTS[0]: sorted((out / "test").rglob("*.png"))} if is_shared else {}
    return made | {fault: _FAULTS[fault](out) for fault in faults if fault in _FAULTS}


def upright() -> Images:
    """Return the picture that the 16-bit and the turned file show: dark left, bright top."""
    rows, columns = np.mgrid[0:SIDE, 0:SIDE]
    return (columns * 2 + (rows < SIDE // 4) * 100).astype(np.uint8)


def _copies(out: Path) -> list[Path]:
    """Put re-encoded copies of training images, every second one mirrored, into the test part."""
    made = []
    for number, path in enumerate(sorted((out / "train").rglob("*.png"))[::2]):
        with PIL.Image.open(path) as opened:
            flip = PIL.Image.Transpose.FLIP_LEFT_RIGHT
            image = opened.transpose(flip) if number % 2 else opened.copy()
        target = out / "test" / path.parent.name / f"q{number:03}_0.jpg"
        image.save(target, quality=90)
        made.append(target)
    return made


def _cut(out: Path) -> list[Path]:
    path = sorted((out / "test").rglob("*.png"))[3]
    path.write_bytes(path.read_bytes()[:200])
    return [path]


def _deep(out: Path) -> list[Path]:
    path = sorted((out / "test").rglob("*.png"))[5]
    PIL.Image.fromarray(upright().astype(np.uint16) * 257).save(path)
    return [path]


def _turned(out: Path) -> list[Path]:
    """Put a photo whose pixels lie on their side; EXIF's orientation 6 says so."""
    path = sorted((out / "test").rglob("*.png"))[7]
    target = path.with_suffix(".jpg")
    path.unlink()
    stored = PIL.Image.fromarray(np.stack([np.rot90(upright())] * 3, axis=-1))
    exif = PIL.Image.Exif()
    exif[0x0112] = 6
    stored.save(target, quality=95, exif=exif)
    return [target]


_FAULTS: dict[str, Callable[[Path], list[Path]]] = dict(
    zip(FAULTS[1:], (_copies, _cut, _deep, _turned), strict=True)
)


def _look(rng: np.random.Generator) -> NDArray[np.float64]:
    """Return (64, 64, 3): a smooth pattern that no other patient has."""
    small = rng.integers(40, 216, (5, 5, 3)).astype(np.uint8)
    large = PIL.Image.fromarray(small).resize((SIDE, SIDE), PIL.Image.Resampling.BICUBIC)
    return np.asarray(large, dtype=np.float64)


def _view(rng: np.random.Generator, look: NDArray[np.float64]) -> Images:
    moved = np.roll(look, rng.integers(-2, 3, 2), axis=(0, 1))
    return np.clip(moved + rng.normal(0, 10, look.shape), 0, 255).astype(np.uint8)


def _sign(rng: np.random.Generator, label: int) -> Images:
    """Return (100, 100, 3): as many bars as the label says, on a ground that no other has."""
    small = rng.integers(20, 140, (5, 5, 3)).astype(np.uint8)
    ground = PIL.Image.fromarray(small).resize((100, 100), PIL.Image.Resampling.BICUBIC)
    image = np.asarray(ground) + rng.normal(0, 8, (100, 100, 3))
    for bar in range(label):
        left = 6 + bar * 10 + int(rng.integers(-2, 3))
        image[int(rng.integers(10, 30)) : int(rng.integers(60, 90)), left : left + 5] += 110
    return np.clip(image, 0, 255).astype(np.uint8)


def slide(path: Path, side_px: int) -> NDArray[np.bool_]:
    """Write a drawn slide (SVS: JPEG tiles of 256 px, 0.5 um per px) and return its tissue.

    Returns:
        (side_px / 64, side_px / 64), True where the drawing has tissue.
    """
    rng = np.random.default_rng(3)
    n = side_px // 64
    rows, columns = np.mgrid[0:n, 0:n] / n
    tissue = np.zeros((n, n), dtype=bool)
    for y, x, radius in ((0.3, 0.3, 0.18), (0.65, 0.6, 0.25), (0.2, 0.8, 0.1)):
        wave = 1 + 0.15 * np.sin(9 * np.arctan2(rows - y, columns - x))
        tissue |= np.hypot(rows - y, columns - x) < radius * wave
    mask = np.kron(tissue, np.ones((64, 64), dtype=bool))
    pixels = np.empty((side_px, side_px, 3), dtype=np.uint8)
    pixels[:] = (242, 240, 243)
    stain = np.array([196, 120, 170]) + rng.normal(0, 22, (side_px // 4, side_px // 4, 1))
    nuclei = rng.random((side_px // 4, side_px // 4)) < 0.06
    stain[nuclei] = (92, 60, 130)
    large = np.clip(stain, 0, 255).astype(np.uint8).repeat(4, axis=0).repeat(4, axis=1)
    pixels[mask] = large[mask]
    how = {"tile": (256, 256), "compression": "jpeg", "photometric": "rgb"}
    with tifffile.TiffWriter(path) as writer:
        for level in range(4):
            words = f"Aperio Image Library v11.2.1\r\n{side_px}x{side_px}|AppMag = 20|MPP = 0.5"
            writer.write(
                pixels[:: 2**level, :: 2**level],
                description=words,
                metadata=None,
                subfiletype=int(level > 0),
                **how,
            )
    return tissue


def _idx(folder: Path, name: str) -> tuple[Images, Images]:
    images = gzip.decompress((folder / f"{name}-images-idx3-ubyte.gz").read_bytes())
    labels = gzip.decompress((folder / f"{name}-labels-idx1-ubyte.gz").read_bytes())
    pixels = np.frombuffer(io.BytesIO(images).read(), np.uint8, offset=16)
    return pixels.reshape(-1, 28, 28), np.frombuffer(labels, np.uint8, offset=8)


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the sets of the page that compares tools.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, default=DATA)
    asked = parser.parse_args()
    if asked.folder.exists():
        parser.error(f"{asked.folder} exists already; name a new folder")
    print("photos:", photos(asked.data, asked.folder / "photos", PHOTOS))
    print("signs:", signs(asked.data, asked.folder / "signs", SIGNS))
    patients(asked.folder / "patients", FAULTS[:1])
    print("patients: drawn, with patients on both sides of the split")
    print("weights:", weights(asked.data, asked.folder / "squeezenet1_0.safetensors"))


if __name__ == "__main__":
    main()
