"""Sources by URL: what is one, what may be written of it, and where its files lie on this machine.

A URL and its place in the user's cache follow from each other, without a look at either:
's3://bucket/a.png' lies at '<cache>/sources-by-url/s3:/bucket/a.png'. So a run can be taken up on
another machine, and two runs on parts of one bucket share their files. Nothing here asks the
network; `acquisition.remote` brings the files.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from tamiz.core.cache import cache_folder

FOLDER: Final = "sources-by-url"
ANY_URL: Final = (
    "url:"  # what the folder of all URLs is called: the root of rows from several places
)
WEB: Final = frozenset({"http", "https"})

_URL: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]+):(/+)(.*)", re.DOTALL)
_BARE: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]+):")
_IN_WORDS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]+:/{1,2}[^\s'\"<>]+")
_PLACE: Final = re.compile(rf".*?/{FOLDER}/([a-z][a-z0-9+.\-]+):(?:/+(.*))?", re.DOTALL)
_ON_THIS_MACHINE: Final = frozenset({"file", "local"})
_WITH_USER: Final = frozenset({"ftp", "sftp", "ssh", "smb", "webdav"})  # the user is no secret
_WITH_CONTAINER: Final = frozenset({"abfs", "abfss", "wasb", "wasbs"})  # 'container@account'
_SECRET: Final = re.compile(
    r"tok|sig|secret|pass|pwd|auth|cred|key|session|jwt|bearer|access|security|policy|^x-|"
    r"^(se|sp|sv|sr|st|spr|skoid|sktid|skt|ske|sks|skv|code|state|expires?)$",
    re.IGNORECASE,
)
_LONGEST_PLAIN: Final = 24  # a longer value is more likely a token than a name

# What this process was told and never writes down: the URL as it may be shown -> as it was given.
_given: dict[str, str] = {}


def is_url(source: object) -> bool:
    """Return whether `source` names something on another machine ('s3://bucket/photos').

    'file:///photos' is a path. A `Path` made of a URL has lost a slash ('s3:/bucket'); it is still
    taken for one, unless a file of that name is there.
    """
    words = str(source)
    found = _URL.fullmatch(words)
    if found is None or found[1].lower() in _ON_THIS_MACHINE:
        return False
    return len(found[2]) > 1 or not os.path.lexists(words)


def with_strokes(source: Path | str) -> Path | str:
    """Return 's3://' for the 's3:' that is left of it as a `Path`; anything else as it is."""
    found = _BARE.fullmatch(str(source))
    if found is None or found[1].lower() in _ON_THIS_MACHINE or os.path.lexists(source):
        return source
    return f"{found[1]}://"


def plain_url(source: object) -> str:
    """Return a URL without passwords and tokens, as it may be written down.

    What is taken away is remembered for this process alone (`given_url`).
    """
    found = _URL.fullmatch(str(source))
    if found is None:
        return str(source)
    scheme, rest = found[1].lower(), found[3]
    plain = f"{scheme}://{_without_secrets(scheme, rest)}"
    given = f"{scheme}://{rest}"
    if given != plain:
        _given[plain] = given
    return plain


def given_url(url: str) -> str:
    """Return the URL with the password or token that this process was given for it."""
    known = [plain for plain in _given if url == plain or url.startswith(plain.rstrip("/") + "/")]
    if not known:
        return url
    nearest = max(known, key=len)
    return _given[nearest].rstrip("/") + url[len(nearest.rstrip("/")) :]


def on_disk(source: Path | str) -> Path:
    """Return where a source lies on this machine, whether it has been brought here or not."""
    words = str(source)
    found = _URL.fullmatch(words)
    if found is not None and found[1].lower() in _ON_THIS_MACHINE and not os.path.lexists(words):
        path = "/" + found[3].removeprefix("localhost/").lstrip("/")
        return Path(path if os.path.lexists(path) else unquote(path))
    if words == ANY_URL:
        return top_of_urls()
    if not is_url(words):
        return Path(source)
    scheme, _, rest = plain_url(words).partition("://")
    return top_of_urls() / f"{scheme}:" / rest.strip("/")


def top_of_urls() -> Path:
    """Return the folder below which all that came by URL lies."""
    return Path(os.path.abspath(cache_folder())) / FOLDER  # noqa: PTH100 - links stay


def is_mirrored(place: object) -> bool:
    """Return whether a path is the place of a URL, here or on another machine."""
    words = str(place)
    if f"/{FOLDER}" not in words:
        return False
    return words.endswith(f"/{FOLDER}") or _PLACE.fullmatch(words) is not None


def name_of(place: object) -> str:
    """Return what a place is called: the URL whose place it is, or the path itself."""
    words = str(place)
    if is_url(words):  # perhaps with a password, or a stroke less
        return plain_url(words)
    if words.endswith(f"/{FOLDER}"):
        return ANY_URL
    found = _PLACE.fullmatch(words) if f"/{FOLDER}/" in words else None
    return words if found is None else f"{found[1]}://{found[2] or ''}"


def at_home(place: Path) -> Path:
    """Return a place in this machine's cache for one that was made on another machine."""
    return on_disk(name_of(place)) if is_mirrored(place) else place


def shown(words: str) -> str:
    """Return text as it may be shown: URLs in place of their places, and no password in them."""
    if ":/" not in words:
        return words
    top = re.escape(str(top_of_urls()))
    words = re.sub(rf"{top}/([a-z][a-z0-9+.\-]+):/+", r"\1://", words)
    return _IN_WORDS.sub(_shown_url, words)


def _shown_url(found: re.Match[str]) -> str:
    words = found[0]
    return plain_url(words) if "@" in words or "?" in words or "#" in words else words


def _without_secrets(scheme: str, rest: str) -> str:
    host, slash, path = rest.partition("/")
    user, at, host_alone = host.rpartition("@")
    if at and scheme in _WITH_USER:
        host = f"{user.partition(':')[0]}@{host_alone}"
    elif at and not (scheme in _WITH_CONTAINER and ":" not in user):
        host = host_alone
    if scheme in WEB:  # elsewhere '?' and '#' are letters of a name
        path = path.partition("#")[0]
        path, mark, query = path.partition("?")
        kept = "&".join(one for one in query.split("&") if one and not _is_secret(one))
        path += mark + kept if kept else ""
    return f"{host}{slash}{path}"


def _is_secret(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    return bool(_SECRET.search(unquote(name))) or len(unquote(value)) > _LONGEST_PLAIN
