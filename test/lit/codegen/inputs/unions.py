"""A pipeline of unions of unions: `unions.py WIDE DEEP` has WIDE ** DEEP ways from its source to its window."""
import sys

wide, deep = int(sys.argv[1]), int(sys.argv[2])
print("stream.pipeline @unions {")
print("  %u0 = source stdin as json { n: i64, k: string, t: timestamp } watermark t bounded 1 min")
for level in range(1, deep + 1):
    for way in range(wide):
        condition = f"filter %u{level - 1} where n mod {level + 2} = {way}"
        print(f"  %w{level}_{way} = " + (f"map %u{level - 1} {{ n = n + {level}, k, t }}" if way % 2 else condition))
    print(f"  %u{level} = union " + ", ".join(f"%w{level}_{way}" for way in range(wide)))
print(f"  %keyed = key_by %u{deep} on k")
print("  %rows = window %keyed tumbling 1 h { c = count(), s = sum(n), m = max(n) }")
print("  sink %rows to stdout as json")
print("}")
