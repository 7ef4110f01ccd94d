"""What of a DICOM data set may stay, as data, and what its values have to look like.

All that is not listed goes; so does what is listed and holds something else than it ought to.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, MutableSequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tamiz.formats.dicom_dataset import words_of
from tamiz.formats.dicom_library import FAULTS

if TYPE_CHECKING:
    from pydicom import DataElement, Dataset

DEEPEST: Final = 12  # sequences within sequences; real objects have up to four
TEXTS: Final = frozenset({"AE", "AS", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"})

# Patients' characteristics that stay (PS3.15 E.3.6, option 113108); ages above 89 are cut.
CHARACTERISTICS: Final = ("PatientSex", "PatientAge", "PatientSize", "PatientWeight")

# Dates and times that are shifted together, or removed (option 113107).
DATES: Final = ("StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate")
DATE_TIMES: Final = (
    "AcquisitionDateTime", "FrameAcquisitionDateTime", "FrameReferenceDateTime",
    "RadiopharmaceuticalStartDateTime",
)  # fmt: skip
TIMES: Final = (
    "StudyTime", "SeriesTime", "AcquisitionTime", "ContentTime", "RadiopharmaceuticalStartTime",
)  # fmt: skip

# Attributes that the standard wants there, though they may be empty (type 2); the first ones
# are always emptied.
EMPTIED: Final = ("PatientBirthDate", "AccessionNumber", "StudyID", "ReferringPhysicianName")
EMPTY: Final = (
    *EMPTIED, "StudyDate", "StudyTime", "PatientSex", "SeriesNumber", "InstanceNumber",
)  # fmt: skip

# What was done to the pixels, how they were made, and what they show; no free text of people.
KEPT: Final = (
    "SpecificCharacterSet", "SOPClassUID", "Modality", "ImageType", "ConversionType",
    "PresentationIntentType", "SeriesNumber", "InstanceNumber", "AcquisitionNumber",
    "TemporalPositionIndex", "NumberOfTemporalPositions", "ImagesInAcquisition",
    "TemporalPositionIdentifier", "TriggerTime", "NumberOfTimeSlices",
    "BodyPartExamined", "ViewPosition", "Laterality", "ImageLaterality", "PatientPosition",
    "PatientOrientation", "Manufacturer", "ManufacturerModelName", "SoftwareVersions",
    "ConvolutionKernel", "ConvolutionKernelGroup", "ReconstructionAlgorithm", "FilterType", "KVP",
    "SliceThickness", "SpacingBetweenSlices", "SliceLocation", "GantryDetectorTilt",
    "TableHeight", "TableSpeed", "TableFeedPerRotation", "RotationDirection", "AcquisitionType",
    "ExposureTime", "ExposureTimeInuS", "ExposureTimeInms", "XRayTubeCurrent",
    "XRayTubeCurrentInuA", "XRayTubeCurrentInmA", "Exposure", "ExposureInuAs", "ExposureInmAs",
    "FocalSpots", "DataCollectionDiameter", "ReconstructionDiameter", "ReconstructionFieldOfView",
    "ReconstructionPixelSpacing", "DistanceSourceToDetector", "DistanceSourceToPatient",
    "ScanOptions", "SpiralPitchFactor", "SingleCollimationWidth", "TotalCollimationWidth",
    "CTDIvol", "RevolutionTime", "Grid", "FilterMaterial", "AnodeTargetMaterial",
    "BodyPartThickness", "CompressionForce", "PartialView", "BreastImplantPresent",
    "PositionerType", "PositionerPrimaryAngle", "PositionerSecondaryAngle", "DetectorType",
    "FieldOfViewShape", "FieldOfViewDimensions", "FieldOfViewRotation",
    "FieldOfViewHorizontalFlip", "ExposureControlMode",
    "RelativeXRayExposure", "ExposureIndex", "DeviationIndex", "TargetExposureIndex",
    "ScanningSequence", "SequenceVariant", "MRAcquisitionType", "AngioFlag", "RepetitionTime",
    "EchoTime", "EffectiveEchoTime", "InversionTime", "NumberOfAverages", "ImagingFrequency",
    "ImagedNucleus", "EchoNumbers", "MagneticFieldStrength", "NumberOfPhaseEncodingSteps",
    "EchoTrainLength", "PercentSampling", "PercentPhaseFieldOfView", "PixelBandwidth",
    "AcquisitionMatrix", "InPlanePhaseEncodingDirection", "FlipAngle", "DiffusionBValue",
    "DiffusionDirectionality", "DiffusionGradientOrientation", "SAR",
    "HeartRate", "CineRate", "FrameTime", "FrameTimeVector", "RecommendedDisplayFrameRate",
    "ActualFrameDuration", "NumberOfSlices", "Units", "CountsSource", "DecayCorrection",
    "DecayFactor", "SUVType", "CorrectedImage", "RadionuclideTotalDose", "RadionuclideHalfLife",
    "RadionuclidePositronFraction",
    "PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing", "PixelAspectRatio",
    "PixelSpacingCalibrationType", "EstimatedRadiographicMagnificationFactor",
    "ImagePositionPatient", "ImageOrientationPatient", "PositionReferenceIndicator",
    "LossyImageCompression", "LossyImageCompressionRatio", "LossyImageCompressionMethod",
    "BurnedInAnnotation", "RecognizableVisualFeatures", "QualityControlImage",
    "SpecimenLabelInImage", "SamplesPerPixel", "PhotometricInterpretation",
    "PlanarConfiguration", "NumberOfFrames", "FrameIncrementPointer", "Rows", "Columns",
    "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation", "SmallestImagePixelValue",
    "LargestImagePixelValue", "PixelPaddingValue", "PixelPaddingRangeLimit", "RescaleIntercept",
    "RescaleSlope", "RescaleType", "WindowCenter", "WindowWidth", "WindowCenterWidthExplanation",
    "VOILUTFunction", "PresentationLUTShape", "PixelIntensityRelationship",
    "PixelIntensityRelationshipSign", "LUTDescriptor", "LUTData", "ModalityLUTType",
    "RedPaletteColorLookupTableDescriptor", "GreenPaletteColorLookupTableDescriptor",
    "BluePaletteColorLookupTableDescriptor", "RedPaletteColorLookupTableData",
    "GreenPaletteColorLookupTableData", "BluePaletteColorLookupTableData",
    "SegmentedRedPaletteColorLookupTableData", "SegmentedGreenPaletteColorLookupTableData",
    "SegmentedBluePaletteColorLookupTableData",
    "VolumetricProperties", "VolumeBasedCalculationTechnique", "PixelPresentation",
    "ComplexImageComponent", "AcquisitionContrast", "ContentQualification", "FrameType",
    "InStackPositionNumber", "DimensionIndexValues", "FrameAcquisitionNumber",
    "DimensionOrganizationType", "FrameLaterality", "CodeValue", "CodingSchemeDesignator",
    "CodingSchemeVersion", "ReferencedFrameNumber",
    "RealWorldValueFirstValueMapped", "RealWorldValueLastValueMapped", "RealWorldValueIntercept",
    "RealWorldValueSlope", "DoubleFloatRealWorldValueFirstValueMapped",
    "DoubleFloatRealWorldValueLastValueMapped", "DimensionIndexPointer", "FunctionalGroupPointer",
    "RegionSpatialFormat", "RegionDataType", "RegionFlags", "RegionLocationMinX0",
    "RegionLocationMinY0", "RegionLocationMaxX1", "RegionLocationMaxY1", "ReferencePixelX0",
    "ReferencePixelY0", "PhysicalUnitsXDirection", "PhysicalUnitsYDirection", "PhysicalDeltaX",
    "PhysicalDeltaY", "TotalPixelMatrixColumns", "TotalPixelMatrixRows", "ImagedVolumeWidth",
    "ImagedVolumeHeight", "ImagedVolumeDepth", "ImageOrientationSlide", "NumberOfOpticalPaths",
    "TotalPixelMatrixFocalPlanes", "FocusMethod", "ExtendedDepthOfField",
    "XOffsetInSlideCoordinateSystem", "YOffsetInSlideCoordinateSystem",
    "ZOffsetInSlideCoordinateSystem", "ColumnPositionInTotalImagePixelMatrix",
    "RowPositionInTotalImagePixelMatrix", "ExtendedOffsetTable", "ExtendedOffsetTableLengths",
    "SegmentationType", "SegmentNumber", "ReferencedSegmentNumber", "SegmentAlgorithmType",
    "PixelData", "FloatPixelData", "DoubleFloatPixelData", "ICCProfile", "ColorSpace",
)  # fmt: skip

# UIDs that tie objects together: replaced by others, the same ones always by the same.
UIDS: Final = (
    "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID",
    "ConcatenationUID", "SOPInstanceUIDOfConcatenationSource", "DimensionOrganizationUID",
    "PaletteColorLookupTableUID", "ReferencedSOPInstanceUID", "IrradiationEventUID",
    "SynchronizationFrameOfReferenceUID",
)  # fmt: skip
KEPT_CLASS_UIDS: Final = ("ReferencedSOPClassUID",)

# Sequences that stay, their items held to the same list.
SEQUENCES: Final = (
    "ModalityLUTSequence", "VOILUTSequence", "SharedFunctionalGroupsSequence",
    "PerFrameFunctionalGroupsSequence", "PixelMeasuresSequence", "PlaneOrientationSequence",
    "PlanePositionSequence", "PixelValueTransformationSequence", "FrameVOILUTSequence",
    "FrameContentSequence", "FrameAnatomySequence", "AnatomicRegionSequence",
    "AnatomicRegionModifierSequence", "ViewCodeSequence", "ViewModifierCodeSequence",
    "CTImageFrameTypeSequence", "CTAcquisitionTypeSequence", "CTAcquisitionDetailsSequence",
    "CTReconstructionSequence", "CTGeometrySequence", "CTPositionSequence", "CTExposureSequence",
    "CTXRayDetailsSequence", "CTTableDynamicsSequence", "MRImageFrameTypeSequence",
    "MRTimingAndRelatedParametersSequence", "MRFOVGeometrySequence", "MREchoSequence",
    "MRModifierSequence", "MRImagingModifierSequence", "MRReceiveCoilSequence",
    "MRTransmitCoilSequence", "MRAveragesSequence", "MRDiffusionSequence",
    "DiffusionGradientDirectionSequence", "XRay3DFrameTypeSequence",
    "ParametricMapFrameTypeSequence", "RealWorldValueMappingSequence",
    "MeasurementUnitsCodeSequence", "DimensionIndexSequence", "DimensionOrganizationSequence",
    "SequenceOfUltrasoundRegions", "ReferencedImageSequence", "SourceImageSequence",
    "DerivationImageSequence", "ReferencedSeriesSequence", "ReferencedInstanceSequence",
    "ContrastBolusAgentSequence", "RadiopharmaceuticalInformationSequence",
    "RadionuclideCodeSequence", "PlaneOrientationVolumeSequence", "PlanePositionVolumeSequence",
    "PlanePositionSlideSequence", "TotalPixelMatrixOriginSequence",
    "WholeSlideMicroscopyImageFrameTypeSequence", "OpticalPathSequence",
    "SegmentSequence", "SegmentIdentificationSequence", "SegmentedPropertyCategoryCodeSequence",
    "SegmentedPropertyTypeCodeSequence",
)  # fmt: skip

# What is written anew into every data set.
SAID: Final = (
    "PatientName", "PatientID", "PatientIdentityRemoved", "DeidentificationMethod",
    "DeidentificationMethodCodeSequence", "LongitudinalTemporalInformationModified",
)  # fmt: skip

# What a user cannot ask to keep: it names the patient or the study.
NEVER_KEPT: Final = frozenset(
    (*SAID, *EMPTIED[:3], "OtherPatientIDs", "OtherPatientIDsSequence", "OtherPatientNames",
     "PatientBirthName", "PatientMotherBirthName", "PatientBirthDateInAlternativeCalendar",
     "PatientAddress", "PatientTelephoneNumbers", "PatientTelecomInformation",
     "MedicalRecordLocator", "AdmissionID", "SOPInstanceUID", "StudyInstanceUID",
     "SeriesInstanceUID")
)  # fmt: skip

# Numbers whose parts must stand in no kept text (names of persons: all elements of VR PN).
NUMBERS_OF_PEOPLE: Final = frozenset(
    {"PatientID", "OtherPatientIDs", "AccessionNumber", "StudyID", "AdmissionID",
     "MedicalRecordLocator", "PatientTelephoneNumbers"}
)  # fmt: skip

# Without these nobody can read the pixels: a number of them stays, whatever its VR.
FOR_PIXELS: Final = frozenset(
    {"Rows", "Columns", "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation",
     "SamplesPerPixel", "PlanarConfiguration", "NumberOfFrames", "RescaleSlope",
     "RescaleIntercept"}
)  # fmt: skip

_CLOCK: Final = r"([01]\d|2[0-3])([0-5]\d([0-6]\d(\.\d{1,6})?)?)?"

# What a value of a VR, or of one element, looks like where it is what it ought to be.
SHAPES: Final = {
    name: re.compile(shape, re.DOTALL)
    for name, shape in {
        "CS": r"[A-Z0-9 _]{0,16}",
        "LO": r"[^\x00-\x1f\x7f\\]{0,64}",
        "SH": r"[^\x00-\x1f\x7f\\]{0,64}",
        "DA": r"\d{8}",
        "DT": rf"\d{{8}}({_CLOCK})?([+-][01]\d[0-5]\d)?",
        "TM": _CLOCK,
        "AS": r"(?P<n>\d{1,3})(?P<unit>[DWMY])",
        "SpecificCharacterSet": r"(ISO_IR \d{1,3}|ISO 2022 IR \d{1,3}|GB18030|GBK)?",
        "PatientSex": r"[MFO]?",
        "Laterality": r"[RLBU]?",
        "ImageLaterality": r"[RLBU]?",
        "FrameLaterality": r"[RLBU]?",
        "PatientPosition": r"([HFLRAP]F(P|S|DR|DL))?",
        "BurnedInAnnotation": r"(YES|NO)?",
        "RecognizableVisualFeatures": r"(YES|NO)?",
        "QualityControlImage": r"(YES|NO|BOTH)?",
        "LossyImageCompression": r"(00|01)?",
    }.items()
}

# UIDs of the standard's own classes, those of later editions too: no part has over three digits.
OF_STANDARD: Final = re.compile(r"1\.2\.840\.10008\.5\.1\.4\.1\.1(\.\d{1,3}){1,4}")

# Words that are no names even where a patient is called so: a value of nothing else stays.
TERMS: Final = frozenset(
    {"CT", "MR", "CR", "DX", "MG", "US", "PT", "NM", "XA", "RF", "SC", "OT", "ORIGINAL", "DERIVED",
     "PRIMARY", "SECONDARY", "AXIAL", "LOCALIZER", "OTHER", "CHEST", "HEAD", "BRAIN", "ABDOMEN",
     "PELVIS", "SPINE", "NECK", "KNEE", "HAND", "FOOT", "BREAST", "HEART", "SHOULDER", "HIP",
     "ELBOW", "WRIST", "ANKLE", "SKULL", "LEG", "ARM", "EXTREMITY", "THORAX", "LUNG", "LIVER",
     "KIDNEY", "WHOLEBODY", "LINEAR", "SIGMOID", "IDENTITY", "INVERSE", "STANDARD", "BONE", "SOFT",
     "YES", "NO", "RGB", "MONOCHROME1", "MONOCHROME2", "YBR", "FULL", "422", "PALETTE", "COLOR",
     "IR", "ISO", "2022", "FOR", "PRESENTATION", "PROCESSING", "VOLUME", "NONE",
     "SIEMENS", "HEALTHINEERS", "PHILIPS", "GE", "MEDICAL", "SYSTEMS", "HEALTHCARE", "TOSHIBA",
     "CANON", "HITACHI", "FUJIFILM", "AGFA", "CARESTREAM", "HOLOGIC", "SAMSUNG", "SHIMADZU"}
)  # fmt: skip


class People:
    """What names the people of a data set, and whether a value does."""

    def __init__(self, parts: Iterable[str]) -> None:
        self._parts = frozenset(parts)

    def are_named(self, words: str, vr: str) -> bool:
        """Return whether a text holds a part of a name, a number or a date of somebody."""
        folded = _folded(words)
        tokens = re.findall(r"[^\W_]+", folded)
        if all(token.upper() in TERMS for token in tokens):
            return False
        run_on = "".join(tokens)  # 31.12.1999 and 3112-1999 alike
        for part in self._parts:
            # Three letters stand in many codes by chance: there they have to be a whole word.
            if part in (tokens if vr == "CS" and len(part) == 3 else folded):
                return True
            if len(part) >= 6 and part in run_on:
                return True
        return False

    def have_number(self, value: object) -> bool:
        """Return whether a number or time is one of theirs, of six digits or more."""
        words = str(value).strip()
        found = {words, words.partition(".")[0]}
        return any(len(one) >= 6 and one in self._parts for one in found)

    def are_in(self, content: bytes) -> bool:
        """Return whether bytes hold a part of at least four characters."""
        folded = content.lower()
        return any(
            part.encode(encoding) in folded
            for part in self._parts
            if len(part) > 3
            for encoding in ("utf-8", "utf-16-be")
        )


def parts_of(dataset: Dataset, depth: int = 0) -> Iterator[str]:
    """Yield what names somebody at any depth: names, numbers and dates, whole, in parts; folded.

    What the data set says of its identities having been removed is not believed.
    """
    for keyword in ("PatientBirthDate", "StudyDate"):
        day = words_of(dataset, keyword)
        if re.fullmatch(r"\d{8}", day):
            yield from (day, day[6:] + day[4:6] + day[:4], day[4:] + day[:4])
    for tag in dataset.keys():  # noqa: SIM118 - iterating a data set gives elements
        element = None if tag.is_private else element_of(dataset, tag)
        if element is None or element.keyword == "PerFrameFunctionalGroupsSequence":
            continue
        if element.VR == "SQ" and depth < DEEPEST:
            for item in element.value:
                yield from parts_of(item, depth + 1)
        elif element.VR == "PN" or element.keyword in NUMBERS_OF_PEOPLE:
            yield from _parts(element, 3 if element.VR == "PN" else 4)


def _parts(element: DataElement, least: int) -> Iterator[str]:
    """Yield words of at least so many letters; of scripts with short names, of two."""
    for one in many(element.value):
        words = _folded(str(one))
        tokens = re.findall(r"[^\W_]+", words)
        for part in (words.strip(), "".join(tokens), *tokens):
            if len(part) >= (least if part.isascii() else 2):
                yield part


def _folded(words: str) -> str:
    """Return text without case and accents, so that Müller is found in MULLER."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    return "".join(one for one in apart if not unicodedata.combining(one))


def element_of(dataset: Dataset, tag: Any) -> DataElement | None:
    """Return an element as pydicom converts it; None for what cannot be converted."""
    try:
        made: DataElement = dataset[tag]
    except FAULTS:
        return None
    return made


def many(value: Any) -> list[Any]:
    """Return the values of an element, none where it is empty."""
    if value is None or value in ("", b""):
        return []
    return list(value) if isinstance(value, MutableSequence) else [value]  # a name is iterable too


def texts_of(dataset: Dataset) -> Iterator[str]:
    """Yield all texts at any depth."""
    for element in dataset:
        if element.VR == "SQ":
            for item in element.value:
                yield from texts_of(item)
        elif element.VR in TEXTS:
            yield from map(str, many(element.value))


def is_fit(keyword: str, vr: str, words: str) -> bool:
    """Return whether a text looks as those of its element and its VR do."""
    shapes = [SHAPES[name] for name in (keyword, vr) if name in SHAPES]
    return all(shape.fullmatch(words.strip()) for shape in shapes)


def is_number(value: object) -> bool:
    """Return whether a value is a number, or text that is nothing else."""
    if isinstance(value, str):
        return bool(re.fullmatch(r" *[+-]?[0-9]*\.?[0-9]+([eE][+-]?[0-9]+)? *", value))
    return isinstance(value, (int, float, Decimal))


def is_of_standard(uid: str) -> bool:
    """Return whether a UID is the standard's own, and so nobody's."""
    from pydicom.uid import UID

    return bool(OF_STANDARD.fullmatch(uid)) or UID(uid).name != uid


def shifted(words: str, days: int) -> str | None:
    """Return a date or date-time moved by days; None where there is no such day."""
    try:
        moved = date(int(words[:4]), int(words[4:6]), int(words[6:8])) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None
    return f"{moved:%Y%m%d}{words[8:]}" if moved.year >= 1000 else None
