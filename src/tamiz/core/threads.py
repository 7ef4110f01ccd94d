"""How compute threads wait for each other; to be settled before torch is loaded."""

from __future__ import annotations

import os


def spin_briefly() -> None:
    """Let OpenMP's threads spin only briefly before they sleep, unless the user chose otherwise.

    Threads that spin at every barrier win nothing measurable on an idle machine (6.2 against 6.0 s
    for an epoch of 14,000 images of 28 px, 2 cores). Where another process works on the same cores
    they keep it, and each other, from working: 38 images/s against 798 here.
    """
    if not os.environ.keys() & {"OMP_WAIT_POLICY", "GOMP_SPINCOUNT"}:
        os.environ["GOMP_SPINCOUNT"] = "2000"
