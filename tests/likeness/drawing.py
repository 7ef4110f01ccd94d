"""Textured pictures with a known truth, and what people do to copies of them."""

from __future__ import annotations

import io

import numpy as np
import PIL.Image

from tamiz.checks.measures import measure
from tamiz.data.image import Image, Kind

Picture = PIL.Image.Image
Transpose = PIL.Image.Transpose


def draw(seed, size=(160, 120)):
    """Return a picture of soft blobs, lines and grain; two seeds have nothing in common."""
    rng = np.random.default_rng(seed)
    width, height = size
    levels = np.zeros((height, width))
    for scale, strength in ((6, 70), (14, 50), (40, 30)):
        rough = rng.normal(size=(scale * height // width + 2, scale))
        soft = PIL.Image.fromarray(rough.astype(np.float32), mode="F")
        levels += strength * np.asarray(soft.resize(size, PIL.Image.Resampling.BICUBIC))
    levels = 128 + levels + rng.normal(scale=4, size=levels.shape)
    return PIL.Image.fromarray(np.clip(levels, 0, 255).astype(np.uint8))


def jpeg(picture: Picture, quality=80) -> Picture:
    opened = io.BytesIO()
    picture.save(opened, "JPEG", quality=quality)
    return PIL.Image.open(io.BytesIO(opened.getvalue()))


def scaled(picture: Picture, factor: float) -> Picture:
    size = (round(picture.width * factor), round(picture.height * factor))
    return jpeg(picture.resize(size, PIL.Image.Resampling.BICUBIC))


def cropped(picture: Picture, x: float, y: float, kept: float = 0.9) -> Picture:
    """Return the piece that begins at (x, y), fractions of the sides, `kept` of each long."""
    width, height = picture.size
    box = (x * width, y * height, (x + kept) * width, (y + kept) * height)
    left, top, right, bottom = (round(edge) for edge in box)
    return jpeg(picture.crop((left, top, right, bottom)))


COPIES = {
    "jpeg 30": lambda one: jpeg(one, 30),
    "jpeg 95": lambda one: jpeg(one, 95),
    "half": lambda one: scaled(one, 0.5),
    "double": lambda one: scaled(one, 2.0),
    "brighter": lambda one: jpeg(one.point(lambda level: min(255, level * 1.2))),
    "darker": lambda one: jpeg(one.point(lambda level: level * 0.8)),
    "mirrored": lambda one: jpeg(one.transpose(Transpose.FLIP_LEFT_RIGHT)),
    "upside down": lambda one: jpeg(one.transpose(Transpose.FLIP_TOP_BOTTOM)),
    "cropped": lambda one: cropped(one, 0.03, 0.08),
    "cut on one side": lambda one: jpeg(
        one.crop((round(0.1 * one.width), 0, one.width, one.height))
    ),
    "mirrored and cropped": lambda one: cropped(one, 0.1, 0.0).transpose(Transpose.FLIP_LEFT_RIGHT),
}


def thumbnails(pictures, side=64):
    """Return (n, side, side) uint8 and the short sides, as `find_pairs` wants them."""
    images = [Image(np.asarray(one)[..., None], Kind.DISPLAY, None) for one in pictures]
    grey = [measure(one, side).grey for one in images]
    short = [min(one.size) for one in pictures]
    return np.array(grey).reshape(-1, side, side), np.array(short, dtype=np.float32)
