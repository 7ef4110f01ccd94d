"""What a run says to the items of checklists: sentences by name of the fact, only what is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from tamiz.core.language import text
from tamiz.data.report import Words
from tamiz.metrics.report_blocks import metric_key, metric_words
from tamiz.stages.figures_in_words import (
    baseline_sentences,
    calibration_sentences,
    class_sentences,
    external_sentences,
    main_sentences,
    subgroup_sentences,
)
from tamiz.stages.results_in_words import (
    flagged_probes,
    left_out,
    limit_sentences,
    unit_of,
)
from tamiz.stages.run_facts import RunFacts
from tamiz.stages.wording import (
    check_name,
    class_counts,
    counted,
    enumerated,
    images_of,
    is_pooled,
    listed,
    step_words,
)

Answers = dict[str, tuple[Words, ...]]
_PARTS: Final = ("train", "val", "test")
_MOST_CLASSES: Final = 12


def answers_of(facts: RunFacts) -> Answers:
    """Return the sentences of every fact that the run shows, by the fact's name."""
    tellers: tuple[Callable[[RunFacts], Answers], ...] = (
        _data, _labels, _files, _preparing, _division, _model, _training, _measuring,
        _further, _using,
    )  # fmt: skip
    made: Answers = {}
    for tell in tellers:
        made |= {name: told for name, told in tell(facts).items() if told}
    return made


def _fact(key: str, **values: object) -> Words:
    return text(f"checklist_facts.{key}", **values)


def _data(facts: RunFacts) -> Answers:
    if not facts.parts:
        return {}
    n = images_of(facts, facts.n_items, facts.n_groups)
    gone = {name: facts.fates.get(name, 0) for name in ("unlabelled", "unreadable", "excluded")}
    subset = _fact("subset_all")
    if gone["excluded"]:
        subset = _fact("subset_decided", files=counted("file", gone["excluded"]))
    missing = _fact(
        "missing",
        unlabelled=counted("file", gone["unlabelled"]),
        missing=int(facts.values.get("index", {}).get("missing", 0)),
        unreadable=gone["unreadable"],
    )
    flow = _fact("flow", found=counted("file", sum(facts.fates.values())), used=n)
    made: Answers = {
        "source": (_fact("source", source=facts.source, n=n),),
        "left_out": (left_out(facts),),
        "subset": (subset,),
        "missing": (missing,),
        "flow": (flow, left_out(facts)),
        "class_parts": (_class_parts(facts),),
        "predictors": (_fact("predictors"),),
        "no_reader": (_fact("no_reader"),),
        "no_segmentation": (_fact("no_segmentation"),),
    }
    if facts.n_centres > 1:
        made["centres"] = (_fact("centres", centres=counted("centre", facts.n_centres)),)
    return made | _differences(facts)


def _class_parts(facts: RunFacts) -> Words:
    parts = []
    for name, part in facts.parts.items():
        few = dict(list(part.classes.items())[:_MOST_CLASSES])
        n = images_of(facts, part.items, part.groups)
        told = {"part": _fact(_part_name(facts, name)), "n": n, "counts": class_counts(few)}
        parts.append(_fact("class_part", **told))
    return _fact("class_parts", parts=listed(parts))


def _part_name(facts: RunFacts, name: str) -> str:
    """Return a part's name in the catalogue: in a cross-validation all images are in the folds."""
    return "folds" if name == "train" and facts.recipe.split.folds else name


def _differences(facts: RunFacts) -> Answers:
    """Return how the share of one class differs between training and test."""
    if facts.part != "test" or facts.is_multilabel or not {"train", "test"} <= facts.parts.keys():
        return {}
    name = facts.classes[-1]
    train, test = (
        facts.parts[part].classes.get(name, 0) / facts.parts[part].items
        for part in ("train", "test")
    )
    return {"differences": (_fact("differences", name=name, train=train, test=test),)}


def _labels(facts: RunFacts) -> Answers:
    data, kind = facts.recipe.data, facts.values.get("index", {}).get("kind", "")
    if not kind:
        return {}
    if data.label_from_name:
        told = _fact("labels_names")
    elif data.label_table:
        told = _fact("labels_table")
    elif data.label:
        told = _fact("labels_column", name=data.label)
    else:
        told = _fact("labels_folders" if kind == "folder" else "labels_given")
    pseudonyms = (_fact("pseudonyms"),) if kind == "dicom" else ()
    return {"labels_from": (told,), "pseudonyms": pseudonyms}


def _files(facts: RunFacts) -> Answers:
    formats = facts.values.get("check", {}).get("formats", {})
    if not formats:
        return {}
    named = class_counts(formats)
    sizes = (facts.values.get("explore", {}).get("images") or {}).get("sizes", {})
    if not {"width_px", "height_px"} <= sizes.keys():
        return {"files": (_fact("files_formats", formats=named),)}
    width, height = (round(sizes[name]["median"]) for name in ("width_px", "height_px"))
    return {"files": (_fact("files", formats=named, width=width, height=height),)}


def _preparing(facts: RunFacts) -> Answers:
    steps, size = facts.bundle.get("steps", []), facts.bundle.get("input", {})
    made: Answers = {}
    if steps and size:
        told = "; ".join(step_words(step) for step in steps)
        made["preprocessing"] = (
            _fact("steps", steps=told, channels=size["channels"], size=size["size_px"]),
        )
        where = "scaling_start" if facts.bundle.get("start") else "scaling_training"
        made["scaling"] = (*made["preprocessing"], _fact("scaling", where=_fact(where)))
    checks = facts.values.get("clean", {}).get("checks", {})
    if checks:
        n = sum(int(found.get("suspected", 0)) for found in checks.values())
        names = listed([check_name(name) for name in checks])
        made["quality"] = (_fact("quality", checks=names, n=n),)
    return made


def _division(facts: RunFacts) -> Answers:
    if not facts.parts:
        return {}
    split = facts.recipe.split
    parts = listed(
        [
            _fact(f"part_{_part_name(facts, name)}", n=images_of(facts, part.items, part.groups))
            for name, part in facts.parts.items()
        ]
    )
    if facts.part == "oof" or split.folds:
        folds = counted("fold", split.folds or len(facts.metrics.get("folds", [])))
        told = _fact(
            "partition_folds",
            folds=folds,
            rule=split.fold_rule,
            repeats=split.repeats,
            seed=split.seed,
            parts=parts,
        )
    elif facts.is_given_split:
        told = _fact("partition_given", parts=parts)
    else:
        told = _fact("partition_drawn", rule=split.rule, seed=split.seed, parts=parts)
    apart = _fact("apart_leak" if facts.leaks else f"apart_{unit_of(facts)}")
    kept = (apart,) if facts.has_groups and not facts.leaks else ()
    return {"partition": (told,), "apart": (apart,), "kept_apart": kept}


def _model(facts: RunFacts) -> Answers:
    bundle = facts.bundle
    if not bundle.get("model"):
        return {}
    name, n = bundle["model"]["name"], bundle.get("training", {}).get("n_parameters")
    technique = _fact("technique_other", model=name)
    if n:
        technique = _fact("technique", model=name, n_parameters=n)
    goal = _fact("goal")
    if facts.external:
        goal = _fact("goal_external", sets=counted("set", len(facts.external)))
    options = ", ".join(f"{k} = {v}" for k, v in bundle["model"]["options"].items())
    members = len(bundle.get("members", []))
    made: Answers = {
        "technique": (technique,),
        "goal": (goal,),
        "output": (_output(facts),),
        "software": (_software(bundle),),
        "start": (_start(facts),),
        "ensemble": (
            _fact("ensemble", networks=counted("network", members))
            if members
            else _fact("one_network"),
        ),
    }
    if n:
        told = _fact(
            "model",
            model=name,
            n_parameters=n,
            options=_fact("options", options=options) if options else "",
            channels=bundle["input"]["channels"],
            size=bundle["input"]["size_px"],
            version=bundle.get("versions", {}).get("tamiz", "?"),
        )
        made["model"] = (told,)
    way = "on_descriptors" if name == "mil" else "end_to_end"
    return made | {way: (_fact(way),)}


def _output(facts: RunFacts) -> Words:
    if facts.is_multilabel:
        return _fact("output_labels", labels=counted("label", len(facts.classes)))
    classes, rule = counted("class", len(facts.classes)), facts.recipe.evaluate.decide
    if rule == "most-probable":
        return _fact("output", classes=classes)
    return _fact("output_rule", classes=classes, rule=rule)


def _software(bundle: Mapping[str, Any]) -> Words:
    versions = bundle.get("versions", {})
    return _fact("software", versions=", ".join(f"{k} {v}" for k, v in versions.items()))


def _start(facts: RunFacts) -> Words:
    start = facts.bundle.get("start", {})
    if not start:
        return _fact("start_random", seed=facts.recipe.train.seed)
    return _fact("start_given", source=str(start.get("sha256", ""))[:16] or "-")


def _training(facts: RunFacts) -> Answers:
    if not facts.bundle.get("training"):
        return {}
    train = facts.recipe.train
    augment = ", ".join(step_words(one) for one in train.augment)
    told = _fact(
        "training",
        optimiser=train.optimiser,
        rate=train.learning_rate,
        schedule=train.schedule,
        batch=train.batch_size,
        epochs=counted("epoch", train.epochs),
        decay=train.weight_decay,
        loss=train.loss,
        smoothing=train.label_smoothing,
        augment=augment or _fact("no_augment"),
        seed=train.seed,
    )
    monitor = text(f"results.monitor_{train.monitor}")
    balance = _fact("imbalance_none")
    if train.balance != "none":
        balance = _fact("imbalance", method=train.balance)
    made: Answers = {
        "training": (told,),
        "tuning": (_fact("tuning"),),
        "selection": (_fact("selection", monitor=monitor),),
        "imbalance": (balance,),
    }
    temperature = facts.bundle.get("temperature", 1.0)
    if facts.bundle.get("scales"):
        made["recalibrated"] = (_fact("recalibrated_by_class"),)
    elif temperature != 1.0:
        made["recalibrated"] = (_fact("recalibrated", temperature=temperature),)
    return made


def _measuring(facts: RunFacts) -> Answers:
    if not facts.part:
        return {}
    n = _judged(facts)
    internal = _fact("internal_oof" if facts.part == "oof" else "internal", n=n)
    used = [metric_words(name) for name in facts.figures]
    metrics: list[Words] = [_fact("metrics_used", metrics=enumerated(used))]
    if not facts.is_multilabel:
        metrics.append(_fact("confusion"))
    performance = tuple(main_sentences(facts))
    made: Answers = {
        "summary": performance,
        "internal": (internal,),
        "metrics_used": tuple(metrics),
        "uncertainty": _uncertainty(facts),
        "performance": performance,
        "by_class": tuple(class_sentences(facts)),
        "mistakes": (_mistakes(facts, n),),
        "limits": tuple(limit_sentences(facts)),
        "test_size": (_fact("test_size", n=n),),
        "precision": _precision(facts),
        "updating": (_fact("updating"),),
        "calibration": tuple(calibration_sentences(facts)),
        "baselines": tuple(baseline_sentences(facts)),
    }
    if facts.looks and facts.part == "test":
        made["looks"] = (_fact("looks", times=counted("look", facts.looks)),)
    return made


def _judged(facts: RunFacts) -> Words:
    stated = next((one for one in facts.figures.values() if one.get("n")), None)
    if stated is None:
        return counted("image", 0)
    if is_pooled(facts):
        return counted("patient" if facts.are_patients else "group", int(stated["n"]))
    return images_of(facts, int(stated["n"]), int(stated["n_groups"]))


def _uncertainty(facts: RunFacts) -> tuple[Words, ...]:
    options = facts.recipe.evaluate
    found = {str(one.get("method") or "") for one in facts.figures.values()}
    unit = _fact(f"over_{unit_of(facts)}")
    named: list[Words] = []
    if any(method not in {"", "wilson"} for method in found):
        named.append(_fact("method_bootstrap", unit=unit, resamples=options.resamples))
    if "wilson" in found:
        named.append(_fact("method_wilson"))
    if not named:
        return ()
    return (_fact("uncertainty", confidence=options.confidence, methods=listed(named)),)


def _precision(facts: RunFacts) -> tuple[Words, ...]:
    name = metric_key(facts.recipe.evaluate.metric)
    found = facts.figures.get(name, {})
    if found.get("low") is None or found.get("high") is None:
        return ()
    metric = metric_words(name)
    return (_fact("precision", metric=metric, low=found["low"], high=found["high"]),)


def _mistakes(facts: RunFacts, n: Words) -> Words:
    accuracy = facts.figures.get("accuracy")
    if accuracy is None:
        return _fact("mistakes_labels")
    wrong = round(accuracy["n"] * (1 - accuracy["value"]))
    return _fact("mistakes", mistakes=counted("mistake", wrong), n=n)


def _further(facts: RunFacts) -> Answers:
    """Return what was done besides: external sets, subgroups, explanations, experiments, probes."""
    made: Answers = {"external": tuple(external_sentences(facts))}
    subgroups = facts.metrics.get("subgroups", {})
    if subgroups:
        columns = listed([f"'{name}'" for name in subgroups])
        made["subgroups"] = (
            _fact("subgroups", columns=columns),
            *subgroup_sentences(facts),
        )
    if facts.explained:
        pictures = counted("picture", facts.explained)
        made["explained"] = (_fact("explained", pictures=pictures),)
    if facts.sanity:
        made["sanity"] = (_fact("sanity", names=listed(sorted(facts.sanity))),)
    probes = facts.values.get("audit", {}).get("shortcuts", {}).get("probes", {})
    made_of = [name for name, found in probes.items() if "auroc" in found]
    if made_of:
        flagged = flagged_probes(facts)
        names = _fact("probed_names", names=listed(flagged)) if flagged else ""
        made["probed"] = (_fact("probed", n=len(made_of), found=len(flagged), names=names),)
    return made


def _using(facts: RunFacts) -> Answers:
    if not facts.bundle.get("model"):
        return {}
    version = facts.bundle.get("versions", {}).get("tamiz", "?")
    sha = str(facts.bundle.get("weights", {}).get("sha256", ""))[:16]
    made: Answers = {
        "recipe": (_fact("recipe", version=version),),
        "availability": (_fact("availability", sha=sha or "-"),),
        "predicting": (_fact("predicting"),),
        "refusals": (_fact("refusals"),),
    }
    if facts.bundle.get("guard"):
        made["guard"] = (_fact("guard"),)
    return made
