"""tamiz: from raw images to a classifier one can trust.

Public names are loaded on first use, so that `import tamiz` costs nothing:

    import tamiz
    report = tamiz.run("photos/", out="runs/first")
    answers = tamiz.predict("runs/first/model", "new/")
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tamiz.core.errors import TamizError
    from tamiz.core.recipe import DataOptions, Recipe
    from tamiz.core.recipe_io import load_recipe
    from tamiz.data.manifest import Manifest
    from tamiz.data.predictions import Predictions
    from tamiz.data.report import Report
    from tamiz.data.run_folder import Run
    from tamiz.data.tiling import Tiling
    from tamiz.descriptors.described import Described
    from tamiz.engine.dataset import TorchDataset
    from tamiz.engine.items import batches
    from tamiz.stages.ablate_augmentation import AblateAugmentation, ablate_augmentation
    from tamiz.stages.audit import audit
    from tamiz.stages.augment import ShowAugmentations, augment
    from tamiz.stages.bench_model import BenchOptions, bench_model
    from tamiz.stages.benchmark import BenchmarkHow, benchmark
    from tamiz.stages.check import check
    from tamiz.stages.clean import clean
    from tamiz.stages.compare import compare
    from tamiz.stages.convert import ConvertOptions, convert
    from tamiz.stages.cost import CostOptions, cost
    from tamiz.stages.demo import demo
    from tamiz.stages.describe import Describe, describe
    from tamiz.stages.distil import distil
    from tamiz.stages.doctor import doctor
    from tamiz.stages.estimator import TamizClassifier
    from tamiz.stages.evaluate import evaluate
    from tamiz.stages.explain import ExplainOptions, explain
    from tamiz.stages.explore import explore
    from tamiz.stages.export import ExportOptions, export
    from tamiz.stages.index import index
    from tamiz.stages.lr_range import lr_range
    from tamiz.stages.plan import plan
    from tamiz.stages.predict import predict
    from tamiz.stages.prepare import PrepareSlides, prepare
    from tamiz.stages.run import run
    from tamiz.stages.sanity import Sanity, sanity
    from tamiz.stages.search import SearchHow, search
    from tamiz.stages.split import split
    from tamiz.stages.tiles import CutTiles, tiles
    from tamiz.stages.train import train
    from tamiz.workers.current import working_on

__version__ = "0.1.0"

_HOMES = {
    "AblateAugmentation": "tamiz.stages.ablate_augmentation",
    "BenchOptions": "tamiz.stages.bench_model",
    "BenchmarkHow": "tamiz.stages.benchmark",
    "ConvertOptions": "tamiz.stages.convert",
    "CutTiles": "tamiz.stages.tiles",
    "DataOptions": "tamiz.core.recipe",
    "Describe": "tamiz.stages.describe",
    "Described": "tamiz.descriptors.described",
    "ExplainImages": "tamiz.stages.explaining.making",
    "ExplainOptions": "tamiz.stages.explain",
    "ExportOptions": "tamiz.stages.export",
    "Manifest": "tamiz.data.manifest",
    "Predictions": "tamiz.data.predictions",
    "PrepareSlides": "tamiz.stages.prepare",
    "Recipe": "tamiz.core.recipe",
    "Report": "tamiz.data.report",
    "Run": "tamiz.data.run_folder",
    "Sanity": "tamiz.stages.sanity",
    "SearchHow": "tamiz.stages.search",
    "ShowAugmentations": "tamiz.stages.augment",
    "TamizClassifier": "tamiz.stages.estimator",
    "TamizError": "tamiz.core.errors",
    "Tiling": "tamiz.data.tiling",
    "TorchDataset": "tamiz.engine.dataset",
    "ablate_augmentation": "tamiz.stages.ablate_augmentation",
    "audit": "tamiz.stages.audit",
    "augment": "tamiz.stages.augment",
    "batches": "tamiz.engine.items",
    "bench_model": "tamiz.stages.bench_model",
    "benchmark": "tamiz.stages.benchmark",
    "check": "tamiz.stages.check",
    "clean": "tamiz.stages.clean",
    "compare": "tamiz.stages.compare",
    "convert": "tamiz.stages.convert",
    "cost": "tamiz.stages.cost",
    "CostOptions": "tamiz.stages.cost",
    "demo": "tamiz.stages.demo",
    "describe": "tamiz.stages.describe",
    "distil": "tamiz.stages.distil",
    "doctor": "tamiz.stages.doctor",
    "evaluate": "tamiz.stages.evaluate",
    "explain": "tamiz.stages.explain",
    "explore": "tamiz.stages.explore",
    "export": "tamiz.stages.export",
    "index": "tamiz.stages.index",
    "lr_range": "tamiz.stages.lr_range",
    "load_recipe": "tamiz.core.recipe_io",
    "plan": "tamiz.stages.plan",
    "predict": "tamiz.stages.predict",
    "prepare": "tamiz.stages.prepare",
    "run": "tamiz.stages.run",
    "sanity": "tamiz.stages.sanity",
    "search": "tamiz.stages.search",
    "split": "tamiz.stages.split",
    "tiles": "tamiz.stages.tiles",
    "train": "tamiz.stages.train",
    "working_on": "tamiz.workers.current",
}

__all__ = [  # noqa: RUF022 - types first, then the words in the order of the work
    "AblateAugmentation", "BenchOptions", "BenchmarkHow", "ConvertOptions", "CostOptions",
    "CutTiles", "DataOptions", "Describe", "Described", "ExplainImages", "ExplainOptions",
    "ExportOptions", "Manifest", "Predictions", "PrepareSlides", "Recipe", "Report", "Run",
    "Sanity", "SearchHow", "ShowAugmentations", "TamizClassifier", "TamizError", "Tiling",
    "TorchDataset", "batches", "load_recipe", "convert", "prepare", "tiles", "run", "index",
    "check", "explore", "describe", "clean", "audit", "split", "plan", "cost", "augment",
    "lr_range", "train", "evaluate", "compare", "benchmark", "sanity", "search", "distil",
    "ablate_augmentation", "predict", "explain", "export", "bench_model", "demo", "doctor",
    "working_on",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'tamiz' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
