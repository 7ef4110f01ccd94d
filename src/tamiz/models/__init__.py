"""Layer 3: networks and the bundle they travel in."""

from tamiz.core.threads import spin_briefly

spin_briefly()  # before torch is imported
