"""``python -m training.train --out DIR [--fonts DIR ...] [--strips DIR] [--minutes 25]``: trains both networks.

Writes a.pt and b.pt every few minutes. Needs torch, which the product does not; see training/README.md.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import time
from pathlib import Path

import torch
from torch import Tensor, nn

from training.faces import FALLBACKS, FONTS, font_files
from training.feed import produce, real_strips
from training.network import CHARACTERS, FigureNetwork

BATCH = 96
_CLASS = {text: index for index, text in enumerate(CHARACTERS)}


def loss_of(network: nn.Module, x: Tensor, labels: list[str]) -> Tensor:
    with torch.autocast("cpu", torch.bfloat16):
        logits = network(x)
    logs = logits.float().log_softmax(2).transpose(0, 1)
    lengths = torch.tensor([len(label) for label in labels])
    targets = torch.tensor([_CLASS[c] for label in labels for c in label])
    steps = torch.full((len(labels),), logs.shape[0])
    return nn.functional.ctc_loss(logs, targets, steps, lengths, zero_infinity=True)


class Trained:
    """One network with its optimiser and the moving mean of its weights, which is what is kept."""

    def __init__(self, kind: str, rate: float, start: Path | None) -> None:
        torch.manual_seed(ord(kind))
        self.kind, self.rate = kind, rate
        self.network = FigureNetwork(kind)
        if start is not None:
            self.network.load_state_dict(torch.load(start / f"{kind}.pt", weights_only=True))
        self.network = self.network.to(memory_format=torch.channels_last)
        self.optimiser = torch.optim.AdamW(self.network.parameters(), lr=rate, weight_decay=0.01)
        self.mean = torch.optim.swa_utils.AveragedModel(
            self.network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.998), use_buffers=True
        )

    def step(self, x: Tensor, labels: list[str], progress: float) -> float:
        for group in self.optimiser.param_groups:
            group["lr"] = (
                self.rate * min(1.0, progress * 50 + 0.02) * (0.5 + 0.5 * math.cos(math.pi * min(1.0, progress)))
            )
        loss = loss_of(self.network, x, labels)
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 2.0)
        self.optimiser.step()
        self.mean.update_parameters(self.network)
        return float(loss.detach())

    def save(self, folder: Path) -> None:
        torch.save(self.mean.module.state_dict(), folder / f"{self.kind}.pt")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--fonts", type=Path, nargs="*", default=[], help="more folders of font files")
    parser.add_argument("--strips", type=Path, help="what training.harvest wrote")
    parser.add_argument("--share", type=float, default=0.12, help="of real strips")
    parser.add_argument("--minutes", type=float, default=25.0)
    parser.add_argument("--rate", type=float, default=3e-3, help="of learning, at its highest")
    parser.add_argument("--start", type=Path, help="weights to go on from, instead of none")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    faces = font_files([FONTS, *given.fonts], held_out=False)
    real = real_strips(given.strips) if given.strips else []
    print(f"{len(faces)} faces, {len(real)} real strips", flush=True)
    context = multiprocessing.get_context("spawn")
    queue = context.Queue(maxsize=40)
    arguments = (BATCH, faces, FALLBACKS, real, given.share)
    makers = [context.Process(target=produce, args=(queue, given.seed, *arguments), daemon=True)]
    for maker in makers:
        maker.start()
    nets, begun, saved, n, losses = (
        [Trained("a", given.rate, given.start), Trained("b", given.rate, given.start)],
        time.monotonic(),
        0.0,
        0,
        [0.0, 0.0],
    )
    while (progress := (time.monotonic() - begun) / 60 / given.minutes) < 1:
        pixels, labels = queue.get()
        x = torch.from_numpy(pixels).float().contiguous(memory_format=torch.channels_last)
        which = 0 if n % 2 == 0 else 1
        losses[which] += 0.02 * (nets[which].step(x, labels, progress) - losses[which])
        n += 1
        if n % 500 == 0:
            print(
                f"{progress:.3f} {n * BATCH} strips, loss {losses[0]:.4f} {losses[1]:.4f}, waiting {queue.qsize()}",
                flush=True,
            )
        if time.monotonic() - saved > 120:
            saved = time.monotonic()
            for net in nets:
                net.save(given.out)
    for net in nets:
        net.save(given.out)


if __name__ == "__main__":
    main()
