"""A new head on a frozen squeezenet1_0, as PyTorch's transfer learning tutorial says.

usage: torch_frozen.py FOLDER EPOCHS WEIGHTS       prints the accuracy on the test part
"""

import sys

import torch
from safetensors.torch import load_file
from torch import nn
from torch.utils.data import DataLoader
from torchvision import models, transforms
from torchvision.datasets import ImageFolder

folder, epochs = sys.argv[1], int(sys.argv[2])
torch.manual_seed(0)
prepare = transforms.Compose(
    [
        transforms.Resize((227, 227)),
        transforms.ToTensor(),
        transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    ]
)
parts = {part: ImageFolder(f"{folder}/{part}", prepare) for part in ("train", "val", "test")}
loaders = {
    part: DataLoader(images, batch_size=32, shuffle=part == "train")
    for part, images in parts.items()
}
model = models.squeezenet1_0()
model.load_state_dict(load_file(sys.argv[3]))
for parameter in model.parameters():
    parameter.requires_grad = False
model.classifier[1] = nn.Conv2d(512, len(parts["train"].classes), 1)
optimiser = torch.optim.Adam(model.classifier.parameters())


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
