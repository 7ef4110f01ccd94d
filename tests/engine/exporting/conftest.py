"""Untrained bundles with a calibration of every kind, and images of odd sizes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tamiz.data.image import Image

CLASSES = ("a", "b", "ñ_<x>")


@pytest.fixture
def make_bundle():
    from tamiz.data.contracts import Policy
    from tamiz.metrics.calibration import Calibration
    from tamiz.models.build import build_network
    from tamiz.models.bundle import Bundle, current_versions
    from tamiz.models.registry import InputShape
    from tamiz.steps.apply import build_steps

    def make(name="small", side=16, channels=1, options=None, **changes):
        shape = InputShape(channels, side, 3)
        mean, std = (0.4,) * channels, (0.3,) * channels
        net = build_network(name, options or {}, shape, mean=mean, std=std, seed=3)
        weights = {key: value.numpy() for key, value in net.state_dict().items()}
        rng = np.random.default_rng(0)  # a new head says the same of everything
        for key, value in weights.items():
            if "head" in key and value.dtype == np.float32:
                weights[key] = rng.normal(0, 0.3, value.shape).astype(np.float32)
        colour = {1: "grey", 3: "rgb"}[channels]
        made = Bundle(
            classes=CLASSES,
            size_px=side,
            channels=channels,
            model=name,
            options=options or {},
            steps=build_steps([{"name": colour}, {"name": "resize", "size_px": side}]),
            policy=Policy(),
            mean=mean,
            std=std,
            weights=weights,
            metrics={"accuracy": {"value": 0.9, "low": 0.8, "high": 0.95, "n": 40}},
            versions=current_versions(),
        )
        bent = Calibration((0.5, 1.0, 2.0), (0.25, 0.0, -0.25), -0.1)
        return replace(made.with_calibration(bent, 1.5), **changes)

    return make


@pytest.fixture
def images():
    rng = np.random.default_rng(2)
    shapes = [(7, 31, 3), (64, 20, 1), (16, 16, 3), (40, 41, 1)]
    return [Image(rng.integers(0, 256, shape, dtype=np.uint8)) for shape in shapes]


@pytest.fixture
def exported(tmp_path):
    """Return what a format makes of a bundle, and where it was written."""
    from tamiz.engine.exporting.registry import EXPORTS, Wanted

    def export(name, bundle, facts=None):
        scratch = tmp_path / "scratch"
        scratch.mkdir()
        wanted, form = Wanted(bundle, scratch), EXPORTS.get(name)()
        form.check(wanted)
        made = form.make(wanted)
        place = tmp_path / f"model{form.suffix}"
        made.write(place, facts or {"parity": {"n": 4}})
        return made, place

    return export


@pytest.fixture
def gap(images):
    """Return the largest difference of a probability from what `predict` computes."""
    from tamiz.stages.exporting.gate import answers_by_tamiz

    def measure(made, bundle):
        found = np.stack([made.probabilities(image) for image in images])
        wanted = answers_by_tamiz(bundle, images)
        assert (found.argmax(axis=1) == wanted.argmax(axis=1)).all()
        assert np.ptp(wanted, axis=0).max() > 1e-3  # the images are told apart at all
        return float(np.abs(found - wanted).max())

    return measure
