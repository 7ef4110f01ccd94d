"""What of a DICOM data set may stay, and what it has to look like, as data: all else goes."""

from __future__ import annotations

import re
from typing import Final

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
