"""The set that lies in the repository: each file is one that a county office could have scanned."""

from __future__ import annotations

from dataclasses import replace

from samples import looks_data as looks
from samples.digital import Typing
from samples.jobs import Job, NarrativePart, TablePart


def committed_jobs() -> tuple[Job, ...]:
    return (
        Job(
            "department-000.pdf",
            "a whole department budget: narrative, fourteen tables, landscape pages among upright ones, one table "
            "printed twice, sums that do not close in the source",
            "000",
            (
                NarrativePart(((0, 8), (56, None))),
                TablePart("t01"),
                TablePart("t02"),
                TablePart("t03"),
                TablePart("t04"),
                TablePart("t05", landscape=True),
                TablePart("t06", landscape=True, own_page=False),
                TablePart("t07"),
                TablePart("t08", landscape=True),
                *(TablePart(name) for name in ("t09", "t10", "t11", "t12", "t13", "t14")),
            ),
            looks.PLAIN,
            looks.OFFICE,
        ),
        Job(
            "centre-001-tables.pdf",
            "letter-spaced headers, thick frame, centred numbers; basic expenditure over two pages, header repeated",
            "001",
            (NarrativePart(((0, 5), (13, 26))), *(TablePart(name) for name in ("t01", "t02", "t03", "t05", "t06"))),
            looks.KAI_WIDE,
            looks.TILTED,
        ),
        Job(
            "district-003-no-repeat.pdf",
            "indented labels; tables over two and three pages without repeated header",
            "003",
            (TablePart("t02"), TablePart("t03"), TablePart("t08")),
            replace(looks.HEI_GREY, repeat_header=False, row_min_pt=30.0),
            looks.YELLOWED,
        ),
        Job(
            "basic-000-three-pages.pdf",
            "one table over three landscape pages, header repeated, each further part marked 续表",
            "000",
            (TablePart("t04", landscape=True),),
            replace(looks.MING_THIN, row_min_pt=25.0, body_pt=12.0, continued_mark=True),
            looks.COARSE,
        ),
        Job(
            "turned-pages.pdf",
            "pages upright and turned by 90, 180 and 270 degrees, landscape sheets among them",
            "003",
            (
                TablePart("t01"),
                TablePart("t07", landscape=True),
                TablePart("t06"),
                TablePart("t09", landscape=True),
            ),
            looks.MING_THIN,
            looks.FLATBED,
            (0, 90, 180, 270),
        ),
        Job(
            "forms-003.tif",
            "multi-page TIFF, black and white as from a fax: performance forms with labels merged down many rows",
            "003",
            (TablePart("t10"), TablePart("t11"), TablePart("t13")),
            looks.MING_THIN,
            replace(looks.FAX, dpi=300),
        ),
        Job(
            "income-003.png",
            "one landscape page, twelve columns, most of them empty",
            "003",
            (TablePart("t07", landscape=True),),
            replace(looks.ZENHEI_DOUBLE, row_min_pt=14.0, pad_y=1.5, title_pt=14.0),
            replace(looks.COARSE, noise=0.0, shade=0.0, paper=(255, 255, 255)),
        ),
        Job(
            "three-public-001.jpg",
            "one page with two tables: three header rows over twelve columns, and an empty table with its remark",
            "001",
            (TablePart("t04", landscape=True), TablePart("t05", landscape=True, own_page=False)),
            looks.SONG_ZEBRA,
            looks.FADED,
        ),
        Job(
            "statement-invented.pdf",
            "another disclosure: balance sheet and income statement of an invented company, in 元, sums with signs",
            "statement",
            (NarrativePart(), TablePart("t01", landscape=True), TablePart("t02")),
            looks.HEI_GREY,
            replace(looks.COARSE, jpeg=42),
        ),
        Job(
            "narrative-002.pdf",
            "text only: nothing in it is a table, so it is refused with E_NO_TABLES",
            "002",
            (NarrativePart(((0, 5), (44, None))),),
            looks.PLAIN,
            looks.COARSE,
        ),
        Job(
            "born-digital-003.pdf",
            "born digital, as an office program writes it: its text layer is honest, figures in a font of their own",
            "003",
            (TablePart("t01"), TablePart("t06"), TablePart("t07", landscape=True)),
            replace(looks.MING_THIN, title_face="microhei"),
            typing=Typing(figure_font="tiro"),
        ),
    )
