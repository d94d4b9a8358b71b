"""A first look at every strip of a page by the recogniser in eight bits; what it is not sure of is read as ever.

The file is made once, in the user's cache, from the embedded model (`quantise`), and used only where the processor
multiplies bytes without losing any: elsewhere products would overflow, or take longer. Crops are its only
where a caller asks for a glance at them: a second look at a doubtful cell is the full recogniser's.
"""

from __future__ import annotations

import hashlib
import math
import platform
import sys
import tempfile
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ocr.characters import is_ideograph
from ocr.engines import models, quantise
from ocr.engines.ctc import LEAST_ALTERNATIVE, Alphabet, Decoded, Symbol, decode_logits
from ocr.engines.networks import Network, Tensor, open_session
from ocr.errors import ModelMissing
from ocr.values import Pixels

SURE = 0.98
"""Confidence of a strip, of its least sure character, from which this reading is taken."""
SURE_OF_IDEOGRAPH = 0.95
"""The same for an ideograph that nothing but other ideographs may be: 垫 beside 墊 in a line of forty characters. Of 120 strips of
9,534 that are taken for this alone (samples, running text, printed pages), the full reader said something else of none; what may
lose or change a figure, a numeral too, has to be surer."""
SHIFT = 1.0
"""By so much more are the full recogniser's log odds of a character: at equal ranks among 31,306 characters of strips that both
read the same (dense and signs, seed 61; the pages of `training.ranges` are others) the median of the difference is 1.02. Bytes
blur what is sure: unstated, fewer figures would be given the confidence that they have earned."""
_MOST = 1.0 - 1e-6
_VERSION = 1
_BYTE_PRODUCTS = {"avx512_vnni", "avx_vnni", "asimddp"}
"""As /proc/cpuinfo calls them: instructions that multiply bytes and add the products in 32 bits."""


@dataclass(frozen=True, slots=True, eq=False)
class QuickReader:
    """network: gives logits. alphabet, n_alternatives: as the full recogniser's."""

    network: Network
    alphabet: Alphabet
    n_alternatives: int

    def read(self, strips: Sequence[Pixels], keep: bool = False) -> list[Decoded | None]:
        """One for each strip, all of one width; None where it is not sure. keep: as `Network.run`. Raises what ONNX Runtime raises."""
        read = (decode_logits(logits, self.alphabet, self.n_alternatives) for logits in self.network(strips, keep))
        return [restated(decoded) if is_sure(decoded) else None for decoded in read]


def is_sure(decoded: Decoded) -> bool:
    """Whether a reading in eight bits may be taken for that of the full recogniser."""
    if decoded.confidence >= SURE:
        return True
    return bool(decoded.symbols) and all(s.confidence >= SURE or _is_sure_ideograph(s) for s in decoded.symbols)


def _is_sure_ideograph(symbol: Symbol) -> bool:
    """Whether it is an ideograph for sure, this one as good as sure, and nothing is left out beside it."""
    if symbol.confidence < SURE_OF_IDEOGRAPH or not _is_word_character(symbol.text):
        return False
    others = sum(probability for text, probability in symbol.alternatives if _is_word_character(text))
    return symbol.confidence + others >= SURE and all(
        probability <= 1.0 - SURE for text, probability in symbol.alternatives if not _is_word_character(text)
    )


def _is_word_character(text: str) -> bool:
    """Whether this is one ideograph, and no numeral."""
    return is_ideograph(text) and unicodedata.numeric(text, None) is None


def restated(decoded: Decoded) -> Decoded:
    """The same with confidences as the full recogniser would have given them, alternatives in proportion."""
    return replace(decoded, symbols=tuple(map(_restated, decoded.symbols)))


def _restated(symbol: Symbol) -> Symbol:
    doubt = 1.0 - min(symbol.confidence, _MOST)
    less = 1.0 / (doubt + math.exp(SHIFT) * (1.0 - doubt))
    alternatives = tuple((text, probability * less) for text, probability in symbol.alternatives)
    likely = tuple(pair for pair in alternatives if pair[1] >= LEAST_ALTERNATIVE)
    return replace(symbol, confidence=1.0 - doubt * less, alternatives=likely)


def open_quick(source: Path, table: Tensor, alphabet: Alphabet, n_alternatives: int) -> QuickReader | None:
    """The quick reader for this model file; None for another model or processor. Raises ModelMissing when it cannot be made."""
    if not multiplies_bytes() or models.file_digest(source) != quantise.SOURCE:
        return None
    session = open_session(str(_built(source, models.cache_folder())))
    return QuickReader(Network(session, table), alphabet, n_alternatives)


def fingerprint() -> str:
    """Changes when its readings may."""
    return f"{_VERSION} {SURE} {SURE_OF_IDEOGRAPH} {SHIFT} {models.file_digest(quantise.RANGES)}"


def multiplies_bytes(cpuinfo: Path = Path("/proc/cpuinfo")) -> bool:
    """Whether this processor has instructions for products of bytes, summed in 32 bits."""
    if sys.platform == "darwin":
        return platform.machine() == "arm64"
    try:
        lines = cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return False
    flags = next((line for line in lines if line.lower().startswith(("flags", "features"))), "")
    return not _BYTE_PRODUCTS.isdisjoint(flags.split())


def _built(source: Path, cache: Path) -> Path:
    """The file in the cache, made when it is not there; two processes may do so at once."""
    made_of = f"{_VERSION} {quantise.SOURCE} {models.file_digest(quantise.RANGES)}"
    key = hashlib.sha256(made_of.encode()).hexdigest()[:16]
    target = cache / f"quick-{key}.onnx"
    if target.is_file():
        return target
    try:
        made = quantise.quantised(source)
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=cache, prefix=".quick-", delete=False) as draft:
            draft.write(made)
        return Path(draft.name).replace(target)
    except OSError as error:
        raise ModelMissing(
            f"the model file {target} cannot be written: {error.strerror}",
            remedy="Make it writable, or set XDG_CACHE_HOME to a folder that is.",
        ) from error
    except ImportError as error:
        raise ModelMissing(
            f"the recogniser in eight bits cannot be made: {error}",
            remedy="Install scanledger with its dependencies again, or set quick = false.",
        ) from error
