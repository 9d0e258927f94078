"""Every command: its answer for people and machines, its exit code; bad input never ends in a traceback."""

import io
import json
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from lingtan.cli import main
from lingtan.reports.documents.building import BUILDERS
from lingtan.standards import load_edition, load_frozen
from lingtan.texts import number, visible

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "parks" / "xinghuo"
MINI = ROOT / "tests" / "data" / "editions" / "mini"
ON = ("--on", "2025-06-30")


def run(*arguments: object) -> int:
    """The exit code of a command."""
    with pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    return int(left.value.code or 0)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example without readings: quick, and every register filled."""
    park = tmp_path_factory.mktemp("parks") / "small"
    shutil.copytree(EXAMPLE, park, ignore=shutil.ignore_patterns("readings", "README*"))
    return park


def out_json(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_assess_json_has_every_field_of_the_interface(
    small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("assess", small, "--edition", "sh-seesa-zctp-2024", "--json", *ON) == 0
    result = out_json(capsys)
    wanted = {"park", "edition", "edition_sha256", "on", "stars", "stage", "score", "gates", "indicators",
              "levels", "missing", "basis_count"}  # fmt: skip
    assert wanted <= set(result)
    gate = {"id", "passed", "reason", "missing"}
    indicator = {"code", "id", "kind", "value", "unit", "points", "earned", "passed", "applies", "missing",
                 "basis", "trace"}  # fmt: skip
    assert all(gate <= set(one) for one in result["gates"]) and len(result["gates"]) == 8
    assert all(indicator <= set(one) for one in result["indicators"]) and len(result["indicators"]) == 32
    assert all({"code", "points", "earned"} <= set(one) for one in result["levels"])
    assert len(result["levels"]) == 15
    datum = {"datum", "asked_of", "points_at_stake", "could_change_stars"}
    assert result["missing"] and all(datum <= set(one) for one in result["missing"])
    assert sum(Decimal(one["points"]) for one in result["indicators"]).quantize(Decimal("1e-20")) == 100
    assert result["stars"] is None  # without readings the platform coverage, a constraint, is not known


def test_several_editions_stand_side_by_side(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    editions = ("sh-seesa-zctp-2024", "cn-ndrc-910-2025", "js-zero-carbon-2024", "sd-eco-park-2017")
    options = [word for edition in editions for word in ("--edition", edition)]
    assert run("assess", small, *options, "--json", *ON) == 0
    assert [one["edition"] for one in out_json(capsys)] == list(editions)


def test_an_edition_in_a_folder_of_ones_own(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("assess", small, "--edition", MINI, "--json", *ON) == 0
    assert out_json(capsys)["edition"] == "mini"
    assert run("edition", "check", MINI) == 0


@pytest.mark.parametrize("method", ["park", "cn-ndrc-910"])
def test_inventory_json(small: Path, capsys: pytest.CaptureFixture[str], method: str) -> None:
    assert run("inventory", small, "--method", method, "--json", *ON) == 0
    result = out_json(capsys)
    assert {"method", "period", "gwp", "totals", "lines", "members", "missing", "warnings"} <= set(result)
    totals = {
        "park": {"scope1_tco2e", "scope2_location_tco2e", "scope2_market_tco2e", "biogenic_tco2",
                 "energy_tce_calorific", "energy_tce_equal_value"},
        "cn-ndrc-910": {"emissions_tco2", "energy_tce", "carbon_per_energy"},
    }  # fmt: skip
    assert totals[method] <= set(result["totals"])
    line = {
        "source",
        "scope",
        "enterprise",
        "activity",
        "unit",
        "factor",
        "factor_id",
        "emissions_tco2e",
        "trace",
    }
    assert result["lines"] and all(line <= set(one) for one in result["lines"])


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("assess",), "未授星 no star"),
        (("inventory",), "scope2_location_tco2e"),
        (("explain", "A1.1"), "building_floor_area"),
        (("explain", "park.scope1_tco2e"), "GB/T 32151.34"),
        (("ledger", "show"), "net_zero_rate"),
    ],
)
def test_tables_for_people(
    small: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], word: str
) -> None:
    command, *rest = arguments
    place = [command, small, *rest] if command != "ledger" else [command, *rest, small]
    assert run(*place, *ON) == 0
    assert word in capsys.readouterr().out


def test_explain_json_is_a_table_of_nodes(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("explain", small, "C1.3", "--json", *ON) == 0
    table = out_json(capsys)
    nodes = table["nodes"]
    assert table["root"] in nodes
    assert all(entry["node"] in nodes for node in nodes.values() for entry in node["inputs"])
    cells = [node for node in nodes.values() if node["origin"] and node["origin"]["kind"] == "cell"]
    assert cells and all("energy_activity.csv" in cell["origin"]["place"] for cell in cells[:1])


def test_standard_input_takes_a_workbook_or_a_zip(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = []
    for ending in (".xlsx", ".zip"):
        target = tmp_path / f"park{ending}"
        assert run("dossier", "convert", small, target) == 0
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(target.read_bytes())))
        capsys.readouterr()
        assert run("assess", "-", "--edition", "sh-seesa-zctp-2024", "--json", *ON) == 0
        answers.append(out_json(capsys))
    assert answers[0]["dossier_sha256"] == answers[1]["dossier_sha256"]
    assert [one["value"] for one in answers[0]["indicators"]] == [
        one["value"] for one in answers[1]["indicators"]
    ]


def test_dossier_new_check_and_nothing_is_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "my-park.xlsx"
    assert run("dossier", "new", target) == 0
    before = target.read_bytes()
    assert run("dossier", "new", target) == 2
    assert "[dossier.exists]" in capsys.readouterr().err
    assert target.read_bytes() == before
    assert run("dossier", "check", target) == 2  # an empty form: identity is still missing
    told = capsys.readouterr().err
    assert "reporting.year" in told and "怎么改" in told


def test_dossier_check_says_no_with_one(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("dossier", "check", small) == 0
    faulty = shutil.copytree(small, tmp_path / "faulty")
    file = faulty / "registers" / "lighting.csv"
    lines = file.read_text("utf-8").splitlines()
    header = lines[0].split(",")
    cells = lines[1].split(",")
    cells[header.index("lamps")] = "many"
    file.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n", "utf-8")
    capsys.readouterr()
    assert run("dossier", "check", faulty, "--json") == 1
    (fault,) = [one for one in out_json(capsys) if one["severity"] == "error"]
    assert (fault["row"], fault["column"]) == (2, "lamps")
    assert "lighting" in fault["file"]


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nosuch",),
        ("assess",),
        ("assess", "nowhere"),
        ("assess", str(EXAMPLE), "--on", "30.6.2025"),
        ("assess", str(EXAMPLE), "--edition", "nosuch"),
        ("inventory", str(EXAMPLE), "--method", "nosuch"),
        ("explain", str(EXAMPLE), "nosuch"),
        ("dossier", "convert", "nowhere", "x.zip"),
        ("dossier", "new", "x.docx"),
        ("readings", "energy", str(EXAMPLE), "--readings", "nowhere"),
        ("edition", "show", "nosuch"),
        ("edition", "check", "nowhere"),
        ("edition", "diff", "sh-seesa-zctp-2024", "nosuch"),
        ("factor", "find", "electricity", "--kind", "grid_average", "--year", "2024", "--place", "火星"),
        ("factor", "find", "electricity", "--kind", "grid_average"),
        ("ledger", "check", "nowhere"),
    ],
)
def test_wrong_use_leaves_with_two(
    arguments: tuple[str, ...],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(*arguments) == 2
    said = capsys.readouterr()
    assert "Traceback" not in said.err + said.out
    assert said.err.strip() or not arguments
    assert not list(tmp_path.iterdir())


def test_editions_and_factors_are_shown(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run("edition", "list", "--json") == 0
    assert len(out_json(capsys)) == 4
    assert run("edition", "show", "sh-seesa-zctp-2024") == 0
    assert "超低能耗建筑面积占比" in capsys.readouterr().out
    changed = shutil.copytree(MINI, tmp_path / "changed")
    text = (changed / "edition.yaml").read_text("utf-8")
    (changed / "edition.yaml").write_text(text.replace("from_score: 9", "from_score: 8"), "utf-8")
    assert run("edition", "diff", MINI, changed, "--json") == 0
    assert any("9" in one["zh"] and "8" in one["zh"] for one in out_json(capsys))
    found = ("factor", "find", "electricity", "--kind", "grid_average", "--place", "上海", "--year", "2024")
    assert run(*found, "--json", *ON) == 0
    assert out_json(capsys)["value"] == "0.5737"  # MEE announcement 2025 No. 47
    assert run("factor", "list", "--activity", "electricity", "--json") == 0
    assert any(one["value"] is None for one in out_json(capsys))  # "not found" is a value
    assert run("factor", "check", *ON) == 0


def test_ledger_check_and_readings(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("ledger", "check", EXAMPLE, *ON) == 0
    capsys.readouterr()
    assert run("readings", "check", EXAMPLE, "--json") == 0
    assert len(out_json(capsys)["meters"]) == 200
    assert run("readings", "energy", EXAMPLE, "--json") == 0
    assert len(out_json(capsys)) == 200 * 12


def test_demo_says_stars_score_and_where_results_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("demo", "-o", tmp_path / "out") == 0
    said = capsys.readouterr().out
    for word in (
        "4 星 stars",
        "综合得分 score",
        "最强的 3 项",
        "最弱的 3 项",
        "缺少的资料",
        "结果 Results",
        "下一步 Next",
    ):
        assert word in said
    results = tmp_path / "out"
    written = {file.name for file in results.iterdir()}
    editions = ("cn-ndrc-910-2025", "js-zero-carbon-2024", "sd-eco-park-2017", "sh-seesa-zctp-2024")
    per_edition = {f"{kind}-{one}.json" for kind in ("assessment", "edition") for one in editions}
    others = {"inventory-cn-ndrc-910.json", "inventory-park.json", "ledger.json", "trace-score.json"}
    documents = {f"{kind}.pdf" for kind in BUILDERS} | {"inventory.xlsx"}
    documents |= {f"self-assessment.{ending}" for ending in ("docx", "xlsx", "html")}
    assert written == per_edition | others | documents
    assert all(str(results / name) in said.replace("\n", "") for name in documents)
    frozen = load_frozen((results / "edition-sh-seesa-zctp-2024.json").read_bytes())
    answer = json.loads((results / "assessment-sh-seesa-zctp-2024.json").read_text("utf-8"))
    assert answer["edition_sha256"] == frozen.sha256
    assert answer["software"].startswith("lingtan ") and len(answer["readings_sha256"]) == 64


def test_the_same_bytes_whatever_the_surroundings(small: Path) -> None:
    """Hash seed, locale and time zone of the machine never matter."""
    surroundings = [
        {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "UTC"},
        {"PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8", "TZ": "Asia/Shanghai", "PYTHONIOENCODING": "utf-8"},
    ]
    command = [sys.executable, "-m", "lingtan.cli", "assess", str(small), "--json", *ON]
    answers = [
        subprocess.run(command, capture_output=True, check=True, env={"PATH": "/usr/bin", **more}).stdout
        for more in surroundings
    ]
    assert answers[0] == answers[1]
    assert json.loads(answers[0])


def test_a_terminal_that_knows_no_chinese_gets_no_traceback(small: Path) -> None:
    surroundings = {"PATH": "/usr/bin", "PYTHONIOENCODING": "ascii"}
    for more in (("edition", "list"), ("edition", "list", "--json"), ("dossier", "check", str(small))):
        command = [sys.executable, "-m", "lingtan.cli", *more]
        done = subprocess.run(command, capture_output=True, check=False, env=surroundings)
        assert done.returncode == 0 and b"Traceback" not in done.stderr
        if "--json" in more:
            assert json.loads(done.stdout)[0]["name"]


def test_numbers_and_names_for_the_terminal() -> None:
    assert number(Decimal("1234567.891")) == "1,234,567.89"
    assert number(Decimal("0E+3")) == "0"
    assert number(None) == "—"
    assert visible("a\x1b[31mb\u202ec\nd") == "a�[31mb�c�d"


def test_an_edition_is_frozen_into_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "edition.json"
    assert run("edition", "freeze", MINI, "--output", file, "--json") == 0
    said = out_json(capsys)
    assert load_frozen(file.read_bytes()).sha256 == said["sha256"] == load_edition(MINI).sha256
    assert run("edition", "freeze", MINI, "--output", file) == 0  # once more: the same bytes
    assert said["sha256"] in capsys.readouterr().out
    assert run("edition", "freeze", MINI, "--output", tmp_path / "none" / "e.json") == 2
    assert "dossier.cannot-write" in capsys.readouterr().err
    assert run("edition", "freeze", "nosuch", "--output", file) == 2
