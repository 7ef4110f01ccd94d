"""The class of an image, without tamiz: python classify.py model.onnx photo.jpg."""

import json
import sys

import numpy as np
import onnxruntime
from PIL import Image, ImageOps

model = onnxruntime.InferenceSession(sys.argv[1])
classes = json.loads(model.get_modelmeta().custom_metadata_map["classes"])
photo = ImageOps.exif_transpose(Image.open(sys.argv[2])).convert("RGBA")
probabilities = model.run(["probabilities"], {"image": np.asarray(photo)[None]})[0][0]
best = probabilities.argmax()
print(classes[best], f"{probabilities[best]:.4f}")
