"""``python -m training.export DIR``: a.pt and b.pt of training.train -> ocr/engines/figures_a.onnx, _b.onnx, and their digests."""

from __future__ import annotations

import argparse
import hashlib
import warnings
from pathlib import Path

import onnx
import torch

from training.network import CHARACTERS, Exported, FigureNetwork

TARGET = Path(__file__).parents[1] / "ocr" / "engines"


def export(kind: str, weights: Path, target: Path) -> None:
    """weights: what training.train wrote."""
    network = FigureNetwork(kind)
    network.load_state_dict(torch.load(weights, weights_only=True))
    network.eval()
    axes = {"ink": {0: "strips", 3: "columns"}, "probabilities": {0: "strips", 1: "steps"}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Exported(network), (torch.zeros(2, 1, 32, 96),), str(target), dynamo=False, opset_version=17,
            input_names=["ink"], output_names=["probabilities"], dynamic_axes=axes,
        )  # fmt: skip
    model = onnx.load(str(target))
    onnx.helper.set_model_props(model, {"characters": "\n".join(CHARACTERS)})
    onnx.save(model, str(target))
    print(target.name, target.stat().st_size, hashlib.sha256(target.read_bytes()).hexdigest())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=TARGET)
    given = parser.parse_args()
    for kind in ("a", "b"):
        export(kind, given.folder / f"{kind}.pt", given.out / f"figures_{kind}.onnx")


if __name__ == "__main__":
    main()
