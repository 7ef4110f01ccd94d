"""A network as a program of ATen operators, by torch.export."""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from collections.abc import Iterator
from typing import Final

import torch
from torch import nn
from torch.export import Dim, ExportedProgram

from tamiz.core.errors import WrongUse
from tamiz.models.nets.heads import NearestHead

_BATCH: Final = 2  # of the example; 1 would be taken for a fixed size


def program_of(module: nn.Module, sizes: tuple[int, int, int], where: str) -> ExportedProgram:
    """Return the program of a network; any number of rows may go in.

    Args:
        module: reads uint8 batches; is changed, and gives the same answers.
        sizes: of a row, without the batch.
        where: what was asked for, for the error.

    Raises:
        WrongUse: the network does something that is no operator of torch (a classical model,
            descriptors computed by NumPy), or that depends on values.
    """
    # Weights in any other order than the usual one are no whole blocks of their files.
    module = module.to(memory_format=torch.contiguous_format)
    example = torch.zeros((_BATCH, *sizes), dtype=torch.uint8)
    _settle(module)
    try:
        with torch.no_grad(), _silent(), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on how torch itself is made
            made: ExportedProgram = torch.export.export(
                module, (example,), dynamic_shapes=({0: Dim.DYNAMIC},)
            )
            # Without decompositions: 'linear' and 'conv2d' say more than what they consist of.
            made = made.run_decompositions({})
    except Exception as error:  # torch names no class for what it cannot trace
        reason = " ".join(str(error).split())[:160] or type(error).__name__
        raise WrongUse.of("forms.no_program", where=where, reason=reason) from error
    made.example_inputs = None  # the only thing that torch would write as a pickle
    return made


def _settle(module: nn.Module) -> None:
    """Replace by plain numbers what a network holds as tensors and decides by.

    A program cannot choose its way by values: how many neighbours vote, and how, is fixed.
    """
    for part in module.modules():
        if isinstance(part, NearestHead):
            part.nearest(torch.zeros(1, part.n_features), 1)  # it keeps its rows as float32
            for name in ("n_nearest", "is_multi_label"):
                value = getattr(part, name).item()
                delattr(part, name)
                setattr(part, name, value)


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """Keep torch from printing whole programs when it gives up; the error says it in a line."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        logging.disable(before)
