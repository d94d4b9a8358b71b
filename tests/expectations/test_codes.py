"""Codes and names against the dictionary of their year."""

from __future__ import annotations

from pathlib import Path

import pytest

from expectations.catalogue.dictionary import read_dictionary
from expectations.catalogue.loader import load_catalogue
from expectations.codes import Agreement, CodeCheck, check_code
from expectations.validate import before_suites
from tests.expectations.truth import TRUTH, read_truth

CATALOGUE = load_catalogue()


def check(code: str, name: str, year: int | None = 2026, system: str = "functional") -> CodeCheck:
    return check_code(system, code, name, year, CATALOGUE)


@pytest.mark.parametrize(
    ("code", "name", "year", "agreement"),
    [
        ("2080505", "机关事业单位基本养老保险缴费支出", 2026, Agreement.AGREES),
        ("2080505", "机关事业单位基本养老保险缴费", 2026, Agreement.AGREES),  # without its last word
        ("2080505", "机关事业単位基本养老保险缴费支出", 2026, Agreement.AGREES),  # one character misread
        ("20103", "政府办公厅（室）及相关机构 事务", 2026, Agreement.AGREES),
        ("2010399", "其他政府办公厅（室）及相关机构事务支出", 2026, Agreement.AGREES),  # by pattern
        ("2019999", "其他一般公共服务支出", 2026, Agreement.AGREES),
        ("2299999", "其他支出", 2026, Agreement.AGREES),
        ("210", "卫生健康支出", 2026, Agreement.AGREES),
        ("210", "医疗卫生与计划生育支出", 2016, Agreement.AGREES),
        ("210", "医疗卫生与计划生育支出", 2026, Agreement.OTHER_YEAR),
        ("210", "医疗卫生与计划生育支出", None, Agreement.AGREES),
        ("2080506", "机关事业单位基本养老保险缴费支出", 2026, Agreement.DIFFERS),
        ("2080605", "机关事业单位基本养老保险缴费支出", 2026, Agreement.UNKNOWN),
        ("2080605", "", 2026, Agreement.UNCHECKED),
    ],
)
def test_functional_codes(code: str, name: str, year: int | None, agreement: Agreement) -> None:
    assert check(code, name, year).agreement is agreement


def test_an_office_may_divide_economic_codes_further() -> None:
    assert check("3010301", "基础绩效奖", system="economic").agreement is Agreement.LOCAL
    assert check("3018801", "基础绩效奖", system="economic").agreement is Agreement.UNKNOWN
    assert check("30211", "差旅费", system="economic").agreement is Agreement.AGREES
    assert check("50205", "委托业务费", system="government_economic").agreement is Agreement.AGREES


@pytest.mark.parametrize("code", ["2080506", "2080605", "2050505"])
def test_the_nearest_entry_is_the_one_of_that_name(code: str) -> None:
    assert check(code, "机关事业单位基本养老保险缴费支出").nearest[0] == "2080505 机关事业单位基本养老保险缴费支出"


def test_nothing_is_nearest_where_nothing_is_amiss() -> None:
    assert check("2080505", "机关事业单位基本养老保险缴费支出").nearest == ()


@pytest.mark.parametrize("name", ["000", "001", "003"])
def test_all_codes_of_the_real_documents_agree(name: str) -> None:
    known = before_suites(read_truth(TRUTH / name))
    coded = {(f.code_system, f.code, f.name) for f in known.facts if f.code_system and f.name}
    found = {check_code(*one, known.identity.fiscal_year, CATALOGUE).agreement for one in coded}
    assert len(coded) > 20
    assert not found & {Agreement.DIFFERS, Agreement.UNKNOWN}


def test_patterns_fill_in_what_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(
        '[names]\n1 = "甲事务"\n2 = [{ name = "乙", until = 2019 }, { name = "丙支出", since = 2020 }]\n201 = "书写"\n'
        '[groups]\nsome = ["1"]\n[[pattern]]\nending = "01"\nname = "运行"\nin = "some"\n'
        '[[pattern]]\nending = "99"\nname = "其他{}支出"\n',
        encoding="utf-8",
    )
    found = read_dictionary(path, [1, 3])
    assert {c: [n.name for n in names] for c, names in found.items()} == {
        "1": ["甲事务"], "2": ["乙", "丙支出"], "101": ["运行"], "199": ["其他甲事务支出"], "201": ["书写"],
        "299": ["其他乙支出", "其他丙支出"],
    }  # fmt: skip
    assert [n.was_in_use(2020) for n in found["299"]] == [False, True]
    assert read_dictionary(tmp_path / "none.toml", [1, 3]) == {}
