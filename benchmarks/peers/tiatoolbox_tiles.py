"""Tiles with tissue of a slide, written as PNG files, as TIAToolbox's patch extraction says.

usage: tiatoolbox_tiles.py SLIDE OUT       256 px at 0.5 um per px; names are x_y.png
"""

import sys
from pathlib import Path

from tiatoolbox.tools.patchextraction import get_patch_extractor
from tiatoolbox.utils.misc import imwrite
from tiatoolbox.wsicore.wsireader import WSIReader

out = Path(sys.argv[2])
out.mkdir(parents=True)
slide = WSIReader.open(sys.argv[1])
extractor = get_patch_extractor(
    "slidingwindow",
    input_img=slide,
    input_mask=slide.tissue_mask("morphological", resolution=8, units="mpp"),
    patch_size=(256, 256),
    stride=(256, 256),
    resolution=0.5,
    units="mpp",
    min_mask_ratio=0.5,
)
for tile, (x, y, *_) in zip(extractor, extractor.coordinate_list, strict=True):
    imwrite(out / f"{x}_{y}.png", tile)
