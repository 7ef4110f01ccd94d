"""`predict`: classes and probabilities for files and folders, by a trained model."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from tamiz.acquisition.remote import at_hand, steady
from tamiz.core.errors import WrongUse
from tamiz.core.events import Event, OnEvent, ignore
from tamiz.core.urls import is_url, name_of, on_disk
from tamiz.data.predictions import Predictions
from tamiz.models.onnx_file import OnnxModel
from tamiz.models.registry import MODELS
from tamiz.stages.answers import Answers
from tamiz.stages.guarding import expected_rates, has_guard, stacked
from tamiz.stages.image_predicting import Answered, parts_to_ask, predict_image_source
from tamiz.stages.onnx_predicting import (
    BACKENDS,
    exported_in_cache,
    is_onnx_file,
    predict_onnx_source,
)
from tamiz.stages.slides.predicting import predict_slide_source

if TYPE_CHECKING:
    from tamiz.models.bundle import Bundle

_BUNDLE_PLACES = ("bundle.json", "model/bundle.json")
GUARD_WORDS: Final = ("warn", "abstain", "off")


def predict(
    model: Path | str,
    *sources: Path | str,
    weights: Path | str | None = None,
    guard: str = "warn",
    backend: str = "auto",
    on_event: OnEvent = ignore,
) -> Answers:
    """Classify every image of `sources` with a trained model, or with a pretrained network.

    Args:
        model: 'runs/first/model', or 'runs/first'; or the name of a network of timm or
            torchvision, 'torchvision:squeezenet1_0' say, which answers with ImageNet's classes;
            or an ONNX file that `export` wrote, which is asked without torch.
        sources: files, folders, arrays or archives; labels in them are not looked at.
        weights: safetensors file with the weights of such a network; the public ones if None.
        guard: 'warn' says which images are unlike the training images, 'abstain' gives them no
            answer besides, 'off' does not look. Models without a guard never do.
        backend: 'torch', or 'onnxruntime', for which a model that is no ONNX file is exported into
            the user's cache; 'auto': onnxruntime for ONNX files.
        on_event: told about progress.

    Returns:
        Probabilities per image; the same image gives the same bits as in `evaluate` on the same
        machine, whatever it is predicted together with.

    Raises:
        WrongUse: there is no model, a source does not exist, or `guard` is another word.
        WrongData: the bundle is damaged, the weights cannot be had or are another network's, or a
            source holds no images.
    """
    if guard not in GUARD_WORDS:
        raise WrongUse.of("guard.bad_word", where="--guard", found=guard)
    if backend not in BACKENDS:
        raise WrongUse.of("export.no_backend", where="--backend", found=backend)
    if is_onnx_file(str(model)) or backend == "onnxruntime":
        return _by_onnxruntime(Path(model), sources, weights, guard, on_event, backend)
    bundle = bundle_or_network(str(model), weights)
    is_guarded = guard != "off" and has_guard(bundle)
    on_event(Event("predict", "start"))
    with steady(*sources, on_event=on_event):
        if MODELS.get(bundle.model).reads == "slides":
            made = (predict_slide_source(bundle, on_disk(one), on_event) for one in sources)
            answers = [Answered(*one) for one in made]
        else:
            parts = parts_to_ask(bundle, is_guarded=is_guarded)
            answers = [predict_image_source(parts, on_disk(one), on_event) for one in sources]
    on_event(Event("predict", "end"))
    return made_answers(bundle, bundle.identity(), _joined(sources, answers), guard)


def _by_onnxruntime(
    model: Path,
    sources: Sequence[Path | str],
    weights: Path | str | None,
    guard: str,
    on_event: OnEvent,
    backend: str,
) -> Answers:
    """Return the answers of an ONNX file, or of a bundle that is exported for the purpose."""
    if weights is not None:
        raise WrongUse.of("export.weights", where=model)
    if is_onnx_file(str(model)):
        if backend == "torch":
            raise WrongUse.of("export.backend", where=model)
        place = model
    else:
        place = exported_in_cache(model, load_bundle(model), on_event)
    asked = OnnxModel.load(place)
    is_guarded = guard != "off" and has_guard(asked.bundle)
    on_event(Event("predict", "start"))
    with steady(*sources, on_event=on_event):
        answers = [
            predict_onnx_source(asked, on_disk(source), on_event, is_guarded=is_guarded)
            for source in sources
        ]
    on_event(Event("predict", "end"))
    return made_answers(asked.bundle, asked.identity, _joined(sources, answers), guard)


def made_answers(bundle: Bundle, identity: str, found: Answered, guard: str) -> Answers:
    """Return the answers of a bundle as all faces tell them.

    Args:
        bundle: that was asked.
        identity: of it.
        found: what its networks and guards say.
        guard: see `predict`; 'off' where the bundle has none.
    """
    is_guarded = guard != "off" and has_guard(bundle)
    items = np.array([f"{number}" for number in range(len(found.paths))], dtype=np.str_)
    predictions = Predictions(
        classes=bundle.classes,
        item=items,
        group=items,
        target=np.full(_shape_of_targets(bundle, len(items)), -1, np.int64),
        probabilities=found.probabilities,
        bundle=identity,
        thresholds=bundle.thresholds,
    )
    reasons = () if found.verdict is None else found.verdict.reasons
    return Answers(
        tuple(found.paths),
        predictions,
        tuple(found.problems),
        tuple(found.others),
        bundle.decision,
        tuple("" if one is None else str(one) for one in reasons) if is_guarded else None,
        withholds_odd=is_guarded and guard == "abstain",
        false_alarms=expected_rates(bundle)["all"].value if is_guarded else 0.0,
        sureness=bundle.sureness,
    )


def _joined(sources: Sequence[Path | str], answers: Sequence[Answered]) -> Answered:
    """Return what was found in all sources; paths of several begin with their folder."""
    many = len(sources) > 1
    paths: list[str] = []
    problems: list[tuple[str, str]] = []
    others: list[tuple[str, str]] = []
    for source, (found, bad, left, *_) in zip(sources, answers, strict=True):
        place = on_disk(source)
        folder = place if place.is_dir() else place.parent
        before = f"{name_of(folder.as_posix())}/" if many else ""
        paths += [before + name for name in found]
        problems += [(before + name, reason) for name, reason in bad]
        others += [(before + name, reason) for name, reason in left]
    verdicts = [one.verdict for one in answers if one.verdict is not None]
    shares = np.concatenate([one.probabilities for one in answers])
    return Answered(paths, problems, others, shares, stacked(verdicts) if verdicts else None)


def bundle_or_network(model: str, weights: Path | str | None = None) -> Bundle:
    """Return the bundle in a model's or a run's folder, or a pretrained network by its name.

    Args:
        model: see `predict`.
        weights: likewise.

    Raises:
        WrongUse: there is none, or weights are given for a bundle.
        WrongData: it is damaged, or its weights cannot be had.
    """
    from tamiz.models.bare import bare_network, is_like_network_name

    model = str(at_hand(model)) if is_url(model) else model
    is_trained = any((Path(model) / name).is_file() for name in _BUNDLE_PLACES)
    if not is_trained and (weights is not None or is_like_network_name(model)):
        return bare_network(model, "auto" if weights is None else str(weights))
    if weights is not None:
        raise WrongUse.of("networks.weights_of_a_bundle", where=model)
    return load_bundle(Path(model))


def load_bundle(folder: Path) -> Bundle:
    """Return the bundle in a model's or a run's folder.

    Raises:
        WrongUse: there is none.
        WrongData: it is damaged.
    """
    from tamiz.models.bundle import Bundle

    folder = at_hand(folder)
    for place in _BUNDLE_PLACES:
        if (folder / place).is_file():
            return Bundle.load((folder / place).parent)
    if is_onnx_file(str(folder)) and folder.is_file():
        raise WrongUse.of("export.needs_folder", where=folder)
    raise WrongUse.of("run.no_model", where=folder)


def _shape_of_targets(bundle: Bundle, n: int) -> tuple[int, ...]:
    return (n, len(bundle.classes)) if bundle.is_multilabel else (n,)
