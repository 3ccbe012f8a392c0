"""Aggregates of a pipeline's own, which keep what they claim: in whatever order and by whatever algorithm they are combined, the
answer is one, and nothing in them overflows. One that is not order_free is for where records are combined as they arrive. Some are
written here, others composed; and for facts.py there are those that do not keep it.
"""
from dataclasses import dataclass, replace

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


# -- composed ones ---------------------------------------------------------------------------------------------------

MODULUS = 10007


@dataclass
class Piece:
    """Some values of a state and what is claimed of them with right. The text `{n}` is the piece's number; `lower` gives an
    integer from 0 to MODULUS - 1 in which all that is known of the piece shows."""
    identity: str
    lift: str
    combine: str
    lower: str
    inverse: str = ""
    order_free: bool = True
    idempotent: bool = False


PIECES = {
    "sum": Piece("s{n} = 0", "s{n} = (x mod 10007 * {k} mod 10007 + 10007) mod 10007", "s{n} = (a.s{n} + b.s{n}) mod 10007", "s{n}",
                 "s{n} = (a.s{n} - b.s{n} + 10007) mod 10007"),
    "count": Piece("c{n} = 0", "c{n} = {k}", "c{n} = a.c{n} + b.c{n}", "c{n} mod 10007", "c{n} = a.c{n} - b.c{n}"),
    "product": Piece("p{n} = 1", "p{n} = ((x mod 10007 + 10007) mod 10007 + {k}) mod 10007", "p{n} = a.p{n} * b.p{n} mod 10007", "p{n}"),
    "most": Piece("m{n} = -1", "m{n} = (x mod 10007 * {k} mod 10007 + 10007) mod 10007",
                  "m{n} = case when a.m{n} > b.m{n} then a.m{n} else b.m{n} end", "(m{n} + 1) mod 10007", idempotent=True),
    "least": Piece("l{n} = cast(null as i64)", "l{n} = (x mod 10007 * {k} mod 10007 + 10007) mod 10007",
                   "l{n} = case when a.l{n} is null or b.l{n} < a.l{n} then coalesce(b.l{n}, a.l{n}) else a.l{n} end",
                   "coalesce(l{n}, 0)", idempotent=True),
    "any": Piece("y{n} = false", "y{n} = x mod ({k} + 1) = 0", "y{n} = a.y{n} or b.y{n}", "case when y{n} then 1 else 0 end",
                 idempotent=True),
    "first": Piece("f{n} = cast(null as i64)", "f{n} = (x mod 10007 * {k} mod 10007 + 10007) mod 10007", "f{n} = coalesce(a.f{n}, b.f{n})",
                   "coalesce(f{n}, 0)", order_free=False, idempotent=True),
    "last": Piece("t{n} = 0, u{n} = false", "t{n} = (x mod 10007 + {k} + 10007) mod 10007, u{n} = true",
                  "t{n} = case when b.u{n} then b.t{n} else a.t{n} end, u{n} = a.u{n} or b.u{n}", "t{n}", order_free=False),
    "trace": Piece("h{n} = 0, p{n} = 1", "h{n} = (x mod 10007 + 10007) mod 10007, p{n} = 30 + {k}",
                   "h{n} = (a.h{n} * b.p{n} + b.h{n}) mod 10007, p{n} = a.p{n} * b.p{n} mod 10007", "h{n}", order_free=False),
    "word": Piece('w{n} = ""', "w{n} = cast(x mod 1000 * {k} as string)", "w{n} = case when a.w{n} > b.w{n} then a.w{n} else b.w{n} end",
                  'length(w{n}) * 100 + position(w{n}, "7")', idempotent=True),
    "text": Piece('j{n} = ""', 'j{n} = cast(x mod {k} as string) || "/"', "j{n} = substring(a.j{n} || b.j{n}, 1, 30)",
                  'length(j{n}) * 100 + position(j{n}, "1")', order_free=False),
}


def facts_of(pieces):
    """What is true of a state that is made of them, each for itself."""
    return ([fact for fact in ("order_free", "idempotent") if all(getattr(piece, fact) for piece in pieces)]
            + (["exact_inverse"] if all(piece.inverse and piece.order_free for piece in pieces) else []))


def text_of(rng, pieces, facts):
    """An aggregate of one integer whose result shows all of its pieces."""
    numbers = [rng.choice([1, 2, 3, 7]) for _ in pieces]

    def part(name):
        return ", ".join(getattr(piece, name).format(n=n, k=k) for n, (piece, k) in enumerate(zip(pieces, numbers)))
    lines = ["(x: i64) -> i64", "identity { %s }" % part("identity"), "lift { %s }" % part("lift"), "combine { %s }" % part("combine")]
    if "exact_inverse" in facts:
        lines.append("inverse { %s }" % part("inverse"))
    lowers = ["%s * %d" % (piece.lower.format(n=n) if piece.lower.isidentifier() else "(%s)" % piece.lower.format(n=n), 10007 ** n)
              for n, piece in enumerate(pieces)]
    lines.append("lower " + " + ".join(lowers))
    return "\n    ".join(lines + (["facts " + ", ".join(facts)] if facts else []))


def composed(rng, name):
    """One of several pieces that claims some of what is true of it."""
    pieces = [PIECES[kind] for kind in rng.sample(sorted(PIECES), rng.randint(1, 3))]
    if rng.random() < 0.6:  # often such as can be combined in any order
        pieces = [piece for piece in pieces if piece.order_free] or [PIECES["sum"]]
    facts = facts_of(pieces)
    if rng.random() < 0.3:
        facts = [fact for fact in facts if fact == "exact_inverse" or rng.random() < 0.5]
    if "exact_inverse" in facts and "order_free" not in facts:
        facts.insert(0, "order_free")
    return Own(name, (SMALL,), "i64", text_of(rng, pieces, facts))


def false_one(rng, name):
    """One of which something is not true, and what: a fact that it claims, or what has to hold of each."""
    kind, others = rng.choice(sorted(FALSE)), [PIECES[kind] for kind in rng.sample(["sum", "count", "most", "any"], rng.randint(0, 1))]
    wrong, facts = FALSE[kind](rng)
    if "exact_inverse" in facts:
        others = [piece for piece in others if piece.inverse]
    if "idempotent" in facts:
        others = [piece for piece in others if piece.idempotent]
    pieces = others + [wrong]
    rng.shuffle(pieces)
    return Own(name, (SMALL,), "i64", text_of(rng, pieces, facts)), kind


def changed(kind, **parts):
    """A piece of which some parts are others."""
    return replace(PIECES[kind], **parts)


FALSE = {
    "order": lambda rng: (PIECES[rng.choice(["first", "last", "trace"])], ["order_free"]),
    "idempotent": lambda rng: (PIECES[rng.choice(["sum", "count", "product", "trace"])], ["idempotent"]),
    "inverse": lambda rng: (changed("sum", inverse=rng.choice([
        "s{n} = (a.s{n} + b.s{n}) mod 10007", "s{n} = a.s{n}", "s{n} = (a.s{n} - b.s{n} + 10008) mod 10007", "s{n} = a.s{n} - b.s{n}",
        "s{n} = (b.s{n} - a.s{n} + 10007) mod 10007"])), ["order_free", "exact_inverse"]),
    "inverse of a maximum": lambda rng: (changed("most", inverse=rng.choice([
        "m{n} = a.m{n}", "m{n} = case when a.m{n} = b.m{n} then -1 else a.m{n} end"])), ["order_free", "exact_inverse"]),
    "associative": lambda rng: (rng.choice([
        changed("sum", combine="s{n} = (2 * a.s{n} + b.s{n}) mod 10007"),
        changed("sum", combine="s{n} = (a.s{n} - b.s{n} + 10007) mod 10007"),
        changed("sum", combine="s{n} = (a.s{n} * b.s{n} + a.s{n} + 2 * b.s{n}) mod 10007"),
        changed("trace", combine="h{n} = (a.h{n} * b.p{n} + b.h{n}) mod 10007, p{n} = (a.p{n} + b.p{n}) mod 10007")]), []),
    "identity": lambda rng: (rng.choice([
        changed("sum", identity="s{n} = 1"), changed("count", identity="c{n} = 2"), changed("product", identity="p{n} = 0"),
        changed("most", identity="m{n} = 5"), changed("any", identity="y{n} = true"),
        changed("last", identity="t{n} = 0, u{n} = true")]), []),
}
