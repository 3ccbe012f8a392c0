"""What a sink wrote, as the texts of its rows and their keys: JSON lines, CSV, the binary format (runtime/io/binary/format.md)."""
import json
import math
import struct

MAGIC = b"\x89MRROW\r\n"
ROWS, END = 0x53574F52, 0x2E444E45
# mr_type of abi.h: struct's letter; None: string and bytes
TYPES = ["?", "b", "h", "i", "q", "B", "H", "I", "Q", "f", "d", None, None, "q", "q", "i"]
STRING = 11


class Broken(Exception):
    """The bytes are no whole file of their format."""


def rows_of(data, sink):
    """The rows' texts as the reference writes them, each with its key: the values of the fields in `sink["keys"]`."""
    texts, values = {"csv": csv_rows, "binary": binary_rows}.get(sink["format"], json_rows)(data, sink)
    keys = [sink["columns"].index(k) for k in sink["keys"]]
    return [(text, json.dumps([v[k] for k in keys])) for text, v in zip(texts, values)]


def reference_rows(sink):
    """The same of what the reference gives."""
    data = sink["rows"]
    if sink["format"] == "binary":
        values = [json.loads(row) for row in data]
        data = [canonical(v) for v in values]
    elif sink["format"] == "csv":
        values = [fields_of(row, sink) for row in data]
    else:
        values = [json_fields(row, sink) for row in data]
    keys = [sink["columns"].index(k) for k in sink["keys"]]
    return [(text, json.dumps([v[k] for k in keys])) for text, v in zip(data, values)]


# -- texts ---------------------------------------------------------------------------------------------------------------


def lines_of(data):
    if data and not data.endswith(b"\n"):
        raise Broken("the last line has no end: %r" % data[data.rfind(b"\n") + 1:])
    return data.decode(errors="replace").split("\n")[:-1]


def json_fields(line, sink):
    try:
        row = json.loads(line)
    except ValueError as problem:
        raise Broken("not a row: %s" % line) from problem
    return [row.get(name) for name in sink["columns"]]


def json_rows(data, sink):
    lines = lines_of(data)
    return lines, [json_fields(line, sink) for line in lines]


def fields_of(row, sink):
    """An empty field is null, an empty text is quoted: csv's reader does not tell them apart."""
    fields, quoted, begin = [], False, 0
    for at, c in enumerate(row + sink["delimiter"]):
        quoted ^= c == '"'
        if c == sink["delimiter"] and not quoted:
            fields.append(row[begin:at] or None)
            begin = at + 1
    return fields


def csv_rows(data, sink):
    """A line end within quotes ends no row."""
    rows, open_row = [], ""
    for line in lines_of(data):
        open_row += ("\n" if open_row else "") + line
        if open_row.count('"') % 2 == 0:
            rows.append(open_row)
            open_row = ""
    if open_row:
        raise Broken("a quote is not closed: %s" % open_row)
    if sink["header"] is not None:
        if not rows or rows[0] != sink["header"]:
            raise Broken("the first line is %s instead of %s" % (rows[:1], sink["header"]))
        del rows[0]
    return rows, [fields_of(row, sink) for row in rows]


# -- binary --------------------------------------------------------------------------------------------------------------


def binary_rows(data, sink):
    if data[:8] != MAGIC:
        raise Broken("no binary file: %r" % data[:16])
    _, size, row_size, count = struct.unpack_from("<4I", data, 8)
    fields, at = [], 24
    for _ in range(count):
        kind, nullable, name_size, offset, status = struct.unpack_from("<BBHII", data, at)
        name = data[at + 12:at + 12 + name_size].decode()
        fields.append((name, kind, nullable, offset, status))
        at += (12 + name_size + 7) // 8 * 8
    if [f[0] for f in fields] != sink["columns"]:
        raise Broken("the fields are %s instead of %s" % ([f[0] for f in fields], sink["columns"]))
    at, values = size, []
    while True:
        tag, = struct.unpack_from("<I", data, at)
        if tag == END:
            rows, = struct.unpack_from("<Q", data, at + 8)
            if at + 24 != len(data) or rows != len(values):
                raise Broken("%d rows at the end of %d, %d bytes behind it" % (rows, len(values), len(data) - at - 24))
            break
        if tag != ROWS:
            raise Broken("no block at byte %d" % at)
        rows, heap = struct.unpack_from("<II", data, at + 4)
        at += 24
        whole = data[at:at + rows * row_size + heap]
        for r in range(rows):
            values.append([binary_value(whole, r * row_size, rows * row_size, f) for f in fields])
        at += len(whole)
    return [canonical(v) for v in values], values


def canonical(values):
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def binary_value(block, row, heap, field):
    _, kind, nullable, offset, status = field
    if nullable and block[row + status]:
        return None
    letter = TYPES[kind]
    if letter is None:
        length, rest, start = struct.unpack_from("<IIQ", block, row + offset)
        begin = row + offset + 4 if length <= 12 else heap + start
        text = block[begin:begin + length]
        return text.decode(errors="replace") if kind == STRING else text.hex()
    value, = struct.unpack_from("<" + letter, block, row + offset)
    if letter not in "fd":
        return int(value)
    bits, = struct.unpack_from("<" + ("I" if letter == "f" else "Q"), block, row + offset)
    return "nan" if math.isnan(value) else "0" if value == 0 else "%x" % bits
