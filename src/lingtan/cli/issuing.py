"""lingtan certificate issue | revoke | status: what the scheme does, on the site's own database.

The same services as the pages, entered in the same log: only the door is another one.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lingtan.certificate.words import find_words
from lingtan.cli.reading import AsJson
from lingtan.cli.show import print_json, print_table, say, tell

if TYPE_CHECKING:
    from lingtan_web.certificates.models import Certificate

Park = Annotated[str, typer.Argument(help="园区（网址中的名称） Park, as in its address")]
Review = Annotated[int, typer.Argument(min=1, help="评审编号 Number of the review")]
Number = Annotated[str, typer.Argument(help="证书编号 Number of the certificate")]
SomeNumber = Annotated[str, typer.Argument(help="证书编号，缺省为全部 Number, all if absent")]
Who = Annotated[str, typer.Option("--who", help="评价管理方人员的邮箱 E-mail of a person of the scheme")]
Reasons = Annotated[str, typer.Option("--reasons", help="理由，对外公布 Reasons, published")]
CaseNumber = Annotated[int, typer.Option("--case", min=1, help="案号 Number of the case")]
After = Annotated[str, typer.Option("--after", help="取代哪一张证书 Certificate whose place it takes")]
OfCase = Annotated[int | None, typer.Option("--case", min=1, help="据以取代的案号 Case that says so")]
Publish = Annotated[bool, typer.Option("--publish", help="重新签发并公布状态表 Sign and publish the lists")]


def register(group: typer.Typer) -> None:
    """Add the commands to the group `certificate`."""
    group.command("issue")(issue)
    group.command("revoke")(revoke)
    group.command("status")(status)


def issue(  # noqa: PLR0913 a command has its options
    park: Park,
    review: Review,
    who: Who,
    after: After = "",
    case: OfCase = None,
    reasons: Reasons = "",
    json: AsJson = False,
) -> int:
    """依据已生效的决定签发证书。Issue a certificate of what a review has decided."""
    _load()
    from lingtan_web.certificates.commanding import issue_for

    made = issue_for(who, park, review, after=after, case=case, reasons=reasons)
    if json:
        print_json({"number": made.number, "stars": made.stars, **_days(made)})
    else:
        say(f"已签发 issued: {made.number} · {made.valid_from} – {made.valid_until}", "bold green")
    return 0


def revoke(number: Number, case: CaseNumber, who: Who, reasons: Reasons, json: AsJson = False) -> int:
    """以决定撤销证书：须已立案，并已听取意见或期满。Withdraw a certificate by deciding its case."""
    _load()
    from lingtan_web.certificates.commanding import withdraw

    row = withdraw(who, number, case, reasons)
    found = row.certificate
    if json:
        print_json({"number": found.number, "case": case, "state": "withdrawn", "on": row.on.isoformat()})
    else:
        say(f"已撤销 withdrawn: {found.number} · {row.on}", "bold")
    return 0


def status(number: SomeNumber = "", publish: Publish = False, json: AsJson = False) -> int:
    """证书现在的状态；可重新公布状态表。How certificates stand now; the lists can be published anew."""
    _load()
    from lingtan_web.certificates.commanding import list_standing
    from lingtan_web.certificates.services.publishing import publish_lists

    if publish:
        tell(f"已公布 published: {publish_lists()} 张 certificates")
    today, lines = list_standing(number)
    if json:
        print_json([_line(one, state) for one, state in lines])
        return 0
    words = find_words()
    rows = [
        (one.number, one.park.name_zh, "★" * one.stars, f"{words[state].zh} {words[state].en}",
         f"{one.valid_from} – {one.valid_until}")
        for one, state in lines
    ]  # fmt: skip
    columns = ("编号 Number", "园区 Park", "星级 Stars", "状态 State", "有效期 Valid")
    print_table(f"证书 Certificates ({len(rows)}) · {today}", columns, rows)
    return 0


def list_kept_bundles() -> list[tuple[str, Path]]:
    """The certificates of the site that run, suspended ones among them: number, and bundle in its store."""
    _load()
    from lingtan_web.certificates.commanding import list_bundles

    return list_bundles()


def _line(one: Certificate, state: str) -> dict[str, Any]:
    return {"number": one.number, "park": one.park.slug, "stars": one.stars, "state": state, **_days(one)}


def _days(one: Certificate) -> dict[str, str]:
    return {"valid_from": one.valid_from.isoformat(), "valid_until": one.valid_until.isoformat()}


def _load() -> None:
    from lingtan_web.serving import starting

    starting.load_application()
