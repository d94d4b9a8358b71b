"""The two networks, and what they are given. Each is small in its own way, so that they are not fooled by the same thing."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from training.texts import ALPHABET, OTHER

CHARACTERS = ("", *ALPHABET, OTHER)
"""By class; the blank first."""


def _block(
    n_in: int, n_out: int, kernel: tuple[int, int], stride: tuple[int, int] = (1, 1), pad: bool = True
) -> nn.Sequential:
    rows = kernel[0] // 2 if pad else 0
    return nn.Sequential(
        nn.Conv2d(n_in, n_out, kernel, stride, (rows, kernel[1] // 2), bias=False),
        nn.BatchNorm2d(n_out),
        nn.ReLU(inplace=True),
    )


class FigureNetwork(nn.Module):
    """(N, 1, 32, W) of ink, about 0 for paper and 1 for ink -> (N, W / 4, classes) logits. kind: 'a' or 'b'."""

    def __init__(self, kind: str) -> None:
        super().__init__()
        n = len(CHARACTERS)
        if kind == "a":
            self.body = nn.Sequential(
                _block(1, 16, (3, 3), (2, 2)), _block(16, 32, (3, 3)), _block(32, 48, (3, 3), (2, 2)), _block(48, 64, (3, 3)),
                _block(64, 80, (3, 3), (2, 1)), _block(80, 112, (4, 3), pad=False), _block(112, 112, (1, 5)), nn.Dropout(0.05), nn.Conv2d(112, n, 1),
            )  # fmt: skip
        else:
            self.body = nn.Sequential(
                _block(1, 24, (5, 5), (2, 2)), _block(24, 48, (3, 5), (2, 2)), _block(48, 64, (3, 3), (2, 1)), _block(64, 112, (4, 3), pad=False),
                _block(112, 112, (1, 3)), _block(112, 96, (1, 5)), nn.Dropout(0.05), nn.Conv2d(96, n, 1),
            )  # fmt: skip

    def forward(self, x: Tensor) -> Tensor:
        return self.body(x).squeeze(2).transpose(1, 2)


class Exported(nn.Module):
    """With probabilities at its end, as the engine runs it."""

    def __init__(self, network: FigureNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor) -> Tensor:
        return torch.softmax(self.network(x), dim=2)
