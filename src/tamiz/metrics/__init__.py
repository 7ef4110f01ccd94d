"""Layer 2: figures from predictions, with intervals; NumPy only."""
