"""A random case from a seed: pipeline, input, how to run it."""
import random

from expressions import Expressions
from model import Case, Column, FLOATS, INTEGERS, LISTS, Op, SCALARS, SIGNED, Source, Stream, Type
from records import Records

WINDOWS = ["tumbling 10 s", "tumbling 10 s offset 3 s", "tumbling 1 min", "tumbling 7 s offset -2 s", "tumbling 1 s", "tumbling 1 h"]
REASON = "reason"  # no type that an expression asks for: the reference has no text for what is not well-formed


class Generator:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.case = Case()
        self.streams = []
        self.counter = 0

    def name(self, prefix):
        self.counter += 1
        return "%s%d" % (prefix, self.counter)

    # -- sources ---------------------------------------------------------------------------------------------------

    def columns(self):
        rng, columns = self.rng, []
        nested = rng.random() < 0.3
        for i in range(rng.randint(1, 7)):
            base = rng.choice(LISTS) if rng.random() < 0.12 else rng.choice(SCALARS + ["i64", "i64", "f64", "string", "string"])
            unit = ""
            if base == "timestamp":
                unit = rng.choice(["s", "ms", "us", "ns", ""])
            if base == "duration":
                unit = rng.choice(["", "ms", "us"])
            path = "f%d" % i
            if nested and rng.random() < 0.5:
                path = rng.choice(["in.f%d", "in.deep.f%d", "more.list%d[1]"]) % i
            columns.append(Column("f%d" % i, Type(base, rng.random() < 0.35), path, unit))
        return columns

    def source(self, index, like=None):
        rng = self.rng
        if like is None and rng.random() < 0.06:
            return self.generator(index)
        columns = like.columns if like else self.columns()
        timed = bool(like.watermark) if like else rng.random() < 0.8
        if timed and not like:
            columns.append(Column("ts", Type("timestamp"), "ts", rng.choice(["ms", "us", "s", "ns", ""])))
        name = self.name("src")
        source = Source(name, "", columns)
        if timed:
            source.watermark = rng.choice(["ts bounded 5 s", "ts bounded 5 s", "ts bounded 30 s", "ts ascending", "ts none",
                                           "ts bounded 0 s", "ts + 1 s bounded 2 s"])
        source.on_bad = rng.choice(["drop", "drop", "dead_letter", "dead_letter", "dead_letter", "fail"])
        if source.on_bad == "dead_letter":
            source.dead = name + "_bad"
        if source.on_bad != "fail" and rng.random() < 0.1:
            source.max_bad = rng.choice(["3", "20", "50 percent"])
        bad_rate = rng.choice([0, 0, 0.01, 0.05]) if source.on_bad == "fail" else rng.choice([0, 0.02, 0.1, 0.3])
        records = Records(rng, source, "ts" if timed else None, bad_rate)
        size = lambda: rng.choice([0, 1, 5, 40, 40, 150, 300]) if rng.random() < 0.96 else 4500
        if rng.random() < 0.25:
            source.pattern = "../in/%s-*.jsonl" % name
            for i in range(rng.randint(2, 4)):
                if rng.random() < 0.5:
                    records.clock = 1577836800_000_000
                source.files["in/%s-%d.jsonl" % (name, i)] = records.file(size() // 2)
        elif index == 0 and rng.random() < 0.1:
            source.files["stdin"] = records.file(size())
        else:
            source.pattern = "../in/%s.jsonl" % name
            source.files["in/%s.jsonl" % name] = records.file(size())
        return source

    def generator(self, index):
        rng, name = self.rng, self.name("src")
        if rng.random() < 0.6:
            columns = [Column("n", Type("i64"), "n"), Column("time", Type("timestamp"), "time")]
            text = "sequence(count = %d%s)" % (rng.choice([0, 10, 300, 5000]), rng.choice(["", ", rate = 7", ", from = 100"]))
        else:
            fields = {"auction": "i64", "bidder": "i64", "price": "i64", "channel": "string", "url": "string",
                      "dateTime": "timestamp", "extra": "string"}
            columns = [Column(n, Type(t), n) for n, t in fields.items()]
            text = "nexmark(stream = bid, events = %d%s)" % (rng.choice([60, 1000]),
                                                           rng.choice(["", ", seed = 7", ", group = 100", ", rate = 13"]))
        return Source(name, "", columns, generator=text)

    # -- operators -------------------------------------------------------------------------------------------------

    def expressions(self, stream):
        return Expressions(self.rng, stream.fields, self.case.params, safe=stream.behind_state)

    def add(self, op, stream):
        self.case.ops.append(op)
        self.streams.append(stream)

    def derived(self, name, stream, fields=None, keys=None):
        return Stream(name, dict(stream.fields if fields is None else fields), stream.keys if keys is None else keys,
                      stream.timed, stream.behind_state)

    def filter(self, stream):
        name, make = self.name("flt"), self.expressions(stream)
        condition = make.any("bool", 2)
        for _ in range(self.rng.choice([0, 0, 1, 2])):
            condition = make.binary("and", "bool", condition, make.any("bool", 2))
        self.add(Op("filter", name, [stream.name], {"where": condition}), self.derived(name, stream))

    def map(self, stream):
        rng, name, make = self.rng, self.name("map"), self.expressions(stream)
        exprs, fields = {}, {}
        keep = [n for n, t in stream.fields.items() if t.base[0] != "[" and rng.random() < 0.6]
        for field in keep:
            exprs[field] = make_field(field, stream.fields[field])
            fields[field] = stream.fields[field]
        for _ in range(rng.randint(1, 4)):
            e = make.any(rng.choice(SCALARS + ["i64", "f64", "string"]), rng.randint(1, 3)).solid()
            field = self.name("m")
            exprs[field], fields[field] = e, Type(e.base, e.nullable)
        self.add(Op("map", name, [stream.name], exprs), self.derived(name, stream, fields, ()))

    def flat_map(self, stream):
        rng, name, make = self.rng, self.name("each"), self.expressions(stream)
        element = self.name("e")
        lists = [n for n, t in stream.fields.items() if t.base[0] == "["]
        if lists and rng.random() < 0.7:  # what the input's lists hold, as they are
            each = make_field(*((n := rng.choice(lists)), stream.fields[n]))
        else:
            each = make.any(rng.choice(LISTS), 2)
        inner = dict(stream.fields)
        inner[element] = Type(each.base[1:-1].rstrip("?"), each.base.endswith("?]"))
        body = Expressions(rng, inner, self.case.params, safe=stream.behind_state)
        exprs, fields = {"each": each}, {}
        for field in [n for n, t in stream.fields.items() if t.base[0] != "[" and rng.random() < 0.5]:
            exprs[field], fields[field] = make_field(field, stream.fields[field]), stream.fields[field]
        for e in [make_field(element, inner[element]), body.any(rng.choice(["i64", "string", "f64"]), 2).solid()]:
            field = self.name("m")
            exprs[field], fields[field] = e, Type(e.base, e.nullable)
        self.add(Op("flat_map", name, [stream.name], exprs, clause=element), self.derived(name, stream, fields, ()))

    def key_by(self, stream):
        rng, name = self.rng, self.name("key")
        choices = [n for n, t in stream.fields.items() if t.base in SCALARS]
        if not choices:
            return
        keys = rng.sample(choices, min(len(choices), rng.choice([1, 1, 2])))
        self.add(Op("key_by", name, [stream.name], names=keys), self.derived(name, stream, keys=tuple(keys)))

    def window(self, stream):
        rng, name, make = self.rng, self.name("win"), self.expressions(stream)
        kinds = ["global"] + (["event"] * 4 if stream.timed else [])
        if self.case.clock and not stream.behind_state:
            kinds += ["processing"] * 2
        kind = rng.choice(kinds)
        clause = "global" if kind == "global" else rng.choice(WINDOWS)
        clause += " in processing_time" if kind == "processing" else ""
        keys = {k: stream.fields[k] for k in stream.keys}
        if any(k in keys for k in ("window_start", "window_end", "timing")) and kind != "global":
            return
        fields = dict(keys)
        if kind != "global":
            fields.update(window_start=Type("timestamp"), window_end=Type("timestamp"))
        if kind == "processing":
            fields["timing"] = Type("string")
        empty = not keys and kind == "global"
        aggregates = {}
        for _ in range(rng.randint(1, 4)):
            fn = rng.choice(["count", "count", "sum", "min", "max", "avg", "first", "last"])
            argument = self.argument(fn, stream, make)
            condition = make.any("bool", 2) if rng.random() < 0.25 else None
            field = self.name("a")
            aggregates[field] = (fn, argument, condition)
            nullable = argument is not None and (argument.nullable or condition is not None or empty)
            base = {"count": "i64", "avg": "f64"}.get(fn) or argument.base
            if fn == "sum":
                base = "f64" if base in FLOATS else "i64" if base in SIGNED else "u64"
            fields[field] = Type(base, nullable and fn != "count")
        timed = kind != "global" or stream.timed
        self.add(Op("window", name, [stream.name], clause=clause, aggregates=aggregates),
                 Stream(name, fields, (), timed and kind != "processing", True))

    def argument(self, fn, stream, make):
        rng = self.rng
        if fn == "count" and rng.random() < 0.6:
            return None
        bases = {"sum": INTEGERS + FLOATS, "avg": INTEGERS + FLOATS,
                 "min": [t for t in SCALARS if t != "bool"], "max": [t for t in SCALARS if t != "bool"]}.get(fn, SCALARS)
        named = [n for n, t in stream.fields.items() if t.base in bases]
        if fn == "sum":  # what overflows stops the pipeline
            named = [n for n in named if stream.fields[n].base not in ("i64", "u64") or rng.random() < 0.1]
            bases = ["i8", "i16", "i32", "u8", "u16", "u32", "f32", "f64"]
        if named and rng.random() < 0.7:
            return make_field(*((n := rng.choice(named)), stream.fields[n]))
        return make.any(rng.choice(bases), 2).solid()

    def union(self, stream):
        others = [s for s in self.streams if same(s, stream)]
        if not others:
            return
        name = self.name("all")
        inputs = [stream] + [self.rng.choice(others) for _ in range(self.rng.randint(1, 2))]
        self.rng.shuffle(inputs)
        if len({i.name for i in inputs}) == 1 and self.rng.random() < 0.7:
            return
        result = self.derived(name, stream)
        result.behind_state = any(i.behind_state for i in inputs)
        self.add(Op("union", name, [i.name for i in inputs]), result)

    def union_of_sources(self):
        """Where watermarks tie, operands decide, not what was declared first: often the second source is the first."""
        first, second = [s for s in self.streams if not s.name.endswith("_bad")]
        if same(first, second):
            inputs = [second, first] if self.rng.random() < 0.7 else [first, second]
            name = self.name("all")
            self.add(Op("union", name, [i.name for i in inputs]), self.derived(name, first))

    # -- all -------------------------------------------------------------------------------------------------------

    def params(self):
        rng = self.rng
        for _ in range(rng.choice([0, 0, 1, 2])):
            base, default, value = rng.choice([("i64", "5", "-7"), ("f64", "2.5", "1e3"), ("string", '"a"', "a,b"),
                                               ("bool", "true", "false"), ("duration", "10 s", None)])
            self.case.params.append((self.name("p"), default, Type(base), value if rng.random() < 0.5 else None))

    def sinks(self):
        rng = self.rng
        used = {i for op in self.case.ops for i in op.inputs}
        dead = {s.dead for s in self.case.sources}
        sinks, number = [], 0
        for stream in self.streams:
            if any(t.base[0] == "[" for t in stream.fields.values()):
                continue
            if stream.name in used and rng.random() > 0.25 and stream.name not in dead:
                continue
            sinks.append(Op("sink", "", [stream.name], clause='file("out%d.jsonl")' % number))
            number += 1
        if sinks and rng.random() < 0.15:
            rng.choice(sinks).clause = "stdout"
        self.case.ops += sinks

    def make(self):
        rng, case = self.rng, self.case
        if rng.random() < 0.15:
            position, moves = 0, ["0=2020-01-01T00:00:00Z"]
            for _ in range(rng.randint(1, 8)):
                position += rng.randint(1, 60)
                moves.append("%d=+%s" % (position, rng.choice(["1s", "3s", "10s", "1min"])))
            case.clock = ",".join(moves)
        self.params()
        case.sources.append(self.source(0))
        if rng.random() < 0.35:
            like = case.sources[0] if rng.random() < 0.7 and not case.sources[0].generator else None
            case.sources.append(self.source(1, like))
        for source in case.sources:
            self.streams.append(source.stream())
            if source.dead:
                self.streams.append(Stream(source.dead, {"raw": Type("bytes"), "file": Type("string", True),
                                                         "line": Type("i64", True), "byte": Type("i64", True),
                                                         "op": Type("string"), "reason": Type(REASON)}, (), False, True))
        if len(case.sources) > 1 and rng.random() < 0.4:
            self.union_of_sources()
        steps = [(self.filter, 4), (self.map, 4), (self.flat_map, 1), (self.key_by, 4), (self.window, 4), (self.union, 2)]
        for _ in range(rng.randint(1, 8)):
            live = [s for s in self.streams if not s.name.endswith("_bad") or rng.random() < 0.1]
            stream = rng.choice(live[-3:] if rng.random() < 0.7 else live)
            step = rng.choices([s for s, _ in steps], [w for _, w in steps])[0]
            step(stream)
            if step == self.key_by and self.streams[-1].keys and rng.random() < 0.8:
                self.window(self.streams[-1])
        self.sinks()
        if not any(op.kind == "sink" for op in case.ops):  # all have lists
            name = self.name("map")
            case.ops.append(Op("map", name, [case.sources[0].name], {"one": Expressions(rng, {}).literal("i32")}))
            case.ops.append(Op("sink", "", [name], clause='file("out0.jsonl")'))
        return case


def make_field(name, kind):
    from model import Expr
    return Expr(name, kind.base, kind.nullable)


def same(a, b):
    return (list(a.fields) == list(b.fields) and [str(t) for t in a.fields.values()] == [str(t) for t in b.fields.values()]
            and a.keys == b.keys and a.timed == b.timed)


def make_case(seed):
    return Generator(seed).make()
