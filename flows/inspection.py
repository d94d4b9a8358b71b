"""document.json -> the terminal: why a document is where it is, its pages, its tables with roles and verdicts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from flows.sources import InputError, displayable, printable

Json = dict[str, Any]

ROLE_STYLES = {"column_header": "bold cyan", "row_header": "cyan", "section_header": "bold"}
VERDICT_STYLES = {
    "proven": "green",
    "consistent": "bright_green",
    "read": "",
    "corrected": "magenta",
    "source_inconsistent": "yellow",
    "suspect": "bold red",
}
_DISPOSITION_STYLES = {"accepted": "green", "needs_review": "yellow", "rejected": "red"}


def find_document(document: str, out: Path) -> Path:
    """The document.json meant: its path, its folder, or the start of an id below ``out``. Raises InputError."""
    path = Path(document)
    if path.is_dir():
        path = path / "document.json"
    if path.is_file():
        return path
    is_id = len(document) >= 4 and set(document) <= set("0123456789abcdef")
    found = sorted(out.glob(f"**/documents/{document}*/document.json")) if is_id else []
    if len(found) == 1:
        return found[0]
    what = f"{len(found)} documents have ids that start so" if found else "there is no such document"
    remedy = "Give the path of a document.json, its folder, or an id with --out."
    raise InputError(what, where=printable(document), remedy=remedy)


def load_document(path: Path) -> Json:
    """Raises InputError for what is no document.json."""
    try:
        data: Json = json.loads(path.read_bytes())
        if data.get("schema_version") != 1:
            raise ValueError(f"schema_version is {data.get('schema_version')}, not 1")
        return data
    except (OSError, ValueError, AttributeError) as error:
        remedy = "Give a document.json that scanledger wrote."
        raise InputError(f"cannot be read: {error}", where=printable(path), remedy=remedy) from error


def show_document(data: Json, console: Console, table_number: int | None = None) -> None:
    """Prints a document, or one table of it (numbers count from 1, like the files in tables/)."""
    if table_number is not None:
        if not 1 <= table_number <= len(data["tables"]):
            raise InputError(f"there is no table {table_number}; this document has {len(data['tables'])}")
        console.print(table_view(data["tables"][table_number - 1]))
        return
    console.print(Group(*_document_lines(data)))
    for table in data["tables"]:
        console.print(table_view(table))
    console.print(Group(*_check_lines(data["checks"])))
    console.print(_legend())


def _document_lines(data: Json) -> Iterator[RenderableType]:
    document = data["document"]
    yield Text(displayable(document["source_name"]), "bold")
    known = [document["organisation"], document["kind"], str(document["fiscal_year"] or "")]
    yield Text("  ".join(displayable(word) for word in known if word) or "organisation, kind and year are not known")
    yield Text(document["disposition"], _DISPOSITION_STYLES[document["disposition"]])
    for reason in document["reasons"]:
        where = f"{reason['where']}: " if reason["where"] else ""
        yield Text(displayable(f"  {where}{reason['message']} [{reason['code']}] {reason['remedy']}"))
    if document.get("notes"):
        yield Text(displayable(f"  the file: {', '.join(_file_notes(document))}"), "dim")
    for page in data["pages"]:
        yield from _page_lines(page)


def _file_notes(document: Json) -> Iterator[str]:
    for note in document["notes"]:
        names = ", ".join(document["embedded_files"]) if note == "embedded_files" else ""
        yield note.replace("_", " ") + (f" ({names})" if names else "")


def _page_lines(page: Json) -> Iterator[Text]:
    facts = [f"{page['width_pt']:.0f} x {page['height_pt']:.0f} pt", page["text_source"].replace("_", " ")]
    facts += [f"{page['dpi']:.0f} dpi"] if page["dpi"] else []
    facts += [f"turned {page['rotation_degrees']}°"] if page["rotation_degrees"] else []
    facts += [f"levelled {page['skew_degrees']:.2f}°"] if page["skew_degrees"] else []
    facts += page.get("notes", [])
    yield Text(f"  page {page['page_number']}: {displayable(', '.join(facts))}", "dim")
    for failure in page["failures"]:
        yield Text(displayable(f"    {failure['stage']}: {failure['message']} [{failure['code']}]"), "red")


def table_view(table: Json) -> RenderableType:
    """One table; a merged cell's text stands in its first slot."""
    view = Table(
        *([""] * table["n_cols"]),
        box=box.SQUARE,
        show_header=False,
        show_lines=True,
        title=_title(table),
        title_justify="left",
        caption=displayable("  ".join(table["notes"])) or None,
        caption_justify="left",
    )
    slots: dict[tuple[int, int], Text] = {(c["row"], c["col"]): _cell_view(c) for c in table["cells"]}
    for row in range(table["n_rows"]):
        is_last_header = row == table["n_header_rows"] - 1
        view.add_row(*(slots.get((row, col), Text("")) for col in range(table["n_cols"])), end_section=is_last_header)
    return view


def _title(table: Json) -> Text:
    number = f"{table['table_index'] + 1:02d}"
    unit = f"unit {table['unit']}" if table["unit"] else ""
    pages = "page " + ", ".join(map(str, table["page_numbers"]))
    words = [number, table["label"], table["title"], unit, f"[{table['kind'] or 'kind not known'}]", pages]
    return Text(displayable("  ".join(word for word in words if word)), "bold")


def _cell_view(cell: Json) -> Text:
    text = "\n".join(map(displayable, cell["text"].split("\n")))
    style = VERDICT_STYLES[cell["verdict"]] if cell["verdict"] else ROLE_STYLES.get(cell["role"], "")
    view = Text(text, style, justify="right" if cell["value"] is not None else "left")
    if cell["ocr_text"] != cell["text"]:
        view.append(f" (read: {displayable(cell['ocr_text'])})", "dim")
    if cell.get("doubts"):
        view.append(" ?", "bold red")
    return view


def _check_lines(checks: list[Json]) -> Iterator[Text]:
    counts: dict[str, int] = {}
    for check in checks:
        counts[check["verdict"]] = counts.get(check["verdict"], 0) + 1
    yield Text("checks: " + (", ".join(f"{n} {v.replace('_', ' ')}" for v, n in counts.items()) or "none"))
    for check in checks:
        if check["verdict"] in {"extraction_suspect", "source_inconsistent"}:
            what = check.get("statement") or check["identity"]
            yield Text(
                displayable(f"  {check['identity']} {check['verdict']}: {what}, off by {check['residual']}"), "red"
            )


def _legend() -> Text:
    legend = Text("figures: ")
    for verdict, style in VERDICT_STYLES.items():
        legend.append(verdict.replace("_", " "), style)
        legend.append("  ")
    legend.append("?", "bold red")
    return legend.append(" doubted")
