"""Networks of timm."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import timm
import torch
from torch import Tensor, nn

from tamiz.models.nets.fetching import TIMEOUT_S, fetching
from tamiz.models.registry import InputFacts

_IMAGENET = ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225))


@dataclass(frozen=True, slots=True)
class TimmNetwork:
    """A network of timm's; `name` may have a tag after a dot."""

    name: str

    def is_known(self) -> bool:
        """Return whether the tag, if there is one, is known too."""
        if "." not in self.name:
            return True
        try:
            return timm.get_pretrained_cfg(self.name) is not None
        except RuntimeError:
            return False

    def facts(self) -> InputFacts:
        """Return what it was trained to see."""
        cfg = self._cfg()
        size: Any = cfg.get("input_size") or (3, 224, 224)
        mean, std = cfg.get("mean") or _IMAGENET[0], cfg.get("std") or _IMAGENET[1]
        return InputFacts(
            size_px=int(size[-1]),
            mean=tuple(float(value) for value in mean),
            std=tuple(float(value) for value in std),
            interpolation="bilinear" if cfg.get("interpolation") == "bilinear" else "bicubic",
            crop_fraction=float(cfg.get("crop_pct") or 0.875),
            keeps_aspect=cfg.get("crop_mode") != "squash",
        )

    def whole(self, n_classes: int) -> nn.Module:
        """Return it with its own classifier, for its own input size and three channels."""
        return self._made(num_classes=n_classes)

    def base(self, n_channels: int, side_px: int, drop_path: float) -> nn.Module:
        """Return it without classifier.

        Raises:
            TypeError: it has no residual branches to drop.
        """
        return self._made(**self._base_options(n_channels, side_px, drop_path))

    def classifier(self) -> tuple[str, ...]:
        """Return the names of the layers of `whole` that `base` lacks."""
        named: Any = self._cfg().get("classifier") or ()
        return (named,) if isinstance(named, str) else tuple(named)

    def aside(self) -> tuple[str, ...]:
        """Return how names begin that its weights may have and it has no use for."""
        return ("AuxLogits.",) if self.name.startswith("inception_v3") else ()

    def adapted(
        self, weights: Mapping[str, Tensor], n_channels: int, side_px: int
    ) -> dict[str, Tensor]:
        """Return the weights as the `base` of other channels and size takes them.

        timm's own loading does it: a first layer for one channel is the sum over three, for n
        channels their repetition times 3 / n; positions are interpolated.
        """
        options = self._base_options(n_channels, side_px, 0.0)
        source = {"state_dict": dict(weights), "num_classes": -1}
        with torch.device("cpu"):
            made = self._made(pretrained=True, pretrained_cfg_overlay=source, **options)
        return dict(made.state_dict())

    def download(self) -> dict[str, Tensor]:
        """Return the public pretrained weights, from the cache or the network.

        Whether the hub can be reached is asked once beforehand: its client would try for minutes.

        Raises:
            OSError, RuntimeError, ValueError: they cannot be had.
        """
        import huggingface_hub as hub

        repository = str(self._cfg().get("hf_hub_id") or "")
        if repository:
            cached = hub.try_to_load_from_cache(repository, "model.safetensors")
            if isinstance(cached, str) and Path(cached).is_file():
                return dict(self._whole_from({"file": cached}).state_dict())
            if os.environ.get("HF_HUB_OFFLINE", "0") not in {"", "0"}:
                raise OSError("HF_HUB_OFFLINE")
            try:
                hub.model_info(repository, timeout=TIMEOUT_S)
            except Exception as error:  # the client's own errors are no OSError
                raise OSError(str(error)) from error
        with fetching():
            return dict(self._whole_from({}).state_dict())

    def described(self, n_channels: int, side_px: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return timm's own entry for it, and the arguments that make it for this input."""
        options = self._base_options(n_channels, side_px, 0.0)
        return self._cfg(), {name: v for name, v in options.items() if name != "num_classes"}

    def made_with(self, n_classes: int, options: Mapping[str, Any]) -> nn.Module:
        """Return it with its own classifier and the arguments of `described`."""
        return self._made(num_classes=n_classes, **options)

    def origin(self) -> str:
        """Return where `download` takes them from; empty when there are none."""
        cfg = self._cfg()
        return str(cfg.get("hf_hub_id") or cfg.get("url") or "")

    def _whole_from(self, source: dict[str, object]) -> nn.Module:
        with torch.device("cpu"):
            return self._made(pretrained=True, pretrained_cfg_overlay=source)

    def _base_options(self, n_channels: int, side_px: int, drop_path: float) -> dict[str, Any]:
        options: dict[str, Any] = {"num_classes": 0, "in_chans": n_channels}
        if drop_path > 0:
            options["drop_path_rate"] = drop_path
        cfg = self._cfg()
        if cfg.get("fixed_input_size") and side_px != self.facts().size_px:
            options["img_size"] = side_px
        return options

    def _made(self, **options: Any) -> nn.Module:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on names that timm has given up
            made: nn.Module = timm.create_model(self.name, **options)
        return made

    def _cfg(self) -> dict[str, Any]:
        cfg = timm.get_pretrained_cfg(self.name)
        if cfg is not None:
            return asdict(cfg)
        with torch.device("meta"):  # an old name: only the network itself knows
            known: Any = self._made().pretrained_cfg
        return dict(known)
