"""Files as people upload them, made by the programs' own libraries, and what hostile people make of them."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Mapping
from functools import cache
from typing import Any

import docx
import pikepdf
import xlsxwriter
from PIL import Image, PngImagePlugin

HTML = b"<!DOCTYPE html><html><body><script>alert(document.domain)</script></body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
EXE = b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0" + bytes(112) + b"PE\0\0" + bytes(200)
ELF = b"\x7fELF\x02\x01\x01" + bytes(100)
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
MAIN = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"


def archive(files: Mapping[str, bytes], *, method: int = zipfile.ZIP_DEFLATED, comment: bytes = b"") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as out:
        for name, content in files.items():
            out.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), content, method)
        out.comment = comment
    return stream.getvalue()


def repack(data: bytes, changes: Mapping[str, bytes | None]) -> bytes:
    """The archive with entries changed, added, or taken out (None)."""
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        files = {name: source.read(name) for name in source.namelist()}
    return archive({name: raw for name, raw in {**files, **changes}.items() if raw is not None})


def picture(format: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    image = Image.new("RGB", (40, 30), (20, 120, 90))
    for x in range(40):
        image.putpixel((x, x % 30), (x * 6, 255 - x * 6, x))
    image.save(stream, format, **options)
    return stream.getvalue()


def png_said(words: bytes) -> bytes:
    """A PNG whose comment holds `words`."""
    said = PngImagePlugin.PngInfo()
    said.add_text("Comment", words.decode("latin-1"))
    return picture("PNG", pnginfo=said)


def pdf(root: Mapping[str, Any] | None = None, content: bytes = b"BT ET", **save: Any) -> bytes:
    stream = io.BytesIO()
    with pikepdf.new() as out:
        out.add_blank_page(page_size=(595, 842))
        out.pages[0].Contents = out.make_stream(content)
        for key, value in (root or {}).items():
            out.Root[key] = out.make_indirect(value)
        out.save(stream, deterministic_id="encryption" not in save, **save)
    return stream.getvalue()


def script_action() -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def pdf_with_file(name: str = "x.exe", content: bytes = EXE) -> bytes:
    stream = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as out:
        out.attachments[name] = content
        out.save(stream)
    return stream.getvalue()


def workbook(formula: str = "") -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("电量")
    sheet.write_row(0, 0, ["月份", "电量"])
    sheet.write_row(1, 0, ["2024-01", 120.5])
    if formula:
        sheet.write_formula(2, 0, formula)
    book.close()
    return stream.getvalue()


def document() -> bytes:
    stream = io.BytesIO()
    made = docx.Document()
    made.add_paragraph("用地平衡表")
    made.save(stream)
    return stream.getvalue()


def slides() -> bytes:
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/ppt/presentation.xml" ContentType="{MAIN}"/></Types>'
    )
    return archive({"[Content_Types].xml": types.encode(), "ppt/presentation.xml": b"<p/>"})


def ofd() -> bytes:
    root = b'<?xml version="1.0"?><ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.0"/>'
    return archive({"OFD.xml": root, "Doc_0/Document.xml": b"<ofd/>"})


def tar() -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as out:
        info = tarfile.TarInfo("x.sh")
        info.size = 4
        out.addfile(info, io.BytesIO(b"true"))
    return stream.getvalue()


@cache
def good() -> Mapping[str, bytes]:
    """A sound file of every ending that is taken."""
    files = {
        "bill.pdf": pdf(),
        "photo.png": picture("PNG"),
        "photo.jpg": picture("JPEG"),
        "photo.jpeg": picture("JPEG", progressive=True, comment=b"site visit"),
        "photo.webp": picture("WEBP"),
        "land.docx": document(),
        "bills.xlsx": workbook(),
        "slides.pptx": slides(),
        "invoice.ofd": ofd(),
        "bills.csv": "月份,电量,同比\n2024-01,120.5,-3.2%\n".encode("gbk"),
        "note.txt": "电费结算说明".encode("utf-8-sig"),
        "note.md": "# 说明\n- 第一条\n".encode("utf-16"),
        "data.json": b'{"a": [1, 2]}',
        "area.geojson": b'{"type": "Polygon", "coordinates": []}',
    }
    return {**files, "year.zip": archive({f"2024/{name}": raw for name, raw in files.items()})}


@cache
def second() -> Mapping[str, bytes]:
    """A file of every format that could hide in another."""
    return {
        "zip": archive({"x.html": HTML}),
        "jar": archive({"META-INF/MANIFEST.MF": b"Main-Class: X\n", "X.class": b"\xca\xfe\xba\xbe"}),
        "pdf": pdf({"/OpenAction": script_action()}),
        "html": HTML,
        "svg": SVG,
        "php": b"<?php system($_GET['c']); ?>",
        "exe": EXE,
        "elf": ELF,
        "rar": b"Rar!\x1a\x07\x01\0" + bytes(40),
        "7z": b"7z\xbc\xaf\x27\x1c\0\x04" + bytes(40),
        "tar": tar(),
        "gif": b"GIF89a\x01\0\x01\0\0\0\0;",
        "png": picture("PNG"),
        "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504),
        "mp4": b"\0\0\0\x18ftypisom\0\0\0\x01isomavc1\0\0\0\x08mdat",
        "script": b"#!/bin/sh\nrm -rf ~\n",
        "formula": b"=cmd|'/C calc'!A0\n",
    }


def png_of(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing: a bomb for who decodes it."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes((width + 1) * min(height, 200)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def jpeg_said(words: bytes) -> bytes:
    """A JPEG with a comment right behind its head."""
    plain = picture("JPEG")
    return plain[:2] + b"\xff\xfe" + struct.pack(">H", len(words) + 2) + words + plain[2:]
