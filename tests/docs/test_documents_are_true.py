"""What the documents say exists: links, commands, make targets."""

import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import typer

from lingtan.cli.app import app

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
READMES = [ROOT / "README.md", ROOT / "README.zh.md"]
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)\)")
COMMANDS = [
    "demo",
    "dossier new",
    "dossier check",
    "dossier convert",
    "readings check",
    "readings energy",
    "readings balance",
    "readings cost",
    "readings match",
    "readings dismiss",
    "readings import",
    "readings correct",
    "readings listen",
    "readings poll",
    "inventory",
    "members",
    "assess",
    "explain",
    "edition list",
    "edition show",
    "edition check",
    "edition diff",
    "edition freeze",
    "factor find",
    "factor list",
    "factor check",
    "ledger show",
    "ledger check",
    "ledger enter",
    "ledger close",
    "ledger left",
    "ledger verify",
    "report",
    "confidential seal",
    "confidential check",
    "uncertainty",
    "restate freeze",
    "restate compare",
    "certificate issue",
    "certificate revoke",
    "certificate status",
    "certificate verify",
    "certificate recompute",
    "certificate disclose",
    "certificate migrate",
    "certificate keys new",
    "certificate keys rotate",
    "certificate keys revoke",
    "certificate keys show",
    "serve",
    "site backup",
    "site restore",
    "site audit",
]


def commands(command: Any, prefix: str = "") -> dict[str, Any]:
    below = getattr(command, "commands", None)
    if below is None:
        return {prefix.strip(): command}
    return {name: c for key, sub in below.items() for name, c in commands(sub, f"{prefix} {key}").items()}


ALL_COMMANDS = commands(typer.main.get_command(app))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(page.read_text("utf-8")):
        if "://" not in link:
            assert (page.parent / link).exists(), f"{page.name} links to {link}"


def test_commands_are_those_of_the_interface() -> None:
    assert sorted(ALL_COMMANDS) == sorted(COMMANDS)


@pytest.mark.parametrize("name", sorted(ALL_COMMANDS))
def test_every_command_has_help_in_both_languages(name: str) -> None:
    text = ALL_COMMANDS[name].help or ""
    assert re.search(r"[\u4e00-\u9fff]", text) and re.search(r"[A-Za-z]{3}", text)
    for parameter in ALL_COMMANDS[name].params:
        if parameter.param_type_name == "option" and parameter.name != "help":
            assert parameter.help, f"{name} {parameter.opts} has no help"


@pytest.mark.parametrize("readme", READMES, ids=lambda page: page.name)
def test_commands_in_the_readme_exist(readme: Path) -> None:
    for line in readme.read_text("utf-8").splitlines():
        if line.startswith(".venv/bin/lingtan "):
            words = shlex.split(line.split("#")[0])[1:]
            assert any(" ".join(words[:n]) in ALL_COMMANDS for n in (1, 2)), line


@pytest.mark.parametrize("readme", READMES, ids=lambda page: page.name)
def test_make_targets_in_the_readme_exist(readme: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"[`\n]make ([a-z]+)\b", readme.read_text("utf-8")))
    assert {"demo", "test"} <= named
    assert named <= targets


def test_no_path_of_a_machine_and_no_package_index_is_committed() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    files = [ROOT / name for name in listed.stdout.splitlines() if not name.endswith(".parquet")]
    bad = re.compile(r"(?<![\w.])/(?:work|farm)/\w|--(?:extra-)?index-url|files\.pythonhosted", re.ASCII)
    here = Path(__file__).name
    found = [
        f for f in files if f.is_file() and f.name != here and bad.search(f.read_text("utf-8", "replace"))
    ]
    assert not found
