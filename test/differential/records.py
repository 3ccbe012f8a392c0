"""Random input: records of a source as JSON lines, most of them good."""
import json

from model import INTEGERS, integer_range

MALFORMED = ['{"a":1', '{"a":1,}', "{'a':1}", '{"a":01}', '{"a":.5}', '{"a":1.}', '{"a":1e}', '{"a":+1}', '{"a":-}',
             '{"a":NaN}', "[1,2]", "null", "7", '"text"', '{"a":"\\x"}', '{"a":"\\u12"}', '{"a":"\\ud800"}',
             '{"a":"\\udc00\\ud800"}', '{} {}', "{} x", '{"a":1}//c', '{"a" 1}', '{a:1}', '\ufeff{}', "{", "}", '{"a":tru}',
             '{"a":"\u0001"}', '{"a":[1,]}', '{"a":[1 2]}', "[" * 70 + "]" * 70, '{"a":"b', '{"a":nul}', '{"a":1 "b":2}']
MALFORMED_BYTES = [b'{"a":"\xff"}', b'{"a":"\xc0\xaf"}', b'{"a":"\xed\xa0\x80"}', b'{"a":"\xe2\x82"}', b'{"a":"\x00"}',
                   b'\x00', b'{"a":"\xf4\x90\x80\x80"}']
TEXTS = ["", "a", "b", "c", "ab", "a,b", "a,b,,c", " pad ", "Ünïcödé", "日本語", "twelve bytes", "thirteen byte", "quote\" and \\ slash",
         "line\nbreak", "tab\t", "12", "-7", "1.5", "true", "2018-02-03T04:05:06Z", "2020-02-29", "😀 emoji", "\u00a0x",
         "a long text that does not fit into sixteen bytes at all"]
WRONG = ["1.5", '"x"', "true", "[]", "{}", "1e999", "-1e999", "99999999999999999999999", "[[1]]", '"1"', "-1", "300", "0.1e1"]
START = 1577836800_000_000  # 2020-01-01T00:00:00Z, in microseconds


class Records:
    def __init__(self, rng, source, time_field, bad_rate, on_seconds=False):
        """`on_seconds`: times on whole seconds and 1 us behind, where the borders of times-to-live are."""
        self.rng, self.source, self.time_field, self.bad_rate = rng, source, time_field, bad_rate
        self.on_seconds = on_seconds
        self.clock = START
        self.small = rng.random() < 0.7      # values from small domains, so that keys repeat
        self.many = rng.random() < 0.07      # some thousand different ones, so that tables grow
        self.order = [c for c in source.columns]
        self.style = rng.choice([(",", ":"), (", ", ": ")])
        self.escape = rng.random() < 0.2

    # -- values ----------------------------------------------------------------------------------------------------

    def integer(self, base, between=()):
        low, high = between or integer_range(base)
        if between and self.rng.random() < 0.03 + self.bad_rate / 8:
            return str(self.rng.choice([low - 1, high + 1]))
        if self.many and self.rng.random() < 0.98:
            return str(self.rng.randint(max(low, -2500), min(high, 2500)))
        if self.small and self.rng.random() < 0.9:
            return str(self.rng.randint(max(low, -3), max(low, min(high, 6))))
        value = self.rng.choice([low, high, low + 1, high - 1, 0, 1, self.rng.randint(low, high)])
        return self.rng.choice([str(value)] * 8 + ["%d.0" % value, "%de0" % value, "%d0e-1" % value])

    def float(self):
        rng = self.rng
        if self.small and rng.random() < 0.4:
            return rng.choice(["0.0", "-0.0", '"NaN"', "1.5", "-1.5", "2"])
        if rng.random() < 0.93:
            return repr(rng.randint(-(1 << 12), 1 << 12) / 8)
        return rng.choice(['"NaN"', '"Infinity"', '"-Infinity"', "-0.0", "0", "1e300", "-1e30", "5e-324", "1E2", "-0", "1e-400",
                           "0.1", "123456789012345678901234567890"])

    def text(self):
        if self.many and self.rng.random() < 0.9:
            return '"%s%d"' % (self.rng.choice(["", "k", "a key that is long "]), self.rng.randrange(2000))
        text = self.rng.choice(TEXTS[:5] if self.small and self.rng.random() < 0.6 else TEXTS)
        if self.rng.random() < 0.05:
            return json.dumps(text).replace("a", "\\u0061").replace("/", "\\/")
        return json.dumps(text, ensure_ascii=self.escape)

    def micros(self, unit, micros):
        rng = self.rng
        if unit == "us":
            return str(micros)
        if unit == "ms":
            return repr(micros // 1000) if rng.random() < 0.9 else "%d.%03d" % (micros // 1000, micros % 1000)
        if unit == "ns":
            return str(micros * 1000 + rng.randrange(1000))
        if unit == "s":
            return str(micros // 1_000_000) if rng.random() < 0.5 else "%d.%06d" % (micros // 1_000_000, micros % 1_000_000)
        seconds, rest = divmod(micros, 1_000_000)
        days, second = divmod(seconds, 86400)
        year, month, day = civil(days)
        text = "%04d-%02d-%02dT%02d:%02d:%02d" % (year, month, day, second // 3600, second // 60 % 60, second % 60)
        if rest or rng.random() < 0.3:
            text += ".%06d" % rest
        return '"%s"' % (text + rng.choice(["Z", "+00:00", "Z", "z"]))

    def value(self, column):
        rng, base = self.rng, column.type.base
        if base == "bool":
            return rng.choice(["true", "false"])
        if base in INTEGERS:
            return self.integer(base, column.between)
        if base in ("f32", "f64"):
            return self.float()
        if base == "string":
            return self.text()
        if base == "bytes":
            return rng.choice(['""', '"YQ=="', '"YWI="', '"YWJj"', '"AAECAwQFBgcICQoLDA0ODw=="', '"/+8="'])
        if base == "timestamp":
            if column.name == self.time_field:
                return self.micros(column.unit, self.event_time())
            return self.micros(column.unit, rng.choice([0, START, START - 1, rng.randint(0, START)]))
        if base == "duration":
            if column.unit:
                return self.micros(column.unit, rng.randint(0, 10**12))
            return rng.choice(['"PT1H30M"', '"-PT0.5S"', '"P1DT2H"', '"PT0S"', '"P2W"', '"PT0.0000019S"'])
        if base == "date":
            return rng.choice(['"2020-01-01"', '"1969-12-31"', '"0000-01-01"', '"9999-12-31"', '"2020-02-29"'])
        items = [self.value(type(column)(column.name, type(column.type)(base[1:-1].rstrip("?")), ""))
                 for _ in range(rng.choice([0, 1, 1, 2, 3]))]
        if base.endswith("?]") and rng.random() < 0.3:
            items.append("null")
        return "[" + ",".join(items) + "]"

    def event_time(self):
        """Mostly forward, sometimes back, often on a border of windows of 10 s."""
        rng = self.rng
        if self.on_seconds:
            self.clock += rng.choice([0, 0, 1, 1, 2, 5]) * 1_000_000
            return self.clock - rng.choice([0] * 6 + [1, 2, 5, 10]) * 1_000_000 + rng.choice([0, 0, 1])
        self.clock += rng.choice([0, 0, 1, 1000, 250_000, 1_000_000, 3_000_000, 12_000_000])
        time = self.clock
        kind = rng.random()
        if kind < 0.25:
            time -= rng.randint(0, 30_000_000)
        elif kind < 0.4:
            time = time // 10_000_000 * 10_000_000 + rng.choice([-1, 0, 1, -1000, 1000])
        return time

    # -- records ---------------------------------------------------------------------------------------------------

    def record(self):
        """A tree of members from the columns' paths, as text."""
        rng, tree = self.rng, {}
        for column in self.order:
            value, roll = self.value(column), rng.random()
            if column.type.nullable and roll < 0.12:
                value = "null" if roll < 0.07 else None
            elif roll > 1 - self.bad_rate and column.name != self.time_field:
                value = rng.choice(WRONG + ["null", None])
            elif roll > 1 - self.bad_rate / 4:
                value = rng.choice(WRONG + ["null", None])
                self.source.wild |= column.name == self.time_field
            if value is not None:
                place(tree, column.path, value)
        return self.write(tree)

    def write(self, tree):
        comma, colon = self.style
        if isinstance(tree, dict):
            items = list(tree.items())
            if self.rng.random() < 0.03:
                self.rng.shuffle(items)
            if self.rng.random() < 0.05:
                items.insert(self.rng.randint(0, len(items)), ("extra%d" % self.rng.randrange(3), '{"x":[1,{"y":null}]}'))
            if items and self.rng.random() < self.bad_rate / 2:
                items.append(self.rng.choice(items))  # a member twice
            return "{" + comma.join(json.dumps(n) + colon + self.write(v) for n, v in items) + "}"
        if isinstance(tree, list):
            return "[" + comma.join(self.write(v) if v is not None else "null" for v in tree) + "]"
        return tree

    def line(self):
        rng = self.rng
        if rng.random() < self.bad_rate:
            kind = rng.random()
            if kind < 0.2:
                return rng.choice(MALFORMED_BYTES)
            if kind < 0.6:
                return rng.choice(MALFORMED).encode()
            whole = self.record().encode()
            return whole[:rng.randrange(len(whole))]
        line = self.record().encode()
        if rng.random() < 0.03:
            line = rng.choice([b" " + line, line + b" \t", line + b"\r"])
        return line

    def file(self, count):
        """Bytes of a file with about `count` records."""
        rng, lines = self.rng, []
        for _ in range(count):
            if rng.random() < 0.02:
                lines.append(rng.choice([b"", b"  ", b"\t", b"\r"]))
            line = self.line()
            lines.append(line)
            if rng.random() < 0.03:
                lines.append(line)  # a duplicate
        data = b"\n".join(lines)
        return data + (b"\n" if data and rng.random() < 0.9 else b"")


def place(tree, path, value):
    """Puts `value` at a path of members and at most one index at its end: `a.b`, `a.c[2]`."""
    *before, last = path.split(".")
    for step in before:
        tree = tree.setdefault(step, {})
    name, _, index = last.partition("[")
    if not index:
        tree[name] = value
        return
    items, position = tree.setdefault(name, []), int(index[:-1])
    items.extend([None] * (position + 1 - len(items)))
    items[position] = value


def civil(days):
    import datetime
    date = datetime.date(1970, 1, 1) + datetime.timedelta(days=days)
    return date.year, date.month, date.day
