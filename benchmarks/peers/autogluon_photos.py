"""A classifier of photos by AutoGluon's MultiModalPredictor, as its quick start says.

usage: autogluon_photos.py FOLDER EPOCHS BACKBONE      FOLDER/{train,val,test}/<class>/
BACKBONE is a folder with a timm network's config.json and weights. Prints the accuracy.
"""

import sys
from pathlib import Path

import pandas as pd
from autogluon.multimodal import MultiModalPredictor

folder, epochs = Path(sys.argv[1]), int(sys.argv[2])


def table(part: str) -> pd.DataFrame:
    paths = sorted((folder / part).glob("*/*"))
    rows = [(str(path), path.parent.name) for path in paths]
    return pd.DataFrame(rows, columns=["image", "label"])


predictor = MultiModalPredictor(label="label", path=f"{folder}-predictor")
predictor.fit(
    table("train"),
    tuning_data=table("val"),
    seed=0,
    hyperparameters={
        "model.names": ["timm_image"],
        "model.timm_image.checkpoint_name": sys.argv[3],
        "model.timm_image.image_size": 64,
        "optim.max_epochs": epochs,
        "optim.lr": 1e-3,
        "env.batch_size": 32,
        "env.per_gpu_batch_size": 32,
        "env.num_gpus": 0,
        "env.num_workers": 0,
        "env.num_workers_inference": 0,
    },
)
print("accuracy", predictor.evaluate(table("test"), metrics=["accuracy"])["accuracy"])
