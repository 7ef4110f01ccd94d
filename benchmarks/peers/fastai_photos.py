"""A classifier of photos in fastai, as its vision tutorial says, with workflow C's network.

usage: fastai_photos.py FOLDER EPOCHS      FOLDER/{train,val,test}/<class>/; prints the accuracy
"""

import sys
from pathlib import Path

from fastai.vision.all import *  # noqa: F403

folder, epochs = Path(sys.argv[1]), int(sys.argv[2])
set_seed(0)  # noqa: F405
dls = ImageDataLoaders.from_folder(  # noqa: F405
    folder,
    train="train",
    valid="val",
    img_cls=PILImageBW,  # noqa: F405
    item_tfms=Resize(28),  # noqa: F405
    bs=32,
    num_workers=0,
)
layers = []
for before, width in ((1, 32), (32, 64), (64, 128)):
    layers += [nn.Conv2d(before, width, 3), nn.ReLU(), nn.MaxPool2d(2)]  # noqa: F405
layers += [nn.Flatten(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, dls.c)]  # noqa: F405
learn = Learner(dls, nn.Sequential(*layers), metrics=accuracy)  # noqa: F405
with learn.no_bar(), learn.no_logging():
    learn.fit_one_cycle(epochs)
    test = dls.test_dl(get_image_files(folder / "test"), with_labels=True)  # noqa: F405
    print("accuracy", learn.validate(dl=test)[1])
