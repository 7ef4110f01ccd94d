"""Checks of data quality: one file each, scores and suspicions."""
