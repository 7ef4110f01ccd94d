"""Layer 1: what flows between the stages: images, manifest, ledger, predictions, report."""
