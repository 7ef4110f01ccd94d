"""Layer 4: what a user can ask for, one function per word."""
