"""How the grey values of one file and frame come about: what the file says and the user asks.

The documented default ('auto') of each modality:

- CT: Hounsfield units, the fixed window 'wide' (-1024 to 1024): the same for every file, since a
  window that each file chooses itself makes equal tissue look different.
- everything else: the file's first window or VOI LUT. Where it has none: 8-bit values without
  a modality LUT are grey as they are; others go from the lowest to the highest value of the image,
  padding aside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tamiz.core.language import say
from tamiz.data.windows import PRESETS, Function, Window, WindowChoice
from tamiz.formats.dicom_dataset import (
    Description,
    items_of,
    numbers_of,
    refuse_dicom,
    value_of,
    whole,
    without_values,
    words_of,
)
from tamiz.formats.dicom_values import Full, Lut, Modality, Stored, ToGrey

if TYPE_CHECKING:
    from pydicom import Dataset

HOUNSFIELD: Final = "HU"
_SHARED, _PER_FRAME = "SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"


@dataclass(frozen=True, slots=True)
class FileWindow:
    """A window or table that a file offers; `name` is its explanation ('LUNG'), perhaps ''."""

    voi: Window | Lut
    name: str = ""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How stored values become grey, and how that came to be chosen.

    Attributes:
        modality: first step.
        voi: second; None: from the lowest to the highest value of the image.
        is_inverted: MONOCHROME1.
        padding: (lowest, highest) stored values that are no picture.
        name: of the preset or of the file's window; '' otherwise.
        is_odd: the file's window could not be applied, and the whole range stands in for it.
    """

    modality: Modality
    voi: Window | Lut | Full | None
    is_inverted: bool
    padding: tuple[int, int] | None
    name: str = ""
    is_odd: bool = False

    def to_grey(self, stored: Stored) -> ToGrey:
        """Return the mapping for one image of stored values."""
        voi = self.voi if self.voi is not None else self._range_of(stored)
        return ToGrey(self.modality, voi, self.is_inverted, self.padding)

    def words(self) -> tuple[str, str]:
        """Return what is applied, for a record: (to modality values, to grey)."""
        modality = _modality_words(self.modality)
        if isinstance(self.voi, Window):
            function, centre, width = self.voi.function.value, self.voi.centre, self.voi.width
            made = say("dicom.voi_window", function=function, centre=centre, width=width)
        elif isinstance(self.voi, Lut):
            made = say("dicom.voi_lut")
        elif isinstance(self.voi, Full):
            made = say("dicom.voi_full", low=self.voi.low, high=self.voi.high)
        else:
            made = say("dicom.voi_of_image")
        return modality, say("dicom.from_preset", words=made, name=self.name) if self.name else made

    def _range_of(self, stored: Stored) -> Full:
        """Return the range of the modality values, padding and what is no number aside."""
        part = np.asarray(stored)
        if self.padding is not None:
            low, high = self.padding
            inside = part[(part < low) | (part > high)]
            part = inside if inside.size else part
        if part.dtype.kind == "f":
            part = part[np.isfinite(part)]
        if not part.size:
            return Full(0.0, 0.0)
        ends = self.modality(np.array([part.min(), part.max()]))
        if self.modality.lut is not None:  # a table may go up and down
            ends = self.modality(part)
        return Full(float(ends.min()), float(ends.max()))


def grey_recipe(
    dataset: Dataset, described: Description, choice: WindowChoice, frame: int = 0
) -> Recipe:
    """Return how the stored values of a grey frame become grey.

    Raises:
        Refusal: a tag cannot be read, or what is asked means nothing for this file.
    """
    groups = _groups_of(dataset, frame)
    modality = modality_of(dataset, groups)
    padding = padding_of(dataset, described)
    is_inverted = described.photometric == "MONOCHROME1"
    is_odd, name = False, ""
    voi: Window | Lut | Full | None
    if choice.kind == "window":
        if choice.is_hounsfield and modality.unit != HOUNSFIELD:
            shown = words_of(dataset, "Modality")[:16] or "DICOM"
            raise refuse_dicom("window_needs_ct", name=choice.name, modality=shown)
        voi, name = choice.window, choice.name
    elif choice.kind == "auto" and modality.unit == HOUNSFIELD:
        voi, name = Window(*PRESETS["wide"]), "wide"
    elif choice.kind == "full":
        voi = None
    else:
        voi, name, is_odd = _voi_of_file(dataset, groups, choice)
        if voi is None and modality.is_identity and described.bits_stored <= 8:
            voi = _as_it_is(described)
    return Recipe(modality, voi, is_inverted, padding, name, is_odd)


def modality_of(dataset: Dataset, groups: Sequence[Dataset] = ()) -> Modality:
    """Return how stored values become modality values; per-frame values go before those of all.

    Raises:
        Refusal: a tag cannot be read.
    """
    tables = items_of(dataset, "ModalityLUTSequence")
    if tables:
        return Modality(lut=_lut(tables[0], is_signed=_is_signed(dataset)))
    places = [*_in_groups(groups, "PixelValueTransformationSequence"), dataset]
    for place in places:
        slope, intercept = numbers_of(place, "RescaleSlope"), numbers_of(place, "RescaleIntercept")
        if slope or intercept:
            unit = words_of(place, "RescaleType")
            return Modality(
                slope[0] if slope else 1.0,
                intercept[0] if intercept else 0.0,
                unit=_unit(words_of(dataset, "Modality"), unit),
            )
    return Modality()


def padding_of(dataset: Dataset, described: Description) -> tuple[int, int] | None:
    """Return (lowest, highest) stored value that is padding (PS3.3 C.7.5.1.1.2), None without.

    Raises:
        Refusal: a tag cannot be read.
    """
    if described.is_float or value_of(dataset, "PixelPaddingValue") is None:
        return None
    one = _as_stored(whole(dataset, "PixelPaddingValue"), described)
    other = _as_stored(whole(dataset, "PixelPaddingRangeLimit", one), described)
    return min(one, other), max(one, other)


def _as_stored(value: int, described: Description) -> int:
    """Return a value written as signed or unsigned as the pixels are."""
    span = 1 << described.bits_allocated
    value %= span
    return value - span if described.is_signed and value >= span // 2 else value


def _unit(modality: str, rescale_type: str) -> str:
    """Return 'HU' where values are Hounsfield units: said, or CT that says nothing else."""
    if rescale_type in {"HU", "HU_MOD"}:
        return HOUNSFIELD
    if modality == "CT" and rescale_type in {"", "US"}:
        return HOUNSFIELD
    return rescale_type


def _as_it_is(described: Description) -> Full:
    """Return the range of all values that the bits can hold."""
    top = (1 << described.bits_stored) - 1
    low = -(1 << (described.bits_stored - 1)) if described.is_signed else 0
    return Full(low, low + top)


def _voi_of_file(
    dataset: Dataset, groups: Sequence[Dataset], choice: WindowChoice
) -> tuple[Window | Lut | None, str, bool]:
    """Return what the file says and the user chose of it; its name; whether it was unusable."""
    found = file_windows(dataset, groups)
    if choice.number > len(found) or (choice.name and choice.kind == "file" and not found):
        raise refuse_dicom("no_such_window", name=choice.name or choice.number, n=len(found))
    if choice.name:
        named = [one for one in found if one.name.casefold() == choice.name.casefold()]
        if not named:
            raise refuse_dicom("no_such_window", name=choice.name, n=len(found))
        chosen = named[0]
    elif found:
        chosen = found[max(0, choice.number - 1)]
    else:
        return None, "", False
    if isinstance(chosen.voi, Window) and not chosen.voi.is_usable:
        return None, "", True
    return chosen.voi, chosen.name, False


def file_windows(dataset: Dataset, groups: Sequence[Dataset] = ()) -> list[FileWindow]:
    """Return the tables, then the windows, that a file offers for its values.

    Raises:
        Refusal: a tag cannot be read.
    """
    places = [*_in_groups(groups, "FrameVOILUTSequence"), dataset]
    for place in places:
        tables = [
            FileWindow(_lut(item, is_signed=_is_signed(dataset)))
            for item in items_of(place, "VOILUTSequence")
        ]
        windows = _windows(place)
        if tables or windows:
            return tables + windows
    return []


def _windows(place: Dataset) -> list[FileWindow]:
    centres, widths = numbers_of(place, "WindowCenter"), numbers_of(place, "WindowWidth")
    names = words_of(place, "WindowCenterWidthExplanation").split("\\")
    said = words_of(place, "VOILUTFunction").upper()
    function = Function(said) if said in set(Function) else Function.LINEAR
    names += [""] * len(centres)
    return [
        FileWindow(Window(centre, width, function), name)
        for centre, width, name in zip(centres, widths, names, strict=False)
    ]


def _groups_of(dataset: Dataset, frame: int) -> list[Dataset]:
    """Return the functional groups of a frame: its own, then those of all frames."""
    own = items_of(dataset, _PER_FRAME)
    return own[frame : frame + 1] + items_of(dataset, _SHARED)


def _in_groups(groups: Sequence[Dataset], keyword: str) -> list[Dataset]:
    return [item for group in groups for item in items_of(group, keyword)[:1]]


def spacing_mm(dataset: Dataset, frame: int = 0) -> tuple[float, float] | None:
    """Return (across, down) millimetres per pixel in the patient; None where it is not known.

    The spacing at a detector (ImagerPixelSpacing) is not it: the patient is magnified there.

    Raises:
        Refusal: a tag cannot be read.
    """
    places = [*_in_groups(_groups_of(dataset, frame), "PixelMeasuresSequence"), dataset]
    for place in places:
        found = numbers_of(place, "PixelSpacing")
        if len(found) == 2 and min(found) > 0:
            return found[1], found[0]
    return None


def _is_signed(dataset: Dataset) -> bool:
    return whole(dataset, "PixelRepresentation", 0) == 1


def _lut(item: Dataset, *, is_signed: bool) -> Lut:
    """Return a lookup table (PS3.3 C.11.1.1.1): number of entries, first value, bits, entries.

    Raises:
        Refusal: it is damaged.
    """
    with without_values():
        descriptor = [int(one) for one in value_of(item, "LUTDescriptor")]
        n, first, bits = descriptor[0] % 65536 or 65536, descriptor[1], descriptor[2]
        if is_signed and first >= 1 << 15:
            first -= 1 << 16
        if not is_signed and first < 0:
            first += 1 << 16
        entries = _entries(value_of(item, "LUTData"), n)
        if not 8 <= bits <= 16 or len(entries) < 1:
            raise refuse_dicom("bad_tag", tag="LUTDescriptor", kind=f"{bits}")
        return Lut(first, bits, entries.astype("<u2").tobytes())


def _entries(found: Any, n: int) -> Any:
    """Return `n` entries of a table that is written as words, or as bytes of words."""
    if isinstance(found, (bytes, bytearray)):
        is_packed = len(found) in {n, n + 1} and n > 1
        return np.frombuffer(found, dtype=np.uint8 if is_packed else "<u2")[:n]
    return np.atleast_1d(np.asarray(found, dtype=np.int64) & 0xFFFF)[:n]


def _modality_words(modality: Modality) -> str:
    if modality.lut is not None:
        return say("dicom.modality_lut")
    if modality.is_identity:
        made = say("dicom.values_as_stored")
    else:
        made = say("dicom.modality_linear", slope=modality.slope, intercept=modality.intercept)
    return f"{made} ({modality.unit})" if modality.unit else made
