"""The colours of every page and chart, each in a light and a dark form, in one place.

Series colours follow Okabe and Ito's set (readable with every common colour vision), darkened or
lightened until each stands at least 3 : 1 from its background (WCAG 1.4.11). Heat colours are
equal steps of OKLab lightness in one hue (248 degrees); their ink keeps 4.5 : 1 on every step.
"""

from __future__ import annotations

from typing import Final, Literal

Theme = Literal["light", "dark"]

# Each in its light and its dark form.
COLOURS: Final[dict[str, tuple[str, str]]] = {
    "page": ("#fafaf8", "#14171a"),
    "panel": ("#ffffff", "#1b1f23"),
    "sunken": ("#f1f2f3", "#252a2f"),
    "line": ("#e2e4e7", "#30363c"),
    "line-strong": ("#a9b0b8", "#59626c"),
    "ink": ("#191d21", "#e7eaed"),
    "muted": ("#5b6570", "#9aa5b1"),
    "accent": ("#1d5f8a", "#7cb8e4"),
    "stop": ("#a8271f", "#ff9d94"),
    "stop-back": ("#fdf1f0", "#33201f"),
    "warning": ("#7d5200", "#f0c060"),
    "warning-back": ("#fdf6e6", "#2f2717"),
    "note": ("#1d5f8a", "#8cc4ee"),
    "note-back": ("#eef5fa", "#1b2832"),
}

SERIES: Final[tuple[tuple[str, str], ...]] = (
    ("#0072b2", "#5aaee0"),  # blue
    ("#d55e00", "#f08c52"),  # vermilion
    ("#00845f", "#3fc79d"),  # green
    ("#b1548b", "#e29ac4"),  # purple
    ("#a87300", "#e8bd5a"),  # amber
    ("#3d8fc4", "#a5d4f2"),  # sky
    ("#5b6570", "#9aa5b1"),  # grey
)

HEAT_LIGHT: Final = (
    "#edf4fb", "#d1e2f3", "#b5d0ea", "#9abee1", "#7eacd8",
    "#629ace", "#4488c4", "#3275b1", "#1d649e", "#01538b",
)  # fmt: skip
HEAT_DARK: Final = (
    "#202f3f", "#293f54", "#324f69", "#3c5f80", "#467097",
    "#5081af", "#5a93c8", "#6ca5db", "#7db7ef", "#8fcaff",
)  # fmt: skip
HEAT_INK_LIGHT: Final = ("#14181c",) * 7 + ("#ffffff",) * 3
HEAT_INK_DARK: Final = ("#ffffff",) * 5 + ("#0a0c0e",) * 5
N_HEAT: Final = len(HEAT_LIGHT)


def theme_css() -> str:
    """Return the CSS variables of both themes: the reader's system decides, a button overrides.

    Paper is always light.
    """
    light, dark = _variables("light"), _variables("dark")
    return (
        f":root{{color-scheme:light;{light}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{"
        f":root:not([data-theme=light]){{color-scheme:dark;{dark}}}}}\n"
        f"@media screen{{:root[data-theme=dark]{{color-scheme:dark;{dark}}}}}\n"
    )


def _variables(theme: Theme) -> str:
    which = 0 if theme == "light" else 1
    heat = HEAT_LIGHT if theme == "light" else HEAT_DARK
    ink = HEAT_INK_LIGHT if theme == "light" else HEAT_INK_DARK
    named = [(name, pair[which]) for name, pair in COLOURS.items()]
    named += [(f"series-{i}", pair[which]) for i, pair in enumerate(SERIES, 1)]
    named += [(f"heat-{i}", colour) for i, colour in enumerate(heat, 1)]
    named += [(f"heat-ink-{i}", colour) for i, colour in enumerate(ink, 1)]
    return "".join(f"--{name}:{colour};" for name, colour in named)
