"""The closer looks at an evaluation, each a block of the report."""
