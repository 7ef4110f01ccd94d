"""Bringing images in: from a PACS, over DICOMweb, without the identities they came with."""
