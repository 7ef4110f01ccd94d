"""Shortcuts: how well the label can be told from what is not the object."""
