"""Layer 3: networks and the bundle they travel in."""

import os

# OpenMP's threads wait for each other by spinning. Beside other busy programs that makes training
# up to thirty times slower, so they are told to give up the core sooner. It must be said before
# torch is loaded; whoever has set it keeps their value.
if not os.environ.keys() & {"OMP_WAIT_POLICY", "GOMP_SPINCOUNT"}:
    os.environ["GOMP_SPINCOUNT"] = "2000"
