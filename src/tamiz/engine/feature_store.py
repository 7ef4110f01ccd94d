"""The features that were computed before, in whatever run: a folder of whole, hashed files.

One folder for each way of computing (weights, network, normalisation, precision). In it, files of
some hundred rows; a row is found by its address, the hash of the pixels it was made of. So another
order of the rows, other folds or some images more cost nothing that was computed before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor

from tamiz.core.errors import MachineTrouble, WrongData, WrongUse
from tamiz.core.files import check_room, make_folder, read_json, write_bytes, write_json

ADDRESS_BYTES: Final = 32
_SUFFIX: Final = ".safetensors"


class FeatureStore:
    """The files of one way of computing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(
        self, row_of: Mapping[bytes, int], allocate: Callable[[Tensor], Tensor]
    ) -> tuple[Tensor | None, set[bytes]]:
        """Return a table with the rows that are kept, and their addresses; None without any.

        Args:
            row_of: for each address wanted, its row in the table.
            allocate: returns the table for rows like those of the tensor it is given.

        Files that are damaged or of another width are passed over.
        """
        target: Tensor | None = None
        found: set[bytes] = set()
        for path in sorted(self.folder.glob(f"*{_SUFFIX}")):
            kept = _load(path)
            if kept is None:
                continue
            addresses, features = kept
            pairs = [(n, row_of[a]) for n, a in enumerate(addresses) if a in row_of]
            if not pairs:
                continue
            target = allocate(features) if target is None else target
            if features.shape[1] == target.shape[1] and features.dtype == target.dtype:
                theirs, ours = map(list, zip(*pairs, strict=True))
                target[ours] = features[theirs]
                found.update(addresses[n] for n in theirs)
        return target, found

    def save(self, addresses: list[bytes], features: Tensor) -> None:
        """Keep rows, whole or not at all; the file is named after its content.

        Raises:
            MachineTrouble: the disk is full.
            WrongUse: the folder cannot be written to.
        """
        from safetensors.torch import save

        table = torch.frombuffer(bytearray(b"".join(addresses)), dtype=torch.uint8)
        content: bytes = save(
            {
                "addresses": table.view(-1, ADDRESS_BYTES).contiguous(),
                "features": features.contiguous(),
            }
        )
        make_folder(self.folder)
        check_room(self.folder, len(content))
        write_bytes(self.folder / f"{hashlib.sha256(content).hexdigest()}{_SUFFIX}", content)

    def note(self, facts: Mapping[str, Any]) -> None:
        """Write `facts` beside the files: what they are, for whoever finds them."""
        write_json(self.folder / "facts.json", dict(facts))

    def noted(self) -> dict[str, Any]:
        """Return the facts; empty where there are none."""
        try:
            facts = read_json(self.folder / "facts.json")
        except (WrongData, WrongUse, MachineTrouble):
            return {}
        return facts if isinstance(facts, dict) else {}


def _load(path: Path) -> tuple[list[bytes], Tensor] | None:
    """Return (addresses, features), None for a file that is not what its name says."""
    from safetensors import SafetensorError
    from safetensors.torch import load

    try:
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != path.stem:
            return None
        arrays = load(content)
        table, features = arrays["addresses"].numpy(), arrays["features"]
    except (OSError, SafetensorError, KeyError, ValueError):
        return None
    return [row.tobytes() for row in table], features
