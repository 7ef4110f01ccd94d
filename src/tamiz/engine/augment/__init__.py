"""Augmentations, one file each: whole batches of uint8 pixels, keyed by (seed, epoch, item)."""
