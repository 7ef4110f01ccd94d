"""A classifier of photos in a plain PyTorch loop with timm's data sets and loaders.

usage: timm_photos.py FOLDER EPOCHS        FOLDER/{train,val,test}/<class>/; prints the accuracy
"""

import sys

import torch
from timm.data import create_dataset, create_loader
from torch import nn

folder, epochs = sys.argv[1], int(sys.argv[2])
torch.manual_seed(0)


def load(part: str):  # noqa: ANN201
    return create_loader(
        create_dataset("", root=folder, split=part, input_img_mode="L"),
        input_size=(1, 28, 28),
        batch_size=32,
        is_training=part == "train",
        no_aug=True,
        use_prefetcher=False,
        mean=(0.0,),
        std=(1.0,),
        crop_pct=1.0,
        num_workers=0,
        persistent_workers=False,
        device=torch.device("cpu"),
    )


train, val, test = load("train"), load("val"), load("test")
layers = []
for before, width in ((1, 32), (32, 64), (64, 128)):
    layers += [nn.Conv2d(before, width, 3), nn.ReLU(), nn.MaxPool2d(2)]
n_classes = len(train.dataset.reader.class_to_idx)
layers += [nn.Flatten(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, n_classes)]
model = nn.Sequential(*layers)
optimiser = torch.optim.Adam(model.parameters())


def accuracy(loader) -> float:  # noqa: ANN001
    model.eval()
    with torch.inference_mode():
        right = sum(int((model(x).argmax(1) == y).sum()) for x, y in loader)
    return right / len(loader.dataset)


for _ in range(epochs):
    model.train()
    for images, labels in train:
        optimiser.zero_grad()
        nn.functional.cross_entropy(model(images), labels).backward()
        optimiser.step()
    accuracy(val)
print("accuracy", accuracy(test))
