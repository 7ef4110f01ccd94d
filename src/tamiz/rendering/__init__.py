"""Layer 4: reports as terminal text, HTML and JSON; knows only `data.report`."""
