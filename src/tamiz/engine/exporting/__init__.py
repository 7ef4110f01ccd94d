"""Layer 3: a bundle in formats that other programs read; one file per format."""
