"""Features of a frozen network: the same whatever was kept, computed together or killed before."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from tamiz.core.errors import MissingDependency, WrongData, WrongUse
from tamiz.core.events import Event
from tamiz.engine import feature_engines, features
from tamiz.engine.feature_engines import feature_batch
from tamiz.engine.feature_rows import frozen_base
from tamiz.engine.features import FeatureWork, frozen_features
from tamiz.engine.feed import Rows
from tamiz.engine.keyed import item_keys_of
from tamiz.engine.prepared import InMemory
from tamiz.models.nets.normalised import Normalised

N = 150  # more than one batch of 128
SIDE = 16
CHANGES = [{"name": "shift", "fraction": 0.3}, {"name": "flip"}]


class TinyBackbone(nn.Module):
    """As `models.nets.backbone.Backbone` presents itself, with a base of a few convolutions."""

    def __init__(self):
        super().__init__()
        self.base = nn.Sequential(
            nn.Conv2d(3, 8, 3, padding=1),
            nn.BatchNorm2d(8),
            nn.ReLU(),
            nn.Conv2d(8, 20, 3, stride=2),
            nn.AdaptiveAvgPool2d(1),
        )
        self.head = nn.Linear(20, 3)


@pytest.fixture
def base():
    torch.manual_seed(1)
    return frozen_base(Normalised(TinyBackbone(), [0.4, 0.5, 0.6], [0.2, 0.3, 0.25]))


class Counting(InMemory):
    """Images that count how many of them were asked for, and may stop at a number."""

    def __init__(self, pixels, stop_after=10**9):
        super().__init__(pixels)
        self.n_asked, self.stop_after = 0, stop_after

    def batches(self, groups):
        for group in groups:
            self.n_asked += len(group)
            if self.n_asked > self.stop_after:
                raise KeyboardInterrupt
            yield self.batch(group)


@pytest.fixture
def pixels():
    return np.random.default_rng(3).integers(0, 256, (N, SIDE, SIDE, 3), dtype=np.uint8)


@pytest.fixture
def rows(pixels):
    at = np.arange(N)
    keys = item_keys_of([f"item{number}" for number in at])
    return Rows(Counting(pixels), at % 3, keys, at[:130], at[130:], ("a", "b", "c"))


@pytest.fixture
def how(tmp_path):
    contents = [f"sha{number}" for number in range(N)]
    folder = tmp_path / "features"
    return FeatureWork({"name": "tiny"}, precision="float32", contents=contents, folder=folder)


def everything(made, epochs=4):
    plain = made.batch(np.arange(N))
    return [plain, *(made.for_epoch(7, epoch).batch(np.arange(N)) for epoch in range(epochs))]


def same(one, two):
    return all(torch.equal(a, b) for a, b in zip(one, two, strict=True))


def test_features_are_what_the_frozen_base_gives(base, rows, how, pixels):
    made = frozen_features(base, rows, how)
    with torch.inference_mode():
        wanted = base.eval()(torch.from_numpy(pixels).permute(0, 3, 1, 2)).flatten(1)
    assert made.shape == (1, 1, 20)
    assert len(made) == N
    assert made.batch(np.array([3, 140])).dtype == torch.float32
    assert torch.allclose(made.batch(np.arange(N)), wanted, atol=1e-5)
    assert (made.facts.n_computed, made.facts.n_reused, made.facts.difference) == (N, 0, 0.0)


def test_batches_are_the_groups_in_order(base, rows, how):
    made = frozen_features(base, rows, how)
    groups = [np.array([5, 1]), np.array([149])]
    assert same(list(made.batches(groups)), [made.batch(group) for group in groups])


def test_another_run_computes_nothing_again(base, rows, how):
    first = frozen_features(base, rows, how)
    rows.images.n_asked = 0
    again = frozen_features(base, rows, how)
    assert rows.images.n_asked == 0
    assert (again.facts.n_computed, again.facts.n_reused) == (0, N)
    assert same(everything(first), everything(again))


def test_other_folds_and_another_order_find_what_is_kept(base, rows, how):
    frozen_features(base, replace(rows, train=rows.train[:60], val=rows.train[60:70]), how)
    made = frozen_features(base, replace(rows, train=rows.val, val=rows.train[::-1]), how)
    assert (made.facts.n_computed, made.facts.n_reused) == (N - 70, 70)


def test_rows_do_not_depend_on_what_they_are_computed_together_with(base, rows, how, tmp_path):
    how = replace(how, views=2, augment=CHANGES)
    whole = frozen_features(base, rows, how)
    alone = replace(rows, train=np.array([77, 12]), val=np.array([140]))
    made = frozen_features(base, alone, replace(how, folder=tmp_path / "other"))
    assert torch.equal(made.batch(np.array([77, 12, 140])), whole.batch(np.array([77, 12, 140])))
    for epoch in range(3):
        one, other = made.for_epoch(0, epoch), whole.for_epoch(0, epoch)
        assert torch.equal(one.batch(alone.train), other.batch(alone.train))


@pytest.mark.parametrize("stop_after", [1, 128, 140])
def test_a_pass_that_is_stopped_goes_on_and_ends_in_the_same_bytes(
    base, rows, how, pixels, tmp_path, monkeypatch, stop_after
):
    monkeypatch.setattr(features, "feature_batch", lambda shape: 16)
    how = replace(how, views=2, augment=CHANGES)
    whole = frozen_features(base, rows, replace(how, folder=tmp_path / "whole"))
    stopping = replace(rows, images=Counting(pixels, stop_after))
    with pytest.raises(KeyboardInterrupt):
        frozen_features(base, stopping, how)
    made = frozen_features(base, rows, how)
    assert made.facts.n_reused == (
        stop_after // 16 * 16 - max(0, stop_after // 16 * 16 - 130)
    ) * 2 + (stop_after // 16 * 16)
    assert same(everything(made), everything(whole))


def test_views_are_what_the_training_would_see_and_validation_stays_plain(base, rows, how):
    plain = frozen_features(base, rows, how)
    made = frozen_features(base, rows, replace(how, views=3, augment=CHANGES))
    assert made.n_views == 3
    seen = torch.stack([made.for_epoch(0, epoch).batch(rows.train) for epoch in range(4)])
    own = plain.batch(rows.train)
    shown_plain = (seen == own).all(2).sum(0)
    assert shown_plain.min() >= 1  # each of 4 views once in 4 epochs, the plain one among them
    assert shown_plain.float().mean() < 1.5
    assert torch.equal(
        made.for_epoch(0, 0).batch(rows.train), made.for_epoch(0, 4).batch(rows.train)
    )
    assert not torch.equal(
        made.for_epoch(0, 0).batch(rows.train), made.for_epoch(1, 0).batch(rows.train)
    )
    for epoch in range(4):
        assert torch.equal(made.for_epoch(0, epoch).batch(rows.val), plain.batch(rows.val))


def test_more_views_keep_those_that_are_there(base, rows, how):
    frozen_features(base, rows, replace(how, views=1, augment=CHANGES))
    made = frozen_features(base, rows, replace(how, views=2, augment=CHANGES))
    assert made.facts.n_computed == 130
    other = frozen_features(base, rows, replace(how, views=2, augment=CHANGES, seed=1))
    assert other.facts.n_computed == 260


def test_without_augmentation_there_are_no_views(base, rows, how):
    made = frozen_features(base, rows, replace(how, views=3))
    assert made.n_views == 0
    assert made.for_epoch(0, 5) is made


@pytest.mark.parametrize(
    "change",
    [{"architecture": {"name": "other"}}, {"precision": "bfloat16"}, {"contents": ["x"] * N}],
)
def test_what_features_depend_on_is_part_of_what_they_are_kept_under(base, rows, how, change):
    frozen_features(base, rows, how)
    assert frozen_features(base, rows, replace(how, **change)).facts.n_reused == 0


def test_other_weights_or_normalisation_are_computed_anew(base, rows, how):
    frozen_features(base, rows, how)
    with torch.no_grad():
        base.net[0].bias[3] += 1e-6
    assert frozen_features(base, rows, how).facts.n_reused == 0
    base.shift = base.shift + 1e-3
    assert frozen_features(base, rows, how).facts.n_reused == 0


def test_without_contents_the_pixels_themselves_tell(base, rows, how, pixels):
    how = replace(how, contents=())
    frozen_features(base, rows, how)
    changed = pixels.copy()
    changed[9, 0, 0, 0] ^= 1
    made = frozen_features(base, replace(rows, images=InMemory(changed)), how)
    assert (made.facts.n_computed, made.facts.n_reused) == (1, N - 1)


@pytest.mark.parametrize("damage", [lambda b: b[:-7], lambda b: b[:-1] + bytes([b[-1] ^ 1])])
def test_damaged_files_are_computed_again(base, rows, how, damage):
    first = frozen_features(base, rows, how)
    (path,) = how.folder.glob("*/*.safetensors")
    path.write_bytes(damage(path.read_bytes()))
    made = frozen_features(base, rows, how)
    assert made.facts.n_computed == N
    assert same(everything(made), everything(first))


def test_a_folder_that_cannot_be_written_costs_a_warning_only(base, rows, how, tmp_path):
    (tmp_path / "file").write_text("no folder")
    told: list[Event] = []
    made = frozen_features(base, rows, replace(how, folder=tmp_path / "file"), told.append)
    assert made.facts.n_computed == N
    warnings = [event for event in told if event.kind == "warning"]
    assert len(warnings) == 1
    assert str(warnings[0].text).startswith("the features cannot be kept for other runs: ")


def test_tables_that_are_too_large_for_memory_lie_in_a_file_that_vanishes(base, rows, how):
    plain = frozen_features(base, rows, how)
    made = frozen_features(base, rows, replace(how, memory_mib=0))
    assert same(everything(made), everything(plain))
    assert [path.suffix for path in sorted(how.folder.glob("*/*"))] == [".json", ".safetensors"]


def test_progress_is_told(base, rows, how):
    told: list[Event] = []
    frozen_features(base, rows, how, told.append)
    progress = [(event.done, event.total) for event in told if event.kind == "progress"]
    assert progress[0] == (0, N)
    assert progress[-1] == (N, N)
    assert str(told[-1].text) == "one pass of the frozen network over 150 images"


def test_the_network_itself_is_left_as_it_is(base, rows, how):
    base.train()
    before = {name: value.clone() for name, value in base.state_dict().items()}
    frozen_features(base, rows, replace(how, precision="bfloat16"))
    assert base.training
    assert all(torch.equal(before[name], value) for name, value in base.state_dict().items())
    assert all(value.requires_grad for value in base.parameters())


def test_bfloat16_is_near_and_says_how_near(base, rows, how):
    exact = frozen_features(base, rows, how).batch(rows.train)
    made = frozen_features(base, rows, replace(how, precision="bfloat16"))
    found = (made.batch(rows.train) - exact).abs().max() / exact.abs().max()
    assert made.facts.difference is not None
    assert 0 < made.facts.difference < 0.02
    assert 0 < found < 0.02


def test_a_precision_that_changes_too_much_is_refused(base, rows, how, monkeypatch):
    monkeypatch.setattr(features, "DIFFERENCE_LIMIT", 1e-9)
    with pytest.raises(WrongUse) as caught:
        frozen_features(base, rows, replace(how, precision="bfloat16"))
    assert "features by torch (bfloat16) differ from those of float32 by" in str(caught.value)
    assert "Set train.precision to float32" in str(caught.value)


def test_automatic_precision_falls_back_to_float32_and_says_so(base, rows, how, monkeypatch):
    monkeypatch.setattr(features, "DIFFERENCE_LIMIT", 1e-9)
    auto = {"auto": "bfloat16"}
    monkeypatch.setattr(features, "choose_precision", lambda word, device: auto.get(word, word))
    told: list[Event] = []
    made = frozen_features(base, rows, replace(how, precision="auto"), told.append)
    assert made.facts.precision == "float32"
    assert any("float32 is used" in str(event.text) for event in told)
    exact = frozen_features(base, rows, how)
    assert same(everything(made), everything(exact))


def test_features_that_are_no_numbers_are_refused(base, rows, how):
    with torch.no_grad():
        base.net[0].bias[0] = float("nan")
    with pytest.raises(WrongData, match="features that are no numbers") as caught:
        frozen_features(base, rows, how)
    assert "model.weights" in str(caught.value)


def test_a_row_of_neither_part_has_no_features(base, rows, how):
    made = frozen_features(base, replace(rows, train=rows.train[1:]), how)
    with pytest.raises(IndexError, match="neither part"):
        made.batch(np.array([0]))


def test_the_batch_is_fixed_by_the_shape_alone():
    assert feature_batch((16, 16, 3)) == 128
    assert feature_batch((256, 256, 3)) == 16
    assert feature_batch((600, 600, 3)) == 8


def test_openvino_gives_the_same_features_and_tells_nobody(base, rows, how, monkeypatch):
    openvino = pytest.importorskip("openvino")
    import sys

    seen = []
    convert = openvino.convert_model

    def converting(*parts, **named):
        seen.append(sys.modules.get("openvino_telemetry", "could be imported"))
        return convert(*parts, **named)

    monkeypatch.setattr(openvino, "convert_model", converting)
    exact = frozen_features(base, rows, how)
    how = replace(how, engine="openvino", views=1, augment=CHANGES)
    made = frozen_features(base, rows, how)
    assert seen == [None]
    assert made.facts.difference is not None
    assert made.facts.difference < 1e-4
    assert torch.allclose(made.batch(np.arange(N)), exact.batch(np.arange(N)), atol=1e-4)


def test_openvino_that_is_not_installed_names_its_extra(base, rows, how, monkeypatch):
    def missing(package, **_):
        raise ModuleNotFoundError(package)

    monkeypatch.setattr("tamiz.core.optional.importlib.import_module", missing)
    with pytest.raises(MissingDependency, match="openvino"):
        frozen_features(base, rows, replace(how, engine="openvino"))


def test_openvino_on_a_gpu_is_refused(base):
    with pytest.raises(WrongUse, match="on the processor only, not on cuda"):
        feature_engines.make_compute(base, "openvino", "float32", torch.device("cuda"), 8)


def test_a_network_that_openvino_cannot_run_is_named(base, rows, how, monkeypatch):
    openvino = pytest.importorskip("openvino")

    def failing(*_, **__):
        raise RuntimeError("No conversion rule found")

    monkeypatch.setattr(openvino, "convert_model", failing)
    with pytest.raises(WrongUse, match="OpenVINO cannot run this network \\(No conversion rule"):
        frozen_features(base, rows, replace(how, engine="openvino"))


def test_only_a_network_with_normalisation_has_a_frozen_base():
    with pytest.raises(TypeError):
        frozen_base(nn.Linear(2, 2))
