"""Aggregates of a pipeline's own, which keep what they claim: in whatever order and by whatever algorithm they are combined, the
answer is one, and nothing in them overflows. One that is not order_free is for where records are combined as they arrive.
"""
from dataclasses import dataclass

from model import FLOATS, INTEGERS, SIGNED, UNSIGNED

SMALL = [base for base in SIGNED + UNSIGNED if base != "u64"]


@dataclass
class Own:
    name: str
    takes: tuple                 # for each parameter the types of what it may be given
    gives: str
    text: str                    # behind `aggregate `
    nullable: bool = False
    rounds: bool = False         # do its last bits depend on how results are combined?


OWN = [
    Own("ring", (SMALL,), "i64", """(x: i64) -> i64
    identity { s = 0, n = 0 }
    lift { s = (x mod 10007 + 10007) mod 10007, n = 1 }
    combine { s = (a.s + b.s) mod 10007, n = a.n + b.n }
    inverse { s = (a.s - b.s + 10007) mod 10007, n = a.n - b.n }
    lower s * 1000 + n
    facts order_free, exact_inverse"""),
    Own("range", (SMALL,), "i64", """(x: i64) -> i64
    identity { low = 9223372036854775807, high = -9223372036854775807 }
    lift { low = x, high = x }
    combine {
      low = case when a.low < b.low then a.low else b.low end,
      high = case when a.high > b.high then a.high else b.high end
    }
    lower high / 2 - low / 2
    facts order_free, idempotent"""),
    Own("longest", (["string"],), "string", """(text: string) -> string?
    identity { best = cast(null as string) }
    lift { best = text }
    combine {
      best = case when a.best is null or length(b.best) > length(a.best)
                    or length(b.best) = length(a.best) and b.best < a.best then b.best else a.best end
    }
    lower case when best = "" then null else best end
    facts order_free, idempotent""", nullable=True),
    Own("shares", (SMALL, ["bool"]), "f64", """(x: i64, counts: bool) -> f64
    identity { yes = cast(0 as i32), all = cast(0 as i32), any = false }
    lift { yes = case when counts and x > 0 then 1 else 0 end, all = 1, any = counts }
    combine { yes = a.yes + b.yes, all = a.all + b.all, any = a.any or b.any }
    lower case when any then cast(yes as f64) / cast(all as f64) else -1.0 end
    facts order_free"""),
    Own("parts", (SMALL,), "i64", """(x: i64) -> i64
    identity { s = 0 }
    lift { s = 1000 / (x - 77) }
    combine { s = a.s + b.s }
    inverse { s = a.s - b.s }
    lower s
    facts order_free, exact_inverse"""),
    Own("trace", (SMALL,), "i64", """(x: i64) -> i64
    identity { h = 0, p = 1 }
    lift { h = (x mod 10007 + 10007) mod 10007, p = 31 }
    combine { h = (a.h * b.p + b.h) mod 10007, p = a.p * b.p mod 10007 }
    lower h"""),
    Own("joined", (["string"],), "string", """(text: string) -> string
    identity { all = "" }
    lift { all = text }
    combine { all = substring(a.all || b.all, 1, 40) }
    lower all"""),
    Own("geomean", (FLOATS + INTEGERS,), "f64", """(x: f64) -> f64
    identity { logs = 0.0, n = 0 }
    lift { logs = log(x), n = 1 }
    combine { logs = a.logs + b.logs, n = a.n + b.n }
    lower exp(logs / n)
    facts order_free""", rounds=True),
]
