"""Where the tissue is on the overview picture of a slide, pen marks set aside."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tamiz.slides.background import DENSITY_BY_LEVEL, Background, Glass, glass_density

Bools = NDArray[np.bool_]
Floats = NDArray[np.float32]
Counts = NDArray[np.float64]
Labels = NDArray[np.int32]

# Optical densities, natural logarithm: ln(glass / pixel), 0 on the glass.
_LEAST_CHROMA, _MOST_CHROMA = 0.045, 0.09  # between channels; the faintest eosin has 0.1
_LEAST_DENSITY: Final = 0.22  # of colourless matter; shadows and the cover slip stay below
_LEAST_GREY, _MOST_GREY = 0.06, 0.15  # where the picture has no colours at all
# Shares of the picture's area: 2e-4 is 14 x 14 px of 1,000 x 1,000.
_SPECK: Final = 2e-4  # less is dust
_DIRT: Final = 1e-3  # less is dirt if it has no colour
_HOLE: Final = 1e-3  # more is a hole that people would draw, too
_RIM: Final = 1e-2  # more beside a pen mark is tissue, not the ink's blurred rim
# Shares of the picture's longer side.
_HAIR: Final = 0.012  # what is thinner and has no colour is a hair or the edge of a cover slip
_PEN_GAP: Final = 0.01  # ink is patchy: gaps up to twice as wide are ink as well
_PEN_RIM: Final = 0.02
_BLACK: Final = 40  # of 255: scanners' borders are darker in every channel


class Empty(StrEnum):
    """Why a mask is empty."""

    BLANK = "blank"  # nothing on the glass
    SPECKS = "specks"  # dust, shadows and lines only
    PEN = "pen"  # pen marks only
    DARK = "dark"  # black picture: dark field, or nothing was scanned


@dataclass(frozen=True, slots=True)
class Tissue:
    """The tissue on an overview picture.

    Attributes:
        mask: (height, width), true on tissue.
        share: of the picture that is tissue, 0..1.
        n_pieces: pieces that do not touch, corners included.
        pen: (height, width), true on pen marks.
        pen_share: of the picture under pen marks, 0..1.
        reason: why the mask is empty; None when it is not.
    """

    mask: Bools
    share: float
    n_pieces: int
    pen: Bools
    pen_share: float
    reason: Empty | None


def tissue_mask(
    overview: NDArray[np.uint8], background: Background, *, has_pens: bool = True
) -> Tissue:
    """Return the tissue: what absorbs colour, or much light, and is neither pen, border nor dust.

    Dark tissue is outlined a pixel too wide, as the picture is smoothed: rather that than lose
    the light spots inside it.

    Args:
        overview: (height, width, 1 or 3), about 500 to 2,000 px on its long side.
        background: of the same picture.
        has_pens: false for blue, green and black stains (trichrome, Alcian blue), which have the
            colours of ink: then nothing is taken for a pen mark.
    """
    nothing = np.zeros(overview.shape[:2], dtype=bool)
    if background.kind is Glass.BLACK:
        return Tissue(nothing, 0.0, 0, nothing, 0.0, Empty.DARK)
    is_grey = _is_grey(overview)
    border = _border(overview)
    density = _density(overview, background)
    mean, chroma = density.mean(axis=0), density.max(axis=0) - density.min(axis=0)
    matter = _matter(mean, chroma, is_grey=is_grey) & ~border
    pen = nothing if is_grey or not has_pens else _pens(density, mean, chroma) & ~border
    mask = _tidied(matter & ~pen) & ~pen & ~border
    colour = None if is_grey else density[1] - np.minimum(density[0], density[2])
    mask = _without_lines(_without_rims(mask, pen), mean, colour)
    mask, n_pieces = _without_dirt(mask, mean, colour)
    reason = None if n_pieces else _why(matter, pen)
    return Tissue(mask, float(mask.mean()), n_pieces, pen, float(pen.mean()), reason)


def picture(overview: NDArray[np.uint8], tissue: Tissue) -> NDArray[np.uint8]:
    """Return (height, width, 3): the overview, tissue outlined, pen marks hatched in magenta."""
    made = np.repeat(overview, 3, axis=2) if overview.shape[2] == 1 else overview.copy()
    down, across = (np.arange(side) for side in tissue.pen.shape)
    made[tissue.pen & ((down[:, None] + across) % 6 < 2)] = (255, 0, 255)
    width = 1 + max(tissue.mask.shape) // 1000
    made[tissue.mask & ~_shrunk(tissue.mask, width)] = (0, 140, 70)
    return made


def _why(matter: Bools, pen: Bools) -> Empty:
    if pen.mean() >= _SPECK:
        return Empty.PEN
    return Empty.SPECKS if matter.mean() >= _SPECK / 10 else Empty.BLANK


def _is_grey(overview: NDArray[np.uint8]) -> bool:
    """Return whether a picture has one channel, or three alike."""
    if overview.shape[2] == 1:
        return True
    sample = overview[::4, ::4].astype(np.int16)
    return bool(np.abs(np.diff(sample, axis=2)).max() <= 2)


def _density(overview: NDArray[np.uint8], background: Background) -> Floats:
    """Return (channels, height, width), density against the glass, smoothed over 3 x 3 px."""
    planes = [_blurred(overview[:, :, channel], 1) for channel in range(overview.shape[2])]
    made = DENSITY_BY_LEVEL[np.stack(planes)]
    made -= glass_density(overview, background)[: len(planes)]
    return made


def _matter(mean: Floats, chroma: Floats, *, is_grey: bool) -> Bools:
    """Return where something absorbs colour, or much light; on a grey picture, where light."""
    if is_grey:
        return mean > _limit(mean, mean, _LEAST_GREY, _MOST_GREY)
    is_coloured = (chroma > _limit(chroma, mean, _LEAST_CHROMA, _MOST_CHROMA)) & (mean > 0.01)
    return is_coloured | (mean > _LEAST_DENSITY)


def _limit(values: Floats, mean: Floats, least: float, most: float) -> float:
    """Return what values on glass stay below: 5 robust deviations over their middle, bounded."""
    on_glass = values[::4, ::4][np.abs(mean[::4, ::4]) < 0.08]
    if not on_glass.size:
        return least
    middle = float(np.median(on_glass))
    noise = 1.4826 * float(np.median(np.abs(on_glass - middle)))
    return min(max(least, middle + 5 * noise), most)


def _pens(density: Floats, mean: Floats, chroma: Floats) -> Bools:
    """Return where felt pens drew: colours that no usual stain has.

    Ratios of optical densities tell, as they do not change with the thickness of the ink.
    Measured on real tiles, 5 % to 95 % of pixels: blue to green 0.50 to 0.68 in haematoxylin and
    eosin, 0.73 to 0.95 in red ink; red to green 0.2 to 0.7 in the stains, above 2.4 in green ink.
    """
    red, green, blue = density
    # Green and blue ink take more red than green light; the stains the reverse.
    is_cold = (red > 0.95 * green - 0.01) & (red - np.minimum(green, blue) > 0.08)
    is_icy = is_cold & (red > 1.08 * green) & ((red - green > 0.35) | (red - blue > 0.75))
    # Red ink takes nearly as much blue as green light; eosin and blood little more than half.
    is_warm = (blue > 0.73 * green) & (blue < 1.08 * green) & (red < 0.8 * green) & (green > 0.12)
    is_hot = is_warm & (green > 0.9) & (red < 0.55 * green)
    is_neutral = (chroma < 0.3 * mean + 0.03) & (mean > 0.25)
    is_black = is_neutral & (mean > 1.1)
    made = _strokes(is_cold, is_icy, 0.2) | _strokes(is_warm, is_hot, 0.25)
    made |= _strokes(is_neutral, is_black, 0.35, _DIRT)
    if not made.any():
        return made
    gap = 1 + int(_PEN_GAP * max(mean.shape))
    closed = _shrunk(_grown(made, gap), gap)
    return _grown(closed, 1 + max(mean.shape) // 500)


def _strokes(weak: Bools, strong: Bools, least: float, area: float = _SPECK) -> Bools:
    """Return the pieces of `weak` that a pen drew.

    At least the share `least` of a piece is `strong`, and a tenth of it is solid: strokes are
    filled and wide, where blood or folds of the same colour are ragged. Smaller pieces than the
    share `area` of the picture are dust.
    """
    if strong.mean() < _SPECK:
        return np.zeros(weak.shape, dtype=bool)
    labels, areas = _pieces(weak)
    cores = _sums(labels, strong, areas)
    solids = _sums(labels, strong & _shrunk(weak, max(2, max(weak.shape) // 300)), areas)
    is_kept = (cores >= least * areas) & (solids >= 0.1 * areas) & (areas >= area * weak.size)
    return _of(labels, is_kept)


def _border(overview: NDArray[np.uint8]) -> Bools:
    """Return scanners' black borders: large black pieces along the edge of the picture."""
    is_black: Bools = overview.max(axis=2) < _BLACK
    if not is_black.any():
        return is_black
    labels, areas = _pieces(is_black)
    is_kept = _touching_edge(labels, areas.size) & (areas >= 2 * max(is_black.shape))
    return _grown(_of(labels, is_kept), 3)  # the border's blurred rim


def _tidied(matter: Bools) -> Bools:
    """Return the mask without thin lines and gaps, small holes filled."""
    reach = max(1, max(matter.shape) // 500)
    dense: Bools = _blurred(matter.astype(np.uint8) * 255, reach) > 0.45 * 255
    labels, areas = _pieces(~dense)
    is_small = (areas <= _HOLE * matter.size) & ~_touching_edge(labels, areas.size)
    return dense | _of(labels, is_small)


def _without_rims(mask: Bools, pen: Bools) -> Bools:
    """Return the mask without small pieces that lie along pen marks: ink that ran or is blurred."""
    if not pen.any():
        return mask
    labels, areas = _pieces(mask)
    near = _sums(labels, _grown(pen, 1 + int(_PEN_RIM * max(mask.shape))), areas)
    return _of(labels, (near < 0.8 * areas) | (areas > _RIM * mask.size))


def _without_lines(mask: Bools, mean: Floats, colour: Floats | None) -> Bools:
    """Return the mask without hairs, rims of bubbles and edges of the cover slip.

    Args:
        mask: (height, width).
        mean: density over all channels.
        colour: by how much the density of green exceeds that of red or blue: much in a stain,
            little in a hair. None for a grey picture: then a line that touches tissue stays.
    """
    from scipy.ndimage import find_objects

    longer, reach = max(mask.shape), 1 + int(_HAIR / 2 * max(mask.shape))
    thick = _grown(_shrunk(mask, reach), reach)
    labels, areas = _pieces(mask & ~thick)
    boxes = find_objects(labels)
    sides = np.array([1] + [max(part.stop - part.start for part in box) for box in boxes])
    # A hair has one length times its width in area, a ring three; a mesh of tissue much more.
    is_line = (sides >= 3 * _HAIR * longer) & (areas / sides < 3.5 * _HAIR * longer)
    if colour is None:
        is_line &= _sums(labels, _grown(thick, 1), areas) == 0
    else:
        is_line &= _is_colourless(labels, mean, colour, areas)
    return mask & ~_of(labels, is_line)


def _without_dirt(mask: Bools, mean: Floats, colour: Floats | None) -> tuple[Bools, int]:
    """Return the pieces that are larger than dust, or than dirt without colour; and how many."""
    labels, areas = _pieces(mask)
    is_kept = areas >= max(12, _SPECK * mask.size)
    if colour is not None:
        is_kept &= (areas >= _DIRT * mask.size) | ~_is_colourless(labels, mean, colour, areas)
    is_kept[0] = False
    return _of(labels, is_kept), int(is_kept.sum())


def _is_colourless(labels: Labels, mean: Floats, colour: Floats, areas: Counts) -> Bools:
    """Return for each piece whether it absorbs all colours nearly alike."""
    return _sums(labels, colour, areas) < 0.25 * _sums(labels, mean, areas)


def _pieces(mask: Bools) -> tuple[Labels, Counts]:
    """Return labels from 1 of pieces with 8 neighbours, and the area of each; [0] is the rest."""
    from scipy.ndimage import label

    labels, n = label(mask, structure=np.ones((3, 3)))
    return labels, np.bincount(labels.ravel(), minlength=n + 1).astype(np.float64)


def _of(labels: Labels, is_kept: Bools) -> Bools:
    """Return the mask of some pieces, never of [0], which is no piece."""
    return np.asarray((is_kept & (np.arange(is_kept.size) > 0))[labels])


def _sums(labels: Labels, values: Floats | Bools, areas: Counts) -> Counts:
    """Return the sum of (height, width) values over each piece."""
    return np.bincount(labels.ravel(), values.ravel(), areas.size).astype(np.float64)


def _touching_edge(labels: Labels, n: int) -> Bools:
    """Return (n,): whether a piece touches the edge of the picture."""
    made = np.zeros(n, dtype=bool)
    for edge in (labels[0], labels[-1], labels[:, 0], labels[:, -1]):
        made[edge] = True
    return made


def _blurred(plane: NDArray[np.uint8], reach: int) -> NDArray[np.uint8]:
    """Return (height, width), means over squares of `reach` px to each side."""
    import PIL.Image
    from PIL.ImageFilter import BoxBlur

    return np.asarray(PIL.Image.fromarray(np.ascontiguousarray(plane)).filter(BoxBlur(reach)))


def _grown(mask: Bools, reach: int) -> Bools:
    """Return where anything is true within `reach` px, in a square."""
    from scipy.ndimage import maximum_filter

    return np.asarray(maximum_filter(mask, 2 * reach + 1, mode="nearest"))


def _shrunk(mask: Bools, reach: int) -> Bools:
    """Return where all is true within `reach` px, in a square; beyond the edge as at the edge."""
    return ~_grown(~mask, reach)
