"""check_json.py FILE: prints each message of `millrace check --json` on a line; fails if the list is not as documented."""
import json
import pathlib
import sys

for message in json.loads(pathlib.Path(sys.argv[1]).read_text()):
    assert set(message) == {"file", "line", "column", "severity", "message", "notes"}, message
    notes = [note["message"] for note in message["notes"]]
    name = pathlib.Path(message["file"]).name
    print(name, message["line"], message["column"], message["severity"], message["message"], notes)
