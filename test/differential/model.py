"""A pipeline as data: types, expressions, operators, and how they are written.

Everything random is in generate.py and records.py; here is only what both of them, and the shrinker, share.
"""
from dataclasses import dataclass, field, replace

SIGNED = ["i8", "i16", "i32", "i64"]
UNSIGNED = ["u8", "u16", "u32", "u64"]
INTEGERS = SIGNED + UNSIGNED
FLOATS = ["f32", "f64"]
SCALARS = ["bool", *INTEGERS, *FLOATS, "string", "bytes", "timestamp", "duration", "date"]
LISTS = ["[string]", "[i64]", "[i64?]", "[f64]"]


def bits(base):
    return int(base[1:])


def integer_range(base):
    if base[0] == "i":
        return -(1 << (bits(base) - 1)), (1 << (bits(base) - 1)) - 1
    return 0, (1 << bits(base)) - 1


def common_number(a, b):
    """The type in which two numbers meet (rule 46), or None."""
    if a == b:
        return a
    if a in FLOATS or b in FLOATS:
        return "f64"
    if a[0] == b[0]:
        return a if bits(a) > bits(b) else b
    unsigned, signed = (a, b) if a[0] == "u" else (b, a)
    return None if unsigned == "u64" else "i%d" % max(bits(signed), 2 * bits(unsigned))


@dataclass
class Type:
    base: str
    nullable: bool = False

    def __str__(self):
        return self.base + ("?" if self.nullable else "")


class Expr:
    """`text` with `{0}`, `{1}`, … for the parts. `raw`: a bare literal, which would take its neighbour's type."""

    def __init__(self, text, base, nullable=False, parts=(), raw=False):
        self.text, self.base, self.nullable, self.parts, self.raw = text, base, nullable, list(parts), raw

    def __str__(self):
        return self.text.format(*self.parts) if self.parts else self.text.replace("{{", "{").replace("}}", "}")

    def solid(self):
        """With a type of its own also where it is a literal."""
        return Expr("cast({0} as %s)" % self.base, self.base, self.nullable, [self]) if self.raw else self

    def walk(self):
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass
class Stream:
    """What is known of a stream: its fields in order, and whether it is keyed, has event time, and lies behind state;
    the keys of an upsert stream, and the operator that writes it."""
    name: str
    fields: dict  # name -> Type
    keys: tuple = ()
    timed: bool = False
    behind_state: bool = False
    upsert: tuple = ()
    writer: str = ""
    windows: str = ""            # whose results its rows are: "tumbling 10 s"
    most: int = 1 << 60          # records that it has at the most, where that is known
    ways: int = 1                # that lead to it from sources and state: what stands behind is compiled for each


@dataclass
class Column:
    name: str
    type: Type
    path: str
    unit: str = ""
    between: tuple = ()          # the declared range, inclusive

    def render(self):
        text = '    %s: %s at "%s"' % (self.name, self.type, self.path)
        text += " in " + self.unit if self.unit else ""
        return text + (" between %d and %d" % self.between if self.between else "")


@dataclass
class Source:
    name: str
    pattern: str                 # path or glob; "" for standard input, or a generator's call
    columns: list
    watermark: str = ""          # "ts bounded 5 s"
    on_bad: str = "fail"
    dead: str = ""               # name of the dead-letter stream
    max_bad: str = ""
    files: dict = field(default_factory=dict)  # path -> bytes
    generator: str = ""          # "sequence(count = 10)"
    wild: bool = False           # are there event times that are years away from the others?

    def stream(self):
        most = sum(data.count(b"\n") + 1 for data in self.files.values()) if self.files else 1 << 60
        return Stream(self.name, {c.name: c.type for c in self.columns}, (), bool(self.watermark or self.generator), most=most)

    def render(self):
        names = "%%%s, %%%s" % (self.name, self.dead) if self.dead else "%" + self.name
        if self.generator:
            text = "  %s = source %s" % (names, self.generator)
        else:
            where = 'file("%s")' % self.pattern if self.pattern else "stdin"
            text = "  %s = source %s as json {\n%s\n  }" % (names, where, ",\n".join(c.render() for c in self.columns))
        if self.watermark:
            text += " watermark " + self.watermark
        text += " on_bad " + self.on_bad
        return text + (" max_bad " + self.max_bad if self.max_bad else "")


@dataclass
class Op:
    """An operator behind the sources. `exprs` are the parts that the shrinker may replace."""
    kind: str                    # filter map flat_map key_by union window over top running deduplicate sink
    name: str
    inputs: list
    exprs: dict = field(default_factory=dict)   # filter: {"where": e}; map: field -> e; flat_map: "each" and fields
    names: list = field(default_factory=list)   # key_by: fields; top: desc or asc for each of exprs; over: fields that go on
    clause: str = ""             # window: "tumbling 10 s"; running: "ttl 1 s"; deduplicate: "keep last within 1 s";
                                 # flat_map: the element's name; sink: where to
    aggregates: dict = field(default_factory=dict)  # name -> (fn, argument or None, condition or None)
    format: str = "json"         # of a sink
    late: str = ""               # of a window: name of the stream of late records

    def render(self):
        inputs = ", ".join("%" + i for i in self.inputs)
        items = ",\n".join("    %s = %s" % (n, e) for n, e in self.exprs.items() if n != "each")
        if self.kind == "filter":
            return "  %%%s = filter %s where %s" % (self.name, inputs, self.exprs["where"])
        if self.kind == "map":
            return "  %%%s = map %s {\n%s\n  }" % (self.name, inputs, items)
        if self.kind == "flat_map":
            return "  %%%s = flat_map %s each %s in %s {\n%s\n  }" % (self.name, inputs, self.clause,
                                                                    self.exprs["each"], items)
        if self.kind == "key_by":
            return "  %%%s = key_by %s on %s" % (self.name, inputs, ", ".join(self.names))
        if self.kind == "union":
            return "  %%%s = union %s" % (self.name, inputs)
        if self.kind == "sink":
            return "  sink %s to %s as %s" % (inputs, self.clause, self.format)
        if self.kind == "top":
            by = ", ".join("%s %s" % pair for pair in zip(self.exprs.values(), self.names))
            return "  %%%s = top %s by %s %s" % (self.name, inputs, by, self.clause)
        if self.kind == "deduplicate":
            return "  %%%s = deduplicate %s %s" % (self.name, inputs, self.clause)
        lines = ["    " + ", ".join(self.names)] if self.kind == "over" and self.names else []
        for name, (fn, argument, condition) in self.aggregates.items():
            closing = "" if str(argument).endswith("}") else ")"  # of top: a record stands behind it
            text = "    %s = %s(%s%s" % (name, fn, argument or "", closing)
            lines.append(text + (" where %s" % condition if condition else ""))
        names = "%s, %%%s" % (self.name, self.late) if self.late else self.name
        return "  %%%s = %s %s %s {\n%s\n  }" % (names, self.kind, inputs, self.clause, ",\n".join(lines))


@dataclass
class Case:
    """A pipeline with its input and how to run it."""
    params: list = field(default_factory=list)  # (name, default text, Type, value to set or None)
    sources: list = field(default_factory=list)
    ops: list = field(default_factory=list)
    own: dict = field(default_factory=dict)     # aggregates of the pipeline's own: name -> text
    clock: str = ""
    chunk: int = 0               # not 0: bytes of a partition's turn, where the program can be told

    def render(self):
        lines = ["stream.pipeline @case {"]
        lines += ["  %%%s = param %s" % (name, default) for name, default, _, _ in self.params]
        used = {fn for o in self.ops for fn, _, _ in o.aggregates.values()}
        lines += ["  %%%s = aggregate %s" % (name, text) for name, text in self.own.items() if "%" + name in used]
        lines += [s.render() for s in self.sources] + [o.render() for o in self.ops]
        return "\n".join(lines) + "\n}\n"

    def settings(self):
        return ["%s=%s" % (name, value) for name, _, _, value in self.params if value is not None]

    def pruned(self):
        """Without operators and sources that no sink is behind."""
        wanted, kept = set(), []
        for op in reversed(self.ops):
            if op.kind == "sink" or op.name in wanted or op.late in wanted:
                wanted.update(op.inputs)
                kept.append(op)
        sources = []
        for source in self.sources:
            if source.dead and source.dead not in wanted:
                source = replace(source, dead="", on_bad="drop")
            if source.name in wanted or (source.dead and source.dead in wanted):
                sources.append(source)
        return replace(self, sources=sources, ops=kept[::-1])
