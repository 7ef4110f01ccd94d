"""Layer 6: the DICOM node."""
