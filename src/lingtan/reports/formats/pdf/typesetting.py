"""Typesets one part: run as a process of its own, since Typst keeps what it has laid out.

Standard input: JSON {"fonts": folder, "standard": …, "files": {name: text}}; standard output: the PDF.
Imports nothing of ours, so that it starts at once.
"""

import json
import sys
from typing import Any


def typeset(task: dict[str, object]) -> bytes:
    """The PDF of `main.typ` among the files; typst.TypstError if they do not compile."""
    import typst

    files = task["files"]
    assert isinstance(files, dict)
    sources: Any = {name: text.encode() for name, text in files.items()}  # its stubs know no dict
    standard: Any = task["standard"]
    return typst.compile(
        sources,
        font_paths=[str(task["fonts"])],
        ignore_system_fonts=True,
        pdf_standards=[standard],
        timestamp=0,
    )


def main() -> None:
    """Answer standard input; what does not compile is told on standard error."""
    import typst

    try:
        sys.stdout.buffer.write(typeset(json.load(sys.stdin.buffer)))
    except typst.TypstError as error:
        sys.exit(str(getattr(error, "diagnostic", error)))


if __name__ == "__main__":
    main()
