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
    from tamiz.stages.audit import audit
    from tamiz.stages.check import check
    from tamiz.stages.clean import clean
    from tamiz.stages.convert import ConvertOptions, convert
    from tamiz.stages.demo import demo
    from tamiz.stages.doctor import doctor
    from tamiz.stages.evaluate import evaluate
    from tamiz.stages.explore import explore
    from tamiz.stages.index import index
    from tamiz.stages.plan import plan
    from tamiz.stages.predict import predict
    from tamiz.stages.run import run
    from tamiz.stages.split import split
    from tamiz.stages.train import train

__version__ = "0.1.0"

_HOMES = {
    "ConvertOptions": "tamiz.stages.convert",
    "DataOptions": "tamiz.core.recipe",
    "Manifest": "tamiz.data.manifest",
    "Predictions": "tamiz.data.predictions",
    "Recipe": "tamiz.core.recipe",
    "Report": "tamiz.data.report",
    "Run": "tamiz.data.run_folder",
    "TamizError": "tamiz.core.errors",
    "audit": "tamiz.stages.audit",
    "check": "tamiz.stages.check",
    "clean": "tamiz.stages.clean",
    "convert": "tamiz.stages.convert",
    "demo": "tamiz.stages.demo",
    "doctor": "tamiz.stages.doctor",
    "evaluate": "tamiz.stages.evaluate",
    "explore": "tamiz.stages.explore",
    "index": "tamiz.stages.index",
    "load_recipe": "tamiz.core.recipe_io",
    "plan": "tamiz.stages.plan",
    "predict": "tamiz.stages.predict",
    "run": "tamiz.stages.run",
    "split": "tamiz.stages.split",
    "train": "tamiz.stages.train",
}

__all__ = [  # noqa: RUF022 - types first, then the words in the order of the work
    "ConvertOptions", "DataOptions", "Manifest", "Predictions", "Recipe", "Report", "Run",
    "TamizError", "load_recipe",
    "convert", "run", "index", "check", "explore", "clean", "audit", "split", "plan", "train",
    "evaluate", "predict", "demo", "doctor",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'tamiz' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
