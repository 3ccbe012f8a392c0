"""A pipeline over a wide schema: `wide.py FIELDS SAMPLE` writes some records of it to SAMPLE."""
import json
import sys

fields = [f"f{i}" for i in range(int(sys.argv[1]))]
with open(sys.argv[2], "w") as sample:
    for row in range(3):
        sample.write(json.dumps({name: row * i for i, name in enumerate(fields)}) + "\n")
print("stream.pipeline @wide {")
print("  %in = source stdin as json { " + ", ".join(f"{name}: i64" for name in fields) + " }")
print("  %large = filter %in where " + " + ".join(fields) + " > 7")
print("  sink %large to stdout as csv")
print("}")
