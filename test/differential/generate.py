"""A random case from a seed: pipeline, input, how to run it."""
import random

from expressions import Expressions
from model import Case, Column, Expr, FLOATS, INTEGERS, LISTS, Op, SCALARS, SIGNED, Source, Stream, Type, integer_range
from own import OWN, composed
from records import Records
from windows import (BESIDE, EARLY_BY_CLOCK, FILLED, LATE, MANY, has_columns, is_sliced, kind_of, make_clause, make_firing, make_top_clause,
                     windows_of)

DURATIONS = ["1 s", "5 s", "10 s", "30 s", "1 min", "1 h"]
AGGREGATES = ["count", "count", "sum", "min", "max", "avg", "first", "last", "argmin", "argmax", "any", "all", "bit_and", "bit_or",
              "bit_xor", "count_distinct", "approx_count_distinct", "var_pop", "var_samp", "stddev_pop", "stddev_samp", "covar_pop", "covar_samp", "corr"]
OF_SAMPLES = ("var_samp", "stddev_samp", "covar_samp", "corr")  # null also of a single value
COUNTS = ("count", "count_distinct", "approx_count_distinct")
MEANS = OF_SAMPLES + ("avg", "var_pop", "stddev_pop", "covar_pop")
OF_FLOATS = ("covar_pop", "covar_samp", "corr")  # whatever their arguments are
OF_TWO = OF_FLOATS + ("argmin", "argmax")
WAYS = 16       # of a union: with more, compiling takes long
SKETCHED = 400  # values of which approx_quantile is exact; sketches.py judges it of more
ORDERED = [t for t in SCALARS if t != "bool"]
REASON = "reason"  # no type that an expression asks for: the reference has no text for what is not well-formed


class Generator:
    def __init__(self, seed):
        self.seed, self.rng = seed, random.Random(seed)
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
            columns.append(Column("f%d" % i, Type(base, rng.random() < 0.35), path, unit, self.between(base)))
        return columns

    def between(self, base):
        """A declared range, most values inside: dense state where the field is a key."""
        if base not in INTEGERS or self.rng.random() < 0.7:
            return ()
        low, high = self.rng.choice([(-3, 6), (0, 6), (0, 5000), (1, 5), (-128, 127), (0, 0)])
        least, most = integer_range(base)
        return max(low, least), min(high, most)

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
            flags = [c.name for c in columns if c.type.base == "bool"] if not like else []
            if flags and rng.random() < 0.5:
                source.watermark = "ts punctuated where " + rng.choice(flags) + rng.choice(["", "", " as ts - 3 s", " as ts + 1 s"])
            if not source.watermark.endswith("none") and rng.random() < 0.15:
                source.watermark += " max_future " + rng.choice(["1 s", "5 s keep", "30 s", "1 min keep"])
            # Files are always there: this must change nothing. What idleness does is judged by idleness.py.
            if not source.watermark.endswith("none") and rng.random() < 0.15:
                source.watermark += rng.choice([" idle 1 min", " idle 1 h hold", " idle 1 h clock", " align 1 h", " idle 1 min align 1 s"])
        source.on_bad = rng.choice(["drop", "drop", "dead_letter", "dead_letter", "dead_letter", "fail"])
        if source.on_bad == "dead_letter":
            source.dead = name + "_bad"
        if source.on_bad != "fail" and rng.random() < 0.1:
            source.max_bad = rng.choice(["3", "20", "50 percent"])
        bad_rate = rng.choice([0, 0, 0.01, 0.05]) if source.on_bad == "fail" else rng.choice([0, 0.02, 0.1, 0.3])
        records = Records(rng, source, "ts" if timed else None, bad_rate, on_seconds=self.seed % 4 == 3)
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
        # What fails behind state stops the pipeline: rarely wanted.
        return Expressions(self.rng, stream.fields, self.case.params, safe=stream.behind_state and self.rng.random() < 0.94)

    def add(self, op, stream):
        self.case.ops.append(op)
        self.streams.append(stream)

    def derived(self, name, stream, fields=None, keys=None):
        return Stream(name, dict(stream.fields if fields is None else fields), stream.keys if keys is None else keys,
                      stream.timed, stream.behind_state, stream.upsert, stream.writer, stream.windows, stream.most, stream.ways)

    def filter(self, stream):
        name, make = self.name("flt"), self.expressions(stream)
        condition = self.varied(stream, make) if stream.upsert and self.rng.random() < 0.8 else make.any("bool", 2)
        for _ in range(self.rng.choice([0, 0, 1, 2])):
            condition = make.binary("and", "bool", condition, make.any("bool", 2))
        self.add(Op("filter", name, [stream.name], {"where": condition}), self.derived(name, stream))

    def varied(self, stream, make):
        """A condition that the rows of one key meet now and then: so that they come, leave and come again."""
        choices = [n for n, t in stream.fields.items() if t.base in INTEGERS and n not in stream.upsert]
        texts = [n for n, t in stream.fields.items() if t.base == "string" and n not in stream.upsert]
        if texts and (not choices or self.rng.random() < 0.3):
            return Expr("length({0}) < 3", "bool", *make.one(make_field(*((n := self.rng.choice(texts)), stream.fields[n]))))
        if not choices:
            return make.any("bool", 2)
        e = make_field(*((n := self.rng.choice(choices)), stream.fields[n]))
        return Expr("({0} mod cast(%d as %s) <> cast(0 as %s))" % (self.rng.choice([2, 3]), e.base, e.base), "bool", e.nullable, [e])

    def map(self, stream):
        rng, name, make = self.rng, self.name("map"), self.expressions(stream)
        exprs, fields = {}, {}
        keep = [n for n in stream.fields if rng.random() < 0.6 or n in stream.upsert]
        for field in keep:
            exprs[field] = make_field(field, stream.fields[field])
            fields[field] = stream.fields[field]
        for _ in range(rng.randint(1, 4)):
            e = make.any(rng.choice(SCALARS + ["i64", "f64", "string"]), rng.randint(1, 3)).solid()
            field = self.name("m")
            exprs[field], fields[field] = e, Type(e.base, e.nullable)
        counts = [n for n, t in stream.fields.items() if t.base == "i64" and n not in stream.upsert]
        if stream.behind_state and counts and rng.random() < 0.3:  # some records in, an error behind state
            e = make_field(*((n := rng.choice(counts)), stream.fields[n]))
            field = self.name("m")
            exprs[field] = Expr("100 / ({0} mod 7 - 6)", "i64", e.nullable, [e])
            fields[field] = Type("i64", e.nullable)
        self.add(Op("map", name, [stream.name], exprs), self.derived(name, stream, fields, ()))

    def flat_map(self, stream):
        if stream.upsert:
            return
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
        for field in [n for n in stream.fields if rng.random() < 0.5]:
            exprs[field], fields[field] = make_field(field, stream.fields[field]), stream.fields[field]
        for of, base, nullable in fields_of_record(inner[element].base):
            field = self.name("m")
            exprs[field] = Expr("%s.%s" % (element, of), base, nullable or inner[element].nullable)
            fields[field] = Type(base, exprs[field].nullable)
        for e in [make_field(element, inner[element]), body.any(rng.choice(["i64", "string", "f64"]), 2).solid()]:
            field = self.name("m")
            exprs[field], fields[field] = e, Type(e.base, e.nullable)
        result = self.derived(name, stream, fields, ())
        result.most = 1 << 60
        self.add(Op("flat_map", name, [stream.name], exprs, clause=element), result)

    def key_by(self, stream):
        rng, name = self.rng, self.name("key")
        if stream.upsert:
            return
        if rng.random() < 0.35:
            stream = self.with_key(stream)
        choices = [n for n, t in stream.fields.items() if t.base in SCALARS]
        if not choices:
            return
        keys = rng.sample(choices, min(len(choices), rng.choice([1, 1, 1, 2, 2, 3, 4])))
        made = choices[-1]
        if made not in keys and rng.random() < 0.7:  # what with_key made
            keys[0] = made
        self.add(Op("key_by", name, [stream.name], names=keys), self.derived(name, stream, keys=tuple(keys)))

    def with_key(self, stream):
        """The same fields and one more that makes a good key: of a small range, a long text, a float with all its zeros."""
        rng, name, make = self.rng, self.name("map"), self.expressions(stream)
        exprs = {n: make_field(n, t) for n, t in stream.fields.items() if t.base[0] != "["}
        integers = [e for e in exprs.values() if e.base in SIGNED]
        texts = [e for e in exprs.values() if e.base == "string"]
        floats = [e for e in exprs.values() if e.base in FLOATS]
        choices = [lambda: make.condition(1)]
        if integers:
            e = rng.choice(integers)
            by = rng.choice([2, 7, 10, 1000, 100000])
            choices += [lambda: Expr("({0} mod cast(%d as i64))" % by, "i64", e.nullable, [Expr("cast({0} as i64)", "i64", e.nullable, [e])])] * 2
            choices.append(lambda: Expr("case when {0} < cast(2 as %s) then cast(1 as i8) else cast(-1 as i8) end" % e.base, "i8",
                                        False, [e]))
        if texts:
            t = rng.choice(texts)
            long = Expr('"%s"' % rng.choice(["", "x", "-0123456789ab-", "long" * 20]), "string", raw=True)
            choices.append(lambda: make.binary("||", "string", t, long))
            choices.append(lambda: make.call("length", "i64", t))
        if floats:
            f = rng.choice(floats)
            choices.append(lambda: Expr("({0} * cast(%s as %s))" % (rng.choice(["0.0", "-1.0", "1.0e300"]) if f.base == "f64"
                                                                    else rng.choice(["0.0", "-1.0"]), f.base),
                                        f.base, f.nullable, [f]))
        field = self.name("k")
        made = rng.choice(choices)().solid()
        if made.base[0] == "[":
            return stream
        exprs[field] = made
        fields = {n: stream.fields[n] for n in exprs if n != field}
        fields[field] = Type(made.base, made.nullable)
        self.add(Op("map", name, [stream.name], exprs), self.derived(name, stream, fields, ()))
        return self.streams[-1]

    def is_wild(self):
        """Is there a year without records, in which a key would have a row of each window?"""
        return any(s.wild for s in self.case.sources) or self.is_long()

    def is_long(self):
        """Are there thousands of records?"""
        return any("5000" in s.generator or sum(map(len, s.files.values())) > 100_000 for s in self.case.sources)

    def beside(self, stream):
        """Several windows over one stream: they may share what they keep."""
        rng = self.rng
        if stream.upsert or not stream.timed:
            return
        for clause in rng.choice(BESIDE):
            self.window(stream, clause)
            if rng.random() < 0.2:
                rng.choice([self.window, self.top, self.filter])(self.streams[-1])

    def sessions_behind(self, stream):
        """Sessions that see W record by record, behind rows that come between borders or behind copies of one record: several
        records lie between those."""
        rng, step = self.rng, self.window
        if stream.upsert or not stream.timed or stream.behind_state:
            return
        before = len(self.streams)
        if rng.random() < 0.3:
            self.flat_map(stream)
        else:
            step(stream, rng.choice(["tumbling 10 s", "tumbling 3 s", "tumbling 1 h", "sliding 10 s every 5 s", "session gap 3 s"]),
                 " %s discarding" % rng.choice(LATE if rng.random() < 0.8 or not self.case.clock else EARLY_BY_CLOCK))
        if len(self.streams) > before and self.streams[-1].timed:
            behind = self.streams[-1]
            gap = rng.choice(["2 s", "5 s", "300 ms", "12 s longest 30 s"])
            step(behind, "session gap " + gap, rng.choice(["", " lateness 3 s", " lateness 30 s discarding", " lateness 5 s final"]))

    def window(self, stream, clause="", firing=None):
        rng, name, make = self.rng, self.name("win"), self.expressions(stream)
        if stream.upsert:
            return
        given, fill = clause, False
        clause = given or make_clause(rng, stream, self.case.clock, make)
        if stream.timed and not given and rng.random() < 0.2 and not self.is_wild():
            clause, fill = rng.choice(FILLED), True
        if self.is_long() and clause.split(" offset")[0] in MANY:  # nor thousands of records in dozens of windows
            clause = "sliding 10 s every 5 s"
        by_clock, in_time = clause.endswith("processing_time"), has_columns(clause)
        keys = {k: stream.fields[k] for k in stream.keys}
        if firing is not None:
            mode = "" if not firing else firing.split()[-1] if firing.split()[-1] in ("discarding", "final") else "accumulating"
        else:
            firing, mode = make_firing(rng, clause, stream, self.case.clock)
            if given and rng.random() < 0.8:
                firing, mode = "", ""
            if self.is_long() and "emit" in firing:  # the reference goes through all records for each early row
                firing, mode = "", ""
        if any(k in keys for k in ("window_start", "window_end", "timing", "pane")) and (in_time or firing):
            return
        fields = dict(keys)
        if in_time:
            fields.update(window_start=Type("timestamp"), window_end=Type("timestamp"))
        upsert = (*keys, *(("window_start", "window_end") if in_time else ())) if mode == "accumulating" else ()
        if upsert and "op" in keys:  # changes leave with a field `op`
            return
        if firing and mode != "final":
            fields["pane"] = Type("i64")
        if by_clock or (firing and mode != "final"):
            fields["timing"] = Type("string")
        may_be_empty = fill or mode == "discarding" and "emit" in firing or not keys and clause == "global"
        aggregates = self.aggregates(stream, make, fields, may_be_empty, is_sliced(clause))
        timed = in_time or stream.timed
        op = Op("window", name, [stream.name], clause=clause + firing + (" fill" if fill else ""), aggregates=aggregates)
        # Nothing is late in the others, nor a field called `reason` free.
        if (kind_of(clause) not in ("global", "count", "same") and not by_clock and "reason" not in stream.fields
                and rng.random() < 0.25):
            op.late = self.name("late")
            fields_of_late = {**stream.fields, "reason": Type("string")}
            self.add(op, Stream(op.late, fields_of_late, (), False, stream.behind_state))
            self.streams.append(Stream(name, fields, (), timed, True, upsert, name if upsert else ""))
            return
        self.add(op, Stream(name, fields, (), timed and not by_clock, True, upsert, name if upsert else "",
                            "" if firing else windows_of(clause, stream)))

    def top(self, stream):
        """The best of a window, most often of what a window gave."""
        rng, name, make = self.rng, self.name("top"), self.expressions(stream)
        if stream.upsert or any(t.base not in SCALARS for t in stream.fields.values()):
            return
        clause = make_top_clause(rng, stream)
        exprs = {}
        for i in range(rng.choice([1, 1, 2, 3])):
            named = [n for n, t in stream.fields.items()]
            field = rng.choice(named)
            exprs["by%d" % i] = (make_field(field, stream.fields[field]) if rng.random() < 0.7
                                 else make.any(rng.choice(SCALARS), 2).solid())
        clause = "limit %d%s %s" % (rng.choice([1, 1, 2, 3, 5, 100]), rng.choice(["", " with ties"]), clause)
        windows = windows_of(clause.split(" ", 2)[2].removeprefix("with ties "), stream)
        self.add(Op("top", name, [stream.name], exprs, [rng.choice(["desc", "asc"]) for _ in exprs], clause),
                 Stream(name, dict(stream.fields), (), stream.timed, True, windows=windows))

    def over(self, stream, again=""):
        """Windows per record."""
        rng, name, make = self.rng, self.name("over"), self.expressions(stream)
        if stream.upsert or not stream.timed:
            return
        clause = rng.choice(["last " + rng.choice(DURATIONS), "last %d rows" % rng.choice([1, 2, 3, 10, 100]), "all"])
        # The reference goes through a record's window for each record: windows of thousands would take it minutes.
        if has_many(stream) or self.is_long():
            clause = "last %d rows" % rng.choice([1, 2, 3, 10, 100])
        clause = again if again and rng.random() < 0.7 else clause
        passed = [n for n, t in stream.fields.items() if t.base in SCALARS and rng.random() < 0.6]
        fields = {n: stream.fields[n] for n in passed}
        aggregates = self.aggregates(stream, make, fields, False, sliced=clause != "all")  # two stacks
        for _ in range(rng.choice([0, 1, 1, 2])):
            fn, field = rng.choice(["lag", "row_number", "rank"]), self.name("a")
            if fn == "rank" and clause == "all":
                continue
            argument = None
            if fn != "row_number":
                of = ORDERED if fn == "rank" else SCALARS
                argument = self.one_argument(fn, of, stream, make)
                most = int(clause.split()[1]) - 1 if clause.endswith("rows") else 20
                if fn == "lag" and most < 1:
                    continue
                options = rng.choice(["", ", %d" % rng.randint(1, most)]) if fn == "lag" else rng.choice(["", " desc"])
                base, nullable = argument.base, argument.nullable
                argument = Expr("{0}" + options, base, nullable, (argument,))
            aggregates[field] = (fn, argument, None)
            fields[field] = Type(argument.base, True) if fn == "lag" else Type("i64", fn == "rank" and argument.nullable)
        self.add(Op("over", name, [stream.name], names=passed, clause=clause, aggregates=aggregates),
                 Stream(name, fields, (), stream.timed, True))
        if not again and rng.random() < 0.2:  # several over one stream
            self.over(stream, again=clause)

    def aggregates(self, stream, make, fields, empty, sliced=False):
        """Some aggregates; their results are added to `fields`. `empty`: over empty input there is a row too. `sliced`: no
        arithmetic of floats, whose last bits depend on how results are combined."""
        rng, aggregates = self.rng, {}
        values = not has_many(stream)
        if values and rng.random() < 0.2:
            for fn, argument, condition, base in self.alike(stream, make, sliced):
                field = self.name("a")
                aggregates[field] = (fn, argument, condition)
                nullable = argument is not None and (argument.nullable or condition is not None or empty or fn in OF_SAMPLES)
                fields[field] = Type(base, nullable and fn not in COUNTS)
        for _ in range(rng.randint(1, 4)):
            if rng.random() < 0.2 and values:
                field, (fn, argument) = self.name("a"), self.listed(stream, make)
                aggregates[field] = (fn, argument, make.any("bool", 2) if rng.random() < 0.25 else None)
                fields[field] = Type(argument.base)
                continue
            if rng.random() < 0.2:
                field, condition = self.name("a"), make.any("bool", 2) if rng.random() < 0.25 else None
                own = rng.choice([own for own in OWN if not (sliced and own.rounds)])
                if rng.random() < 0.5:
                    own = composed(rng, self.name("own"))
                self.case.own[own.name] = own.text
                taken = [self.one_argument(own.name, bases, stream, make) for bases in own.takes]
                argument = Expr(", ".join("{%d}" % i for i in range(len(taken))), own.gives,
                                any(value.nullable for value in taken), taken)
                aggregates[field] = ("%" + own.name, argument, condition)
                fields[field] = Type(own.gives, own.nullable or argument.nullable or condition is not None or empty)
                continue
            if rng.random() < 0.25 and values:
                field, condition = self.name("a"), make.any("bool", 2) if rng.random() < 0.25 else None
                fn, argument, base = self.of_values(stream, make, sliced)
                aggregates[field] = (fn, argument, condition)
                fields[field] = Type(base, argument.nullable or condition is not None or empty or fn in OF_SAMPLES)
                continue
            fn = rng.choice([fn for fn in AGGREGATES if not sliced or fn not in OF_FLOATS])
            argument = self.argument(fn, stream, make, INTEGERS if sliced else INTEGERS + FLOATS)
            condition = make.any("bool", 2) if rng.random() < 0.25 else None
            field = self.name("a")
            aggregates[field] = (fn, argument, condition)
            nullable = argument is not None and (argument.nullable or condition is not None or empty or fn in OF_SAMPLES)
            base = "i64" if fn in COUNTS else "f64" if fn in MEANS else argument.base
            if fn == "sum" and argument.base not in FLOATS and rng.random() < 0.4:
                word = rng.choice(["null", "saturate"])
                argument = Expr("{0} on_overflow " + word, base, argument.nullable, (argument,))
                aggregates[field] = (fn, argument, condition)
                nullable |= word == "null"
            if fn == "sum":
                base = "f64" if base in FLOATS else "i64" if base in SIGNED else "u64"
            fields[field] = Type(base, nullable and fn not in COUNTS)
        return aggregates

    def alike(self, stream, make, sliced):
        """Aggregates that can share what they keep, for they take the same value under the same condition."""
        rng = self.rng
        value = self.one_argument("sum", INTEGERS if sliced else INTEGERS + FLOATS, stream, make)
        condition = make.any("bool", 2) if rng.random() < 0.25 else None
        once = "distinct " if rng.random() < 0.3 else ""

        def taken(text, base=None):
            return Expr(text, base or value.base, value.nullable, (value,))
        total = "f64" if value.base in FLOATS else "i64" if value.base in SIGNED else "u64"
        kinds = [("count_distinct" if once else "count", value, "i64"), ("sum", taken(once + "{0}"), total),
                 ("avg", taken(once + "{0}"), "f64"), ("var_pop", taken(once + "{0}"), "f64"),
                 ("stddev_samp", taken(once + "{0}"), "f64"), ("median", taken(once + "{0}"), "f64"),
                 ("quantile", taken(once + "{0}, 0.9"), "f64"), ("quantile_disc", taken(once + "{0}, 0.25"), value.base),
                 ("max", value, value.base), ("max", taken("distinct {0}"), value.base)]
        kinds += [] if once else [("count", None, "i64")]
        return [(fn, argument, condition, base) for fn, argument, base in rng.sample(kinds, rng.randint(2, 4))]

    def of_values(self, stream, make, sliced):
        """An aggregate that keeps values or is of different ones, with what it takes; and the type of its result."""
        rng = self.rng
        kind = rng.choice(["exact", "quantile", "quantile_disc", "median", "string_join", "distinct"] +
                          ["approx_quantile"] * (stream.most <= SKETCHED))
        fraction = rng.choice(["0", "0.1", "0.25", "0.5", "0.9", "0.999", "1"])
        once = "distinct " if rng.random() < 0.3 else ""

        def take(fn, bases, text):
            value = self.one_argument(fn, bases, stream, make)
            return Expr(text, value.base, value.nullable, (value,))
        if kind == "string_join":
            argument = take(kind, ["string"], once + rng.choice(["{0}", '{0}, ""', '{0}, " / "', '{0}, "a separator that is longer"']))
            return kind, argument, "string"
        if kind == "exact":
            fn = rng.choice(["sum", "avg"])
            return fn, take(fn, FLOATS, once + "exact {0}"), "f64"
        if kind in ("quantile", "median"):
            return kind, take(kind, INTEGERS + FLOATS, once + "{0}" + (", " + fraction if kind == "quantile" else "")), "f64"
        if kind != "distinct":
            once = "" if kind == "approx_quantile" else once
            argument = take(kind, INTEGERS + FLOATS + ["timestamp", "date"], once + "{0}, " + fraction)
            return kind, argument, argument.base
        fn = rng.choice(["sum", "avg", "bit_xor", "var_pop", "stddev_samp", "max", "bit_or"])
        numbers = INTEGERS if sliced or fn.startswith("bit_") else INTEGERS + FLOATS
        argument = take(fn, numbers, "distinct {0}")
        base = argument.base
        return fn, argument, "f64" if fn in MEANS or base in FLOATS and fn == "sum" else \
            base if fn != "sum" else "i64" if base in SIGNED else "u64"

    def listed(self, stream, make):
        """An aggregate that gives a list, with what it takes; of the type of that list."""
        rng = self.rng
        value, by = self.one_argument("first", SCALARS, stream, make), self.one_argument("min", ORDERED, stream, make)
        element, kind = str(Type(value.base, value.nullable)), rng.choice(["collect", "argmin", "argmax", "values", "records"])
        if kind == "collect":
            skips, once = rng.random() < 0.4, "distinct " if rng.random() < 0.3 else ""
            return kind, Expr(once + ("{0} ignore nulls" if skips else "{0}"), "[%s]" % (value.base if skips else element), parts=[value])
        if kind.startswith("arg"):
            return kind, Expr("{0}, {1} with ties", "[%s]" % element, parts=[value, by])
        text = "%d, {0}%s%s" % (rng.choice([1, 2, 3, 10, 1000]), rng.choice(["", " asc"]), rng.choice(["", " with ties"]))
        if kind == "values":
            return "top", Expr(text, "[%s]" % by.base, parts=[by])
        fields = "r0: %s, r1: %s" % (element, Type(by.base, by.nullable))
        return "top", Expr(text + ") {{ r0 = {1}, r1 = {0} }}", "[{%s}]" % fields, parts=[by, value])

    def running(self, stream):
        rng, name, make = self.rng, self.name("run"), self.expressions(stream)
        if stream.upsert or not stream.keys or "op" in stream.keys:  # changes leave with a field `op`
            return
        fields = {k: stream.fields[k] for k in stream.keys}
        clause = ""
        if stream.timed and rng.random() < 0.6:
            clause = "ttl " + rng.choice(DURATIONS) + rng.choice(["", " delete on expiry"])
        aggregates = self.aggregates(stream, make, fields, False)
        self.add(Op("running", name, [stream.name], clause=clause, aggregates=aggregates),
                 Stream(name, fields, (), stream.timed, True, stream.keys, name))

    def deduplicate(self, stream):
        rng, name = self.rng, self.name("once")
        if stream.upsert or not stream.keys:
            return
        keep = rng.choice(["first", "last"])
        if keep == "last" and ("op" in stream.fields or any(t.base[0] == "[" for t in stream.fields.values())):
            return
        clause = "keep " + keep
        if stream.timed and rng.random() < 0.6:
            clause += " within " + rng.choice(DURATIONS)
        self.add(Op("deduplicate", name, [stream.name], clause=clause),
                 Stream(name, dict(stream.fields), (), stream.timed, True, stream.keys if keep == "last" else (),
                        name if keep == "last" else "", stream.windows))

    def argument(self, fn, stream, make, numbers):
        """What an aggregate takes; of two that are taken the type of the first."""
        rng = self.rng
        if fn == "count" and rng.random() < 0.6:
            return None
        bases = numbers if fn in MEANS or fn == "sum" else INTEGERS if fn.startswith("bit_") else SCALARS
        if fn == "approx_count_distinct":  # exact of so few
            return self.one_argument(fn, ["bool", "i8", "u8"], stream, make)
        bases = ["bool"] if fn in ("any", "all") else ORDERED if fn in ("min", "max") else bases
        if fn not in OF_TWO:
            return self.one_argument(fn, bases, stream, make)
        value = self.one_argument(fn, bases, stream, make)
        by = self.one_argument(fn, ORDERED if fn.startswith("arg") else bases, stream, make)
        return Expr("{0}, {1}", value.base, value.nullable or by.nullable, (value, by))

    def one_argument(self, fn, bases, stream, make):
        rng = self.rng
        named = [n for n, t in stream.fields.items() if t.base in bases]
        if fn == "sum":  # what overflows stops the pipeline
            named = [n for n in named if stream.fields[n].base not in ("i64", "u64") or rng.random() < 0.1]
            bases = [b for b in bases if b not in ("i64", "u64")]
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
        ways = sum(i.ways for i in inputs)
        if ways > WAYS:
            return
        result = self.derived(name, stream)
        result.behind_state, result.most = any(i.behind_state for i in inputs), sum(i.most for i in inputs)
        result.ways = ways
        if len({i.windows for i in inputs}) > 1:
            result.windows = ""
        self.add(Op("union", name, [i.name for i in inputs]), result)

    def union_of_sources(self):
        """Where watermarks tie, operands decide, not what was declared first: often the second source is the first."""
        first, second = [s for s in self.streams if not s.name.endswith("_bad")]
        if same(first, second):
            inputs = [second, first] if self.rng.random() < 0.7 else [first, second]
            name = self.name("all")
            result = self.derived(name, first)
            result.most += second.most
            result.ways = 2
            self.add(Op("union", name, [i.name for i in inputs]), result)

    def keyed(self, stream):
        """What keys are for; often with something behind it that changes are for."""
        rng = self.rng
        rng.choice([self.window, self.window, self.sessions_behind, self.beside, self.over, self.top, self.running, self.running, self.running, self.deduplicate,
                    self.deduplicate])(stream)
        while self.streams[-1] is not stream and rng.random() < (0.8 if self.streams[-1].upsert else 0.5):
            stream = self.streams[-1]
            rng.choice([self.filter, self.filter, self.filter, self.map, self.union])(stream)

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
            if stream.name in used and rng.random() > 0.25 and stream.name not in dead:
                continue
            form = "json"
            if all(t.base != REASON for t in stream.fields.values()):
                nested = any(t.base[0] in "[{" for t in stream.fields.values())
                form = rng.choice(["json"] * 7 + ["csv", 'csv(delimiter = ";", header = false)', "csv" if nested else "binary"])
            sinks.append(Op("sink", "", [stream.name], clause='file("out%d.%s")' % (number, form.split("(")[0]), format=form))
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
        if rng.random() < 0.4:
            self.key_by(rng.choice([s for s in self.streams if not s.name.endswith("_bad")]))
            self.keyed(self.streams[-1])
        steps = [(self.filter, 4), (self.map, 4), (self.flat_map, 1), (self.key_by, 5), (self.window, 3), (self.sessions_behind, 1), (self.over, 2), (self.top, 1), (self.union, 2)]
        for _ in range(rng.randint(1, 8)):
            live = [s for s in self.streams if not s.name.endswith("_bad") or rng.random() < 0.1]
            stream = rng.choice(live[-3:] if rng.random() < 0.7 else live)
            step = rng.choices([s for s, _ in steps], [w for _, w in steps])[0]
            step(stream)
            if step == self.window and self.streams[-1].windows and rng.random() < 0.5:  # windows over windows
                rng.choice([self.window, self.top, self.key_by])(self.streams[-1])
            if step == self.key_by and self.streams[-1].keys and rng.random() < 0.9:
                self.keyed(self.streams[-1])
        self.sinks()
        if not any(op.kind == "sink" for op in case.ops):  # all have lists
            name = self.name("map")
            case.ops.append(Op("map", name, [case.sources[0].name], {"one": Expressions(rng, {}).literal("i32")}))
            case.ops.append(Op("sink", "", [name], clause='file("out0.jsonl")'))
        return case


def make_field(name, kind):
    return Expr(name, kind.base, kind.nullable)


def fields_of_record(base):
    """Name, type and `?` of each field of a record that `listed` made."""
    for field in base[1:-1].split(", ") if base[0] == "{" else []:
        name, _, inner = field.partition(": ")
        yield name, inner.rstrip("?"), inner.endswith("?")


def has_many(stream):
    """Has it so many rows that the reference should not go through all of them for each?"""
    return stream.windows.split(" offset")[0] in MANY


def same(a, b):
    return (list(a.fields) == list(b.fields) and [str(t) for t in a.fields.values()] == [str(t) for t in b.fields.values()]
            and a.keys == b.keys and a.timed == b.timed and a.upsert == b.upsert and a.writer == b.writer)


def make_case(seed):
    return Generator(seed).make()
