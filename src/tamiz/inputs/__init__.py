"""Layer 2: a folder, a table or an array file becomes rows of the manifest."""
