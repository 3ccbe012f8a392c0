"""Is it a picture? Well-formed SVG, everything within its frame, a box with a name or a hint for each piece.

usage: state_svg.py STATE.svg [STATE.json]
"""
import json
import sys
import xml.etree.ElementTree as xml

NS = "{http://www.w3.org/2000/svg}"
root = xml.parse(sys.argv[1]).getroot()
assert root.tag == NS + "svg"
width, height = float(root.get("width")), float(root.get("height"))
for box in root.iter(NS + "rect"):
    x, y = float(box.get("x", 0)), float(box.get("y", 0))
    assert x + float(box.get("width")) <= width and y + float(box.get("height")) <= height, xml.tostring(box)
for text in root.iter(NS + "text"):
    assert 0 < float(text.get("y")) <= height and 0 <= float(text.get("x")) <= width, xml.tostring(text)
hints = "\n".join(title.text for title in root.iter(NS + "title"))
for table in json.load(open(sys.argv[2])) if len(sys.argv) > 2 else []:
    headings = [text.text for text in root.iter(NS + "text") if text.text.startswith(table["name"] + ": ")]
    assert len(headings) == 1, headings
    for piece in table["layout"]["pieces"]:
        assert f"{piece['name']}: {piece['encoding']}" in hints, piece
    print(table["name"])
