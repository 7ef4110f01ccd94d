"""SmallNet: one small convolutional network for small images (side 8 to 96 px)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor, nn

from tamiz.models.registry import InputShape

if TYPE_CHECKING:
    from tamiz.models.small import SmallOptions


def conv_block(
    n_in: int, n_out: int, kernel: int = 3, stride: int = 1, *, pools: bool = False
) -> nn.Sequential:
    """Return convolution, optional 2x2 max pool, batch norm, ReLU.

    Pooling before norm and activation saves three quarters of their work.
    """
    padding = 1 if stride == 1 else stride // 2
    return nn.Sequential(
        nn.Conv2d(n_in, n_out, kernel, stride, padding, bias=False),
        nn.MaxPool2d(2) if pools else nn.Identity(),
        nn.BatchNorm2d(n_out),
        nn.ReLU(inplace=True),
    )


class Residual(nn.Module):
    """Two convolution blocks beside a shortcut."""

    def __init__(self, n_in: int, n_out: int) -> None:
        super().__init__()
        self.body = nn.Sequential(conv_block(n_in, n_out), conv_block(n_out, n_out))

    def forward(self, features: Tensor) -> Tensor:
        """Return features plus what the blocks make of them."""
        made: Tensor = features + self.body(features)
        return made


class SmallNet(nn.Module):
    """Stem, one stage per width (3x3 conv + pool, then `depth` more), global max, dense.

    What `depth` adds is a 3x3 convolution, or with `residual` a pair of them beside a shortcut.

    The stem's stride is 1 below 16 px, 2 below 48 px and 4 from there on; a stage pools while the
    map is larger than 4 px.
    """

    def __init__(self, shape: InputShape, options: SmallOptions) -> None:
        super().__init__()
        widths = options.widths
        stride = 1 if shape.side_px < 16 else 2 if shape.side_px < 48 else 4
        kernel = 3 if stride == 1 else 2 * stride
        layers: list[nn.Module] = [conv_block(shape.n_channels, widths[0], kernel, stride)]
        side, last = shape.side_px // stride, widths[0]
        for position, width in enumerate(widths):
            if position:
                pools = side > 4
                layers.append(conv_block(last, width, pools=pools))
                side, last = side // 2 if pools else side, width
            more = Residual if options.residual else conv_block
            layers += [more(width, width) for _ in range(options.depth)]
        self.features = nn.Sequential(*layers)
        self.dropout = nn.Dropout(options.dropout)
        self.head = nn.Linear(last, shape.n_classes)

    def forward(self, images: Tensor) -> Tensor:
        """Return (batch, classes) scores."""
        pooled = self.features(images).amax((2, 3))
        scores: Tensor = self.head(self.dropout(pooled))
        return scores
