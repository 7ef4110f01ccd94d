"""Layer 2: files become pixels; one file per family of files."""
