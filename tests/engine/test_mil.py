"""Slide models: they find the few tiles that matter, and nothing where there is nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.bags_drawing import Drawing, auroc_of_patients, auroc_range, draw, parts

from tamiz.core.errors import WrongData
from tamiz.core.events import Event
from tamiz.engine.bags import Bags, scale_of, slide_weights
from tamiz.engine.mil import MilTask, predict_mil, train_mil
from tamiz.models.mil import POOLINGS, MilOptions

QUICK = MilOptions(hidden=8, attention=4, epochs=3, members=2, slides_per_step=4, tiles_per_step=8)
SMALL = Drawing(n_patients=24, n_tiles=20, n_features=5)


def task_of(drawn, train, val):
    return MilTask(drawn.bags, drawn.targets, drawn.groups, train, val, 2)


def held_out(drawing, options, seed):
    """Return the slides, those tested, and what is said of them after training on the others."""
    drawn = draw(drawing, seed)
    train, val, test = parts(drawn.groups)
    trained = train_mil(task_of(drawn, train, val), options, seed=seed, threads=1)
    probabilities, attention = predict_mil(trained.weights, options, drawn.bags.take(test), 2)
    return drawn, test, probabilities, attention


@pytest.fixture(scope="module")
def small():
    drawn = draw(SMALL, 3)
    train, val, _ = parts(drawn.groups)
    return task_of(drawn, train, val)


@pytest.fixture(scope="module")
def trained(small):
    return train_mil(small, QUICK, seed=1, threads=1)


def same_bytes(one, two):
    assert one.weights.keys() == two.weights.keys()
    return all(one.weights[n].tobytes() == two.weights[n].tobytes() for n in one.weights)


# What it finds


FEW_TILES_DECIDE = Drawing(n_patients=200, n_tiles=100, n_features=16)


def test_attention_finds_the_few_tiles_that_decide():
    options = MilOptions(members=1, epochs=25)
    drawn, test, probabilities, attention = held_out(FEW_TILES_DECIDE, options, 0)
    assert auroc_of_patients(probabilities, drawn.targets[test], drawn.groups[test]) >= 0.9
    edges = drawn.bags.starts
    is_shifted = [drawn.is_shifted[edges[slide] : edges[slide + 1]] for slide in test]
    told = [look[at].sum() for look, at in zip(attention, is_shifted, strict=True) if at.any()]
    assert np.median(told) > 0.3  # 2 % of the tiles get most of the look


@pytest.mark.parametrize("pooling", ["mean", "plain-mean"])
def test_the_mean_is_blind_to_the_few_tiles_that_decide(pooling):
    options = MilOptions(pooling=pooling, members=1, epochs=25)
    drawn, test, probabilities, _ = held_out(FEW_TILES_DECIDE, options, 0)
    assert auroc_of_patients(probabilities, drawn.targets[test], drawn.groups[test]) < 0.8


def test_where_all_tiles_tell_the_class_attention_does_not_fall_behind():
    drawing = Drawing(n_patients=120, n_tiles=40, n_features=8, share=1.0, strength=2.0, stain=0.5)
    drawn, test, probabilities, _ = held_out(drawing, MilOptions(members=1, epochs=15), 1)
    assert auroc_of_patients(probabilities, drawn.targets[test], drawn.groups[test]) >= 0.9


def test_from_random_labels_nothing_is_learnt_that_holds_for_other_patients():
    drawing = Drawing(n_patients=120, most_slides=4, n_tiles=20, n_features=8, strength=0.0)
    options = MilOptions(members=1, epochs=10)
    drawn, test, probabilities, _ = held_out(drawing, options, 2)
    low, high = auroc_range(probabilities, drawn.targets[test], drawn.groups[test])
    assert low <= 0.5 <= high


def test_three_classes_are_told_apart():
    rng = np.random.default_rng(4)
    targets = np.arange(90) % 3
    slides = [rng.normal(size=(12, 6)).astype(np.float32) for _ in targets]
    for slide, target in zip(slides, targets, strict=True):
        slide[:, target] += 1.5
    task = MilTask(Bags.stacked(slides), targets, targets, range(60), range(60, 75), 3)
    task = replace(task, groups=[f"p{i}" for i in range(90)])
    made = train_mil(task, replace(QUICK, epochs=20, members=1), seed=0, threads=1)
    found, _ = predict_mil(
        made.weights, replace(QUICK, members=1), task.bags.take(range(75, 90)), 3
    )
    assert (found.argmax(1) == targets[75:]).mean() >= 0.9


# What repeats itself


def test_same_seed_same_bytes_and_another_seed_others(small, trained):
    assert same_bytes(trained, train_mil(small, QUICK, seed=1, threads=1))
    assert not same_bytes(trained, train_mil(small, QUICK, seed=2, threads=1))


def test_training_neither_reads_nor_moves_the_random_numbers_of_others(small, trained):
    torch.manual_seed(99)
    before = torch.random.get_rng_state()
    assert same_bytes(trained, train_mil(small, QUICK, seed=1, threads=1))
    assert torch.equal(before, torch.random.get_rng_state())


def test_slides_of_no_part_leave_no_trace(small, trained):
    others = np.setdiff1d(np.arange(len(small.bags)), [*small.train, *small.val])
    values, targets = small.bags.values.copy(), small.targets.copy()
    for slide in others:
        values[small.bags.starts[slide] : small.bags.starts[slide + 1]] = np.nan
    targets[others] = -1
    changed = replace(small, bags=replace(small.bags, values=values), targets=targets)
    assert same_bytes(trained, train_mil(changed, QUICK, seed=1, threads=1))


@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("threads", [1, 2])
def test_a_slide_alone_in_company_and_at_any_place_gets_the_same_bits(pooling, threads):
    options = replace(QUICK, pooling=pooling, hidden=13, attention=7, epochs=1)
    drawn = draw(replace(SMALL, n_features=11), 5)
    made = train_mil(task_of(drawn, np.arange(20), ()), options, seed=0, threads=1)
    torch.set_num_threads(threads)
    try:
        together, looks = predict_mil(made.weights, options, drawn.bags, 2)
        order = np.random.default_rng(0).permutation(len(drawn.bags))
        mixed, mixed_looks = predict_mil(made.weights, options, drawn.bags.take(order), 2)
        assert mixed.tobytes() == together[order].tobytes()
        for place, slide in enumerate(order):
            assert mixed_looks[place].tobytes() == looks[slide].tobytes()
        for slide in range(0, len(drawn.bags), 5):
            alone, look = predict_mil(made.weights, options, drawn.bags.take([slide]), 2)
            assert alone.tobytes() == together[slide : slide + 1].tobytes()
            assert look[0].tobytes() == looks[slide].tobytes()
    finally:
        torch.set_num_threads(1)


@given(seed=st.integers(0, 1000))
@settings(max_examples=15)
def test_the_order_of_tiles_does_not_matter_and_attention_follows_them(small, trained, seed):
    slide = seed % len(small.bags)
    tiles = small.bags.of(slide)
    order = np.random.default_rng(seed).permutation(len(tiles))
    first, look = predict_mil(trained.weights, QUICK, Bags.stacked([tiles]), 2)
    second, moved = predict_mil(trained.weights, QUICK, Bags.stacked([tiles[order]]), 2)
    np.testing.assert_allclose(second, first, atol=1e-6)
    np.testing.assert_allclose(moved[0], look[0][order], atol=1e-6)
    assert moved[0].sum() == pytest.approx(1)


def test_a_training_slide_may_be_mapped_from_a_read_only_file(small, trained, tmp_path):
    np.save(tmp_path / "tiles.npy", small.bags.values)
    mapped = np.load(tmp_path / "tiles.npy", mmap_mode="r")
    task = replace(small, bags=replace(small.bags, values=mapped))
    assert same_bytes(trained, train_mil(task, QUICK, seed=1, threads=1))
    frozen = {name: one.copy() for name, one in trained.weights.items()}
    for one in frozen.values():
        one.flags.writeable = False
    first, _ = predict_mil(frozen, QUICK, task.bags, 2)
    assert first.tobytes() == predict_mil(trained.weights, QUICK, small.bags, 2)[0].tobytes()


# Little data


def test_without_validation_slides_every_epoch_is_trained_and_the_last_kept(small):
    made = train_mil(replace(small, val=()), QUICK, seed=1, threads=1)
    assert made.best_epochs == (3, 3)
    assert all(one["val_loss"] is None for one in made.history)


def test_validation_slides_of_one_class_do_not_choose_the_epoch(small):
    one_class = np.asarray(small.val)[small.targets[small.val] == 1]
    assert len(one_class)
    made = train_mil(replace(small, val=one_class), QUICK, seed=1, threads=1)
    assert all(one["val_loss"] is None for one in made.history)


def test_a_slide_without_tissue_gets_the_classes_shares_of_training_patients():
    drawn = draw(SMALL, 6)
    slides = [drawn.bags.of(slide) for slide in range(len(drawn.bags))]
    slides[0] = slides[0][:0]  # training goes on without it
    bags = Bags.stacked(slides)
    train = np.arange(20)
    made = train_mil(
        MilTask(bags, drawn.targets, drawn.groups, train, (), 2), QUICK, seed=0, threads=1
    )
    found, look = predict_mil(made.weights, QUICK, bags, 2)
    patients = {drawn.groups[slide]: drawn.targets[slide] for slide in train[1:]}
    share = np.mean(list(patients.values()))
    np.testing.assert_allclose(found[0], [1 - share, share])
    assert look[0].shape == (0,)
    np.testing.assert_allclose(found.sum(axis=1), 1)


def test_two_slides_of_one_tile_each_suffice():
    bags = Bags.stacked([np.zeros((1, 3), np.float32), np.ones((1, 3), np.float32)])
    task = MilTask(bags, np.array([0, 1]), ["a", "b"], [0, 1], [], 2)
    made = train_mil(task, replace(QUICK, epochs=60, dropout=0.0), seed=0, threads=1)
    found, look = predict_mil(made.weights, QUICK, bags, 2)
    assert found.argmax(axis=1).tolist() == [0, 1]
    assert [one.tolist() for one in look] == [[1.0], [1.0]]


def test_a_class_of_a_single_patient_is_learnt():
    rng = np.random.default_rng(0)
    slides = [rng.normal(size=(10, 4)).astype(np.float32) for _ in range(30)]
    slides[7] += 3
    targets = np.array([int(slide == 7) for slide in range(30)])
    task = MilTask(Bags.stacked(slides), targets, [str(i) for i in range(30)], range(30), [], 3)
    options = replace(QUICK, epochs=60, members=1)
    found, _ = predict_mil(
        train_mil(task, options, seed=0, threads=1).weights, options, task.bags, 3
    )
    assert found[:, 1].argmax() == 7
    assert found[7].argmax() == 1


def test_a_feature_that_never_changes_and_one_of_huge_values_do_no_harm(small):
    values = small.bags.values.copy()
    values[:, 0] = 1e7
    values[:, 1] *= 1e6
    task = replace(small, bags=replace(small.bags, values=values))
    made = train_mil(task, QUICK, seed=0, threads=1)
    assert made.std[0] == 1
    values[:, 0] = -1e30  # on other slides it does change
    assert np.isfinite(predict_mil(made.weights, QUICK, task.bags, 2)[0]).all()


# What is told


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_number_that_is_none_names_its_slide(small, trained, bad):
    slide = int(small.train[3])
    values = small.bags.values.copy()
    values[small.bags.starts[slide]] = bad
    names = tuple(f"slides/{number}.tif" for number in range(len(small.bags)))
    bags = Bags(values, small.bags.starts, names)
    for ask in (
        lambda: train_mil(replace(small, bags=bags), QUICK, seed=0),
        lambda: predict_mil(trained.weights, QUICK, bags, 2),
    ):
        with pytest.raises(WrongData) as error:
            ask()
        assert f"slides/{slide}.tif: {SMALL.n_features} numbers" in str(error.value)
    with pytest.raises(WrongData, match=f"slide {slide + 1}: "):
        replace(bags, names=()).check_finite()


def test_one_class_is_not_enough(small):
    ones = np.flatnonzero(small.targets == 1)
    with pytest.raises(WrongData, match="show 1 class"):
        train_mil(replace(small, train=ones), QUICK, seed=0)


def test_other_embeddings_and_edited_weights_are_refused(small, trained):
    with pytest.raises(WrongData, match="described by 4 numbers, the model reads 5"):
        predict_mil(trained.weights, QUICK, Bags.stacked([np.zeros((2, 4), np.float32)]), 2)
    less = {n: one for n, one in trained.weights.items() if n != "member1.head.bias"}
    with pytest.raises(WrongData, match=r"member1\.head\.bias"):
        predict_mil(less, QUICK, small.bags, 2)


def test_progress_is_told_and_an_interruption_passes(small):
    told: list[Event] = []
    train_mil(small, QUICK, seed=0, threads=1, on_event=told.append)
    assert [(one.kind, one.done, one.total) for one in told][-1] == ("progress", 6, 6)

    def stop(event):
        raise KeyboardInterrupt

    threads = torch.get_num_threads()
    with pytest.raises(KeyboardInterrupt):
        train_mil(small, QUICK, seed=0, threads=2, on_event=stop)
    assert torch.get_num_threads() == threads


# What slides weigh


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 2)), min_size=1, max_size=40))
def test_patients_weigh_alike_and_so_do_classes(slides):
    groups = np.array([patient for patient, _ in slides])
    targets = np.array([target for _, target in slides])
    plain = slide_weights(targets, groups, balance=False)
    assert plain.mean() == pytest.approx(1)
    by_patient = np.bincount(groups, plain)
    np.testing.assert_allclose(by_patient[by_patient > 0], by_patient.max())
    balanced = slide_weights(targets, groups, balance=True)
    assert balanced.mean() == pytest.approx(1)
    by_class = np.bincount(targets, balanced)
    np.testing.assert_allclose(by_class[by_class > 0], by_class.max())


# Bags


def test_bags_keep_slides_apart_and_in_order():
    slides = [np.full((n, 2), n, np.float32) for n in (3, 0, 1)]
    bags = Bags.stacked(slides, ["a", "b", "c"])
    assert bags.lengths.tolist() == [3, 0, 1]
    taken = bags.take([2, 1, 0])
    assert taken.names == ("c", "b", "a")
    assert [len(taken.of(slide)) for slide in range(3)] == [1, 0, 3]
    assert taken.of(0).tolist() == [[1.0, 1.0]]
    nothing = bags.take([])
    assert (len(nothing), nothing.n_features) == (0, 2)
    assert len(Bags.stacked([], n_features=7).values) == 0


@pytest.mark.parametrize("starts", [[0, 2], [1, 4], [0, 3, 2, 4], []])
def test_bags_refuse_starts_that_do_not_fit(starts):
    with pytest.raises(ValueError, match="start"):
        Bags(np.zeros((4, 2), np.float32), np.array(starts, dtype=np.int64))


def test_scale_weighs_slides_alike_whatever_their_number_of_tiles():
    few, many = np.full((2, 1), 1e4, np.float32), np.full((98, 1), 1e4 + 2, np.float32)
    scale = scale_of(Bags.stacked([few, many, many[:0]]), [0, 1, 2])
    assert scale.mean[0] == pytest.approx(1e4 + 1)
    assert scale.std[0] == pytest.approx(1)
