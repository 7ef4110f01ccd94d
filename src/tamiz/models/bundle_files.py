"""The files of arrays in a bundle's folder, each held to the hash that bundle.json tells."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tamiz.core.errors import WrongData
from tamiz.core.files import write_bytes
from tamiz.core.language import say
from tamiz.models.guard import FILE_NAME, Guard


def bytes_of(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return arrays as the content of a safetensors file."""
    from safetensors.numpy import save

    content: bytes = save({name: np.asarray(v, order="C") for name, v in arrays.items()})
    return content


def read_arrays(path: Path, wanted: str) -> dict[str, NDArray[Any]]:
    """Return the arrays of a safetensors file.

    Args:
        path: of the file.
        wanted: its SHA-256.

    Raises:
        WrongData: it is missing, damaged or not the one that is wanted.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        content = path.read_bytes()
    except OSError as error:
        raise WrongData.of("errors.not_found", where=path) from error
    if hashlib.sha256(content).hexdigest() != wanted:
        raise WrongData.of("models.bundle_hash", where=path)
    try:
        weights: dict[str, NDArray[Any]] = load(content)
    except (SafetensorError, ValueError, KeyError) as error:
        raise WrongData.of("errors.broken_file", where=path, reason=str(error)) from error
    return weights


def save_guard(guard: Guard | None, folder: Path, facts: dict[str, Any]) -> None:
    """Write a guard's arrays, if it has any, and note their hash in the bundle's `facts`."""
    arrays = guard.arrays() if guard else {}
    if not arrays:
        (folder / FILE_NAME).unlink(missing_ok=True)  # of a bundle that was here before
        return
    content = bytes_of(arrays)
    facts["guard"]["sha256"] = hashlib.sha256(content).hexdigest()
    write_bytes(folder / FILE_NAME, content)


def read_guard(folder: Path, facts: Mapping[str, Any]) -> Guard | None:
    """Return the guard that the bundle's `facts` tell of; None in older bundles.

    Raises:
        WrongData: it is damaged, or was changed since.
    """
    if "guard" not in facts:
        return None
    try:
        wanted = facts["guard"].get("sha256")
        arrays = read_arrays(folder / FILE_NAME, str(wanted)) if wanted else {}
        return Guard.of(facts["guard"], arrays)
    except KeyError as error:
        reason = say("models.bundle_lacks", name=error.args[0])
    except (AttributeError, TypeError, ValueError) as error:
        reason = str(error)
    raise WrongData.of("errors.broken_file", where=folder / "bundle.json", reason=reason)
