"""Tiny inputs with a known truth: folders, tables, IDX, npz and archives."""

from __future__ import annotations

import csv
import gzip
import io
import struct
import tarfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tamiz.testing.pictures import png

IDX_CODES = {"u1": 8, "i1": 9, "i2": 11, "i4": 12, "f4": 13, "f8": 14}


def write_files(root: Path, content_by_name: Mapping[str, bytes]) -> Path:
    """Write files below `root`, making folders as needed; return `root`."""
    for name, content in content_by_name.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return root


def class_files(
    classes: Sequence[str] = ("cat", "dog"), n_each: int = 3, above: str = "", first_seed: int = 0
) -> dict[str, bytes]:
    """Return name -> bytes of `n_each` different PNGs per class folder, below `above`."""
    made: dict[str, bytes] = {}
    for label in classes:
        for number in range(n_each):
            made[f"{above}{label}/{number}.png"] = png(first_seed + len(made))
    return made


def class_folders(
    root: Path, classes: Sequence[str] = ("cat", "dog"), n_each: int = 3, above: str = ""
) -> Path:
    """Write `class_files` below `root`; return `root`."""
    return write_files(root, class_files(classes, n_each, above))


def table_bytes(
    rows: Iterable[Sequence[str]], *, separator: str = ",", encoding: str = "utf-8"
) -> bytes:
    """Return a table of text, the first row being the header."""
    lines = io.StringIO()
    csv.writer(lines, delimiter=separator, lineterminator="\n").writerows(rows)
    return lines.getvalue().encode(encoding)


def idx_bytes(values: NDArray[Any]) -> bytes:
    """Return an IDX file of an array of 1 to 4 dimensions."""
    kind = values.dtype.newbyteorder(">")
    code = IDX_CODES[f"{values.dtype.kind}{values.dtype.itemsize}"]
    header = bytes((0, 0, code, values.ndim)) + struct.pack(f">{values.ndim}I", *values.shape)
    return header + values.astype(kind).tobytes()


def mnist_files(
    n_train: int = 12, n_test: int = 6, *, is_packed: bool = True, seed: int = 0
) -> dict[str, bytes]:
    """Return the four files of a tiny MNIST, with digits 0, 1, 2 in turn."""
    random = np.random.default_rng(seed)
    made: dict[str, bytes] = {}
    for part, n in (("train", n_train), ("t10k", n_test)):
        images = random.integers(0, 256, (n, 8, 8), dtype=np.uint8)
        labels = (np.arange(n) % 3).astype(np.uint8)
        made[f"{part}-images-idx3-ubyte"] = idx_bytes(images)
        made[f"{part}-labels-idx1-ubyte"] = idx_bytes(labels)
    if is_packed:
        return {f"{name}.gz": gzip.compress(content) for name, content in made.items()}
    return made


def cifar_bytes(images: NDArray[np.uint8], *labels: Sequence[int]) -> bytes:
    """Return CIFAR's binary rows of (n, 32, 32, 3) images; `labels`: one list, or coarse and fine.

    The byte order is CIFAR's: of each picture all red, all green, all blue values.
    """
    planes = np.ascontiguousarray(images.transpose(0, 3, 1, 2)).reshape(len(images), -1)
    columns = np.stack([np.asarray(one, dtype=np.uint8) for one in labels], axis=1)
    return np.concatenate([columns, planes], axis=1).tobytes()


def cifar_files(n_train: int = 20, n_test: int = 10, seed: int = 0) -> dict[str, bytes]:
    """Return the files of a tiny CIFAR-10: two batches, a test batch and the names of classes.

    Labels are 0 to 9 in turn; each picture is noise about a colour of its class.
    """
    names = [f"class {letter}" for letter in "abcdefghij"]
    made = {"batches.meta.txt": ("\n".join(names) + "\n\n").encode()}
    random = np.random.default_rng(seed)
    for name, n in (("data_batch_1", n_train), ("data_batch_2", n_train), ("test_batch", n_test)):
        labels = np.arange(n) % 10
        colours = np.stack([labels * 25, 225 - labels * 25, labels % 3 * 100], axis=1)
        noise = random.integers(0, 25, (n, 32, 32, 3))
        images = np.minimum(255, colours[:, None, None] + noise).astype(np.uint8)
        made[f"{name}.bin"] = cifar_bytes(images, labels.tolist())
    return made


def npz_bytes(**arrays: NDArray[Any]) -> bytes:
    """Return a compressed .npz of these arrays."""
    opened = io.BytesIO()
    np.savez_compressed(opened, allow_pickle=True, **arrays)
    return opened.getvalue()


def zip_bytes(content_by_name: Mapping[str, bytes]) -> bytes:
    """Return a .zip of these files."""
    opened = io.BytesIO()
    with zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in content_by_name.items():
            archive.writestr(name, content)
    return opened.getvalue()


def tar_bytes(content_by_name: Mapping[str, bytes], packing: str = "") -> bytes:
    """Return a .tar of these files; `packing` is '', 'gz', 'bz2' or 'xz'."""
    opened = io.BytesIO()
    mode: Any = f"w:{packing}"
    with tarfile.open(fileobj=opened, mode=mode) as archive:
        for name, content in content_by_name.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return opened.getvalue()
