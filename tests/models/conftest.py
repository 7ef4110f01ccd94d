"""Small bundles to test with."""

from __future__ import annotations

import pytest


@pytest.fixture
def make_bundle():
    from tamiz.data.contracts import Policy
    from tamiz.models.build import build_network
    from tamiz.models.bundle import Bundle, current_versions
    from tamiz.models.registry import InputShape
    from tamiz.steps.apply import build_steps

    def make(name="small", side=12, channels=1, **options):
        shape = InputShape(channels, side, 3)
        mean, std = (0.4,) * channels, (0.3,) * channels
        net = build_network(name, options, shape, mean=mean, std=std, seed=3)
        return Bundle(
            classes=("a", "b", "ñ_<x>"),
            size_px=side,
            channels=channels,
            model=name,
            options=options,
            steps=build_steps([{"name": "grey"}, {"name": "resize", "size_px": side}]),
            policy=Policy(background="black", value_range=(0.0, 2.5)),
            mean=mean,
            std=std,
            weights={k: v.numpy() for k, v in net.state_dict().items()},
            training={"epochs": 2},
            versions=current_versions(),
        )

    return make
