"""A new head on a frozen squeezenet1_0, as fastai's vision_learner makes it.

usage: fastai_frozen.py FOLDER EPOCHS WEIGHTS      prints the accuracy on the test part
"""

import sys
from pathlib import Path

from fastai.vision.all import *  # noqa: F403
from safetensors.torch import load_file
from torchvision.models import squeezenet1_0

folder, epochs = Path(sys.argv[1]), int(sys.argv[2])
set_seed(0)  # noqa: F405
dls = ImageDataLoaders.from_folder(  # noqa: F405
    folder,
    train="train",
    valid="val",
    item_tfms=Resize(227, method="squish"),  # noqa: F405
    batch_tfms=Normalize.from_stats(*imagenet_stats),  # noqa: F405
    bs=32,
    num_workers=0,
)


def with_weights(*, pretrained: bool):  # noqa: ANN201, ARG001
    model = squeezenet1_0()
    model.load_state_dict(load_file(sys.argv[3]))
    return model


learn = vision_learner(  # noqa: F405
    dls,
    with_weights,
    pretrained=False,
    n_in=3,
    cut=lambda model: model.features,
    metrics=accuracy,  # noqa: F405
    splitter=default_split,  # noqa: F405
)
learn.freeze()
with learn.no_bar(), learn.no_logging():
    learn.fit_one_cycle(epochs)
    test = dls.test_dl(get_image_files(folder / "test"), with_labels=True)  # noqa: F405
    print("accuracy", learn.validate(dl=test)[1])
