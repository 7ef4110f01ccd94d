"""What of a DICOM data set may stay, as data: everything that is not listed here goes."""

from __future__ import annotations

from typing import Final

# Patients' characteristics that stay (PS3.15 E.3.6, option 113108); ages above 89 are cut.
CHARACTERISTICS: Final = ("PatientSex", "PatientAge", "PatientSize", "PatientWeight")

# Dates and times that are shifted together, or removed (option 113107).
DATES: Final = ("StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate")
DATE_TIMES: Final = ("AcquisitionDateTime", "FrameAcquisitionDateTime", "FrameReferenceDateTime")
TIMES: Final = ("StudyTime", "SeriesTime", "AcquisitionTime", "ContentTime")

# Attributes that the standard wants there, though they may be empty (type 2).
EMPTY: Final = (
    "PatientBirthDate", "AccessionNumber", "StudyID", "ReferringPhysicianName", "StudyDate",
    "StudyTime", "PatientSex", "SeriesNumber", "InstanceNumber",
)  # fmt: skip

# What was done to the pixels, how they were made, and what they show; no free text of people.
KEPT: Final = (
    "SpecificCharacterSet", "SOPClassUID", "Modality", "ImageType", "ConversionType",
    "PresentationIntentType", "SeriesNumber", "InstanceNumber", "AcquisitionNumber",
    "TemporalPositionIndex", "NumberOfTemporalPositions", "ImagesInAcquisition",
    "BodyPartExamined", "ViewPosition", "Laterality", "ImageLaterality", "PatientPosition",
    "PatientOrientation", "Manufacturer", "ManufacturerModelName", "SoftwareVersions",
    "ConvolutionKernel", "FilterType", "KVP", "SliceThickness", "SpacingBetweenSlices",
    "SliceLocation", "GantryDetectorTilt", "TableHeight", "RotationDirection", "ExposureTime",
    "XRayTubeCurrent", "Exposure", "ExposureInuAs", "FocalSpots", "DataCollectionDiameter",
    "ReconstructionDiameter", "DistanceSourceToDetector", "DistanceSourceToPatient", "ScanOptions",
    "SpiralPitchFactor", "SingleCollimationWidth", "TotalCollimationWidth", "CTDIvol",
    "RevolutionTime", "Grid", "FilterMaterial", "BodyPartThickness", "CompressionForce",
    "RelativeXRayExposure", "ExposureIndex", "DeviationIndex", "TargetExposureIndex",
    "ScanningSequence", "SequenceVariant", "MRAcquisitionType", "AngioFlag", "RepetitionTime",
    "EchoTime", "InversionTime", "NumberOfAverages", "ImagingFrequency", "ImagedNucleus",
    "EchoNumbers", "MagneticFieldStrength", "NumberOfPhaseEncodingSteps", "EchoTrainLength",
    "PercentSampling", "PercentPhaseFieldOfView", "PixelBandwidth", "AcquisitionMatrix",
    "InPlanePhaseEncodingDirection", "FlipAngle", "DiffusionBValue", "SAR",
    "HeartRate", "CineRate", "FrameTime", "FrameTimeVector", "RecommendedDisplayFrameRate",
    "ActualFrameDuration", "NumberOfSlices", "Units", "CountsSource", "DecayCorrection",
    "PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing", "PixelAspectRatio",
    "PixelSpacingCalibrationType", "EstimatedRadiographicMagnificationFactor",
    "ImagePositionPatient", "ImageOrientationPatient", "PositionReferenceIndicator",
    "LossyImageCompression", "LossyImageCompressionRatio", "LossyImageCompressionMethod",
    "BurnedInAnnotation", "RecognizableVisualFeatures", "QualityControlImage",
    "SamplesPerPixel", "PhotometricInterpretation", "PlanarConfiguration", "NumberOfFrames",
    "FrameIncrementPointer", "Rows", "Columns", "BitsAllocated", "BitsStored", "HighBit",
    "PixelRepresentation", "SmallestImagePixelValue", "LargestImagePixelValue",
    "PixelPaddingValue", "PixelPaddingRangeLimit", "RescaleIntercept", "RescaleSlope",
    "RescaleType", "WindowCenter", "WindowWidth", "WindowCenterWidthExplanation",
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
    "FrameLaterality", "CodeValue", "CodingSchemeDesignator", "CodingSchemeVersion",
    "RealWorldValueFirstValueMapped", "RealWorldValueLastValueMapped", "RealWorldValueIntercept",
    "RealWorldValueSlope", "DoubleFloatRealWorldValueFirstValueMapped",
    "DoubleFloatRealWorldValueLastValueMapped", "DimensionIndexPointer", "FunctionalGroupPointer",
    "RegionSpatialFormat", "RegionDataType", "RegionFlags", "RegionLocationMinX0",
    "RegionLocationMinY0", "RegionLocationMaxX1", "RegionLocationMaxY1", "ReferencePixelX0",
    "ReferencePixelY0", "PhysicalUnitsXDirection", "PhysicalUnitsYDirection", "PhysicalDeltaX",
    "PhysicalDeltaY", "ExtendedOffsetTable", "ExtendedOffsetTableLengths",
    "PixelData", "FloatPixelData", "DoubleFloatPixelData", "ICCProfile",
    "LongitudinalTemporalInformationModified",
)  # fmt: skip

# UIDs that tie objects together: replaced by others, the same ones always by the same.
UIDS: Final = (
    "SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID",
    "ConcatenationUID", "DimensionOrganizationUID", "PaletteColorLookupTableUID",
    "ReferencedSOPInstanceUID", "IrradiationEventUID", "SynchronizationFrameOfReferenceUID",
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
    "XRay3DFrameTypeSequence", "ParametricMapFrameTypeSequence", "RealWorldValueMappingSequence",
    "MeasurementUnitsCodeSequence", "DimensionIndexSequence", "DimensionOrganizationSequence",
    "SequenceOfUltrasoundRegions", "ReferencedImageSequence", "SourceImageSequence",
    "ContrastBolusAgentSequence", "PlaneOrientationVolumeSequence", "PlanePositionVolumeSequence",
)  # fmt: skip

# Words that are no names even where a patient is called so.
TERMS: Final = frozenset(
    {"CT", "MR", "CR", "DX", "MG", "US", "PT", "NM", "XA", "RF", "SC", "OT", "ORIGINAL", "DERIVED",
     "PRIMARY", "SECONDARY", "AXIAL", "LOCALIZER", "OTHER", "CHEST", "HEAD", "BRAIN", "ABDOMEN",
     "PELVIS", "SPINE", "NECK", "KNEE", "HAND", "FOOT", "BREAST", "HEART", "SHOULDER", "HIP",
     "ELBOW", "WRIST", "ANKLE", "SKULL", "LEG", "ARM", "EXTREMITY", "THORAX", "LUNG", "LIVER",
     "KIDNEY", "WHOLEBODY", "LINEAR", "SIGMOID", "IDENTITY", "INVERSE", "STANDARD", "BONE", "SOFT",
     "YES", "NO", "RGB", "MONOCHROME1", "MONOCHROME2"}
)  # fmt: skip
