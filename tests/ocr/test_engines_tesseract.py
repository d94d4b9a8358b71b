from pathlib import Path

import numpy as np
import pytest

from ocr.engines.boundary import PaddleOptions, TesseractOptions, require_second
from ocr.engines.tesseract import grey_map, parse_tsv, problem, read_lines
from ocr.errors import ModelMissing, RecognitionFailed

HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
CROPS = [np.full((10, 20), 200, np.uint8), np.full((10, 20, 3), 100, np.uint8)]


def tsv_word(page: int, text: str, confidence: float) -> str:
    return "\t".join(["5", str(page), "1", "1", "1", "1", "0", "0", "9", "9", str(confidence), text])


def program(folder: Path, script: str) -> TesseractOptions:
    path = folder / "tesseract"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return TesseractOptions(program=str(path))


def test_words_of_a_page_are_one_reading() -> None:
    lines = [HEAD, tsv_word(1, "3,064", 95.5), tsv_word(1, ".66", 80.0), tsv_word(3, "合计", 91.0)]
    found = parse_tsv(lines, 3)
    assert [(r.text, r.confidence, r.source) for r in found] == [
        ("3,064.66", 0.8, "tesseract"),
        ("", 0.0, "tesseract"),
        ("合计", 0.91, "tesseract"),
    ]


def test_all_crops_go_to_one_process(tmp_path: Path) -> None:
    script = f"""echo run >> {tmp_path}/runs
n=0; while read -r file; do n=$((n+1)); test -s "$file" || exit 9
printf '5\\t%s\\t1\\t1\\t1\\t1\\t0\\t0\\t9\\t9\\t96\\t%s\\n' $n $n; done < "$1" """
    assert [r.text for r in read_lines(CROPS, program(tmp_path, script))] == ["1", "2"]
    assert (tmp_path / "runs").read_text().split() == ["run"]


def test_a_program_that_fails_is_an_engine_error(tmp_path: Path) -> None:
    with pytest.raises(RecognitionFailed, match="ended with 3: no such language"):
        read_lines(CROPS, program(tmp_path, "echo no such language >&2; exit 3"))
    with pytest.raises(ModelMissing, match="no program"):
        read_lines(CROPS, TesseractOptions(program=str(tmp_path / "nothing")))


def test_what_keeps_it_from_reading_is_told(tmp_path: Path) -> None:
    assert problem(program(tmp_path, "echo chi_sim; echo eng")) == ""
    assert "chi_sim" in problem(program(tmp_path, "echo eng"))
    assert "no program" in problem(TesseractOptions(program=str(tmp_path / "nothing")))


def test_crops_are_written_as_grey_maps() -> None:
    assert grey_map(CROPS[0]) == b"P5 20 10 255\n" + bytes([200]) * 200
    assert grey_map(CROPS[1]) == b"P5 20 10 255\n" + bytes([100]) * 200


def test_a_second_recogniser_that_cannot_read_is_told_before_the_run(tmp_path: Path) -> None:
    require_second(None)
    require_second(program(tmp_path, "echo chi_sim"))
    with pytest.raises(ModelMissing, match="chi_sim is not installed"):
        require_second(program(tmp_path, "echo eng"))
    with pytest.raises(ModelMissing, match="no program"):
        require_second(TesseractOptions(program=str(tmp_path / "nothing")))
    with pytest.raises(ModelMissing, match="lacks"):
        require_second(PaddleOptions(recognition_model_dir=tmp_path))


@pytest.mark.skipif(bool(problem(TesseractOptions())), reason="Tesseract with chi_sim is not installed")
def test_the_real_program_reads_lines_in_order_and_blank_ones_as_empty() -> None:
    from PIL import Image, ImageDraw, ImageFont

    crops = []
    for text in ("306.46", "", "1226.22"):
        picture = Image.new("L", (260, 60), 255)
        ImageDraw.Draw(picture).text((20, 10), text, fill=0, font=ImageFont.load_default(36))
        crops.append(np.asarray(picture))
    first, blank, last = read_lines(crops, TesseractOptions())
    assert (first.text, blank.text, last.text) == ("306.46", "", "1226.22")
    assert blank.confidence == 0.0
    assert min(first.confidence, last.confidence) > 0.5
