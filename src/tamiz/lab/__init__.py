"""Layer 2: what a course counts by hand, with numpy only: grids, colours, kernels, layer sizes."""
