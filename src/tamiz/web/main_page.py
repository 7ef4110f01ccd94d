"""The script that Streamlit runs for every reader and every change: the frame and its pages."""

from __future__ import annotations

from tamiz.web.frame import show_app

if __name__ == "__main__":
    show_app()
