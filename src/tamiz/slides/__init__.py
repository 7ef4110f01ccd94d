"""Whole slides: where the tissue is on a small overview picture, and which tiles to read."""
