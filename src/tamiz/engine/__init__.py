"""Layer 3: preparing, training and inference; the only home of the training loop."""

import tamiz.models  # noqa: F401  (settings that must be made before torch is loaded)
