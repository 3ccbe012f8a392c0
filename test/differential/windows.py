"""Clauses of windows of all kinds, and what a random pipeline may aggregate over them."""

# A kind is compiled end to end before it stands here.
KINDS = ["tumbling", "sliding", "cumulate", "session", "count", "calendar"]
BY_CLOCK = ["tumbling", "sliding", "cumulate", "calendar", "session"]  # that may be in processing time
WITHOUT_COLUMNS = ("count", "global")           # no window_start and window_end

CLAUSES = {
    "tumbling": ["10 s", "10 s offset 3 s", "1 min", "7 s offset -2 s", "1 s", "1 h"],
    # A multiple and none, one slice and many, windows that touch, gaps.
    "sliding": ["10 s every 5 s", "10 s every 4 s offset 1 s", "1 min every 1 s", "7 s every 2 s offset -1 s", "30 s every 30 s",
                "3 s every 10 s offset 2 s", "1 s every 1 min", "1 s every 10 ms offset 3 ms", "25 s every 10 s", "1 h every 1 min"],
    "cumulate": ["10 s every 2 s", "10 s every 4 s", "1 min every 1 s offset -7 s", "1 h every 10 min", "10 s every 10 s", "7 s every 3 s"],
    "session": ["gap 1 s", "gap 5 s", "gap 12 s longest 30 s", "gap 3 s longest 3 s", "gap 1 min", "gap 10 s longest 10 s",
                "gap 1 h", "gap 100 ms"],
    "count": ["1", "2", "3", "5 every 5", "10", "1000", "2 every 1", "3 every 2", "10 every 4", "100 every 7"],
    "calendar": ["day", "week", "month", "quarter", "year", 'day in "Europe/Berlin"', 'month in "America/New_York"',
                 'week in "Asia/Kolkata"'],
}


def kind_of(clause):
    return clause.split()[0]


def has_columns(clause):
    return kind_of(clause) not in WITHOUT_COLUMNS


def make_top_clause(rng, stream):
    """The same of `top`, which has no clock; none where there is none."""
    if stream.windows and rng.random() < 0.7:
        return "same"
    kinds = [k for k in KINDS if k not in ("count", "session")] if stream.timed else []
    kind = rng.choice(kinds + ["global"])
    return kind if kind == "global" else "%s %s" % (kind, rng.choice(CLAUSES[kind]))


def windows_of(clause, stream):
    """Whose results come of a window with this clause over `stream`, for `same` behind it."""
    if clause == "same":
        return stream.windows
    return clause if has_columns(clause) and kind_of(clause) != "session" else ""


def is_sliced(clause):
    """Are results combined of parts? Then sums of floats may differ in their last bits (rule 24)."""
    return kind_of(clause) in ("sliding", "cumulate", "session") or " every " in clause


def make_clause(rng, stream, clock, make=None):
    """The clause of a window over `stream`; `clock`: the case has one; `make`: expressions over it."""
    if stream.windows and rng.random() < 0.5:
        return "same"
    kinds = ["global"] + (["event"] * 6 if stream.timed else []) + (["count"] if "count" in KINDS else [])
    if clock and not stream.behind_state:
        kinds += ["processing"] * 2
    kind = rng.choice(kinds)
    if kind == "global":
        return "global"
    if kind == "count":
        return "count " + rng.choice(CLAUSES["count"])
    of = rng.choice([k for k in (KINDS if kind == "event" else BY_CLOCK) if k != "count"] + ["sliding", "sliding"])
    if of == "session" and make and rng.random() < 0.3:  # a gap that each record gives
        return "session gap (%s)%s%s" % (own_gap(rng, make), rng.choice(["", " longest 10 s", " longest 1 h"]),
                                         " in processing_time" if kind == "processing" else "")
    return "%s %s%s" % (of, rng.choice(CLAUSES[of]), " in processing_time" if kind == "processing" else "")


SHORT = ["70 ms", "300 ms", "900 ms"]       # below every window's size
MANY = ["sliding 1 min every 1 s", "sliding 1 h every 1 min", "cumulate 1 min every 1 s", "sliding 1 s every 10 ms"]
LONG = ["1 s", "2 s", "4 s", "6 s 500 ms"]  # below that of all but the shortest


def make_firing(rng, clause, stream, clock):
    """What stands behind a window's clause so that it fires more than once, and whether its rows are accumulating, discarding
    or final; mostly nothing."""
    kind, by_clock, keyed = kind_of(clause), clause.endswith("processing_time"), bool(stream.keys)
    many = clause.endswith("every 10 ms offset 3 ms") or clause.split(" offset")[0] in MANY  # rows of each for every record
    if kind in ("same", "count") or rng.random() < (0.95 if many else 0.6):
        return "", ""
    lateness, parts = kind != "global" and not by_clock and rng.random() < 0.7, []
    if lateness:
        parts.append("lateness " + rng.choice(["1 s", "5 s", "30 s", "1 h", "10 ms"]))
    if not lateness or rng.random() < 0.4:
        units = ["records"] + (["clock"] * 2 if clock and not stream.behind_state else [])
        units += ["event"] * 2 if stream.timed and not by_clock else []
        unit = rng.choice(units)
        every = rng.choice(SHORT if clause.split()[1:3] in (["1", "s"], ["3", "s"]) else SHORT + LONG)
        parts.append({"records": "emit every %d records" % rng.choice([1, 2, 3, 10]), "event": "emit every " + every,
                      "clock": "emit every %s in processing_time" % rng.choice(["1 s", "3 s", "1 min"])}[unit])
    if lateness and rng.random() < 0.4:
        parts.append("refire every " + rng.choice(["1 s", "5 s", "1 min"]))
    modes = ["discarding"] + (["accumulating"] * 2 if keyed or kind != "global" else [])
    modes += ["final"] * 2 if len(parts) == 1 and lateness else []
    mode = rng.choice(modes)
    rng.shuffle(parts)
    return " " + " ".join(parts + ([mode] if mode != "accumulating" or rng.random() < 0.5 else [])), mode


# Rows that come between the ends of windows: at a late record, behind several of them, as the clock goes on.
LATE = ["lateness 1 h", "lateness 10 s", "lateness 1 h refire every 1 s", "lateness 30 s refire every 3 s", "emit every 2 records",
        "emit every 700 ms lateness 10 s"]
EARLY_BY_CLOCK = ["emit every 1 s in processing_time", "lateness 1 h emit every 3 s in processing_time"]

# With few windows in the hour or two that the records of a case lie in: each key has a row of each.
FILLED = ["tumbling 10 s", "tumbling 1 min offset 3 s", "tumbling 7 s offset -2 s", "tumbling 1 h", "sliding 10 s every 5 s",
          "sliding 7 s every 4 s offset -1 s", "sliding 25 s every 10 s", "sliding 3 s every 10 s offset 2 s", "sliding 1 s every 1 min",
          "cumulate 10 s every 4 s", "cumulate 1 h every 10 min", "calendar day", 'calendar month in "America/New_York"']

# Of windows over one stream that cut time at common edges, some of them equal, and at edges that have little in common.
BESIDE = [["tumbling 10 s", "sliding 1 min every 10 s"], ["tumbling 5 s", "sliding 10 s every 5 s", "cumulate 30 s every 10 s"],
          ["tumbling 10 s", "tumbling 10 s"], ["sliding 10 s every 5 s", "sliding 30 s every 5 s"], ["tumbling 10 s", "tumbling 1 h"],
          ["sliding 10 s every 4 s offset 1 s", "sliding 7 s every 2 s offset -1 s"], ["sliding 25 s every 10 s", "tumbling 15 s offset 5 s"],
          ["cumulate 10 s every 4 s", "sliding 3 s every 10 s offset 2 s"], ["tumbling 10 s", "calendar day", "sliding 1 min every 10 s"],
          ["tumbling 7 s offset -2 s", "sliding 10 s every 5 s", "session gap 5 s", "count 3"]]


def own_gap(rng, make):
    """A duration of a record, mostly one that is above zero."""
    some = make.any("duration", 2)
    if rng.random() < 0.2:
        return some
    short = make.any("i64", 1).solid()
    return "1 s * (coalesce(try(abs(%s)), 3) mod 20) + 1 us" % short if rng.random() < 0.7 else "coalesce(try(%s), 2 s)" % some
