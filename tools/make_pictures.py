"""Make the pictures of the README from a finished run: its report and its terminal summary.

usage: make_pictures.py RUN          (needs Chromium at /usr/bin/chromium)
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright
from rich.console import Console

from tamiz.data.run_folder import Run
from tamiz.rendering.terminal import print_report
from tamiz.stages.pipeline import load_stage_report

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


PAGE = """<body style="margin:0;background:#fff"><pre style="display:inline-block;margin:0;
padding:18px 22px;border-radius:8px;background:#10151c;color:#d7dde5;
font:14px/1.35 'DejaVu Sans Mono',monospace">{code}</pre></body>"""


def terminal_html(run: Run) -> str:
    console = Console(record=True, width=88, file=io.StringIO(), force_terminal=True)
    console.print(f"$ tamiz run fashion-mnist/ --out {run.folder.parent.name}/{run.folder.name}\n")
    print_report(load_stage_report(run, "report"), console=console)
    return console.export_html(inline_styles=True, code_format=PAGE)


def shoot(page: Page, address: str, path: Path, height: int) -> None:
    page.set_viewport_size({"width": 1180, "height": height})
    page.goto(address)
    page.wait_for_timeout(300)
    page.screenshot(path=str(path))


def main() -> None:
    run = Run(sys.argv[1])
    PICTURES.mkdir(parents=True, exist_ok=True)
    page_path = (run.report_folder / "report.html").resolve()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        page = browser.new_page(color_scheme="light")
        shoot(page, page_path.as_uri(), PICTURES / "report.png", 900)
        page = browser.new_page()  # the report's security policy must not bind this page
        page.set_viewport_size({"width": 1120, "height": 1000})
        page.set_content(terminal_html(run))
        page.locator("pre").first.screenshot(path=str(PICTURES / "terminal.png"))
        browser.close()


if __name__ == "__main__":
    main()
