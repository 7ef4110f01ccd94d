"""Networks of torchvision."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
import torchvision
from timm.models import adapt_input_conv
from torch import Tensor, nn
from torchvision.models.vision_transformer import interpolate_embeddings

from tamiz.models.nets.fetching import fetching
from tamiz.models.registry import InputFacts

_OWN_SCALE = ("googlenet", "inception_v3")  # their weights were made for values from -1 to 1
_OLD_DENSENET = re.compile(r"(denselayer\d+\.(?:norm|relu|conv))\.([12]\.)")


@dataclass(frozen=True, slots=True)
class TorchvisionNetwork:
    """A network of torchvision; `plain` is its name there."""

    plain: str

    @property
    def name(self) -> str:
        """Return the name as in `[model] name = ...`."""
        return f"torchvision:{self.plain}"

    def facts(self) -> InputFacts:
        """Return what it was trained to see, as its weights' own transforms say."""
        how = self._published().transforms()
        is_own = self.plain in _OWN_SCALE  # torchvision turns ImageNet's scale into this one
        return InputFacts(
            size_px=int(how.crop_size[0]),
            mean=(0.5,) * 3 if is_own else tuple(how.mean),
            std=(0.5,) * 3 if is_own else tuple(how.std),
            interpolation="bilinear" if how.interpolation.value == "bilinear" else "bicubic",
            crop_fraction=how.crop_size[0] / how.resize_size[0],
        )

    def whole(self, n_classes: int) -> nn.Module:
        """Return it with its own classifier, for its own input size and three channels."""
        return self._made(num_classes=n_classes)

    def base(self, n_channels: int, side_px: int, drop_path: float) -> nn.Module:
        """Return it without its last layer; of SqueezeNet, the mean of its last maps.

        Raises:
            TypeError: it has no residual branches to drop.
        """
        options: dict[str, Any] = {}
        if drop_path > 0:
            options["stochastic_depth_prob"] = drop_path
        if self.plain.startswith("vit_"):
            options["image_size"] = side_px
        if self.plain.startswith("maxvit"):
            options["input_size"] = (side_px, side_px)
        made = self._made(**options)
        if self._is_squeezenet():
            made.set_submodule("classifier", nn.AdaptiveAvgPool2d(1))
        else:
            made.set_submodule(_last_dense(made), nn.Identity())
        if n_channels != 3:
            name, first = _first_convolution(made)
            made.set_submodule(name, _with_channels(first, n_channels))
        return made

    def classifier(self) -> tuple[str, ...]:
        """Return the names of the layers of `whole` that `base` lacks."""
        if self._is_squeezenet():
            return ("classifier.1",)
        with torch.device("meta"):
            return (_last_dense(self._made()),)

    def aside(self) -> tuple[str, ...]:
        """Return how names begin that its weights may have and it has no use for."""
        return ("AuxLogits.", "aux1.", "aux2.") if self.plain in _OWN_SCALE else ()

    def adapted(
        self, weights: Mapping[str, Tensor], n_channels: int, side_px: int
    ) -> dict[str, Tensor]:
        """Return the weights as the `base` of other channels and size takes them, as timm does."""
        made = dict(weights)
        if n_channels != 3:
            with torch.device("meta"):
                name, _ = _first_convolution(self._made())
            key = f"{name}.weight"
            made[key] = adapt_input_conv(n_channels, made[key])
        if self.plain.startswith("vit_") and side_px != self.facts().size_px:
            patch = made["conv_proj.weight"].shape[-1]
            made = dict(interpolate_embeddings(side_px, patch, made))
        left = tuple(f"{name}." for name in (*self.classifier(), *self.aside()))
        return {name: value for name, value in made.items() if not name.startswith(left)}

    def download(self) -> dict[str, Tensor]:
        """Return the public pretrained weights, from the cache or the network.

        Raises:
            OSError, RuntimeError: they cannot be had.
        """
        with fetching():
            found = self._published().get_state_dict(
                progress=False, check_hash=True, weights_only=True
            )
        return {_OLD_DENSENET.sub(r"\1\2", name): value for name, value in found.items()}

    def origin(self) -> str:
        """Return where `download` takes them from."""
        return str(self._published().url)

    def _published(self) -> Any:
        return torchvision.models.get_model_weights(self.plain).DEFAULT

    def _is_squeezenet(self) -> bool:
        return self.plain.startswith("squeezenet")

    def _made(self, **options: Any) -> nn.Module:
        if self.plain in _OWN_SCALE:
            options |= {"aux_logits": False, "init_weights": False, "transform_input": False}
        try:
            made: nn.Module = torchvision.models.get_model(self.plain, weights=None, **options)
        except NotImplementedError:  # some compute their widths with tensors, which 'meta' cannot
            with torch.device("cpu"):
                made = torchvision.models.get_model(self.plain, weights=None, **options)
            made = made.to(torch.empty(0).device)
        return made


def _last_dense(net: nn.Module) -> str:
    found: list[str] = [n for n, part in net.named_modules() if isinstance(part, nn.Linear)]
    return found[-1]


def _first_convolution(net: nn.Module) -> tuple[str, nn.Conv2d]:
    found = ((name, part) for name, part in net.named_modules() if isinstance(part, nn.Conv2d))
    return next(found)


def _with_channels(layer: nn.Conv2d, n_channels: int) -> nn.Conv2d:
    """Return a new layer like `layer` for another number of channels."""
    return nn.Conv2d(
        n_channels,
        layer.out_channels,
        layer.kernel_size,  # type: ignore[arg-type]
        layer.stride,  # type: ignore[arg-type]
        layer.padding,  # type: ignore[arg-type]
        bias=layer.bias is not None,
    )
