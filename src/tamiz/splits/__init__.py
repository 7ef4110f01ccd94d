"""Layer 2: rules that put each group on one side."""
