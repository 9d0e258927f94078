"""lingtan serve, lingtan site backup | restore | audit: the web application and its upkeep."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import Annotated

import typer

from lingtan.cli.reading import AsJson
from lingtan.cli.show import print_json, say, tell

Host = Annotated[str, typer.Option("--host", help="监听地址 Address to listen on")]
Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="端口 Port")]
Workers = Annotated[int, typer.Option("--workers", min=1, max=64, help="服务进程数 Server processes")]
Example = Annotated[bool, typer.Option("--example/--no-example", help="装入示例园区 Load the example park")]
BackupFile = Annotated[Path, typer.Argument(help="备份文件 .tar Backup, .tar")]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command("serve")(serve)
    site = typer.Typer(
        help="站点的备份、恢复与日志核对 Backup, restore, audit of a site", no_args_is_help=True
    )
    site.command("backup")(backup)
    site.command("restore")(restore)
    site.command("audit")(audit)
    app.add_typer(site, name="site")


def serve(host: Host = "127.0.0.1", port: Port = 8000, workers: Workers = 1, example: Example = False) -> int:
    """启动网页应用；首次启动会建立数据库与管理员。Serve the web application."""
    from lingtan_web.serving import starting

    starting.check_port(host, port)
    tell("准备数据库 preparing the database")
    starting.prepare_site()
    starting.load_application()
    starting.create_first_person(_ask if sys.stdin.isatty() else None)
    if starting.create_scheme():
        tell("已生成签发方资料与密钥 made the scheme of certificates and its keys")
    if example:
        tell("装入示例园区 loading the example park")
        from lingtan_web.serving.example import load_example

        load_example()
    shown = f"[{host}]" if ":" in host else host
    say(f"零碳 Lingtan  http://{shown}:{port}/", "bold")
    tell("Ctrl-C 停止 Ctrl-C stops")
    return starting.run_site(host, port, workers=workers)


def _ask(question: str, is_secret: bool) -> str:
    return getpass.getpass(f"{question}: ") if is_secret else input(f"{question}: ").strip()


def backup(file: BackupFile, json: AsJson = False) -> int:
    """备份整个站点到一个文件。Back the whole site up into one file."""
    from lingtan_web.serving import starting

    starting.prepare_site()
    starting.load_application()
    from lingtan_web.serving.backup import backup_site, hash_file

    counts = backup_site(file)
    return _told("已备份 backed up", file, counts, hash_file(file), json)


def restore(file: BackupFile, json: AsJson = False) -> int:
    """从备份恢复到空站点。Restore a backup into an empty site."""
    from lingtan_web.serving import starting

    starting.prepare_site()
    starting.load_application(as_owner=True)
    from lingtan_web.serving.backup import hash_file, restore_site

    counts = restore_site(file)
    return _told("已恢复 restored", file, counts, hash_file(file), json)


def _told(what: str, file: Path, counts: dict[str, int], sha256: str, json: bool) -> int:
    if json:
        print_json({"file": str(file), "sha256": sha256, "rows": counts})
    else:
        say(f"{what}: {file}  {sum(counts.values())} 行 rows  sha256 {sha256}")
    return 0


def audit(json: AsJson = False) -> int:
    """逐条核对审计日志的校验链。Check the chain of the audit log entry by entry."""
    from lingtan_web.serving import starting

    starting.load_application()
    from lingtan_web.audit.models import Entry
    from lingtan_web.audit.services import find_broken_entry

    broken, entries = find_broken_entry(), Entry.objects.count()
    if json:
        print_json({"entries": entries, "broken_at": broken})
    elif broken is None:
        say(f"审计日志完整，共 {entries} 条 the audit log holds, {entries} entries")
    else:
        say(f"审计日志在第 {broken} 条处不相符 the audit log breaks at entry {broken}", "bold red")
    return 0 if broken is None else 1
