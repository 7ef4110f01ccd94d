"""What `search` is made of: the space, its trials, their order, the report."""
