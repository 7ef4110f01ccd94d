"""Colour histogram, co-occurrence, binary patterns and HOG of a folder of images: one table.

usage: classic_describe.py FOLDER OUT.npy          images are brought to 128 x 128 px
"""

import sys
from pathlib import Path

import numpy as np
from skimage.color import rgb2gray
from skimage.feature import graycomatrix, graycoprops, hog, local_binary_pattern
from skimage.io import imread
from skimage.transform import resize

ANGLES = [0, np.pi / 4, np.pi / 2, 3 * np.pi / 4]
PROPERTIES = ("dissimilarity", "homogeneity", "energy", "correlation", "contrast", "ASM", "entropy")


def described(path: Path) -> np.ndarray:
    image = resize(imread(path), (128, 128), anti_aliasing=True)
    grey = (rgb2gray(image) * 255).astype(np.uint8)
    colours = [np.histogram(image[..., one], 16, range=(0, 1))[0] for one in range(3)]
    counts = graycomatrix(grey // 16, [1, 3], ANGLES, levels=16)
    texture = [graycoprops(counts, name).mean(axis=1) for name in PROPERTIES]
    patterns = [local_binary_pattern(grey, 8, radius, "uniform") for radius in (1, 2)]
    shares = [np.histogram(one, bins=np.arange(11), density=True)[0] for one in patterns]
    edges = hog(grey, orientations=9, pixels_per_cell=(8, 8), cells_per_block=(2, 2))
    return np.concatenate([*colours, *texture, *shares, edges])


paths = sorted(Path(sys.argv[1]).rglob("*.*"))
np.save(sys.argv[2], np.stack([described(path) for path in paths]))
