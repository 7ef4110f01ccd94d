"""Maps find the corner that decides; laws, refusals, and networks of other kinds."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pytest
import torch
from tests.engine.corner_world import (
    SIDE,
    bundle_of,
    corner_image,
    corner_net,
    share_in_corner,
    subject_of,
)
from torch import nn

from tamiz.core.errors import WrongUse
from tamiz.engine.explaining.closeness import features_of, first_maps
from tamiz.engine.explaining.faithfulness import (
    against_random_weights,
    curves_of,
    random_subjects,
)
from tamiz.engine.explaining.layers import last_map_layer
from tamiz.engine.explaining.registry import EXPLAINERS
from tamiz.engine.explaining.subject import Asking, Subject, as_values
from tamiz.engine.infer import predict_probabilities
from tamiz.engine.prepared import InMemory
from tamiz.models.nets.normalised import Normalised

OF_ANY_NETWORK = ("gradcam", "integrated-gradients", "occlusion")


def explained(method, subject, pixels, target=0):
    explainer = EXPLAINERS.get(method)()
    explainer.check(subject)
    return explainer.explain(subject, pixels, target)


@pytest.mark.parametrize("method", OF_ANY_NETWORK)
@pytest.mark.parametrize("is_upright", [True, False])
def test_most_of_a_map_lies_in_the_corner_that_decides(method, is_upright):
    target = 0 if is_upright else 1
    made = explained(
        method, subject_of(corner_net()), corner_image(1, is_upright=is_upright), target
    )
    assert made.values.shape == (SIDE, SIDE)
    assert share_in_corner(made.values) > 0.9


@pytest.mark.parametrize("method", OF_ANY_NETWORK)
def test_the_map_of_a_mirrored_answer_is_the_mirror_image_of_the_mirrored_images(method):
    subject = subject_of(corner_net(), is_mirrored=True, how=Asking(patch=0.25, stride=0.125))
    image = corner_image(2)
    made = explained(method, subject, image)
    mirrored = explained(method, subject, image[:, ::-1].copy())
    np.testing.assert_allclose(made.values, mirrored.values[:, ::-1], atol=1e-5)
    assert share_in_corner(made.values) > 0.9


@pytest.mark.parametrize("steps", [32, 256])
@pytest.mark.parametrize("is_mirrored", [False, True])
def test_integrated_gradients_add_up_to_the_difference_of_the_scores(steps, is_mirrored):
    subject = subject_of(corner_net(), is_mirrored=is_mirrored, how=Asking(steps=steps))
    image = corner_image(3)
    made = explained("integrated-gradients", subject, image)
    with torch.no_grad():
        ends = torch.cat([as_values(image[None]), as_values(subject.filled()[None])])
        scores = subject.scores(ends)[:, 0]
    difference = float(scores[0] - scores[1])
    assert difference > 1
    assert made.values.sum() == pytest.approx(difference, rel=0.02 if steps == 32 else 0.003)
    assert made.facts["score_difference"] == pytest.approx(difference, rel=1e-5)
    gap = abs(made.values.sum() - difference)
    assert made.facts["completeness_gap"] == pytest.approx(gap, abs=1e-4)


def test_integrated_gradients_of_a_linear_network_are_exact_whatever_the_steps():
    dense = nn.Linear(SIDE * SIDE, 2)
    net = Normalised(nn.Sequential(nn.Flatten(), dense), (0.4,), (0.2,)).eval()
    subject = subject_of(net.requires_grad_(False), how=Asking(steps=32))
    image = corner_image(4)
    made = explained("integrated-gradients", subject, image)
    weight = dense.weight[0].double().numpy().reshape(SIDE, SIDE)
    wanted = weight * (image[:, :, 0].astype(float) - 105) / (255 * 0.2)
    np.testing.assert_allclose(made.values, wanted, atol=1e-5)


def test_occlusion_says_by_how_much_the_probability_falls():
    subject = subject_of(corner_net(), how=Asking(patch=0.25, stride=0.25))
    image = corner_image(5)
    hidden = image.copy()
    hidden[:8, :8] = 105
    before, after = (
        predict_probabilities(subject.whole, InMemory(one[None]))[0, 0] for one in (image, hidden)
    )
    made = explained("occlusion", subject, image)
    np.testing.assert_allclose(made.values[:8, :8], before - after)
    assert made.facts["probability"] == before
    assert made.grid == (4, 4)


def test_squares_of_occlusion_cover_every_pixel_also_where_the_stride_does_not_fit():
    subject = subject_of(corner_net(), how=Asking(patch=0.3, stride=0.3))
    assert np.isfinite(explained("occlusion", subject, corner_image(6)).values).all()


def test_the_true_map_takes_the_probability_away_earlier_than_orders_by_lot():
    subject, image = subject_of(corner_net()), corner_image(7)
    true = np.zeros((SIDE, SIDE))
    true[:8, :8] = 1
    curves = curves_of([(subject, image)], true, 0, key="a")
    reverse = curves_of([(subject, image)], -true, 0, key="a")
    assert (curves.separation > curves.random_separations).all()
    assert reverse.separation < np.quantile(curves.random_separations, 0.05)
    assert curves.random_separations.mean() == pytest.approx(0, abs=1e-12)
    assert curves.contrast == pytest.approx(curves.deletion[0] - curves.deletion[-1])
    assert curves.insertion[0] == curves.deletion[-1]
    assert curves.insertion[-1] == curves.deletion[0]


def test_the_same_image_has_the_same_orders_by_lot_and_another_has_others():
    subject, image = subject_of(corner_net()), corner_image(8)
    true = np.zeros((SIDE, SIDE))
    one, same, other = (curves_of([(subject, image)], true, 0, key=key) for key in "aab")
    assert one.random.tobytes() == same.random.tobytes()
    assert one.random.tobytes() != other.random.tobytes()


@pytest.mark.parametrize("method", OF_ANY_NETWORK)
def test_a_map_does_not_depend_on_what_was_explained_before(method):
    subject, image = subject_of(corner_net()), corner_image(9)
    first = explained(method, subject, image).values
    explained(method, subject, corner_image(10))
    assert explained(method, subject, image).values.tobytes() == first.tobytes()


def test_random_networks_differ_from_the_trained_one_and_from_each_other():
    bundle = bundle_of()
    subject = Subject.of(bundle, Asking())
    randoms = random_subjects(bundle, subject)
    assert len(randoms) == 3
    tensors = [one.net.state_dict()["net.features.0.0.weight"] for one in [subject, *randoms]]
    assert len({one.numpy().tobytes() for one in tensors}) == 4
    again = random_subjects(bundle, subject)[1].net.state_dict()["net.head.weight"]
    assert torch.equal(again, randoms[1].net.state_dict()["net.head.weight"])


class Edges:
    """A false explainer: it shows where the picture has edges, whatever the network."""

    is_signed: ClassVar[bool] = False
    is_of_class: ClassVar[bool] = True

    def check(self, subject):
        pass

    def explain(self, subject, pixels, target):
        from tamiz.engine.explaining.registry import Map

        grey = pixels[:, :, 0].astype(float)
        return Map(np.abs(np.gradient(grey)[0]) + np.abs(np.gradient(grey)[1]))


def test_a_map_that_does_not_look_at_the_weights_is_the_same_with_random_ones():
    bundle = bundle_of()
    subject, image = Subject.of(bundle, Asking()), corner_image(11)
    randoms = random_subjects(bundle, subject)
    values = Edges().explain(subject, image, 0).values
    found = against_random_weights(Edges(), randoms, image, values, 0)
    assert found.correlation == pytest.approx(1)
    explainer = EXPLAINERS.get("integrated-gradients")()
    other = against_random_weights(
        explainer, randoms, image, explainer.explain(subject, image, 0).values, 0
    )
    assert other.correlation < 0.9
    assert len(other.separations) == 3


def made_bundle(name, side, options=None):
    return bundle_of(model=name, options=options or {}, side=side, channels=3)


@pytest.mark.parametrize(
    ("name", "side", "layer"),
    [
        ("small", 32, "net.features"),
        ("cnn", 28, "net.6"),
        ("torchvision:squeezenet1_0", 64, "net.base.features"),
        ("torchvision:mobilenet_v3_small", 64, "net.base.features"),
        ("resnet10t", 64, "net.base.layer4"),
        ("convnext_atto", 64, "net.base.norm_pre"),
    ],
)
def test_the_last_feature_maps_are_found_in_networks_of_all_libraries(name, side, layer):
    bundle = made_bundle(name, side)
    subject = Subject.of(bundle, Asking())
    pixels = np.random.default_rng(0).integers(0, 256, subject.shape).astype(np.uint8)
    made = explained("gradcam", subject, pixels)
    assert made.values.shape == (side, side)
    assert made.values.min() >= 0
    assert made.layer == layer
    assert min(made.grid) > 1


@pytest.mark.parametrize("name", ["softmax", "mlp"])
def test_a_network_without_feature_maps_says_what_works_instead(name):
    subject = Subject.of(bundle_of(model=name), Asking())
    with pytest.raises(WrongUse, match="no feature maps that Grad-CAM could weigh") as caught:
        EXPLAINERS.get("gradcam")().check(subject)
    assert "--with occlusion works with any model, integrated-gradients" in str(caught.value)
    for method in ("occlusion", "integrated-gradients"):
        assert np.isfinite(explained(method, subject, corner_image(1)).values).all()


def vision_transformer(name="vit_tiny_patch16_224", side=48):
    return Subject.of(bundle_of(model=name, side=side, channels=3), Asking())


def test_attention_is_followed_through_a_vision_transformer_and_grad_cam_refused():
    subject = vision_transformer()
    pixels = np.random.default_rng(0).integers(0, 256, subject.shape).astype(np.uint8)
    made = explained("attention", subject, pixels)
    assert made.grid == (3, 3)
    assert 0 < made.facts["sum"] < 1  # the class's own token has the rest
    assert made.values.min() >= 0
    with pytest.raises(WrongUse, match="timm also: attention"):
        EXPLAINERS.get("gradcam")().check(subject)
    scores = subject.scores(as_values(pixels[None]))  # fused attention is back
    assert torch.isfinite(scores).all()


@pytest.mark.parametrize(
    ("name", "side", "has_maps"),
    [
        ("small", 32, True),
        ("mobilevit_xxs", 64, True),
        ("swin_tiny_patch4_window7_224", 224, False),
    ],
)
def test_attention_that_cannot_be_followed_is_refused(name, side, has_maps):
    subject = Subject.of(bundle_of(model=name, side=side, channels=3), Asking())
    found = last_map_layer(subject.net, as_values(subject.filled()[None]))
    assert (found is not None) == has_maps
    with pytest.raises(WrongUse, match="no attention over all patches"):
        EXPLAINERS.get("attention")().check(subject)


@pytest.mark.parametrize(
    ("method", "how", "message"),
    [
        ("integrated-gradients", Asking(steps=31), "31 steps are too few"),
        ("occlusion", Asking(patch=0.1, stride=0.2), "leave no gaps"),
        ("occlusion", Asking(patch=1.5, stride=0.2), "leave no gaps"),
        ("occlusion", Asking(patch=0.5, stride=0.0), "leave no gaps"),
    ],
)
def test_options_that_make_no_map_are_refused(method, how, message):
    with pytest.raises(WrongUse, match=message):
        EXPLAINERS.get(method)().check(subject_of(corner_net(), how=how))


def test_an_unknown_explainer_is_named_and_the_nearest_offered():
    with pytest.raises(WrongUse, match="gradcam"):
        EXPLAINERS.get("grad-cam")


def test_features_are_what_the_last_layer_is_given():
    subject = subject_of(corner_net())
    images = np.stack([corner_image(seed, is_upright=seed < 3) for seed in range(6)])
    found = features_of(subject, images)
    assert found.shape == (6, 2)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, rtol=1e-5)
    near = found @ found.T
    assert near[:3, :3].min() > near[:3, 3:].max()


def test_the_first_convolution_gives_its_maps():
    name, maps = first_maps(subject_of(corner_net()), corner_image(1))
    assert name == "net.0"
    assert maps.shape == (2, SIDE, SIDE)
    assert maps[0, :8, :8].max() > 5 * maps[0, 12:, 12:].max()
    assert first_maps(Subject.of(bundle_of(model="softmax"), Asking()), corner_image(1))[0] == ""
