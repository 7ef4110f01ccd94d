"""Layer 5: the command line; one small file per command."""
