"""The one page of the service: its calls, each with a command that can be copied; no script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from tamiz.core.language import LANGUAGES, current_language, say

_STYLE: Final = """
:root{color-scheme:light dark;--edge:#c8d0d0;--soft:#f2f6f6;--ink:#16302f;--tone:#00695c}
@media(prefers-color-scheme:dark){
:root{--edge:#3a4646;--soft:#1d2626;--ink:#e2ecec;--tone:#6fd6c6}}
*{box-sizing:border-box}
body{font:16px/1.55 system-ui,sans-serif;color:var(--ink);max-width:52rem;margin:0 auto}
body{padding:1rem}
h1{font-size:1.7rem;margin:.6rem 0 .2rem}h2{font-size:1.1rem;margin:0}
section{border:1px solid var(--edge);border-radius:.6rem;padding:1rem;margin:1rem 0}
h2 b{color:var(--tone);font-family:ui-monospace,monospace}
code,pre{font:.88rem/1.5 ui-monospace,monospace}
pre{background:var(--soft);padding:.7rem;border-radius:.4rem;overflow-x:auto}
a{color:var(--tone)}.notice{border-left:.3rem solid var(--tone);padding:.2rem .8rem}
table{border-collapse:collapse;width:100%}
td{padding:.2rem .8rem .2rem 0;vertical-align:top;border-top:1px solid var(--edge)}
td:first-child{white-space:nowrap}details{margin-top:.6rem}summary{cursor:pointer}
input,button{font:inherit;margin:.3rem .5rem .3rem 0;max-width:100%}
button{background:var(--tone);color:#fff;border:0;border-radius:.4rem;padding:.45rem 1rem}
@media(prefers-color-scheme:dark){button{color:#10201f}}
:focus-visible{outline:3px solid var(--tone);outline-offset:2px}
"""
_POLICY: Final = (
    "default-src 'none'; style-src 'sha256-{style}'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


class Page(NamedTuple):
    """A page, and the policy that it is shown under."""

    html: str
    policy: str


def page(document: Mapping[str, Any], base: str, *, can_try: bool) -> Page:
    """Return the page of an OpenAPI document.

    Args:
        document: in the language in use.
        base: of all addresses, as its reader has it.
        can_try: whether forms are shown that send files from the page.
    """
    style = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    words = "".join(_lines(document, base, can_try=can_try))
    return Page(words, _POLICY.format(style=style))


def _lines(document: Mapping[str, Any], base: str, *, can_try: bool) -> Iterator[str]:
    language = current_language()
    yield f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width,initial-scale=1">'
    yield f"<title>{escape(say('service.page_title'))}</title><style>{_STYLE}</style></head><body>"
    yield f"<header><nav>{_languages(language)}</nav>"
    yield f"<h1>{escape(say('service.page_title'))}</h1></header><main>"
    yield f"<p>{escape(say('service.about'))} "
    yield f'<a href="/openapi.json?language={language}">openapi.json</a></p>'
    yield f'<p class="notice">{escape(say("service.notice"))}</p>'
    for path, calls in document["paths"].items():
        for method, call in calls.items():
            yield from _call(base + path, method.upper(), call, can_try=can_try)
    yield "</main></body></html>"


def _languages(current: str) -> str:
    names = {"en": "English", "es": "Español"}
    made = [
        f"<b>{names[one]}</b>"
        if one == current
        else f'<a href="/?language={one}" hreflang="{one}" lang="{one}">{names[one]}</a>'
        for one in LANGUAGES
    ]
    return " · ".join(made)


def _call(url: str, method: str, call: Mapping[str, Any], *, can_try: bool) -> Iterator[str]:
    path = urlsplit(url).path
    yield f"<section><h2><b>{method}</b> <code>{escape(path)}</code></h2>"
    yield f"<p>{escape(call['summary'])}. {escape(call.get('description', ''))}</p>"
    yield f"<pre>{escape(_command(url, method, has_token='security' in call))}</pre>"
    if call.get("parameters"):
        yield "<table>"
        for one in call["parameters"]:
            yield f"<tr><td><code>{escape(one['name'])}</code></td>"
            yield f"<td>{escape(one['description'])}</td></tr>"
        yield "</table>"
    if can_try and method == "POST":
        yield from _form(path)
    yield f"<details><summary>{escape(say('service.page_statuses'))}</summary><table>"
    for status, answer in call["responses"].items():
        yield f"<tr><td><code>{status}</code></td><td>{escape(answer['description'])}</td></tr>"
    yield "</table></details></section>"


def _command(url: str, method: str, *, has_token: bool) -> str:
    token = ' -H "Authorization: Bearer $TAMIZ_TOKEN"' if has_token else ""
    file = " -F file=@photo.jpg" if method == "POST" else ""
    return f"curl{token}{file} {url}"


def _form(path: str) -> Iterator[str]:
    many = " multiple" if path == "/v1/predict" else ""
    action = path if many else f"{path}?as=png"
    name = "file" + action.replace("/", "-").partition("?")[0]
    yield f'<form method="post" action="{action}" enctype="multipart/form-data">'
    yield f'<label for="{name}">{escape(say("service.page_try"))}</label> '
    yield f'<input id="{name}" type="file" name="file" required{many}> '
    yield f"<button>{escape(say('service.page_send'))}</button></form>"
