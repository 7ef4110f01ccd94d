"""The trainings of `sanity` that should fail, and what their failing tells."""
