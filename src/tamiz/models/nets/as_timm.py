"""A trained network under timm's own parameter names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from tamiz.core.errors import WrongUse
from tamiz.models.nets.backbone import Backbone
from tamiz.models.nets.normalised import Normalised
from tamiz.models.nets.timm_network import TimmNetwork

if TYPE_CHECKING:
    from tamiz.models.bundle import Bundle


@dataclass(frozen=True, slots=True)
class TimmForm:
    """What `timm.create_model` needs to make the network again.

    Attributes:
        architecture: timm's name, without a tag.
        tag: of the pretrained weights that training may have started from; empty: none named.
        model_args: what differs from timm's own choice (channels, image size).
        cfg: timm's own entry for the architecture (first layer, classifier, fixed size).
        n_features: that its classifier reads.
        weights: by timm's names.
    """

    architecture: str
    tag: str
    model_args: dict[str, Any]
    cfg: dict[str, Any]
    n_features: int
    weights: dict[str, Tensor]


def timm_form(bundle: Bundle) -> TimmForm:
    """Return the bundle's network as timm has it; its scores are the bundle's before calibration.

    Raises:
        WrongUse: it is no network of timm's with one dense layer on top, or several of them.
    """
    if bundle.averages_mirrored or hasattr(bundle, "members"):
        raise WrongUse.of("forms.several_looks", where="--format timm")
    module = bundle.module()
    whole = module.net if isinstance(module, Normalised) else module
    if not isinstance(whole, Backbone) or not isinstance(whole.network, TimmNetwork):
        raise WrongUse.of("forms.not_of_timm", where="--format timm", name=bundle.model)
    last = _only_dense(whole.head)
    if last is None:
        raise WrongUse.of("forms.head_not_of_timm", where="--format timm", name=bundle.model)
    cfg, args = whole.network.described(bundle.channels, bundle.size_px)
    with torch.device("meta"):
        wanted = whole.network.made_with(last.out_features, args).state_dict()
    weights = {**whole.base.state_dict(), **_classifier(last, whole.network.classifier(), wanted)}
    if any(_shape(wanted, name) != _shape(weights, name) for name in wanted.keys() | weights):
        raise WrongUse.of("forms.head_not_of_timm", where="--format timm", name=bundle.model)
    named = {name: value.detach().contiguous().clone() for name, value in weights.items()}
    architecture, _, tag = whole.network.name.partition(".")
    return TimmForm(architecture, tag, args, cfg, last.in_features, named)


def _classifier(
    last: nn.Linear, layers: tuple[str, ...], wanted: dict[str, Tensor]
) -> dict[str, Tensor]:
    """Return the dense layer under timm's names; of two classifiers timm takes the mean."""
    made = {}
    for layer in layers:
        for name, value in ((f"{layer}.weight", last.weight), (f"{layer}.bias", last.bias)):
            if name in wanted and wanted[name].numel() == value.numel():
                made[name] = value.reshape(wanted[name].shape)  # some are 1 by 1 convolutions
    return made


def _only_dense(head: nn.Module) -> nn.Linear | None:
    """Return the layer of a head that is one dense layer, perhaps after dropout."""
    parts = [part for part in (head, *head.children()) if not isinstance(part, nn.Sequential)]
    layers = [part for part in parts if not isinstance(part, nn.Dropout)]
    return layers[0] if len(layers) == 1 and isinstance(layers[0], nn.Linear) else None


def _shape(weights: dict[str, Tensor], name: str) -> torch.Size | None:
    return weights[name].shape if name in weights else None
