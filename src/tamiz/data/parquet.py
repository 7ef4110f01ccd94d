"""Tables on disk: Parquet, whole or absent, damage told in one line."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from tamiz.core.errors import WrongData
from tamiz.core.files import write_bytes


def write_table(table: pl.DataFrame, path: Path, metadata: Mapping[str, str] | None = None) -> None:
    """Write as Parquet; `metadata` travels in the file."""
    opened = io.BytesIO()
    table.write_parquet(opened, metadata=dict(metadata or {}))
    write_bytes(path, opened.getvalue())


def read_table(path: Path) -> tuple[pl.DataFrame, dict[str, str]]:
    """Return the table and its metadata.

    Raises:
        WrongData: the file is missing or damaged.
    """
    try:
        return pl.read_parquet(path), pl.read_parquet_metadata(path)
    except FileNotFoundError as error:
        raise WrongData.of("errors.not_found", where=path) from error
    except (pl.exceptions.PolarsError, OSError) as error:
        raise WrongData.of("errors.broken_file", where=path, reason=str(error)) from error
