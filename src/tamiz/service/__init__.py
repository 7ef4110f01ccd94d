"""Layer 6: the HTTP service."""
