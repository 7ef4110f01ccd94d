"""The service that most people write first: FastAPI, a plain function, Pillow, torch.

usage: naive_service.py MODEL PORT      MODEL: folder of a bundle of tamiz, for equal weights

It takes an upload into memory or a spooled file (UploadFile), decodes it whole, resizes it and asks
the network, one image at a time, in as many threads as the framework has (40). No queue, no limit.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import numpy as np
import torch
import uvicorn
from fastapi import FastAPI, UploadFile
from PIL import Image

from tamiz.models.bundle import Bundle

bundle = Bundle.load(Path(sys.argv[1]))
network = bundle.module()
app = FastAPI()


@app.post("/predict")
def predict(file: UploadFile) -> dict[str, float]:
    """Return the probability of each class."""
    with Image.open(io.BytesIO(file.file.read())) as opened:
        image = opened.convert("RGB").resize((bundle.size_px, bundle.size_px), Image.BILINEAR)
    pixels = torch.from_numpy(np.array(image)).permute(2, 0, 1).unsqueeze(0)
    with torch.inference_mode():
        shares = bundle.probabilities_of(network(pixels).double().numpy())[0]
    return dict(zip(bundle.classes, map(float, shares), strict=True))


if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[2]), log_level="warning")
