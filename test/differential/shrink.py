"""Makes a failing case smaller: fewer operators, fields and records, simpler expressions, as long as it still fails."""
import copy
import random
import time

from expressions import Expressions
from model import Expr


def smaller_pipelines(case):
    """Cases with one thing less, big steps first."""
    for i, op in enumerate(case.ops):
        if op.kind == "sink" and sum(o.kind == "sink" for o in case.ops) > 1:
            yield without(case, i)
    for i, op in enumerate(case.ops):  # put the input in its place
        if op.kind in ("filter", "key_by", "union", "deduplicate", "top"):
            for source in op.inputs:
                changed = without(case, i)
                for other in changed.ops:
                    other.inputs = [source if x == op.name else x for x in other.inputs]
                yield changed
    for i, op in enumerate(case.ops):  # sink what an operator reads
        if op.kind in ("map", "flat_map", "window", "over", "running"):
            changed = copy.deepcopy(case)
            changed.ops = [o for o in changed.ops[:i] if o.kind != "sink"]
            changed.ops.append(type(op)("sink", "", [op.inputs[0]], clause='file("out0.jsonl")'))
            yield changed
    for i, op in enumerate(case.ops):
        if op.kind == "sink" and op.format != "json":
            changed = copy.deepcopy(case)
            changed.ops[i].format = "json"
            yield changed
        if op.kind in ("running", "deduplicate"):
            for clause in shorter(op.clause):
                changed = copy.deepcopy(case)
                changed.ops[i].clause = clause
                yield changed
    for i, op in enumerate(case.ops):
        if op.kind == "union" and len(op.inputs) > 2:
            for k in range(len(op.inputs)):
                changed = copy.deepcopy(case)
                del changed.ops[i].inputs[k]
                yield changed
        for name in list(op.exprs):
            if op.kind in ("map", "flat_map") and name != "each" and len(op.exprs) > (1 if op.kind == "map" else 2):
                changed = copy.deepcopy(case)
                del changed.ops[i].exprs[name]
                yield changed
        for name in list(op.aggregates):
            if len(op.aggregates) > 1:
                changed = copy.deepcopy(case)
                del changed.ops[i].aggregates[name]
                yield changed
        if len(op.names) > 1:
            for name in op.names:
                changed = copy.deepcopy(case)
                changed.ops[i].names.remove(name)
                yield changed
    for k, source in enumerate(case.sources):
        for c, column in enumerate(source.columns):
            if column.between:
                changed = copy.deepcopy(case)
                changed.sources[k].columns[c].between = ()
                yield changed
            if len(source.columns) > 1 and not source.generator:
                changed = copy.deepcopy(case)
                del changed.sources[k].columns[c]
                yield changed
    for k in range(len(case.params)):
        changed = copy.deepcopy(case)
        del changed.params[k]
        yield changed
    yield from simpler_expressions(case)


def shorter(clause):
    """The clause of running or deduplicate with less in it."""
    for end in (" delete on expiry", " within", "ttl"):
        if end in clause:
            yield clause[:clause.index(end)]


def without(case, index):
    changed = copy.deepcopy(case)
    del changed.ops[index]
    return changed


def simpler_expressions(case):
    for i, op in enumerate(case.ops):
        for name, e in op.exprs.items():
            for candidate in simpler(e):
                changed = copy.deepcopy(case)
                changed.ops[i].exprs[name] = candidate
                yield changed
        for name, (fn, argument, condition) in op.aggregates.items():
            options = [(argument, None)] if condition else []
            options += [(a, condition) for a in simpler(argument)] if argument else []
            options += [(argument, c) for c in simpler(condition)] if condition else []
            for a, c in options:
                changed = copy.deepcopy(case)
                changed.ops[i].aggregates[name] = (fn, a, c)
                yield changed


def simpler(e):
    """Expressions of the same type with less in them: a part instead of the whole, here or further down."""
    if e.parts or e.text[:1].isalpha():
        yield Expressions(random.Random(0), {}).literal(e.base).solid()
    for part in e.walk():
        if part is not e and part.base == e.base:
            yield part.solid()
    for k, part in enumerate(e.parts):
        for candidate in simpler(part):
            parts = list(e.parts)
            parts[k] = candidate
            yield Expr(e.text, e.base, e.nullable, parts, e.raw)


def smaller_inputs(case):
    """Cases with fewer lines: halves, quarters, … and single lines."""
    for k, source in enumerate(case.sources):
        for path, data in source.files.items():
            lines = data.split(b"\n")
            step = len(lines) // 2
            while step:
                for begin in range(0, len(lines), step):
                    changed = copy.deepcopy(case)
                    changed.sources[k].files[path] = b"\n".join(lines[:begin] + lines[begin + step:])
                    yield changed
                step //= 2


def shrink(case, fails, seconds=60):
    """The smallest case for which `fails` holds that is found in this time."""
    end, progress = time.time() + seconds, True
    while progress and time.time() < end:
        progress = False
        for candidates in (smaller_inputs, smaller_pipelines):
            again = True
            while again and time.time() < end:
                smaller = next((c for c in map(lambda c: c.pruned(), candidates(case)) if time.time() > end or fails(c)), None)
                again = smaller is not None and time.time() < end
                case, progress = (smaller, True) if again else (case, progress)
    return case
