"""What `benchmark` is made of: ways, runs, figures, their cost, the report."""
