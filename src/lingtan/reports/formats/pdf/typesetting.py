"""Typesets one part: run as a process of its own, since Typst keeps what it has laid out.

Standard input: JSON {"fonts": folder, "standard": …, "files": {name: text}}; standard output: the PDF.
Imports nothing of ours, so that it starts at once.
"""

import json
import sys


def typeset(task: dict[str, object]) -> bytes:
    """The PDF of `main.typ` among the files; typst.TypstError if they do not compile."""
    import typst

    files = task["files"]
    assert isinstance(files, dict)
    sources = {name: text.encode() for name, text in files.items()}
    pdf = typst.compile(
        sources,
        font_paths=[str(task["fonts"])],
        ignore_system_fonts=True,
        pdf_standards=[str(task["standard"])],
        timestamp=0,
    )
    assert isinstance(pdf, bytes)
    return pdf


if __name__ == "__main__":
    import typst

    try:
        sys.stdout.buffer.write(typeset(json.load(sys.stdin.buffer)))
    except typst.TypstError as error:
        sys.exit(str(error.diagnostic))
