"""Office files (OOXML) and OFD: no macros, no controls, nothing fetched from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial

from lxml import etree

from lingtan_web.evidence.archives import Member, read_member
from lingtan_web.evidence.kinds import RefusedError
from lingtan_web.evidence.names import shown

TYPES = "[Content_Types].xml"
_MAIN = "application/vnd.openxmlformats-officedocument."
_MAINS = {
    "docx": f"{_MAIN}wordprocessingml.document.main+xml",
    "xlsx": f"{_MAIN}spreadsheetml.sheet.main+xml",
    "pptx": f"{_MAIN}presentationml.presentation.main+xml",
}
_MACROS = re.compile(r"vba(project|data)|macrosheets?/|\.xlm$", re.IGNORECASE)
_ACTIVE = re.compile(r"activex|oleobject|(^|/)embeddings/|\.(exe|dll|js|vbs|html?|svg|swf)$", re.IGNORECASE)
_OFD_ACTIVE = re.compile(r"\.(js|exe|dll|html?|svg|swf|zip)$", re.IGNORECASE)
_FETCHING = re.compile(r"\b(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT|DATABASE|LINK)\b", re.IGNORECASE)
_CALLING = re.compile(
    rb"<(?:\w+:)?ddeLink\b|WEBSERVICE\s*\(|(?:cmd|powershell|mshta|msexcel)\s*\|", re.IGNORECASE
)
_INSTRUCTION = re.compile(rb"<w:instrText[^>]*>([^<]*)<|w:instr=\"([^\"]*)\"")

Read = Callable[[Member], bytes]


def find_family(data: bytes, members: tuple[Member, ...]) -> str:
    """`docx`, `xlsx`, `pptx`, `ofd`, or `zip` for an archive of anything else."""
    named = {one.name: one for one in members}
    if "OFD.xml" in named:
        return "ofd"
    if TYPES not in named:
        return "zip"
    types = _types(read_member(data, named[TYPES]))
    if "macroEnabled" in types:
        raise RefusedError("evidence.kind-macros", ending="docm/xlsm/pptm")
    return next((kind for kind, main in _MAINS.items() if main in types), "zip")


def _types(raw: bytes) -> str:
    root = _parse(raw, TYPES)
    return "\n".join(str(one.get("ContentType", "")) for one in root.iter() if isinstance(one.tag, str))


def _parse(raw: bytes, name: str) -> etree._Element:
    """XML without definitions of its own, which no program for Office writes and bombs are made of."""
    if b"<!DOCTYPE" in raw.replace(b"\0", b"") or b"<!ENTITY" in raw.replace(b"\0", b""):
        raise RefusedError("evidence.office-active", what=shown(f"DOCTYPE ({name})"))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise RefusedError("evidence.damaged", at=shown(name)) from None


def check_office(data: bytes, members: tuple[Member, ...]) -> None:
    """RefusedError if an Office file has parts that act or that are fetched when it is opened."""
    read = partial(read_member, data)
    for one in members:
        if _MACROS.search(one.name):
            raise RefusedError("evidence.kind-macros", ending=shown(one.name))
        if _ACTIVE.search(one.name):
            raise RefusedError("evidence.office-active", what=shown(one.name))
    for one in members:
        _check_part(one, read)


def _check_part(one: Member, read: Read) -> None:
    content = read(one)
    if one.name.endswith(".rels"):
        _check_links(_parse(content, one.name), one.name)
    elif one.name.endswith(".xml"):
        _check_xml(content, one.name)


def _check_links(root: etree._Element, name: str) -> None:
    """Links that people follow may lead outside; what a program fetches by itself may not."""
    for link in root.iter():
        if not isinstance(link.tag, str) or link.get("TargetMode") != "External":
            continue
        kind = str(link.get("Type", "")).rsplit("/", 1)[-1]
        if kind not in ("hyperlink", "externalLinkPath"):
            raise RefusedError("evidence.office-outside", what=shown(link.get("Target", "")))
        _check_target(str(link.get("Target", "")), name)


def _check_target(target: str, name: str) -> None:
    scheme = target.strip().lower().partition(":")[0] if ":" in target else ""
    if scheme in ("javascript", "vbscript", "data", "ms-msdt", "search-ms"):
        raise RefusedError("evidence.office-outside", what=shown(target))


def _check_xml(content: bytes, name: str) -> None:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or _CALLING.search(content):
        raise RefusedError("evidence.office-active", what=shown(name))
    words = b" ".join(first or second for first, second in _INSTRUCTION.findall(content))
    if found := _FETCHING.search(words.decode("utf-8", "replace")):
        raise RefusedError("evidence.office-outside", what=shown(found[1].upper()))


def check_ofd(data: bytes, members: tuple[Member, ...]) -> None:
    """RefusedError if an OFD (GB/T 33190) lacks its root, or holds what acts."""
    named: Mapping[str, Member] = {one.name: one for one in members}
    root = _parse(read_member(data, named["OFD.xml"]), "OFD.xml")
    if etree.QName(root).localname != "OFD":
        raise RefusedError("evidence.damaged", at="OFD.xml")
    for one in members:
        if _OFD_ACTIVE.search(one.name):
            raise RefusedError("evidence.office-active", what=shown(one.name))
        content = read_member(data, one)
        if one.name.lower().endswith(".xml") and (b"<!DOCTYPE" in content or b"<!ENTITY" in content):
            raise RefusedError("evidence.office-active", what=shown(f"DOCTYPE ({one.name})"))
