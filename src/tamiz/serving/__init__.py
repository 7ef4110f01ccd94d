"""Layer 5: a model kept ready for many who ask: uploads, decoding apart, answers in batches."""
