"""Random expressions over all operations and functions, of a wanted type."""
from model import Expr, FLOATS, INTEGERS, SCALARS, SIGNED, common_number, integer_range

TEXTS = ["", "a", "ab", "b,a", "a,b,c", " x ", "Ünï", "日本語テキスト", "a longer text than twelve", ",", "É", "0", "12", "-7",
         "1.5", "true", "2018-02-03T04:05:06Z", "ß\\u00a0".replace("\\u00a0", "\u00a0")]
UNITS = ["second", "minute", "hour", "day", "week", "month", "quarter", "year"]
PARTS = UNITS + ["day_of_week", "day_of_year", "microsecond"]


class Expressions:
    def __init__(self, rng, fields, params=(), safe=False):
        """`fields`: name -> Type. `safe`: nothing that can fail (behind state an error stops the pipeline)."""
        self.rng, self.fields, self.params, self.safe = rng, fields, params, safe

    # -- leaves ----------------------------------------------------------------------------------------------------

    def literal(self, base):
        rng = self.rng
        if base == "bool":
            return Expr(rng.choice(["true", "false"]), base)
        if base in INTEGERS:
            low, high = integer_range(base)
            value = rng.choice([0, 1, 2, 3, 7, 10, 100, low, high, high - 1, rng.randint(low, high)])
            value = min(max(value, low), high)
            text = "-%d" % -value if value < 0 else str(value)
            return Expr(text, base, raw=True) if base == "i64" else Expr("cast(%s as %s)" % (text, base), base)
        if base in FLOATS:
            text = rng.choice(["0.0", "1.0", "0.5", "2.0", "0.125", "-3.25", "1000000.0", "1.0e30", "-0.0", "0.1"])
            return Expr(text, base, raw=True) if base == "f64" else Expr("cast(%s as f32)" % text, base)
        if base in ("string", "bytes"):
            text = '"%s"' % rng.choice(TEXTS)
            return Expr(text, "string", raw=True) if base == "string" else Expr("cast({0} as bytes)", base, False,
                                                                              [Expr(text, "string", raw=True)])
        if base == "timestamp":
            time = rng.choice(["2020-01-01T00:00:00Z", "2020-01-01T00:00:09.999999Z", "1969-12-31T23:59:59Z",
                               "2020-02-29T12:34:56.5Z"])
            return Expr('timestamp "%s"' % time, base)
        if base == "duration":
            return Expr(rng.choice(["1 s", "10 s", "1 h 30 min", "-5 s", "1 ms", "3 d", "7 us"]), base)
        if base == "date":
            return Expr('date "%s"' % rng.choice(["2020-01-01", "1969-12-31", "2020-02-29"]), base)
        element = base[1:-1].rstrip("?")
        parts = [self.literal(element).solid() for _ in range(rng.randint(1, 3))]
        if base.endswith("?]"):
            parts.append(Expr("cast(null as %s?)" % element, element, True))
        return Expr("[" + ", ".join("{%d}" % i for i in range(len(parts))) + "]", base, False, parts)

    def leaf(self, base):
        named = [Expr(n, base, t.nullable) for n, t in self.fields.items() if t.base == base]
        named += [Expr("%" + n, base) for n, _, t, _ in self.params if t.base == base]
        if named and self.rng.random() < 0.85:
            return self.rng.choice(named)
        if self.rng.random() < 0.04 and base[0] != "[":
            return Expr("cast(null as %s?)" % base, base, True)
        return self.literal(base)

    # -- all -------------------------------------------------------------------------------------------------------

    def any(self, base, depth):
        rng = self.rng
        if depth <= 0 or rng.random() < 0.15:
            return self.leaf(base)
        if base[0] == "[":
            return self.list(base, depth)
        if rng.random() < 0.2:
            return self.choice(base, depth)
        if base == "bool":
            return self.condition(depth)
        if base in INTEGERS:
            return self.integer(base, depth)
        if base in FLOATS:
            return self.float(base, depth)
        return getattr(self, base)(depth)

    def nullable(self, depth):
        """Something that may be null, or None."""
        named = [Expr(n, t.base, True) for n, t in self.fields.items() if t.nullable and t.base[0] != "["]
        return self.rng.choice(named) if named else None

    def choice(self, base, depth):
        rng, kind = self.rng, self.rng.randrange(4)
        a, b = self.any(base, depth - 1).solid(), self.any(base, depth - 1).solid()
        if kind == 0:
            c = self.any("bool", depth - 1)
            return Expr("case when {0} then {1} else {2} end", base, a.nullable or b.nullable, [c, a, b])
        if kind == 1:
            c, d = self.any("bool", depth - 1), self.any("bool", depth - 1)
            return Expr("case when {0} then {1} when {2} then {3} end", base, True, [c, a, d, b])
        if kind == 2:
            return Expr("coalesce({0}, {1})", base, a.nullable and b.nullable, [a, b])
        return Expr("try({0})", base, True, [a])

    def wrap(self, e):
        """Where only values that cannot fail are wanted: its error becomes null."""
        return Expr("try({0})", e.base, True, [e.solid()]) if self.safe else e

    def binary(self, text, base, a, b):
        a, b = (a, b) if a.base == b.base and not (a.raw and b.raw) else (a.solid(), b.solid())
        return Expr("({0} %s {1})" % text, base, a.nullable or b.nullable, [a, b])

    def call(self, name, base, *args):
        slots = ", ".join("{%d}" % i for i in range(len(args)))
        return Expr("%s(%s)" % (name, slots), base, any(a.nullable for a in args), args)

    # -- by type ---------------------------------------------------------------------------------------------------

    def condition(self, depth):
        rng, kind = self.rng, self.rng.randrange(12)
        if kind < 2:
            a, b = self.any("bool", depth - 1), self.any("bool", depth - 1)
            return self.binary(rng.choice(["and", "or"]), "bool", a, b)
        if kind == 2:
            a = self.any("bool", depth - 1)
            return Expr("(not {0})", "bool", a.nullable, [a])
        if kind == 3:
            a = self.nullable(depth)
            if a:
                return Expr("({0} is %snull)" % rng.choice(["", "not "]), "bool", False, [a])
        if kind == 4:
            a, b = self.any("string", depth - 1), self.any("string", depth - 1)
            return self.call(rng.choice(["contains", "starts_with", "ends_with"]), "bool", a, b)
        if kind == 5:
            base = rng.choice(["i64", "i32", "f64", "timestamp"])
            a, b, c = (self.any(base, depth - 1).solid() for _ in range(3))
            return Expr("({0} between {1} and {2})", "bool", a.nullable or b.nullable or c.nullable, [a, b, c])
        if kind == 6:
            base = rng.choice(["i64", "string"])
            a, b, c = (self.any(base, depth - 1).solid() for _ in range(3))
            return Expr("({0} in ({1}, {2}))", "bool", a.nullable or b.nullable or c.nullable, [a, b, c])
        return self.comparison(depth)

    def comparison(self, depth):
        rng = self.rng
        predicate = rng.choice(["=", "<>", "<", "<=", ">", ">="])
        here = [t.base for t in self.fields.values() if t.base in SCALARS]
        base = rng.choice(here + ["i64", "f64"])
        if base == "bool":
            predicate = rng.choice(["=", "<>"])
        other = base
        if base in INTEGERS + FLOATS and rng.random() < 0.3:
            other = rng.choice([t for t in INTEGERS + FLOATS if common_number(base, t)])
        return self.binary(predicate, "bool", self.any(base, depth - 1), self.any(other, depth - 1))

    def integer(self, base, depth):
        rng, kind = self.rng, self.rng.randrange(14)
        if kind < 5:
            smaller = [t for t in INTEGERS if common_number(base, t) == base]
            operator = rng.choice(["+", "-", "*", "/", "mod"])
            return self.wrap(self.binary(operator, base, self.any(base, depth - 1).solid(),
                                         self.any(rng.choice(smaller), depth - 1).solid()))
        if kind == 5 and base in SIGNED:
            a = self.any(base, depth - 1).solid()
            return self.wrap(Expr("(-{0})", base, a.nullable, [a]))
        if kind == 6:
            return self.wrap(self.call("abs", base, self.any(base, depth - 1).solid()))
        if kind in (7, 8):
            source = rng.choice(INTEGERS + FLOATS + ["string", "bool"])
            return self.cast(source, base, depth)
        if base == "i64":
            if kind == 9:
                return self.call(rng.choice(["length"]), base, self.any("string", depth - 1))
            if kind == 10:
                return self.call("position", base, self.any("string", depth - 1), self.any("string", depth - 1))
            if kind == 11:
                return Expr('extract({0}, "%s")' % rng.choice(PARTS), base, *self.one(self.any("timestamp", depth - 1)))
            if kind == 12:
                return self.call("size", base, self.any(rng.choice(["[string]", "[i64]"]), depth - 1))
            if kind == 13:
                a = self.any("[i64]", depth - 1)
                return self.wrap(self.call("element", base, a, self.any("i64", 0)))
        return self.leaf(base)

    @staticmethod
    def one(e):
        return e.nullable, [e]

    def cast(self, source, base, depth):
        a = self.any(source, depth - 1)
        if a.base == base:
            return a
        return self.wrap(Expr("cast({0} as %s)" % base, base, a.nullable, [a.solid()]))

    def float(self, base, depth):
        rng, kind = self.rng, self.rng.randrange(8)
        if kind < 4:
            other = base
            if base == "f64" and rng.random() < 0.3:
                other = rng.choice(["f32", "i64", "i32", "u8"])
            return self.binary(rng.choice("+-*/"), base, self.any(base, depth - 1).solid(),
                               self.any(other, depth - 1).solid())
        if kind == 4:
            return self.cast(rng.choice(INTEGERS + FLOATS + ["string"]), base, depth)
        if kind == 5 and base == "f64":
            return self.call(rng.choice(["floor", "ceil", "round", "sqrt"]), base, self.any(base, depth - 1).solid())
        if kind == 6:
            return self.call("abs", base, self.any(base, depth - 1).solid())
        a = self.any(base, depth - 1).solid()
        return Expr("(-{0})", base, a.nullable, [a])

    def string(self, depth):
        rng, kind = self.rng, self.rng.randrange(8)
        a = self.any("string", depth - 1)
        if kind == 0:
            return self.binary("||", "string", a, self.any("string", depth - 1))
        if kind == 1:
            return self.call(rng.choice(["lower", "upper", "trim"]), "string", a)
        if kind == 2:
            args = [a, self.any("i64", rng.randrange(2))] + ([self.any("i64", 0)] if rng.random() < 0.7 else [])
            return self.call("substring", "string", *args)
        if kind == 3:
            return self.call("split_part", "string", a, self.any("string", 0), self.any("i64", 0))
        if kind == 4:
            return self.wrap(self.call("element", "string", self.any("[string]", depth - 1), self.any("i64", 0)))
        if kind < 7:
            source = rng.choice(["i64", "u8", "f64", "f32", "bool", "timestamp", "duration", "date", "u64", "bytes"])
            return self.cast(source, "string", depth)
        return a

    def bytes(self, depth):
        return self.cast("string", "bytes", depth)

    def timestamp(self, depth):
        rng, kind = self.rng, self.rng.randrange(4)
        if kind == 0:
            return self.wrap(self.binary(rng.choice("+-"), "timestamp", self.any("timestamp", depth - 1),
                                         self.any("duration", depth - 1)))
        if kind == 1:
            return self.wrap(Expr('truncate({0}, "%s")' % rng.choice(UNITS), "timestamp",
                                  *self.one(self.any("timestamp", depth - 1))))
        return self.cast(rng.choice(["date", "string"]), "timestamp", depth)

    def duration(self, depth):
        rng, kind = self.rng, self.rng.randrange(5)
        if kind == 0:
            return self.wrap(self.binary("-", "duration", self.any("timestamp", depth - 1),
                                         self.any("timestamp", depth - 1)))
        if kind == 1:
            return self.wrap(self.binary(rng.choice("+-"), "duration", self.any("duration", depth - 1),
                                         self.any("duration", depth - 1)))
        if kind == 2:
            return self.wrap(self.binary(rng.choice("*/"), "duration", self.any("duration", depth - 1),
                                         self.any("i64", depth - 1).solid()))
        if kind == 3:
            return self.cast("i64", "duration", depth)
        a = self.any("duration", depth - 1)
        return self.wrap(Expr("(-{0})", "duration", a.nullable, [a]))

    def date(self, depth):
        return self.cast(self.rng.choice(["timestamp", "string"]), "date", depth)

    def list(self, base, depth):
        if base == "[string]" and self.rng.random() < 0.6:
            return self.call("split", base, self.any("string", depth - 1), self.any("string", 0))
        return self.leaf(base)
