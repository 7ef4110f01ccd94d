"""Models that are fitted at once, on descriptors or on features of a frozen network."""
