"""How compute threads wait for each other; to be settled before torch is loaded."""

from __future__ import annotations

import os


def spin_briefly() -> None:
    """Let OpenMP's threads wait asleep instead of spinning, unless the user chose otherwise.

    Threads that spin at every barrier win a few percent on an idle machine. Where another process
    works on the same cores they keep it, and each other, from working: training fell from 3,400
    to between 80 and 600 images/s here (2 cores, one other busy process).
    """
    if not os.environ.keys() & {"OMP_WAIT_POLICY", "GOMP_SPINCOUNT"}:
        os.environ["OMP_WAIT_POLICY"] = "PASSIVE"
