"""A folder in the style of the Hugging Face hub that timm reads."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from tamiz.core.files import read_json, write_bytes, write_json, write_text
from tamiz.core.language import say, text
from tamiz.engine.exporting.facts import (
    answer_facts,
    bundle_facts,
    input_facts,
    probabilities_by_facts,
)
from tamiz.engine.exporting.folder import FolderExport, OfPreparedPixels
from tamiz.engine.exporting.registry import EXPORTS, Wanted
from tamiz.models.bundle import Bundle
from tamiz.models.card import card_of
from tamiz.models.nets.as_timm import timm_form

_NAME: Final = "timm"
_WEIGHTS: Final = "model.safetensors"
_FACTS: Final = "tamiz.json"  # what timm's own config.json has no place for
# What timm's entry of an architecture says about its layers; the rest is about weights.
_OF_ARCHITECTURE: Final = ("first_conv", "classifier", "fixed_input_size", "min_input_size")


@EXPORTS.add(_NAME)
class Timm(OfPreparedPixels):
    """A folder in the style of the Hugging Face hub, for `timm.create_model("local-dir:...")`."""

    name: ClassVar[str] = _NAME

    def make(self, wanted: Wanted) -> FolderExport:
        """Return the folder; what is asked goes through timm alone.

        Raises:
            WrongUse: the network is none of timm's with one dense layer on top.
        """
        folder = wanted.scratch / _NAME
        write_timm(wanted.bundle, folder)
        ask = partial(timm_answers, read_timm(folder), read_json(folder / _FACTS))
        note = text("forms.timm_facts", file=_FACTS)
        return FolderExport(folder, wanted.bundle, ask, {}, (note,))


def write_timm(bundle: Bundle, folder: Path) -> None:
    """Write config.json, model.safetensors, tamiz.json and README.md.

    `timm.create_model("local-dir:FOLDER", pretrained=True)` then gives the bundle's scores of
    prepared pixels; tamiz.json says how scores become probabilities.

    Raises:
        WrongUse: the network is none of timm's with one dense layer on top.
    """
    from safetensors.torch import save

    form = timm_form(bundle)
    write_bytes(folder / _WEIGHTS, save(form.weights, metadata={"format": "pt"}))
    entry = {name: form.cfg[name] for name in _OF_ARCHITECTURE if form.cfg.get(name) is not None}
    size = [bundle.channels, bundle.size_px, bundle.size_px]
    config: dict[str, Any] = {
        "architecture": form.architecture,
        "num_classes": len(bundle.classes),
        "num_features": form.n_features,
        "label_names": list(bundle.classes),
        **({"model_args": form.model_args} if form.model_args else {}),
        "pretrained_cfg": {
            **entry,
            **({"tag": form.tag} if form.tag else {}),
            "custom_load": False,
            "input_size": size,
            "num_classes": len(bundle.classes),
            "mean": list(bundle.mean),
            "std": list(bundle.std),
            **_view(bundle),
        },
    }
    write_json(folder / "config.json", config)
    write_json(folder / _FACTS, {"input": input_facts(bundle), "answer": answer_facts(bundle)})
    write_text(folder / "README.md", _readme(bundle, config))


def read_timm(folder: Path) -> nn.Module:
    """Return the network as timm makes it of the folder."""
    import timm

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on names that timm has given up
        made: nn.Module = timm.create_model(f"local-dir:{folder}", pretrained=True)
    return made.eval()


def timm_answers(
    module: Any, facts: Mapping[str, Any], pixels: NDArray[np.uint8]
) -> NDArray[np.float64]:
    """Return (n, classes) probabilities as a program without tamiz computes them.

    Args:
        module: of `read_timm`.
        facts: content of tamiz.json.
        pixels: (n, height, width, channels), prepared.
    """
    mean, std = (np.array(module.pretrained_cfg[name], np.float32) for name in ("mean", "std"))
    values = (pixels.astype(np.float32) / 255 - mean) / std
    with torch.inference_mode():
        scores = module(torch.from_numpy(values.transpose(0, 3, 1, 2).copy()))
    return probabilities_by_facts(scores.double().numpy(), facts["answer"])


def _view(bundle: Bundle) -> dict[str, Any]:
    """Return timm's words for the last step that makes the square.

    They are near, and not equal: timm fills a border with the mean colour where tamiz takes
    `pad_value`, and cuts at whole pixels. README.md says so, and tamiz.json holds the steps.
    """
    made: dict[str, Any] = {"interpolation": "bilinear", "crop_pct": 1.0, "crop_mode": "center"}
    for step in input_facts(bundle)["steps"]:
        if step["name"] == "resize":
            modes = {"pad": "border", "stretch": "squash", "crop": "center"}
            made = {"crop_pct": 1.0, "crop_mode": modes[step["aspect"]]}
        elif step["name"] == "centre_crop":
            mode = "squash" if step["aspect"] == "stretch" else "center"
            made = {"crop_pct": step["size_px"] / step["shorter_px"], "crop_mode": mode}
        else:
            continue
        made["interpolation"] = step["interpolation"]
    return made


def _readme(bundle: Bundle, config: dict[str, Any]) -> str:
    """Return the model card: YAML front matter as the hub reads it, then the bundle's own card."""
    return "\n".join([*_front_matter(bundle), "", *_use(config), card_of(bundle_facts(bundle))])


def _front_matter(bundle: Bundle) -> Iterator[str]:
    """Yield the hub's own fields; values are JSON, which is YAML."""
    yield "---"
    yield "library_name: timm"
    yield "pipeline_tag: image-classification"
    yield "tags: [image-classification, timm, tamiz]"
    if bundle.licence:
        yield "license: other"
        yield f"license_name: {json.dumps(bundle.licence, ensure_ascii=False)}"
    yield "---"


def _use(config: dict[str, Any]) -> Iterator[str]:
    yield "```python"
    yield "import timm"
    yield 'model = timm.create_model("local-dir:THIS_FOLDER", pretrained=True).eval()'
    yield "```"
    yield ""
    view = config["pretrained_cfg"]
    yield say("forms.timm_use", mode=view["crop_mode"], facts=_FACTS)
    yield ""
