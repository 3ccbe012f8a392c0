"""Prints what `millrace test --json` says: json FILE."""
import json
import os
import sys

with open(sys.argv[1], encoding="utf-8") as f:
    report = json.load(f)
print("passed", report["passed"], "failed", report["failed"])
for file in report["files"]:
    print(os.path.basename(file["file"]), len(file["mistakes"]), "mistakes", [t["passed"] for t in file["tests"]])
    for test in file["tests"]:
        for failure in test["failures"][:1]:
            if failure["expected"]:
                print("%d %s: %d expected, %d came" % (failure["line"], failure["message"], len(failure["expected"]),
                                                       len(failure["actual"])))
