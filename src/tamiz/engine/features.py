"""Features of a frozen network: computed once, kept for all runs, read in place of the images.

A head on a frozen base sees the same numbers in each epoch. So they are computed in one pass, and
epochs read rows of a table. With augmentation, k changed views of every training image are kept
beside the plain one, and an epoch takes one of them.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import torch
from torch import Tensor, nn

from tamiz.core.cache import cache_folder
from tamiz.core.errors import MachineTrouble, WrongData, WrongUse
from tamiz.core.events import Event, OnEvent, ignore, progress_of
from tamiz.core.language import text
from tamiz.core.seeds import derive_seed
from tamiz.engine.augment.pipeline import Pipeline
from tamiz.engine.augment.registry import Augmentation
from tamiz.engine.device import choose_precision
from tamiz.engine.feature_engines import (
    DIFFERENCE_LIMIT,
    Compute,
    Engine,
    difference,
    feature_batch,
    make_compute,
)
from tamiz.engine.feature_rows import FeatureFacts, FeatureRows, table_in_file
from tamiz.engine.feature_store import FeatureStore
from tamiz.engine.feed import Rows
from tamiz.engine.infer import groups_of
from tamiz.engine.keyed import keyed_uniforms
from tamiz.engine.prepared import Positions
from tamiz.models.nets.normalised import Normalised

_FILE_ROWS: Final = 1024
_FILE_S: Final = 20.0  # a killed pass loses no more than this
_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class FeatureWork:
    """How features are computed.

    Attributes:
        architecture: the network's name and options, JSON-ready; part of what they are kept under.
        engine: 'torch' or 'openvino'.
        precision: as in the recipe: 'auto', 'float32' or 'bfloat16'.
        device: of torch.
        views: changed views of every training image, beside the plain one.
        augment: `[[train.augment]]` tables; what the views are changed by.
        seed: of the training; decides what the views look like.
        contents: for every row of the images, a text that tells its pixels (the file's hash, the
            frame, the steps and the reading policy); empty: the pixels themselves are hashed,
            which needs them all to be decoded.
        memory_mib: tables of features larger than this lie in a file instead.
        folder: where they are kept for other runs; None: in the user's cache.
    """

    architecture: Mapping[str, object]
    engine: Engine = "torch"
    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    device: torch.device = field(default_factory=lambda: torch.device("cpu"))
    views: int = 0
    augment: Sequence[Mapping[str, object]] = ()
    seed: int = 0
    contents: Sequence[str] = ()
    memory_mib: int = 4096
    folder: Path | None = None


def frozen_features(
    base: Normalised, rows: Rows, how: FeatureWork, on_event: OnEvent = ignore
) -> FeatureRows:
    """Return the features of the training and validation rows; computes what is not kept yet.

    A pass that is killed goes on where it stopped. Result: a function of pixels, weights and `how`
    alone, whatever was computed before or together.

    Args:
        base: see `feature_rows.frozen_base`.
        rows: images, item keys, train and val positions; views are made of training rows only.
        how: see `FeatureWork`.
        on_event: told about progress, and about what could not be kept.

    Raises:
        MissingDependency: OpenVINO is asked for and not installed.
        UnreadableItem: an image does not decode.
        WrongData: features are no numbers.
        WrongUse: they differ too much from those of float32, or OpenVINO cannot compute them.
        KeyboardInterrupt: the user stopped it; what was computed is kept.
    """
    started = time.monotonic()
    first = choose_precision(how.precision, how.device)
    with_precision = replace(how, precision=first)
    try:
        made = _Pass(base, rows, with_precision, on_event).run()
    except _NotEqualError as error:
        if how.precision != "auto" or first == "float32":
            raise WrongUse.of(
                "features.not_equal",
                where="model.options.features_engine",
                engine=how.engine,
                precision=first,
                difference=error.difference,
                limit=DIFFERENCE_LIMIT,
            ) from error
        told = text("features.float32_instead", difference=error.difference, limit=DIFFERENCE_LIMIT)
        on_event(Event("train", "note", told))
        made = _Pass(base, rows, replace(how, precision="float32"), on_event).run()
    made.facts = replace(made.facts, seconds=time.monotonic() - started)
    return made


class _NotEqualError(Exception):
    def __init__(self, difference: float) -> None:
        self.difference = difference
        super().__init__(f"{difference:.3g}")


class _Pass:
    """One pass over the images whose features are not kept yet."""

    def __init__(self, base: Normalised, rows: Rows, how: FeatureWork, on_event: OnEvent) -> None:
        self.base, self.rows, self.how, self.on_event = base, rows, how, on_event
        self.size = feature_batch(rows.images.shape)
        self.pipeline = Pipeline(how.augment)
        changes = any(isinstance(part, Augmentation) for part in self.pipeline.parts)
        self.n_views = how.views if changes else 0
        told = self._told()
        folder = how.folder or cache_folder() / "features"
        name = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]
        self.store = FeatureStore(folder / name)
        self.told = told
        self.can_keep = True
        self.difference: float | None = None
        self._waiting: list[tuple[list[bytes], Tensor]] = []
        self._saved_at = time.monotonic()

    def _told(self) -> dict[str, Any]:
        """Return all that an image's features depend on besides its pixels."""
        how = self.how
        return {
            "version": _VERSION,
            "weights": _digest_of(self.base),
            "architecture": dict(how.architecture),
            "engine": how.engine,
            "precision": how.precision,
            "device": how.device.type,
            "torch": torch.__version__.partition("+")[0],
            "shape": list(self.rows.images.shape),
        }

    def run(self) -> FeatureRows:
        """Return the features, computed where they are not kept."""
        addresses = self._addresses()
        row_of: dict[bytes, int] = {}
        for view in addresses:
            for address in view.values():
                row_of.setdefault(address, len(row_of))
        table, found = self.store.fill(row_of, lambda like: self._allocate(len(row_of), like))
        self.difference = self.store.noted().get("difference")
        if found:
            self.on_event(Event("train", "note", text("features.reused", n=len(found))))
        missing = row_of.keys() - found
        if missing:
            table = self._compute(addresses, row_of, missing, table)
        if table is None:
            raise ValueError("there are no rows")
        places = np.full((1 + self.n_views, len(self.rows.images)), -1, dtype=np.int64)
        for number, view in enumerate(addresses):
            for position, address in view.items():
                places[number, position] = row_of[address]
        facts = FeatureFacts(
            engine=self.how.engine,
            precision=str(self.how.precision),
            n_features=int(table.shape[1]),
            n_computed=len(missing),
            n_reused=len(found),
            seconds=0.0,
            difference=self.difference,
        )
        return FeatureRows(table, places, self.rows.item_keys, facts)

    def _addresses(self) -> list[dict[int, bytes]]:
        """Return for each view, 0 the plain one, the address of every position in it."""
        rows, how = self.rows, self.how
        both = np.concatenate([rows.train, rows.val]).astype(np.int64)
        contents = dict(zip(both.tolist(), self._contents(both), strict=True))
        made = [{p: _hash("plain", content) for p, content in contents.items()}]
        change = json.dumps(list(how.augment), sort_keys=True)
        keys = rows.item_keys
        for view in range(1, 1 + self.n_views):
            told = f"{change}\x1f{how.seed}\x1f{view}"
            made.append({p: _hash(told, contents[p], str(keys[p])) for p in map(int, rows.train)})
        return made

    def _contents(self, positions: Positions) -> list[str]:
        if len(self.how.contents):
            return [self.how.contents[p] for p in positions]
        groups = groups_of(positions, 256)
        return [
            hashlib.sha256(image.numpy().tobytes()).hexdigest()
            for batch in self.rows.images.batches(groups)
            for image in batch.permute(0, 2, 3, 1).contiguous()
        ]

    def _compute(
        self,
        addresses: list[dict[int, bytes]],
        row_of: Mapping[bytes, int],
        missing: set[bytes],
        table: Tensor | None,
    ) -> Tensor | None:
        """Return the table with the rows of the missing addresses computed."""
        wanted = [p for p in addresses[0] if any(v.get(p) in missing for v in addresses)]
        groups = groups_of(np.asarray(wanted, dtype=np.int64), self.size)
        how = self.how
        compute = make_compute(
            self.base, how.engine, "bfloat16" if how.precision == "bfloat16" else "float32",
            how.device, self.size,
        )  # fmt: skip
        self._check(compute, groups)
        tell = progress_of(
            self.on_event, stage="train", text=text("features.computing", n=len(wanted))
        )
        done = 0
        tell(0, len(wanted))
        try:
            for group, images in zip(groups, self.rows.images.batches(groups), strict=True):
                for view, address_of in enumerate(addresses):
                    own = [address_of.get(int(p), b"") for p in group]
                    chosen = [n for n, address in enumerate(own) if address in missing]
                    if not chosen:
                        continue
                    made = compute(self._viewed(images, group, view))[chosen]
                    _check_finite(made)
                    if table is None:
                        table = self._allocate(len(row_of), made)
                    table[[row_of[own[n]] for n in chosen]] = made
                    self._keep([own[n] for n in chosen], made)
                done += len(group)
                tell(done, len(wanted))
        finally:
            self._flush()
        return table

    def _check(self, compute: Compute, groups: Sequence[Positions]) -> None:
        """Raise when a batch's features differ too much from those of torch in float32."""
        if self.how.engine == "torch" and self.how.precision == "float32":
            self.difference = 0.0
            return
        pixels = self.rows.images.batch(groups[0])
        found = difference(compute, self.base, pixels, self.size)
        if not found <= DIFFERENCE_LIMIT:  # NaN is refused, too
            raise _NotEqualError(found)
        self.difference = found

    def _viewed(self, images: Tensor, group: Positions, view: int) -> Tensor:
        """Return the batch as it is seen in a view: what epoch `view` - 1 of a training sees."""
        if view == 0:
            return images
        seed = derive_seed(self.how.seed, "augment")
        keys = self.rows.item_keys[group]
        drawn = keyed_uniforms(seed, view - 1, keys, self.pipeline.n_uniforms)
        return self.pipeline(images.clone(), torch.from_numpy(drawn))

    def _allocate(self, n: int, like: Tensor) -> Tensor:
        """Return (n, features) in memory, or in a file that vanishes with this process."""
        shape = (n, like.shape[1])
        n_bytes = n * like.shape[1] * like.element_size()
        if n_bytes <= self.how.memory_mib * 2**20:
            return torch.zeros(shape, dtype=like.dtype)
        return table_in_file(self.store.folder, shape, like.dtype)

    def _keep(self, addresses: list[bytes], features: Tensor) -> None:
        self._waiting.append((addresses, features))
        n = sum(len(made) for made, _ in self._waiting)
        if n >= _FILE_ROWS or time.monotonic() - self._saved_at > _FILE_S:
            self._flush()

    def _flush(self) -> None:
        """Keep what was computed; a full or read-only cache is no reason to stop."""
        waiting, self._waiting = self._waiting, []
        self._saved_at = time.monotonic()
        if not waiting or not self.can_keep:
            return
        try:
            if not self.store.noted():
                self.store.note({**self.told, "difference": self.difference})
            addresses = [address for made, _ in waiting for address in made]
            self.store.save(addresses, torch.cat([features for _, features in waiting]))
        except (MachineTrouble, WrongUse) as error:
            self.can_keep = False
            self.on_event(Event("train", "warning", text("features.not_kept", reason=error)))


def _check_finite(features: Tensor) -> None:
    if not bool(torch.isfinite(features).all()):
        raise WrongData.of("features.not_finite", where="model.weights")


def _digest_of(module: nn.Module) -> str:
    """Return the SHA-256 of all parameters and buffers with their names."""
    made = hashlib.sha256()
    for name, value in sorted(module.state_dict().items()):
        plain = value.detach().cpu().contiguous()
        made.update(f"{name}:{plain.dtype}:{tuple(plain.shape)};".encode())
        made.update(plain.flatten().view(torch.uint8).numpy().data)
    return made.hexdigest()


def _hash(*parts: str) -> bytes:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).digest()
