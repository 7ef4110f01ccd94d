"""Tables on disk: Parquet, whole or absent, damage told in one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import polars as pl

from tamiz.core.errors import WrongData
from tamiz.core.files import replacing

_OF_ARROW: Final = "ARROW:schema"  # written anew with each file


def write_table(table: pl.DataFrame, path: Path, metadata: Mapping[str, str] | None = None) -> None:
    """Write as Parquet; `metadata` travels in the file."""
    with replacing(path) as part:
        table.write_parquet(part, metadata=dict(metadata or {}))


def change_columns(path: Path, columns: pl.DataFrame) -> None:
    """Replace or add columns of the table at `path`; the rest goes from file to file."""
    old = pl.scan_parquet(path)
    names = old.collect_schema().names()
    names += [name for name in columns.columns if name not in names]
    metadata = {k: v for k, v in pl.read_parquet_metadata(path).items() if k != _OF_ARROW}
    kept = old.select([name for name in names if name not in columns.columns])
    changed = pl.concat([kept, columns.lazy()], how="horizontal").select(names)
    with replacing(path) as part:
        changed.sink_parquet(part, metadata=metadata, mkdir=False)


def read_table(
    path: Path, columns: Sequence[str] | None = None
) -> tuple[pl.DataFrame, dict[str, str]]:
    """Return the table and its metadata; of `columns` (None: all) those that it has.

    Raises:
        WrongData: the file is missing or damaged.
    """
    try:
        wanted = None
        if columns is not None:
            wanted = [name for name in pl.read_parquet_schema(path) if name in columns]
        return pl.read_parquet(path, columns=wanted), pl.read_parquet_metadata(path)
    except FileNotFoundError as error:
        raise WrongData.of("errors.not_found", where=path) from error
    except (pl.exceptions.PolarsError, OSError) as error:
        raise WrongData.of("errors.broken_file", where=path, reason=str(error)) from error
