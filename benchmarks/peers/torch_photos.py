"""A classifier of photos in a plain PyTorch loop with torchvision's folders.

usage: torch_photos.py FOLDER EPOCHS       FOLDER/{train,val,test}/<class>/; prints the accuracy
"""

import sys

import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import transforms
from torchvision.datasets import ImageFolder

folder, epochs = sys.argv[1], int(sys.argv[2])
torch.manual_seed(0)
prepare = transforms.Compose(
    [transforms.Grayscale(), transforms.Resize((28, 28)), transforms.ToTensor()]
)
parts = {part: ImageFolder(f"{folder}/{part}", prepare) for part in ("train", "val", "test")}
loaders = {
    part: DataLoader(images, batch_size=32, shuffle=part == "train")
    for part, images in parts.items()
}
layers = []
for before, width in ((1, 32), (32, 64), (64, 128)):
    layers += [nn.Conv2d(before, width, 3), nn.ReLU(), nn.MaxPool2d(2)]
n_classes = len(parts["train"].classes)
layers += [nn.Flatten(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, n_classes)]
model = nn.Sequential(*layers)
optimiser = torch.optim.Adam(model.parameters())


def accuracy(part: str) -> float:
    model.eval()
    with torch.inference_mode():
        right = sum(int((model(x).argmax(1) == y).sum()) for x, y in loaders[part])
    return right / len(parts[part])


for _ in range(epochs):
    model.train()
    for images, labels in loaders["train"]:
        optimiser.zero_grad()
        nn.functional.cross_entropy(model(images), labels).backward()
        optimiser.step()
    accuracy("val")
print("accuracy", accuracy("test"))
