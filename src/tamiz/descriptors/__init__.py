"""Layer 2: classical descriptors of tiles, rows of named numbers; one file per descriptor."""
