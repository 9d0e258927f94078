"""Run by the Python of LibreOffice: opens a file, updates its contents, prints what it found as JSON.

`python3 office_update.py <file.docx> <folder of the profile>`
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

TRIES = 150


def connect(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(TRIES):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.2)
    raise TimeoutError("LibreOffice did not answer")


def look_into(context, file):
    desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    hidden = PropertyValue(Name="Hidden", Value=True)
    document = desktop.loadComponentFromURL(file.as_uri(), "_blank", 0, (hidden,))
    document.getTextFields().refresh()
    (index,) = document.getDocumentIndexes()
    index.update()
    fields = [field for field in document.getTextFields() if hasattr(field, "CurrentPresentation")]
    found = {
        "contents": index.getAnchor().getString().splitlines(),
        "references": [f.CurrentPresentation for f in fields if hasattr(f, "ReferenceFieldSource")],
        "pages": document.getCurrentController().PageCount,
    }
    document.close(True)
    desktop.terminate()
    return found


def main():
    file, profile = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    pipe = f"lingtan-{profile.name}"
    office = subprocess.Popen([
        "soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore",
        f"--accept=pipe,name={pipe};urp;",
    ], stdout=subprocess.DEVNULL)  # fmt: skip
    try:
        print(json.dumps(look_into(connect(pipe), file)))
    finally:
        try:
            office.wait(20)
        except subprocess.TimeoutExpired:
            office.kill()


if __name__ == "__main__":
    main()
