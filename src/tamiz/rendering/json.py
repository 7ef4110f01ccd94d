"""The report for scripts."""

from __future__ import annotations

import json

from tamiz.data.report import Report
from tamiz.rendering.words import speaking


def render_json(report: Report, *, language: str | None = None) -> str:
    """Return `report` as JSON: the same bytes as the report.json that `Report.save` writes.

    Pictures are named by their hash; their bytes are left out.
    """
    with speaking(language):
        content = report.to_json()
    return json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"
