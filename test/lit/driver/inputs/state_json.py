"""Two layouts of one state: the schemas are the same, and each accounts for its bytes.

usage: state_json.py ONE.json OTHER.json (of `inspect --state --json`)
"""
import json
import sys

one, other = (json.load(open(path)) for path in sys.argv[1:])
assert [t["name"] for t in one] == [t["name"] for t in other]
for a, b in zip(one, other):
    assert a["schema"] == b["schema"] and a["schema_hash"] == b["schema_hash"], "a layout is no part of a schema"
    print(f"{a['name']} {a['layout']['kind']}, then {b['layout']['kind']}: one schema")
for layout in (t["layout"] for t in one + other):
    taken = set()
    for piece in layout["pieces"]:
        cold = piece.get("cold", False)
        assert piece["offset"] + piece["size"] <= layout["cold_bytes" if cold else "slot_bytes"], piece
        if piece["part"] == "flag":
            places = {(cold, piece["offset"] * 8 + piece["bit"], "flag")}
        else:
            places = {(cold, bit, "bytes") for bit in range(piece["offset"] * 8, (piece["offset"] + piece["size"]) * 8)}
        assert not places & taken, piece
        taken |= places
        assert piece["encoding"] and piece["name"], piece
    members = {p["name"] for p in layout["pieces"] if p["part"] == "member"}
    assert members, "where are the members?"
print("no byte is in two pieces")
