"""What the bytes of a file say it is, and where a second format could hide in it.

Readers differ in how far they look: a ZIP is found by its end, a PDF in the first kilobyte, an
archive behind a program in the first megabytes. A file in which a second reader could find its own
format is refused, wherever that reader would look.
"""

from __future__ import annotations

import re

from lingtan_web.evidence.kinds import RefusedError

SNIFFED = 8192
"""Bytes at the beginning in which browsers and file managers look for markup (they read 512 to 4096)."""
_ZIP_TAIL = 22 + 65_535  # the end record of a ZIP with its longest comment
_ZIP_END, _ZIP_ENTRY = b"PK\x05\x06", b"PK\x01\x02"

_STARTS: tuple[tuple[bytes, int, str, str], ...] = (
    (b"%PDF-", 0, "PDF 文件", "a PDF"),
    (b"\x89PNG\r\n\x1a\n", 0, "PNG 图片", "a PNG picture"),
    (b"\xff\xd8\xff", 0, "JPEG 图片", "a JPEG picture"),
    (b"WEBP", 8, "WebP 图片", "a WebP picture"),
    (b"PK\x03\x04", 0, "ZIP 类文件", "a file of the ZIP family"),
    (b"GIF8", 0, "GIF 图片", "a GIF picture"),
    (b"II*\0", 0, "TIFF 图片", "a TIFF picture"),
    (b"MM\0*", 0, "TIFF 图片", "a TIFF picture"),
    (b"ftyphei", 4, "HEIC 照片", "a HEIC photograph"),
    (b"ftypmif", 4, "HEIC 照片", "a HEIC photograph"),
    (b"ftyp", 4, "视频（MP4/MOV）", "a video (MP4/MOV)"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, "旧版或加密的 Office 文件", "an old or encrypted Office file"),
    (b"Rar!\x1a\x07", 0, "RAR 压缩包", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", 0, "7z 压缩包", "a 7z archive"),
    (b"\x1f\x8b", 0, "gzip 压缩文件", "a gzip file"),
    (b"BZh", 0, "bzip2 压缩文件", "a bzip2 file"),
    (b"\xfd7zXZ\0", 0, "xz 压缩文件", "an xz file"),
    (b"MSCF", 0, "CAB 压缩包", "a CAB archive"),
    (b"MZ", 0, "Windows 程序", "a Windows program"),
    (b"\x7fELF", 0, "Linux 程序", "a Linux program"),
    (b"\xcf\xfa\xed\xfe", 0, "macOS 程序", "a macOS program"),
    (b"\xca\xfe\xba\xbe", 0, "程序", "a program"),
    (b"L\0\0\0\x01\x14\x02\0", 0, "Windows 快捷方式", "a Windows shortcut"),
    (b"#!", 0, "脚本", "a script"),
    (b"{\\rtf", 0, "RTF 文档", "an RTF document"),
    (b"%!PS", 0, "PostScript 文件", "a PostScript file"),
    (b"BM", 0, "BMP 图片", "a BMP picture"),
)  # fmt: skip

_MARKUP = re.compile(
    rb"<\s*(?:!doctype|html|head|body|script|iframe|frameset|object|embed|applet|svg|math|meta|style|link|form|table"
    rb"|title|img|xsl:|hta:|\?php|%@|!entity)\b|<\?(?:php|xml-stylesheet)|<\?=",
    re.IGNORECASE,
)
_SCRIPT = re.compile(rb"<\s*(?:script|iframe|html|!doctype|svg|body|object|embed)\b|<\?php", re.IGNORECASE)
"""In pixels and packed bytes: only marks so long that chance does not make them."""

_ANYWHERE: tuple[tuple[bytes, str, str], ...] = (
    (b"Rar!\x1a\x07", "RAR 压缩包", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "7z 压缩包", "a 7z archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 Office 文件", "an old Office file"),
)
_AT: tuple[tuple[bytes, tuple[int, ...], str, str], ...] = (
    (b"ustar", (257,), "TAR 压缩包", "a TAR archive"),
    (b"ftyp", (4,), "视频或 HEIC", "a video or HEIC"),
    (b"DICM", (128,), "DICOM 影像", "a DICOM image"),
    (b"CD001", (0x8001, 0x8801, 0x9001), "光盘镜像", "a disc image"),
)


def name_content(data: bytes) -> tuple[str, str] | None:
    """What a file is by its first bytes, in Chinese and English; None if nothing known."""
    for mark, at, zh, en in _STARTS:
        if data[at : at + len(mark)] == mark:
            return zh, en
    if has_markup(data[:SNIFFED]):
        return "网页或 SVG", "a web page or SVG"
    return None


def has_markup(data: bytes) -> bool:
    """Whether a browser could take the bytes for a page, or a server for a program."""
    return bool(_MARKUP.search(data.replace(b"\0", b"")))


def check_second(data: bytes, *, is_zip: bool = False, is_pdf: bool = False, is_text: bool = False) -> None:
    """RefusedError if a reader of another format would find its own in the file."""
    if found := _find_second(data, is_zip=is_zip, is_pdf=is_pdf):
        raise RefusedError("evidence.second-format", found_zh=found[0], found_en=found[1])
    if is_text and has_markup(data[:SNIFFED]):
        raise RefusedError("evidence.second-format", found_zh="网页代码", found_en="code of a web page")
    if not is_zip:
        check_metadata(data[:SNIFFED])


def check_metadata(data: bytes) -> None:
    """RefusedError if what a picture says about itself holds code of a page."""
    if _SCRIPT.search(data.replace(b"\0", b"")):
        raise RefusedError("evidence.second-format", found_zh="网页代码", found_en="code of a web page")


def _find_second(data: bytes, *, is_zip: bool, is_pdf: bool) -> tuple[str, str] | None:
    if not is_zip and (_ZIP_END in data[-_ZIP_TAIL:] or _has_directory(data)):
        return "ZIP 压缩包", "a ZIP archive"
    if not is_pdf and b"%PDF-" in data[: SNIFFED // 4]:
        return "PDF 文件", "a PDF"
    for mark, zh, en in _ANYWHERE:
        if not is_zip and mark in data:
            return zh, en
    for mark, places, zh, en in _AT:
        if any(data[at : at + len(mark)] == mark for at in places):
            return zh, en
    return None


def _has_directory(data: bytes) -> bool:
    """Whether an entry of a ZIP's directory stands anywhere, with its name: four bytes alone are chance."""
    at = data.find(_ZIP_ENTRY)
    while at >= 0:
        method = int.from_bytes(data[at + 10 : at + 12], "little")
        length = int.from_bytes(data[at + 28 : at + 30], "little")
        name = data[at + 46 : at + 46 + length]
        is_name = 0 < length < 512 and len(name) == length and b"\0" not in name
        if is_name and method in (0, 8, 9, 12, 14, 93, 95):
            return True
        at = data.find(_ZIP_ENTRY, at + 4)
    return False
