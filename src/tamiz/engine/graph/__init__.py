"""Layer 3: preprocessing and answers as operators of ONNX; no torch."""
