"""Names of the files of a calculation that are read by name."""

TRACE = "trace.sqlite"
PICTURES = "pictures.json"
PEOPLE = "people.json"
EVIDENCE = "sheet-evidence.json"
