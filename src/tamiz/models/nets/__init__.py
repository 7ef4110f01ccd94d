"""The networks themselves; with `engine`, the only place that imports torch at the top."""
