"""Runs the peers in their own environment (.venv-peers), which is made on demand and never mixed with ours."""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

from bench.html_grid import tables_of_html, text_outside_tables
from flows.scoring.values import Reading

HERE = Path(__file__).parent
ROOT = HERE.parent
REQUIREMENTS = HERE / "peers.txt"
PEERS = {"pymupdf4llm 2.0": "peer_pymupdf4llm.py", "img2table 2.0 + RapidOCR": "peer_img2table.py"}


def peers_python(folder: Path = ROOT / ".venv-peers") -> Path:
    """The interpreter of the peers' environment, made now if it is not there or was made from another list."""
    python, stamp = folder / "bin" / "python", folder / "made-from.txt"
    wanted = REQUIREMENTS.read_text(encoding="utf-8")
    if not (python.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted):
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", "-r", str(REQUIREMENTS)], check=True)
        stamp.write_text(wanted, encoding="utf-8")
    return python


def read_with_peer(name: str, paths: tuple[Path, ...], python: Path) -> dict[Path, Reading]:
    """path -> reading. A file on which the peer broke has an error and nothing else.

    Raises RuntimeError when the peer does not run at all: that says nothing about how well it reads.
    """
    command = [str(python), "-P", str(HERE / PEERS[name]), *map(str, paths)]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=sys.stderr)
    if done.returncode:
        raise RuntimeError(f"{name} left with code {done.returncode}; remove .venv-peers to make it anew")
    answers = _answers(done.stdout.decode("utf-8", "replace"))
    return {path: _reading(answers.get(str(path))) for path in paths}


def _answers(output: str) -> dict[str, Any]:
    """Each line that is a JSON object with a 'path' is an answer; libraries may print other things between."""
    answers = {}
    for line in output.splitlines():
        if line.startswith("{") and '"path"' in line:
            answer = json.loads(line)
            answers[answer["path"]] = answer
    return answers


def _reading(answer: dict[str, Any] | None) -> Reading:
    if answer is None or answer["error"]:
        return Reading((), error=answer["error"] if answer else "the peer gave no answer")
    pages = answer["pages"]
    return Reading(
        tables=tuple(table for page in pages for table in tables_of_html(page["html"], page["page_number"])),
        text=tuple((page["page_number"], text_outside_tables(page["html"])) for page in pages),
        n_pages=len(pages),
        seconds=answer["seconds"],
    )
