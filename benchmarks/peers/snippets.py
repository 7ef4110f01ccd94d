"""What each peer's script imports, which parts its library holds, and a network for AutoGluon."""

from __future__ import annotations

PARTS = {
    "grouped split": {"classic": "sklearn.model_selection.StratifiedGroupKFold"},
    "baseline": {"classic": "sklearn.dummy.DummyClassifier"},
    "calibration": {"classic": "sklearn.calibration.CalibratedClassifierCV"},
    "unreadable files": {"fastai": "fastai.vision.utils.verify_images"},
}
IMPORTS = {
    "keras": "import keras",
    "fastai": "from fastai.vision.all import *",
    "torch": "import torch, torchvision",
    "timm": "import timm.data",
    "monai": "import monai.data, monai.transforms",
    "autogluon": "from autogluon.multimodal import MultiModalPredictor",
    "classic": "import skimage.feature, skimage.io, skimage.transform, sklearn.svm",
    "tiatoolbox": "import tiatoolbox.tools.patchextraction, tiatoolbox.wsicore.wsireader",
}
HAS = "import importlib,sys;m,n=sys.argv[1].rsplit('.',1);getattr(importlib.import_module(m),n)"


BACKBONE = """
import json, sys, timm, torch
torch.manual_seed(0)
made = timm.create_model("mobilenetv3_small_050", num_classes=0)
kept = {name: made.default_cfg[name] for name in ("mean", "std", "input_size", "crop_pct")}
kept |= {"interpolation": made.default_cfg["interpolation"]}
config = {"architecture": "mobilenetv3_small_050", "num_features": made.num_features}
with open(sys.argv[1] + "/config.json", "w") as opened:
    json.dump(config | {"pretrained_cfg": kept}, opened)
torch.save(made.state_dict(), sys.argv[1] + "/pytorch_model.bin")
"""
