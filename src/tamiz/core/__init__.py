"""Layer 0: what everything else stands on; standard library only."""
