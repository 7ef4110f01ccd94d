"""Layer 2: preprocessing of one image; one file per step."""
