"""What a student network learns from a teacher: its scores, and its features if asked.

Source: Hinton, Vinyals and Dean 2015 (scores softened by a temperature); Romero et al. 2015
(features through a learned map).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import kl_div, log_softmax, logsigmoid, mse_loss

from tamiz.core.errors import WrongUse
from tamiz.engine.infer import groups_of, inference_batch, predict_scores
from tamiz.engine.prepared import Positions, PreparedImages
from tamiz.models.bundle import Bundle

MAP_NAME: Final = "teacher_map"
# What layers read last. Beside the networks, not in them: a copy of a network must not hold it.
_heard: WeakKeyDictionary[nn.Module, Tensor] = WeakKeyDictionary()


def distillation_loss(
    scores: Tensor, teacher_scores: Tensor, temperature: float, *, is_multilabel: bool = False
) -> Tensor:
    """Return T^2 times the mean over rows of KL(teacher / T || student / T); 0 when equal.

    The factor T^2 keeps the size of the gradients where the temperature would shrink them.

    Args:
        scores: (n, classes), the student's, any floating type; computed in float32.
        teacher_scores: (n, classes), in the student's order of classes.
        temperature: T, above 0.
        is_multilabel: whether each label is a yes or no of its own (sigmoid); the mean is then
            over labels too.
    """
    if is_multilabel:
        apart = _distance_of_labels(scores.float() / temperature, teacher_scores / temperature)
        return apart * temperature**2
    student = log_softmax(scores.float() / temperature, dim=1)
    teacher = log_softmax(teacher_scores.to(student) / temperature, dim=1)
    loss = kl_div(student, teacher, reduction="batchmean", log_target=True)
    return loss * temperature**2


def _distance_of_labels(scores: Tensor, teacher_scores: Tensor) -> Tensor:
    """Return the mean Kullback-Leibler divergence of the labels' yes-or-no distributions."""
    theirs = teacher_scores.to(scores)
    gain = logsigmoid(theirs) - logsigmoid(scores)
    loss = logsigmoid(-theirs) - logsigmoid(-scores)
    return (theirs.sigmoid() * gain + (-theirs).sigmoid() * loss).mean()


def listen(student: nn.Module, n_teacher_features: int, seed: int) -> None:
    """Give the student a linear map from its own features to the teacher's, learnt with it.

    The map is part of the network under the name `MAP_NAME`: optimiser, checkpoints and running
    averages hold it without knowing; `without_map` takes it out of the weights that are kept.
    The network's scores stay what they are. Equal seeds give equal maps.

    Raises:
        WrongUse: the network has no dense layer whose input could be called its features.
    """
    head = _head_of(student)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        made = nn.Linear(head.in_features, n_teacher_features)
    student.add_module(MAP_NAME, made.to(head.weight.device))
    head.register_forward_pre_hook(_hear)


def feature_loss(student: nn.Module, teacher_features: Tensor) -> Tensor:
    """Return the mean squared distance of the student's last mapped features to the teacher's.

    To be called after the student has computed the scores of the same rows.

    Args:
        student: a network that `listen` prepared.
        teacher_features: (n, d), standardised (see `teacher_features`).
    """
    teacher_map = getattr(student, MAP_NAME)
    heard = _heard.pop(_head_of(student))
    return mse_loss(teacher_map(heard.float()), teacher_features)


def without_map(weights: Mapping[str, Any]) -> dict[str, Any]:
    """Return the weights less those of the map to the teacher's features."""
    prefix = f"{MAP_NAME}."
    return {name: value for name, value in weights.items() if not name.startswith(prefix)}


def reorder(
    scores: NDArray[Any], theirs: Sequence[str], ours: Sequence[str]
) -> NDArray[np.float32]:
    """Return (n, classes) scores in our order of classes.

    Raises:
        WrongUse: the classes differ; those too many and those missing are named.
    """
    refuse_other_classes(theirs, ours)
    order = [list(theirs).index(name) for name in ours]
    return np.ascontiguousarray(scores[:, order], dtype=np.float32)


def refuse_other_classes(theirs: Sequence[str], ours: Sequence[str]) -> None:
    """Raise `WrongUse` when a teacher tells other classes apart than the student is to."""
    missing = [name for name in ours if name not in theirs]
    extra = [name for name in theirs if name not in ours]
    if missing or extra:
        raise WrongUse.of(
            "distil.other_classes",
            where="train.teacher",
            n_theirs=len(theirs),
            n_ours=len(ours),
            missing=_named(missing),
            extra=_named(extra),
        )


def teacher_scores(
    teacher: Bundle, images: PreparedImages, positions: Positions, classes: Sequence[str]
) -> NDArray[np.float32]:
    """Return (rows of `images`, classes) raw scores in the order of `classes`; 0 elsewhere.

    Args:
        teacher: the teacher's bundle.
        images: every row, prepared by the teacher's own steps and at its own size.
        positions: the rows that it is asked about (the training rows).
        classes: in the student's order.

    Raises:
        WrongUse: the teacher knows other classes.
    """
    refuse_other_classes(teacher.classes, classes)
    scores = predict_scores(teacher.module(), images, positions)
    made = np.zeros((len(images), len(classes)), np.float32)
    made[positions] = reorder(scores, teacher.classes, classes)
    return made


def teacher_features(
    teacher: Bundle, images: PreparedImages, positions: Positions
) -> NDArray[np.float32]:
    """Return (rows of `images`, d): what the teacher's last layer reads; 0 for other rows.

    Standardised over `positions`: mean 0 and standard deviation 1 in each column (constant ones
    stay 0), so that the weight of the comparison means the same for every teacher.

    Raises:
        WrongUse: the teacher has no dense layer at its end.
    """
    net = replace(teacher, averages_mirrored=False).module()
    head = _head_of(net)
    head.register_forward_pre_hook(_hear)
    parts = []
    groups = groups_of(positions, inference_batch(images.shape))
    with torch.inference_mode():
        for batch in images.batches(groups):
            net(batch)
            parts.append(_heard.pop(head).double().cpu().numpy())
    found = np.concatenate(parts)
    spread = found.std(axis=0)
    centred = (found - found.mean(axis=0)) / np.where(spread > 1e-8, spread, np.inf)
    made = np.zeros((len(images), found.shape[1]), np.float32)
    made[positions] = centred
    return made


def _head_of(net: nn.Module) -> nn.Linear:
    """Return the last dense layer of the network, the map apart."""
    dense = [
        part
        for name, part in net.named_modules()
        if isinstance(part, nn.Linear) and name != MAP_NAME
    ]
    if not dense:
        raise WrongUse.of("distil.no_features", where="train.teacher_options.features")
    return dense[-1]


def _hear(layer: nn.Module, inputs: tuple[Tensor, ...]) -> None:
    """Keep what a layer reads; no method, so that copies of a network hear for themselves."""
    _heard[layer] = inputs[0]


def _named(names: Sequence[str]) -> str:
    return (", ".join(names[:5]) + (", ..." if len(names) > 5 else "")) or "-"
