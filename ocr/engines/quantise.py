"""The recogniser in eight bits, made from the user's own model file: a third of its arithmetic, for a first look.

Convolutions multiply bytes (ONNX Runtime's static quantisation, weights by channel; Jacob et al. 2018, "Quantization and
Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference"). What a tensor can hold was measured once
(`training.ranges`) and is kept in `recogniser_ranges.json`; nothing of the model itself is. The last product, one row of
18,710 sums a time step, is in bytes too, and gives these sums (logits) instead of probabilities: most rows say that
there is nothing, and no more need be known of them.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

RANGES = Path(__file__).with_name("recogniser_ranges.json")
"""By name of tensor its least and greatest value, as `quantize_static` keeps them, the features' too."""
SOURCE = "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884"
"""SHA-256 of the only model file these ranges were measured with."""
INPUT, OUTPUT = "x", "logits"
_OPSET = 17
_BYTE, _SIGNED = 255, 127


def quantised(source: Path, ranges: Path = RANGES) -> bytes:
    """The model file in eight bits: the same input, logits (N, T, C) as its only output.

    source: a recogniser that ends in product, sum and softmax, as PaddleOCR's do. Raises ImportError without the package
    onnx, and ValueError, KeyError or what ONNX Runtime raises for a model of another build.
    """
    onnx = _onnx()
    with tempfile.TemporaryDirectory() as folder:
        trunk, small = Path(folder) / "trunk.onnx", Path(folder) / "small.onnx"
        weights, bias = write_trunk(source, trunk)
        write_small(trunk, small, ranges)
        model = onnx.load(small)
    least, greatest = features_range(ranges)
    _append_head(model, weights, bias, least, greatest)
    return bytes(model.SerializeToString())


def write_trunk(source: Path, target: Path) -> tuple[Any, Any]:
    """Writes the network up to its features (N, T, K), what can be fused fused. Gives the last product's weights, (K, C), and bias, (C,)."""
    from onnxruntime.quantization import quant_pre_process
    from onnxruntime.quantization.fusions import FusionGelu
    from onnxruntime.quantization.onnx_model import ONNXModel

    onnx = _onnx()
    model = onnx.version_converter.convert_version(onnx.load(source), _OPSET)
    weights, bias = _cut_head(model)
    whole = target.with_name("whole.onnx")
    onnx.save(model, whole)
    quant_pre_process(whole, target, skip_symbolic_shape=True)
    fused = ONNXModel(onnx.load(target))
    FusionGelu(fused).apply()
    fused.topological_sort()
    fused.model.opset_import.append(onnx.helper.make_opsetid("com.microsoft", 1))
    onnx.save(fused.model, target)
    return weights, bias


def write_small(trunk: Path, target: Path, ranges: Path, batches: Any = None) -> None:
    """Writes the trunk with its convolutions in bytes. batches: a calibration reader, of which the ranges are measured and written."""
    from onnxruntime.quantization import QuantFormat, QuantType, quantize_static

    quantize_static(
        trunk,
        target,
        batches,
        quant_format=QuantFormat.QDQ,
        op_types_to_quantize=["Conv"],
        per_channel=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        calibration_cache_path=ranges,
    )


def features_range(ranges: Path) -> tuple[float, float]:
    """The least and the greatest value of the features, of which the head makes bytes."""
    known = json.loads(ranges.read_text(encoding="utf-8"))["features"]
    return float(known[0]), float(known[1])


def _cut_head(model: Any) -> tuple[Any, Any]:
    """Takes product, sum and softmax off. Raises ValueError where the model does not end in them."""
    onnx = _onnx()
    graph = model.graph
    made_by = {output: node for node in graph.node for output in node.output}
    constants = {tensor.name: tensor for tensor in graph.initializer}
    last, tail = graph.output[0].name, []
    for kind in ("Softmax", "Add", "MatMul"):
        while made_by[last].op_type == "Identity":
            tail.append(made_by[last])
            last = made_by[last].input[0]
        node = made_by[last]
        if node.op_type != kind:
            raise ValueError(f"the recogniser ends in {node.op_type}, not in product, sum and softmax")
        tail.append(node)
        last = node.input[0]
    weights, bias = (onnx.numpy_helper.to_array(constants[node.input[1]]) for node in (tail[-1], _named(tail, "Add")))
    for node in tail:
        graph.node.remove(node)
    for name in (tail[-1].input[1], _named(tail, "Add").input[1]):
        graph.initializer.remove(constants[name])
    del graph.output[:]
    shape = ["n", "t", len(weights)]
    graph.output.append(onnx.helper.make_tensor_value_info(last, onnx.TensorProto.FLOAT, shape))
    return weights, bias


def _named(nodes: list[Any], kind: str) -> Any:
    return next(node for node in nodes if node.op_type == kind)


def _append_head(model: Any, weights: Any, bias: Any, least: float, greatest: float) -> None:
    """The last product in bytes: features by one scale, weights by a scale for each character."""
    onnx = _onnx()
    graph, features = model.graph, model.graph.output[0].name
    scale = np.float32((greatest - least) / _BYTE)
    by_character = (np.abs(weights).max(axis=0) / _SIGNED).astype(np.float32)
    constants = {
        "head.scale": scale,
        "head.zero": np.uint8(round(-least / float(scale))),
        "head.weights": np.rint(weights / by_character).astype(np.int8),
        "head.weights.scale": by_character,
        "head.weights.zero": np.zeros(len(by_character), np.int8),
        "head.bias": bias,
    }
    graph.initializer.extend(onnx.numpy_helper.from_array(np.asarray(a), name) for name, a in constants.items())
    product = ["head.bytes", "head.weights", "head.scale", "head.weights.scale"]
    product += ["head.zero", "head.weights.zero", "head.bias"]
    graph.node.extend(
        [
            onnx.helper.make_node("QuantizeLinear", [features, "head.scale", "head.zero"], ["head.bytes"]),
            onnx.helper.make_node("MatMulIntegerToFloat", product, [OUTPUT], domain="com.microsoft"),
        ]
    )
    del graph.output[:]
    shape = ["n", "t", len(bias)]
    graph.output.append(onnx.helper.make_tensor_value_info(OUTPUT, onnx.TensorProto.FLOAT, shape))


def _onnx() -> Any:
    import onnx
    import onnx.version_converter

    return onnx
