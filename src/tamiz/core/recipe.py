"""The recipe: every decision of a run, in one frozen value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from tamiz.core.fields import FieldFacts, facts_of, option


@dataclass(frozen=True, slots=True)
class DataOptions:
    """What the input is and how its labels and groups are found."""

    source: str = option("", is_first_page=True)
    kind: str = option(
        "auto",
        choices=(
            "auto", "folder", "table", "dicom", "idx", "npz", "cifar", "huggingface", "imagefolder",
            "webdataset",
        ),
    )  # fmt: skip
    root: str | None = option(None)
    path: str | None = option(None)
    label: str | None = option(None, is_first_page=True)
    group: str | None = option(None, is_first_page=True)
    centre: str | None = option(None)
    split: str | None = option(None)
    label_separator: str | None = option(None)
    label_columns: list[str] = option([])
    repeated: str = option("refuse", choices=("refuse", "labels"))
    label_from_name: str | None = option(None)
    group_from_name: str | None = option(None, is_first_page=True)
    label_table: str | None = option(None)
    id: str | None = option(None)
    id_from_name: str | None = option(None)
    window: str = option("auto")
    frames: str = option("all", choices=("all", "first", "middle"))
    keep: list[str] = option([])
    key: str | None = option(None)
    allow_names: bool = option(default=False)
    encoding: str | None = option(None)
    separator: str | None = option(None)
    missing_files: str = option("refuse", choices=("refuse", "leave-out", "keep"))
    allow_outside: bool = option(default=False)
    max_problems: float = option(0.01, low=0.0, high=1.0)
    max_megapixels: float = option(50.0, low=0.01)
    max_aspect: float = option(20.0, low=1.0)
    overview_px: int = option(2048, low=64, high=8192)
    background: str = option("white", choices=("white", "black", "grey"))
    value_range: str | None = option(None)
    relabel: dict[str, object] = option({})
    decisions: str | None = option(None)


@dataclass(frozen=True, slots=True)
class ExploreOptions:
    """How columns of a table are understood."""

    classes: dict[str, object] = option({})


@dataclass(frozen=True, slots=True)
class CleanOptions:
    """What counts as the same picture, and which checks are made."""

    near_duplicates: bool = option(default=True)
    min_likeness: float = option(0.0, low=0.0, high=1.0)
    only: list[str] = option([])


@dataclass(frozen=True, slots=True)
class AuditOptions:
    """How deep suspicions are looked into; nothing of it changes which images are used."""

    depth: str = option("auto", choices=("auto", "quick", "full"))
    seed: int = option(0, low=0)


@dataclass(frozen=True, slots=True)
class SplitOptions:
    """How groups of items are divided into train, val and test."""

    given: str = option("auto", choices=("auto", "respect", "mend", "ignore"), is_first_page=True)
    rule: str = option("grouped")
    test_fraction: float = option(0.15, low=0.01, high=0.8, is_first_page=True)
    val_fraction: float = option(0.1, low=0.01, high=0.8)
    seed: int = option(0, low=0)
    allow_leak: bool = option(default=False)
    folds: int = option(0, low=0, high=100)
    fold_rule: str = option("grouped", choices=("grouped", "centre"))
    repeats: int = option(1, low=1, high=100)


@dataclass(frozen=True, slots=True)
class PrepareOptions:
    """How a decoded image becomes the network's input; stored in the bundle."""

    size_px: int = option(28, low=4, high=1024, is_first_page=True)
    channels: int = option(3, low=1, high=16)
    aspect: str = option("pad", choices=("pad", "stretch", "crop"))
    interpolation: str = option("bilinear", choices=("bilinear", "bicubic"))
    steps: list[dict[str, object]] = option([])
    memory_mib: int = option(4096, low=1)
    workers: int = option(-1, low=-1, high=64)


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """Which network, and its own options."""

    name: str = option("small", is_first_page=True)
    options: dict[str, object] = option({})
    weights: str = option("auto")


@dataclass(frozen=True, slots=True)
class TrainOptions:
    """How the network is trained."""

    epochs: int = option(12, low=1, high=10_000, is_first_page=True)
    batch_size: int = option(128, low=0, high=65_536)
    optimiser: str = option("adamw", choices=("adam", "adamw", "sgd", "muon"))
    learning_rate: float = option(2e-3, low=1e-8, high=1e6, is_first_page=True)
    weight_decay: float = option(0.01, low=0.0, high=10.0)
    schedule: str = option(
        "one-cycle",
        choices=("constant", "one-cycle", "cosine", "linear", "step", "exponential", "plateau"),
    )
    schedule_factor: float = option(0.1, low=1e-6, high=1.0)
    schedule_steps: int = option(0, low=0)
    warmup_fraction: float = option(0.2, low=0.0, high=0.9)
    clip_norm: float = option(0.0, low=0.0)
    accumulate: int = option(1, low=1, high=65_536)
    stages: list[str] = option([])
    layer_decay: float = option(1.0, low=0.01, high=1.0)
    feature_views: int = option(0, low=0, high=1000)
    label_smoothing: float = option(0.1, low=0.0, high=0.9)
    loss: str = option("cross-entropy", choices=("cross-entropy", "focal"))
    focal_gamma: float = option(2.0, low=0.0, high=10.0)
    balance: str = option("none", choices=("none", "weights", "sampling", "level"))
    level_to: int = option(0, low=0)
    shards: int = option(0, low=0, high=10_000)
    replay: float = option(0.2, low=0.0, high=10.0)
    ema_decay: float = option(0.0, low=0.0, high=0.99999)
    augment: list[dict[str, object]] = option([])
    average_mirrored: bool = option(default=False)
    patience: int = option(0, low=0)
    monitor: str = option("loss", choices=("loss", "accuracy", "f1"))
    teacher: str | None = option(None)
    teacher_options: dict[str, object] = option({})
    watch: list[str] = option([])
    precision: str = option("auto", choices=("auto", "float32", "bfloat16"))
    device: str = option("auto")
    threads: int = option(0, low=0, high=256)
    seed: int = option(0, low=0, is_first_page=True)
    checkpoint_s: float = option(30.0, low=0.0)
    max_minutes: float | None = option(None, low=0.0)
    minutes: float | None = option(None, low=0.1)
    calibration: str = option("auto", choices=("auto", "none", "temperature", "vector"))
    guard: bool = option(default=True)


@dataclass(frozen=True, slots=True)
class EvaluateOptions:
    """How results are measured."""

    metric: str = option("accuracy")
    confidence: float = option(0.95, low=0.5, high=0.999)
    resamples: int = option(2000, low=100, high=100_000)
    seed: int = option(0, low=0)
    n_mistakes: int = option(24, low=0, high=200)
    by: list[str] = option([])
    positive: str | None = option(None)
    decide: str = option("most-probable")
    costs: dict[str, object] = option({})
    abstain: float = option(0.0, low=0.0, high=0.9)
    prevalence: float | None = option(None, low=0.0, high=1.0)


SECTIONS: dict[str, type] = {
    "data": DataOptions,
    "explore": ExploreOptions,
    "clean": CleanOptions,
    "audit": AuditOptions,
    "split": SplitOptions,
    "prepare": PrepareOptions,
    "model": ModelOptions,
    "train": TrainOptions,
    "evaluate": EvaluateOptions,
}


# Fields that say where and how long to compute; the same weights come out whatever they are.
NO_INFLUENCE: Final[Mapping[str, frozenset[str]]] = {
    "train": frozenset({"checkpoint_s", "max_minutes", "minutes", "device", "threads", "watch"}),
    "prepare": frozenset({"memory_mib", "workers"}),
}


@dataclass(frozen=True, slots=True)
class Recipe:
    """All decisions of a run, section by section."""

    data: DataOptions = field(default_factory=DataOptions)
    explore: ExploreOptions = field(default_factory=ExploreOptions)
    clean: CleanOptions = field(default_factory=CleanOptions)
    audit: AuditOptions = field(default_factory=AuditOptions)
    split: SplitOptions = field(default_factory=SplitOptions)
    prepare: PrepareOptions = field(default_factory=PrepareOptions)
    model: ModelOptions = field(default_factory=ModelOptions)
    train: TrainOptions = field(default_factory=TrainOptions)
    evaluate: EvaluateOptions = field(default_factory=EvaluateOptions)


def recipe_fields() -> Iterator[FieldFacts]:
    """Yield the facts of every field of the recipe, in order."""
    for section, options in SECTIONS.items():
        yield from facts_of(section, options)
