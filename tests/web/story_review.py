"""The second half of the story: review, questions, site visit, statement, panel, decision, appeal."""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from playwright.sync_api import expect
from tests.web.story_dossier import DOSSIER, EXPERTS, REVIEW, freeze_and_compute
from tests.web.story_parts import SECRET, Person, Stage, row_of, write_cell


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
    evaluator.fill(place="四号停车场", present="周园、郑查", captions="充电车位")
    evaluator.send("保存记录", seen="充电车位共一百个，与填报一致。")
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
