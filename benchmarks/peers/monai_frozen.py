"""A new head on a frozen squeezenet1_0 in MONAI: its NetAdapter, its freeze_layers, its own loop.

usage: monai_frozen.py FOLDER EPOCHS WEIGHTS       prints the accuracy on the test part
"""

import sys
from pathlib import Path

import torch
from monai import transforms
from monai.data import CacheDataset, DataLoader
from monai.networks.nets import NetAdapter
from monai.networks.utils import freeze_layers
from monai.utils import set_determinism
from safetensors.torch import load_file
from torch import nn
from torchvision.models import squeezenet1_0

folder, epochs = Path(sys.argv[1]), int(sys.argv[2])
set_determinism(seed=0)
classes = sorted(path.name for path in (folder / "train").iterdir())
mean, deviation = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
prepare = transforms.Compose(
    [
        # rows first, as the network learnt; MONAI's default is (width, height)
        transforms.LoadImaged("image", reader="PILReader", reverse_indexing=False),
        transforms.EnsureChannelFirstd("image"),
        transforms.Resized("image", (227, 227)),
        transforms.ScaleIntensityRanged("image", 0, 255, 0, 1),
        transforms.NormalizeIntensityd("image", mean, deviation, channel_wise=True),
    ]
)


def loader(part: str) -> DataLoader:
    files = sorted((folder / part).glob("*/*"))
    rows = [{"image": path, "label": classes.index(path.parent.name)} for path in files]
    kept = CacheDataset(rows, prepare, num_workers=0, progress=False)
    return DataLoader(kept, batch_size=32, shuffle=part == "train")


loaders = {part: loader(part) for part in ("train", "val", "test")}
base = squeezenet1_0()
base.load_state_dict(load_file(sys.argv[3]))
model = NetAdapter(base, len(classes), in_channels=512, pool=None, fc_name="classifier.1")
freeze_layers(model, exclude_vars="^fc")
optimiser = torch.optim.Adam(model.fc.parameters())


def accuracy(part: str) -> float:
    model.eval()
    with torch.inference_mode():
        right = [model(each["image"]).argmax(1) == each["label"] for each in loaders[part]]
    return float(torch.cat(right).float().mean())


for _ in range(epochs):
    model.train()
    for each in loaders["train"]:
        optimiser.zero_grad()
        nn.functional.cross_entropy(model(each["image"]), each["label"]).backward()
        optimiser.step()
    accuracy("val")
print("accuracy", accuracy("test"))
