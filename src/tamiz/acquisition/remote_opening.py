"""Opening what a URL names, and its faults in the user's words: no extra, no right, no answer."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Protocol

from tamiz.core.errors import (
    MachineTrouble,
    MissingDependency,
    TamizError,
    WrongUse,
)
from tamiz.core.language import say
from tamiz.core.optional import require
from tamiz.core.urls import WEB, given_url, plain_url, shown

_S3: Final = frozenset({"s3", "s3a"})
# The packages that fsspec needs for a scheme, beyond those of the extra `remote`.
_PACKAGES: Final = {
    "gs": "gcsfs",
    "gcs": "gcsfs",
    "az": "adlfs",
    "abfs": "adlfs",
    "abfss": "adlfs",
    "wasb": "adlfs",
    "oss": "ossfs",
    "oci": "ocifs",
    "sftp": "paramiko",
    "ssh": "paramiko",
    "smb": "smbprotocol",
    "webdav": "webdav4",
    "hdfs": "pyarrow",
    "hf": "huggingface_hub",
    "box": "boxfs",
    "dropbox": "dropboxdrivefs",
    "gdrive": "gdrivefs",
}
_VARIABLES: Final = {
    "s3": "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY | AWS_PROFILE | FSSPEC_S3_ANON=true",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS | FSSPEC_GS_TOKEN=anon",
    "az": "AZURE_STORAGE_ACCOUNT_NAME, AZURE_STORAGE_ACCOUNT_KEY | AZURE_STORAGE_SAS_TOKEN",
    "hf": "HF_TOKEN",
}
_FAMILY: Final = {"s3a": "s3", "gcs": "gs", "abfs": "az", "abfss": "az", "wasb": "az"}
_REFUSED: Final = frozenset({"PermissionError", "Unauthorized", "Forbidden", "HttpError403"})
_WITHOUT: Final = frozenset(
    {
        "NoCredentialsError",
        "PartialCredentialsError",
        "DefaultCredentialsError",
        "ProfileNotFound",
        "TokenRetrievalError",
        "UnauthorizedSSOTokenError",
    }
)
_NO_ANSWER: Final = frozenset(
    {
        "EndpointConnectionError",
        "ConnectTimeoutError",
        "ClientConnectorError",
        "ClientConnectorDNSError",
        "ConnectionRefusedError",
        "gaierror",
        "ServerTimeoutError",
    }
)
# Faults that may be gone a moment later.
_PASSING: Final = _NO_ANSWER | {
    "ConnectionError",
    "ConnectionResetError",
    "ConnectionClosedError",
    "BrokenPipeError",
    "TimeoutError",
    "ReadTimeoutError",
    "FSTimeoutError",
    "ClientPayloadError",
    "ServerDisconnectedError",
    "IncompleteReadError",
    "ResponseStreamingError",
    "HTTPClientError",
}
_CLIENT_STATUS: Final = range(400, 500)
_SERVER_STATUS: Final = range(500, 600)
_UNAUTHORISED: Final = frozenset({401, 403, 407})


class ServerTrouble(Exception):
    """Whatever a file system of fsspec raises; `cause` is what it was."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


@contextmanager
def asking() -> Iterator[None]:
    """Turn whatever a server's library raises inside into `ServerTrouble`.

    One of the few places where a broad `except` is allowed: each of the libraries has some dozens
    of exceptions of its own, and none of them is imported here.
    """
    try:
        yield
    except Exception as error:
        raise ServerTrouble(error) from error


class FileSystem(Protocol):
    """What is asked of fsspec's file systems."""

    def info(self, path: str, /) -> dict[str, Any]:
        """Return what is known of a file or a folder."""
        ...

    def ls(self, path: str, /, detail: bool = True) -> list[dict[str, Any]]:  # noqa: FBT001, FBT002
        """Return what lies directly in a folder."""
        ...

    def cat_file(self, path: str, /, start: int | None = None, end: int | None = None) -> bytes:
        """Return a file's bytes, or some of them."""
        ...

    def get_file(self, rpath: str, lpath: str, /) -> None:
        """Write a file to the local disk."""
        ...


def opened(url: str) -> tuple[FileSystem, str]:
    """Return the file system that a URL speaks of, and the path in it.

    Options come from fsspec's configuration and the environment; a password may be in the URL.

    Raises:
        WrongUse: the scheme is unknown, or fsspec or its package for this scheme is missing.
        MachineTrouble: it cannot be opened.
    """
    scheme = url.partition("://")[0]
    require("fsspec", extra="remote", why=say("remote.why", url=url))
    from fsspec.core import url_to_fs
    from fsspec.registry import known_implementations, registry

    if "::" in url or (scheme not in known_implementations and scheme not in registry):
        raise WrongUse.of("remote.unknown_scheme", where=url, scheme=scheme)
    address, options = _with_options(scheme, given_url(url))
    # s3fs and its library log refusals with all they know; the error says it in one line
    for name in ("s3fs", "aiobotocore", "fsspec"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        with asking():
            system, path = url_to_fs(address, use_listings_cache=False, **options)
    except ServerTrouble as error:
        if isinstance(error.cause, ImportError):
            raise _missing(url, scheme) from error
        raise in_words(error, url) from None
    return system, path


def in_words(error: BaseException, url: str) -> TamizError:
    """Return what went wrong with a URL as one line: absent, refused, no answer, or another."""
    error = error.cause if isinstance(error, ServerTrouble) else error
    url = plain_url(url)
    scheme = url.partition("://")[0]
    names = {type(one).__name__ for one in _chain(error)}
    status = _status(error)
    if names & _WITHOUT:
        return WrongUse.of("remote.no_credentials", where=url, variables=variables_of(scheme))
    if names & _REFUSED or status in _UNAUTHORISED:
        return WrongUse.of("remote.refused", where=url, variables=variables_of(scheme))
    if names & _NO_ANSWER:
        return MachineTrouble.of("remote.unreachable", where=url, host=_host(scheme, url))
    if isinstance(error, FileNotFoundError) or status in _CLIENT_STATUS:
        return WrongUse.of("remote.absent", where=url)
    reason = shown(" ".join(str(error).split()))[:200] or type(error).__name__
    return MachineTrouble.of("remote.failed", where=url, reason=reason)


def is_passing(error: BaseException) -> bool:
    """Return whether the same request may succeed a moment later."""
    names = {type(one).__name__ for one in _chain(error)}
    return bool(names & _PASSING) or _status(error) in _SERVER_STATUS


def is_absent(error: BaseException) -> bool:
    """Return whether the object is not there (any more)."""
    error = error.cause if isinstance(error, ServerTrouble) else error
    if not isinstance(error, FileNotFoundError):
        return False
    names = {type(one).__name__ for one in _chain(error)}
    status = _status(error)
    return not names & _PASSING and status not in _UNAUTHORISED and status not in _SERVER_STATUS


def variables_of(scheme: str) -> str:
    """Return the environment variables that give access to URLs of this scheme."""
    family = _FAMILY.get(scheme, scheme)
    if family in WEB:
        return f"{scheme}://USER:PASSWORD@..."
    return _VARIABLES.get(family, f"FSSPEC_{family.upper()}_...")


def _with_options(scheme: str, url: str) -> tuple[str, dict[str, str]]:
    """Return the URL for fsspec; the key and secret that an S3 URL holds become options."""
    host, slash, path = url.partition("://")[2].partition("/")
    user, at, bucket = host.rpartition("@")
    if scheme not in _S3 or not at:
        return url, {}
    key, _, secret = user.partition(":")
    return f"{scheme}://{bucket}{slash}{path}", {"key": key, "secret": secret}


def _missing(url: str, scheme: str) -> MissingDependency:
    package = _PACKAGES.get(scheme)
    if package is not None:
        return MissingDependency.of(
            "remote.missing_package", where=url, package=package, scheme=scheme
        )
    name = "s3fs" if scheme in _S3 else "aiohttp" if scheme in WEB else scheme
    why = say("remote.why", url=url)
    return MissingDependency.of("errors.missing_package", package=name, extra="remote", why=why)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what it came from."""
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or one.__context__


def _status(error: BaseException) -> int:
    """Return the HTTP status that an error came from; 0 where none is known."""
    for one in _chain(error):
        status = getattr(one, "status", None)
        if isinstance(status, int):
            return status
        response = getattr(one, "response", None)
        if isinstance(response, dict):
            code = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
            if isinstance(code, int):
                return code
    return 0


def _host(scheme: str, url: str) -> str:
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    if scheme in _S3:
        return shown(endpoint) if endpoint else "AWS"
    return url.partition("://")[2].partition("/")[0]
