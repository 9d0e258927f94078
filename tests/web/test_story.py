"""The whole story in browsers: from the invitation to the decision and the appeal, on both databases.

The park comes without its meter readings: it misses a constraint indicator, gets no star, and appeals.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect
from tests.web.sites import ADMIN, build_site
from tests.web.story_parts import SECRET, Person, Stage, build_stage, find_link, row_of, write_cell

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


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_whole_story(tmp_path: Path, kind: str) -> None:
    workbook = write_workbook(tmp_path)
    with build_site(tmp_path / "home", kind) as site:
        site.start()
        with build_stage(site) as stage:
            sign_in(stage)
            invite_everybody(stage)
            create_park(stage)
            fill_dossier(stage, workbook)
            let_enterprise_fill_in(stage)
            hand_in_evidence(stage, tmp_path)
            submit(stage)
            give_mandate_and_accept(stage)
            begin_review(stage)
            ask_one_question(stage)
            judge_all_else(stage)
            answer_and_resubmit(stage)
            settle_and_resume(stage)
            visit_site(stage, tmp_path)
            sign_and_issue(stage)
            vote(stage)
            decide(stage)
            appeal(stage)
            assert stage.complaints == []
        checked = site.run("site", "audit")
        assert checked.returncode == 0, checked.stderr


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
        assert not {"E002", "E050", NEIGHBOUR} & {one for one in ("E002", "E050", NEIGHBOUR) if one in content}
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
    park.sees("已收入材料库", "停车场统计表")


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
    scheme.send("委托", from_day="2026-01-01", to_day="2027-12-31", year="2024")
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


def begin_review(stage: Stage) -> None:
    """The evaluator finds the review, declares independence, begins."""
    evaluator = stage["evaluator"]
    evaluator.open("/")
    evaluator.follow("评审", within="header.top")
    evaluator.follow("2024 年 · 第 1 号")
    evaluator.sees("轮到您")
    evaluator.follow("作独立性声明")
    evaluator.answer_no()
    evaluator.press("作出声明")
    evaluator.press("开始评审")
    evaluator.sees("已评 0 / 40")
    stage["park"].open(f"{REVIEW}findings/")
    stage["park"].sees("评价结论签发后，您可以在这里看到逐项评审意见")


def ask_one_question(stage: Stage) -> None:
    """About one indicator, which reopens one cell to the park."""
    evaluator = stage["evaluator"]
    row_of(evaluator, "A2.2").get_by_role("link").click()
    evaluator.choose("pick-register", "停车位")
    evaluator.choose("pick-row", "CP4")
    evaluator.choose("pick-column", "配清洁能源设施车位数")
    evaluator.press("加入")
    expect(evaluator.page.locator("#fields")).to_have_value("parking[CP4].clean_energy_spaces")
    evaluator.send("提出质询", text="四号停车场的充电车位数与现场登记不一致，请核对。")
    evaluator.sees("四号停车场", "清洁能源")


def judge_all_else(stage: Stage) -> None:
    """A finding for every requirement and indicator but the one asked about, one after the other."""
    evaluator = stage["evaluator"]
    evaluator.follow("评审意见")
    accept_each(evaluator, "tr:not(#line-a22) button")
    evaluator.sees("已评 39 / 40")


def accept_each(evaluator: Person, buttons: str) -> None:
    """Press one button of acceptance after the other, as long as there are any."""
    left = evaluator.page.locator(f"main {buttons}")
    for count in range(left.count(), 0, -1):
        left.first.click()
        expect(left).to_have_count(count - 1)


def answer_and_resubmit(stage: Stage) -> None:
    """The operator answers, mends the one cell, and hands in the mended version."""
    park = stage["park"]
    park.open(REVIEW)
    park.sees("轮到您")
    park.follow("答复质询")
    row_of(park, "四号停车场").get_by_role("link").click()
    park.send("发送", text="漏登记四个充电车位，已改正。")
    park.open(f"{DOSSIER}registers/parking/?row=4&column=clean_energy_spaces")
    write_cell(park, "96，第 4 行", "100")
    freeze_and_compute(park, "答复质询稿")
    park.open(REVIEW)
    park.follow("提交修改后的版本")
    park.sees("答复质询稿")
    park.press("提交")
    park.sees("园区已答复，待核对")


def settle_and_resume(stage: Stage) -> None:
    """The evaluator sees the one change, settles, resumes, and judges what the change moved."""
    evaluator = stage["evaluator"]
    evaluator.open(f"{REVIEW}changes/")
    expect(evaluator.page.locator("main tbody tr")).to_have_count(1)
    evaluator.sees("96", "100")
    evaluator.open(REVIEW)
    evaluator.follow("核对答复，了结质询")
    row_of(evaluator, "四号停车场").get_by_role("link").click()
    evaluator.press("了结质询")
    evaluator.follow("进展")
    evaluator.press("恢复评审")
    accept_each(evaluator, "tr[id^=line] button")
    evaluator.sees("已评 40 / 40")


def visit_site(stage: Stage, folder: Path) -> None:
    """A record of the site visit with a photograph."""
    evaluator = stage["evaluator"]
    Image.new("RGB", (320, 240), (90, 140, 90)).save(folder / "site.jpg")
    evaluator.follow("现场核查")
    evaluator.follow("记录现场核查")
    evaluator.page.locator("#photos").set_input_files(folder / "site.jpg")
    evaluator.send("保存记录", place="四号停车场", present="周园、郑查", seen="充电车位共一百个，与填报一致。", captions="充电车位")
    evaluator.sees("四号停车场", "充电车位共一百个")
    expect(evaluator.page.get_by_alt_text("充电车位")).to_be_visible()


def sign_and_issue(stage: Stage) -> None:
    """The evaluator signs with the password, the lead issues; a wrong password signs nothing."""
    evaluator, body, park = stage["evaluator"], stage["body"], stage["park"]
    assert "还没有签发" in park.text(f"{REVIEW}statement/")
    evaluator.follow("评价结论")
    evaluator.sees("草稿", "没有：园区的值全部认可")
    evaluator.send("签署", conclusion="数据可追溯，缺计量读数，未达星级条件。", password=SECRET)
    evaluator.sees("评价结论已签署，待机构签发", evaluator.name)
    body.open(REVIEW)
    body.follow("复核并签发评价结论")
    body.send("签发", password=SECRET)
    body.sees("评价结论已签发，待专家评审")
    assert "数据可追溯" in park.text(f"{REVIEW}statement/")
    assert stage["expert1"].status(REVIEW) == 404


def vote(stage: Stage) -> None:
    """The scheme seats five experts; each declares and votes, and sees no other ballot."""
    scheme = stage["scheme"]
    scheme.open(REVIEW)
    scheme.follow("组建专家组")
    for role in EXPERTS:
        scheme.page.get_by_label(stage[role].name).check()
    scheme.press("组建")
    for role in EXPERTS:
        cast(stage[role], "不同意" if role == "expert5" else "同意")
        assert "不同意评价结论" not in stage["expert1"].text(f"{REVIEW}panel/")
    scheme.open(f"{REVIEW}panel/")
    scheme.send("保存纪要", text="五名专家到会，四票同意，一票不同意。")
    scheme.sees("同意 4，不同意 1，弃权 0")
    assert stage["enterprise"].status(f"{REVIEW}panel/") == 403


def cast(expert: Person, ballot: str) -> None:
    """One expert finds the review, declares, reads, votes."""
    expert.open("/")
    expert.follow("评审", within="header.top")
    expert.follow("2024 年 · 第 1 号")
    expert.follow("声明与投票")
    expert.answer_no()
    expert.press("作出声明")
    expert.page.get_by_label(ballot, exact=True).check()
    expert.send("投票", reasons="" if ballot == "同意" else "能耗数据应有读数支持。")
    expert.sees(f"{ballot}评价结论")


def decide(stage: Stage) -> None:
    """The scheme decides as the panel voted; the park reads decision and reasons."""
    scheme, park = stage["scheme"], stage["park"]
    assert "理由" not in park.text(f"{REVIEW}decision/")
    scheme.follow("决定")
    scheme.sees("按专家表决，决定为：", "不予授予")
    scheme.send("作出决定", reasons="约束性指标缺数据，未达到授星条件。")
    scheme.sees("已作出决定")
    park.open(REVIEW)
    park.sees("不予授予")
    park.page.get_by_role("link", name="查看决定").click()
    park.sees("约束性指标缺数据")


def appeal(stage: Stage) -> None:
    """The park appeals; not who decided but the second person of the scheme rules on it."""
    park, scheme, second = stage["park"], stage["scheme"], stage["second"]
    park.send("提出申诉", reasons="读数另以硬盘寄送，请予复核。")
    park.sees("申诉中")
    scheme.open(f"{REVIEW}decision/")
    scheme.sees("原决定由您作出")
    expect(scheme.page.get_by_role("button", name="作出申诉决定")).to_have_count(0)
    second.open(REVIEW)
    second.sees("轮到您")
    second.follow("审理申诉")
    second.page.get_by_label("变更为：三星").check()
    second.send("作出申诉决定", **{"appeal-reasons": "复核读数后，约束性指标满足，授予三星。"})
    for one in (second, park, scheme):
        one.open(f"{REVIEW}decision/")
        one.sees("申诉已有决定", "复核读数后")
