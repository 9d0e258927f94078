"""Run the tests of the web application on PostgreSQL: `python -m tests.web.on_postgres`.

Left out are modules that start whole sites of their own (those choose their databases themselves, see
`sites`), those that walk pages in a browser, and those that touch no database. Where no server answers,
that is said and nothing is run.
"""

import os
import subprocess
import sys
from pathlib import Path

import psycopg

SERVER = "postgresql://postgres@127.0.0.1:5432/postgres"
OWN_SITES = {
    "test_story", "test_site", "test_server_killed", "test_reviews_kept", "test_evidence_killed",
    "test_dossier_kill", "test_import_killed", "test_api_site",
}  # fmt: skip
BROWSERS = {
    "test_accessibility", "test_boundary_browser", "test_certificate_browser", "test_dossier_browser",
    "test_fill_in_browser", "test_page_queries",
}  # fmt: skip
"""What is seen in a browser, or walks every page, is the same on either; each takes minutes."""
NO_DATABASE = {"test_evidence_polyglots", "test_evidence_contents"}


def has_server() -> bool:
    """Whether the server answers."""
    try:
        psycopg.connect(SERVER, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


def main() -> int:
    """The exit code of pytest; 0 where there is no server."""
    if not has_server():
        print(
            f"SKIPPED 未在 PostgreSQL 上运行网页应用的测试：{SERVER} 没有应答 web tests not run on PostgreSQL"
        )
        return 0
    folder = Path(__file__).parent
    left_out = OWN_SITES | BROWSERS | NO_DATABASE
    missing = [name for name in left_out if not (folder / f"{name}.py").is_file()]
    assert not missing, missing
    modules = [str(file) for file in sorted(folder.glob("test_*.py")) if file.stem not in left_out]
    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile", "--create-db", *modules]
    return subprocess.call(command, env={**os.environ, "LINGTAN_DATABASE_URL": SERVER})


if __name__ == "__main__":
    sys.exit(main())
