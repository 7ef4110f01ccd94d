"""A classifier of photos in MONAI, as its MedNIST tutorial says, with workflow C's network.

usage: monai_photos.py FOLDER EPOCHS       FOLDER/{train,val,test}/<class>/; prints the accuracy
"""

import sys
from pathlib import Path

import torch
from monai.data import CacheDataset, DataLoader
from monai.transforms import Compose, EnsureChannelFirst, Lambda, LoadImage, Resize, ScaleIntensity
from monai.utils import set_determinism
from torch import nn

folder, epochs = Path(sys.argv[1]), int(sys.argv[2])
set_determinism(seed=0)
classes = sorted(path.name for path in (folder / "train").iterdir())
prepare = Compose(
    [
        LoadImage(image_only=True),
        EnsureChannelFirst(),
        Lambda(lambda image: image.mean(0, keepdim=True)),
        Resize((28, 28)),
        ScaleIntensity(),
    ]
)


class Photos(torch.utils.data.Dataset):  # noqa: D101
    def __init__(self, part: str) -> None:
        self.files = sorted((folder / part).glob("*/*"))
        self.images = CacheDataset(self.files, prepare, num_workers=0, progress=False)

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, at: int) -> tuple:
        return self.images[at], classes.index(self.files[at].parent.name)


loaders = {
    part: DataLoader(Photos(part), batch_size=32, shuffle=part == "train")
    for part in ("train", "val", "test")
}
layers = []
for before, width in ((1, 32), (32, 64), (64, 128)):
    layers += [nn.Conv2d(before, width, 3), nn.ReLU(), nn.MaxPool2d(2)]
layers += [nn.Flatten(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, len(classes))]
model = nn.Sequential(*layers)
optimiser = torch.optim.Adam(model.parameters())


def accuracy(part: str) -> float:
    model.eval()
    with torch.inference_mode():
        right = sum(int((model(x).argmax(1) == y).sum()) for x, y in loaders[part])
    return right / len(loaders[part].dataset)


for _ in range(epochs):
    model.train()
    for images, labels in loaders["train"]:
        optimiser.zero_grad()
        nn.functional.cross_entropy(model(images), labels).backward()
        optimiser.step()
    accuracy("val")
print("accuracy", float(accuracy("test")))
