"""The end of the story: a star on paper, checked and repeated by a stranger, suspended, tried."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import expect
from tests.web.story_dossier import NAME, PARK
from tests.web.story_parts import Person, Stage

FILES = {
    "certificate.pdf": "/register/{number}/certificate.pdf",
    "certificate.vc.jwt": "/register/{number}/certificate.vc.jwt",
    "bundle.zip": "/register/{number}/bundle.zip",
    "ring.json": "/.well-known/lingtan-keys.json",
    "status": "/status/0/message",
}
CASE = {"ground": "设施停运", "statement": "平台正在抢修，十日内恢复。", "reasons": "核实无误，暂停证书。"}


def issue(stage: Stage) -> str:
    """The scheme issues on the ruling of the appeal; the number of the certificate."""
    scheme = stage["scheme"]
    scheme.follow("证书", within="header.top")
    scheme.sees("待颁发", NAME)
    scheme.page.locator("main").get_by_role("link", name=f"颁发 {NAME}").click()
    scheme.sees("三星", "核验地址指向本机")
    scheme.press("签发")
    expect(scheme.page.locator("main h1 .code")).to_contain_text("LZC-", timeout=60_000)
    return scheme.page.locator("main h1 .code").inner_text()


def disclose(stage: Stage, number: str) -> None:
    """The park publishes what stands behind it; nothing of what is confidential is offered."""
    park = stage["park"]
    park.open(PARK)
    park.turn_to("证书")
    park.follow(number)
    park.follow("选择公开内容")
    park.sees("以下内容涉密")
    park.press("公开")
    park.sees("已于")


def fetch(stage: Stage, number: str, folder: Path) -> None:
    """A bank, without an account: it finds the park in the register and takes everything away."""
    bank = stage.enter("bank", "银行", "")
    bank.open("/register/")
    bank.sees(NAME)
    bank.follow(number)
    expect(bank.page.locator("#verdict")).to_have_text("有效")
    folder.mkdir()
    for name, address in FILES.items():
        answer = bank.page.context.request.get(bank.address + address.format(number=number))
        assert answer.status == 200, address
        (folder / name).write_bytes(answer.body())


def check(folder: Path, *files: str) -> tuple[int, str]:
    """`lingtan certificate verify` with the keys and the status list that were taken away."""
    return run(folder, "verify", *files, "--keys", "ring.json", "--status", "status")


def repeat(folder: Path) -> tuple[int, str]:
    """`lingtan certificate recompute` from the published bundle."""
    return run(folder, "recompute", "certificate.pdf", "--keys", "ring.json", "--bundle", "bundle.zip")


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    """A command on the bank's own machine: no site, no network."""
    command = [sys.executable, "-m", "lingtan.cli", "certificate", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def suspend(stage: Stage, number: str) -> None:
    """A case is opened, the park is heard, the scheme suspends; register and check say so at once."""
    scheme, park = stage["scheme"], stage["park"]
    scheme.open(f"/certificates/{number}/")
    scheme.page.locator("#ground").select_option("coverage_fell")
    scheme.send("立案", **{"case-reasons": CASE["ground"]})
    scheme.sees("起可以处分")
    park.open(f"{PARK}certificates/{number}/")
    park.send("提交意见", **{"statement-1": CASE["statement"]})
    park.sees(CASE["statement"])
    scheme.page.reload()
    scheme.page.get_by_label("暂停证书").check()
    scheme.send("作出决定", **{"reasons-1": CASE["reasons"]})
    scheme.sees("已暂停")
    bank = stage["bank"]
    bank.open(f"/register/{number}/")
    expect(bank.page.locator("#verdict")).to_have_text("已暂停")
    bank.sees(CASE["reasons"])


def try_edition(stage: Stage, number: str) -> None:
    """The scheme tries the shipped edition on what runs: computed as before, granted otherwise."""
    scheme = stage["scheme"]
    scheme.follow("证书", within="header.top")
    scheme.follow("换版试算")
    scheme.page.locator("#edition").select_option("sh-seesa-zctp-2024")
    scheme.press("开始试算")
    expect(scheme.page.locator("main")).to_contain_text("评审后授予 3 星", timeout=120_000)
    scheme.sees("保持", number)
    scheme.follow(NAME)
    scheme.sees("没有指标变动")


def read_status(bank: Person, folder: Path) -> None:
    """The newest list takes the place of the older one."""
    answer = bank.page.context.request.get(bank.address + FILES["status"])
    (folder / "status").write_bytes(answer.body())
