"""What the pages look like: the reports' colours, as Streamlit's settings and as CSS."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from tamiz.core.language import LANGUAGES, say
from tamiz.rendering.palette import COLOURS
from tamiz.web.opened import opened


def drop_css() -> str:
    """Return the CSS that gives Streamlit's field for files our words, in the language in use.

    Its own words are English, whatever the page says.
    """
    zone = "[data-testid=stFileUploaderDropzone]"
    words = {
        f"{zone} button[kind=secondary] p": say("web.drop_choose"),
        "[data-testid=stFileUploaderDropzoneInstructions] span": say(
            "web.drop_here", most=opened().most_mib
        ),
    }
    hidden = ",".join(words)
    made = f"{hidden}{{visibility:hidden;font-size:0}}"
    for place, told in words.items():
        safe = told.replace("\\", "").replace('"', "").replace("<", "")
        made += f'{place}::after{{visibility:visible;font-size:.9375rem;content:"{safe}"}}'
    return made


def language_script(language: str) -> str:
    """Return the script that tells browsers and screen readers the language of the page.

    The server writes it into the page that it sends; a reader may choose another one on it.
    """
    return f'document.documentElement.lang = "{language}"'


def language_scripts() -> tuple[str, ...]:
    """Return the scripts that `language_script` makes: the server allows them by their hash."""
    return tuple(map(language_script, LANGUAGES))


@cache
def page_css() -> str:
    """Return the CSS of our own elements; colours follow the theme that the reader sees."""
    colours = "".join(f"--tz-{name}:light-dark({a},{b});" for name, (a, b) in COLOURS.items())
    rules = files("tamiz.web").joinpath("page.css").read_text(encoding="utf-8")
    return f".stApp{{{colours}}}\n{rules}"


def mark_svg() -> str:
    """Return the mark that browsers show beside the page's name; nobody else is asked for it."""
    accent = COLOURS["accent"][1]
    squares = "".join(
        f'<rect x="{x}" y="{y}" width="14" height="14" rx="3" fill="{fill}"/>'
        for x, y, fill in (
            (0, 0, "#8a93a0"),
            (18, 0, "#8a93a0"),
            (0, 18, "#8a93a0"),
            (18, 18, accent),
        )
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">{squares}</svg>'


def theme_settings() -> dict[str, Any]:
    """Return Streamlit's settings of both themes; the reader's system chooses."""
    made: dict[str, Any] = {
        "theme.baseRadius": "10px",
        "theme.buttonRadius": "9px",
        "theme.showWidgetBorder": True,
        "theme.font": "sans-serif",
        "theme.baseFontSize": 16,
    }
    for position, theme in enumerate(("light", "dark")):
        tone = {name: pair[position] for name, pair in COLOURS.items()}
        settings = {
            "primaryColor": tone["accent"],
            "backgroundColor": tone["page"],
            "secondaryBackgroundColor": tone["sunken"],
            "textColor": tone["ink"],
            "linkColor": tone["accent"],
            "borderColor": tone["line"],
            "redColor": tone["stop"],
        }
        made |= {f"theme.{theme}.{name}": value for name, value in settings.items()}
    return made
