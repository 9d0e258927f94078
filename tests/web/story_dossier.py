"""The first half of the story: people invited, the park entered, its dossier filled in and handed in."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

from tests.web.sites import ADMIN
from tests.web.story_parts import SECRET, Person, Stage, find_link, row_of, write_cell

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "parks" / "xinghuo"
PARK = "/parks/xinghuo/"
DOSSIER = f"{PARK}dossier/2024/"
REVIEW = f"{PARK}reviews/1/"
NAME = "星火园区"
SCHEME, OPERATOR, BODY, TENANT = "评价管理方", "星火园区运营公司", "清源评价中心", "示例刻蚀设备有限公司"
NEIGHBOUR = "示例薄膜沉积设备有限公司"  # E002, which is not invited
ENTERED = [("园区运营方", OPERATOR), ("第三方评价机构", BODY), ("入驻企业", TENANT)]
EXPERTS = [f"expert{n}" for n in range(1, 6)]
INVITED = [
    ("park", "周园", OPERATOR, "园区运营方"),
    ("body", "吴审", BODY, "评价机构负责人"),
    ("evaluator", "郑查", BODY, "评价人员"),
    ("enterprise", "王企", TENANT, "入驻企业"),
    *((role, f"陈专{role[-1]}", SCHEME, "专家") for role in EXPERTS),
    ("second", "冯复", SCHEME, "评价管理方"),
]


def write_workbook(folder: Path) -> Path:
    """The example park as a workbook, without readings: its calculation is short."""
    small = shutil.copytree(EXAMPLE, folder / "small", ignore=shutil.ignore_patterns("readings"))
    command = [sys.executable, "-m", "lingtan.cli", "dossier", "convert", small, folder / "small.xlsx"]
    subprocess.run(command, check=True, capture_output=True)
    return folder / "small.xlsx"


def sign_in(stage: Stage) -> None:
    """The first administrator signs in from the front page."""
    scheme = stage.enter("scheme", "管理员", ADMIN["LINGTAN_ADMIN_EMAIL"])
    scheme.open("/")
    scheme.sees("从表计读数到零碳星级")
    scheme.follow("登录")
    scheme.send("登录", id_login=scheme.email, id_password=ADMIN["LINGTAN_ADMIN_PASSWORD"])
    scheme.sees("我的园区", "还没有园区")


def invite_everybody(stage: Stage) -> None:
    """Organisations are entered, people invited; each accepts with a name and a password."""
    scheme = stage["scheme"]
    scheme.follow("机构与人员", within="header.top")
    for kind, name in ENTERED:
        scheme.choose("kind", kind)
        scheme.send("登记", name_zh=name)
        scheme.sees(name)
        scheme.follow("机构与人员", within="header.top")
    for role, name, organisation, words in INVITED:
        link = invite(scheme, f"{role}@example.org", organisation, words)
        accept_invitation(stage.enter(role, name, f"{role}@example.org"), link, organisation, words)
    scheme.follow("机构与人员", within="header.top")
    scheme.follow(SCHEME)
    scheme.sees(*(stage[role].name for role in EXPERTS))
    assert stage["expert1"].status("/organisations/") == 403


def invite(scheme: Person, email: str, organisation: str, words: str) -> str:
    """Invite one person; the link that is shown."""
    scheme.follow("机构与人员", within="header.top")
    scheme.follow(organisation)
    scheme.choose("role", words)
    scheme.send("发出邀请", email=email)
    scheme.sees("没有配置邮件服务器")
    return find_link(scheme)


def accept_invitation(person: Person, link: str, organisation: str, words: str) -> None:
    """Open the link, see what is offered, take it; a link works once."""
    person.open(link)
    person.sees(organisation, words, person.email)
    person.send("接受", name=person.name, password=SECRET)
    person.sees("我的园区")
    assert person.status(link) == 422


def create_park(stage: Stage) -> None:
    """The scheme enters the park; only its operator and the scheme see it."""
    scheme = stage["scheme"]
    scheme.follow("园区", within="header.top")
    scheme.follow("登记园区")
    scheme.choose("operator", OPERATOR)
    scheme.send("登记", slug="xinghuo", name_zh=NAME)
    for role in ("park", "second"):
        stage[role].open("/")
        stage[role].sees(NAME)
    for role in ("body", "evaluator", "enterprise", "expert1"):
        stage[role].open("/")
        stage[role].sees_not(NAME)
        assert stage[role].status(PARK) == 404


def fill_dossier(stage: Stage, workbook: Path) -> None:
    """The operator opens the dossier of 2024 and imports a workbook: a preview first, then the content."""
    park = stage["park"]
    park.follow(NAME)
    park.turn_to("档案")
    park.send("新建档案", year="2024")
    park.follow("导入")
    park.page.locator("#file").set_input_files(workbook)
    park.press("预览")
    park.sees("确认导入", "企业", "逐行")
    assert NEIGHBOUR not in park.text(f"{DOSSIER}registers/enterprises/")
    park.press("确认导入")
    park.sees("第 1 次修改", "导入")
    assert NEIGHBOUR in park.text(f"{DOSSIER}registers/enterprises/")


def let_enterprise_fill_in(stage: Stage) -> None:
    """The enterprise gets its part, mends a cell by keyboard, and sees nothing of its neighbours."""
    park, enterprise = stage["park"], stage["enterprise"]
    park.turn_to("参与各方")
    park.choose("tenant", TENANT)
    park.send("交给企业填报", key="E001")
    park.sees("E001")
    enterprise.open("/")
    enterprise.follow(NAME)
    assert not {"参与各方", "变更记录"} & set(enterprise.sections())
    enterprise.turn_to("档案")
    enterprise.sees("这里只有贵企业的数据", TENANT)
    for register in ("enterprises", "energy_activity", "vehicles"):
        content = enterprise.text(f"{DOSSIER}registers/{register}/")
        assert "E001" in content, register
        assert [one for one in ("E002", "E050", NEIGHBOUR) if one in content] == [], register
    enterprise.open(f"{DOSSIER}registers/vehicles/?row=1&column=vehicles")
    write_cell(enterprise, "6，第 1 行", "7")
    enterprise.open(DOSSIER)
    enterprise.press("报告填写完成")
    enterprise.sees("已报告填写完成")
    for page in ("profile/", "versions/", "enterprises/"):
        assert enterprise.status(DOSSIER + page) in (403, 404), page


def hand_in_evidence(stage: Stage, folder: Path) -> None:
    """One document goes into the library."""
    park = stage["park"]
    document = folder / "停车场统计.txt"
    document.write_text("停车位统计：共四处停车场。\n", "utf-8")
    park.turn_to("证明材料")
    park.page.get_by_text("上传材料", exact=True).click()
    park.page.locator("#files").set_input_files(document)
    park.send("上传", title="停车场统计表", supports="parking")
    park.sees("停车场统计表 EV051", "齐全")


def freeze_and_compute(park: Person, label: str) -> None:
    """Freeze the dossier and compute the version: from the list of versions to the result."""
    park.open(DOSSIER)
    park.follow("冻结的版本")
    park.send("冻结当前档案", label=label)
    park.sees(label)
    row_of(park, label).get_by_role("button").click()
    park.waits_for_result()


def submit(stage: Stage) -> None:
    """The operator freezes, computes, reads the result and hands it in."""
    park, enterprise = stage["park"], stage["enterprise"]
    freeze_and_compute(park, "自评提交稿")
    result = park.here()
    park.sees("暂无星级", "距三星（基础）还差", "补交 B2.1", "下一步")
    assert enterprise.status(result + "indicators/") in (403, 404)
    assert enterprise.status(result + "inventory/E001/") == 200
    assert enterprise.status(result + "inventory/E002/") == 404
    park.follow("提交自评")
    park.page.locator("#is_truthful").check()
    park.press("提交")
    assert park.here() == REVIEW
    park.sees("已提交，待受理", "轮到：评价管理方")
    for role in ("body", "evaluator", "expert1"):
        assert stage[role].status(REVIEW) == 404, role
    assert enterprise.status(REVIEW) == 403


def give_mandate_and_accept(stage: Stage) -> None:
    """The scheme gives the mandate, the lead names the evaluator, the scheme accepts."""
    scheme, body = stage["scheme"], stage["body"]
    scheme.open(PARK)
    scheme.turn_to("参与各方")
    scheme.choose("body", BODY)
    today = date.today()
    until = today + timedelta(days=180)
    scheme.send("委托", from_day=today.isoformat(), to_day=until.isoformat(), year="2024")
    scheme.open(REVIEW)
    scheme.sees(BODY, "评价机构还没有指定评价人员")
    body.open("/")
    body.follow(NAME)
    body.turn_to("参与各方")
    body.page.get_by_label("评价人员邮箱").fill(stage["evaluator"].email)
    body.press("指定")
    body.sees(stage["evaluator"].name)
    scheme.open(REVIEW)
    scheme.press("受理")
    scheme.sees("已受理，待开始评审")
