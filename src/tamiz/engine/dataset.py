"""A torch `Dataset` over a manifest or a run, for training loops that are not tamiz's own."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor
from torch.utils.data import Dataset

from tamiz.data.manifest import Manifest
from tamiz.data.run_folder import Run
from tamiz.engine.items import items_of


class TorchDataset(Dataset[tuple[Tensor, Tensor, str]]):
    """The images of a manifest or a run: (image, target, item).

    The image is uint8 (channels, height, width), upright, as the one reader decodes it; with
    `prepared` of the size that the run's model reads. The target is the class's index (int64, -1
    where the label is unknown); of several labels (classes,) float32. The item is the id of the
    row in the manifest. Works with `DataLoader` workers, spawned ones too.

    Args:
        source: a manifest; a run, or its folder; or a file that `Manifest.save` wrote.
        part: 'train', 'val' or 'test'; None: all but the test part, which is sealed.
        prepared: whether images go through the steps of the run's model.
        opens_test: whether rows of the test part may be given; say so only to judge a model that
            is finished. Each such dataset is counted as a look, as `tamiz evaluate` counts.

    Attributes:
        classes: the labels in the order of the targets.

    Raises:
        WrongUse: there is no such part, it is sealed, or there is nothing to prepare by.
        WrongData: nothing is left, or the manifest is damaged.
    """

    def __init__(
        self,
        source: Manifest | Run | Path | str,
        part: str | None = None,
        *,
        prepared: bool = False,
        opens_test: bool = False,
    ) -> None:
        self._items = items_of(source, part, prepared=prepared, opens_test=opens_test)
        self.classes = self._items.classes

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, position: int) -> tuple[Tensor, Tensor, str]:
        """Return image, target and item; raise `UnreadableItem` if the image does not decode."""
        if not -len(self) <= position < len(self):
            raise IndexError(position)
        place = range(len(self))[position]
        pixels = torch.from_numpy(self._items.pixels(place).copy())
        target = torch.as_tensor(self._items.targets[place])
        return pixels.permute(2, 0, 1).contiguous(), target, self._items.items[place]
