"""The map of an answer as a secondary capture: a picture in the patient's study, for research."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tamiz.core.language import say
from tamiz.formats.dicom_dataset import words_of
from tamiz.node.headers import RESEARCH, local_time, put_maker, put_patient
from tamiz.node.looking import Look
from tamiz.node.reporting import About
from tamiz.serving.decoders import Picture
from tamiz.serving.explaining import Explained, Explanations
from tamiz.slides.lettering import drawn, font_of, joined, wrapped

if TYPE_CHECKING:
    from pydicom import Dataset

_SECONDARY: Final = "1.2.840.10008.5.1.4.1.1.7"
_EXPLICIT: Final = "1.2.840.10008.1.2.1"
_SERIES_NUMBER: Final = 9902
_LEAST_PX: Final = 384  # narrower pictures are enlarged, or the words would not fit
_STRENGTH: Final = 0.6  # of the map over the picture
_FONT_PX: Final = 14


def picture_of(about: About, look: Look, explanations: Explanations, number: int) -> Dataset:
    """Return the secondary capture with the map of one answer.

    Args:
        about: the answer.
        look: with what the network reads.
        explanations: of the model.
        number: of the instance in its series, from 1.

    Raises:
        Refusal: the patient's data cannot be copied.
    """
    from pydicom.dataset import Dataset, FileMetaDataset
    from pydicom.uid import UID

    pixels = _pixels(look, explanations)
    made = Dataset()
    made.SpecificCharacterSet = "ISO_IR 192"
    made.SOPClassUID = UID(_SECONDARY)
    made.SOPInstanceUID = about.uid("SC", look.source.instance, f"{look.frame or ''}")
    made.SeriesInstanceUID = about.uid("series", "SC")
    made.SeriesNumber, made.InstanceNumber = _SERIES_NUMBER, number
    made.Modality, made.ConversionType = "OT", "WSD"
    made.SeriesDescription = about.series_words
    made.ImageType = ["DERIVED", "SECONDARY", "OTHER", "HEATMAP"]
    made.DerivationDescription = RESEARCH
    made.ImageComments = RESEARCH
    made.PatientOrientation = None
    made.Laterality = words_of(look.source.header, "Laterality") or None
    moment = local_time(about.completed)
    made.ContentDate = made.SeriesDate = made.InstanceCreationDate = moment.strftime("%Y%m%d")
    made.ContentTime = made.SeriesTime = made.InstanceCreationTime = moment.strftime("%H%M%S")
    made.SourceImageSequence = [_reference(look)]
    burned = words_of(look.source.header, "BurnedInAnnotation")
    if burned in {"YES", "NO"}:
        made.BurnedInAnnotation = burned  # about names: our own words hold none
    put_maker(made, about.version, about.identity)
    put_patient(made, look.source)
    _put_pixels(made, pixels)
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = UID(_EXPLICIT)
    return made


def _reference(look: Look) -> Dataset:
    from pydicom.dataset import Dataset

    made = Dataset()
    made.ReferencedSOPClassUID = look.source.sop_class
    made.ReferencedSOPInstanceUID = look.source.instance
    if look.frame is not None:
        made.ReferencedFrameNumber = look.frame
    return made


def _put_pixels(made: Any, pixels: NDArray[np.uint8]) -> None:
    made.Rows, made.Columns = pixels.shape[:2]
    made.SamplesPerPixel, made.PhotometricInterpretation = 3, "RGB"
    made.PlanarConfiguration = made.PixelRepresentation = 0
    made.BitsAllocated = made.BitsStored = 8
    made.HighBit = 7
    content = pixels.tobytes()
    made.PixelData = content + b"\0" * (len(content) % 2)
    made["PixelData"].VR = "OB"


def _pixels(look: Look, explanations: Explanations) -> NDArray[np.uint8]:
    """Return (height, width, 3): the map over the picture, and what it is, in words below."""
    if look.decoded is None or look.decoded.picture is None:
        raise ValueError("a look without its picture")
    target = look.predicted[0] if look.predicted else ""
    explained = explanations.of(look.decoded, target=target)
    over = _blended(look.decoded.picture, explained)
    names = ", ".join(look.predicted or ()) or say("node.sr_no_answer")
    share = look.probabilities.get(explained.target, 0.0)
    font = font_of(_FONT_PX)
    words = [
        say("node.map_answer", names=names, target=explained.target, share=share),
        explained.words,
    ]
    if look.odd:
        words.append(say("node.sr_odd", reason=look.odd))
    width = over.shape[1]
    above = drawn(wrapped(RESEARCH, font, width), font)
    below = [drawn(wrapped(one, font, width), font) for one in words]
    whole = joined([above, over, *below], axis=0, gap=6)
    return np.pad(whole, ((8, 8), (8, 8), (0, 0)), constant_values=255)


def _blended(picture: Picture, explained: Explained) -> NDArray[np.uint8]:
    import PIL.Image

    with io.BytesIO(picture.png) as below, io.BytesIO(explained.layer_png) as above:
        plain = PIL.Image.open(below).convert("RGB")
        layer = PIL.Image.open(above).convert("RGBA")
    layer.putalpha(layer.getchannel("A").point(lambda value: round(value * _STRENGTH)))
    plain.paste(layer, mask=layer)
    if plain.width < _LEAST_PX:
        times = -(-_LEAST_PX // plain.width)
        size = (plain.width * times, plain.height * times)
        plain = plain.resize(size, PIL.Image.Resampling.NEAREST)
    return np.asarray(plain)
