"""The answers of examples/windows, computed by other means: plain Python over the same input, by the rules of semantics.md.

No record of the input is late (checked), so each window simply holds what its interval holds.
"""
import collections
import statistics
import zoneinfo
import datetime

from common import UTC, EPOCH, quakes, rfc3339

MINUTE = 60 * 1_000_000
HOUR = 3600 * 1_000_000
DAY = 24 * HOUR
BOUND = 600 * 1_000_000


def records(data):
    """(time, properties), in the order of arrival; none is late for anything."""
    newest = None
    for q in quakes(data):
        time = q["properties"]["time"] * 1000
        assert newest is None or time >= newest - BOUND, "a late record: these answers do not know about them"
        newest = time if newest is None else max(newest, time)
        yield time, q["properties"]


def worst(group):
    return max((p["mag"] for _, p in group if p["mag"] is not None), default=None)


def at_least(data, magnitude):
    return [(t, p) for t, p in records(data) if p["mag"] is not None and p["mag"] >= magnitude]


def by_time(groups, keys=()):
    """Rows of groups {(key..., start, end): records}."""
    columns = [*keys, "window_start", "window_end", "quakes", "worst"]
    rows = [[*k[:-2], rfc3339(k[-2]), rfc3339(k[-1]), len(g), worst(g)] for k, g in groups.items()]
    return {"stdout": (columns, rows)}


def tumbling(data):
    groups = collections.defaultdict(list)
    for t, p in at_least(data, 2.5):
        start = t // DAY * DAY  # rule 11
        groups[p["net"], start, start + DAY].append((t, p))
    return by_time(groups, ["net"])


def sliding(data):
    groups = collections.defaultdict(list)
    for t, p in at_least(data, 4.5):
        for start in (t // (12 * HOUR) * 12 * HOUR, t // (12 * HOUR) * 12 * HOUR - 12 * HOUR):  # rule 13
            groups[start, start + DAY].append((t, p))
    return by_time(groups)


def cumulate(data):
    strong = at_least(data, 4.5)
    groups = {}
    for day in sorted({t // DAY * DAY for t, _ in strong}):
        for end in range(day + 6 * HOUR, day + DAY + 1, 6 * HOUR):  # rule 14: steps without new records too
            if inside := [(t, p) for t, p in strong if day <= t < end]:
                groups[day, end] = inside
    return by_time(groups)


def count(data):
    by_net, rows = collections.defaultdict(list), []
    for t, p in records(data):
        group = by_net[p["net"]]
        group.append((t, p))
        if len(group) == 100:  # rule 16
            times = [t for t, _ in group]
            rows.append([p["net"], rfc3339(min(times)), rfc3339(max(times)), worst(group)])
            group.clear()
    return {"stdout": (["net", "since", "until", "worst"], rows)}


def calendar(data):
    zone, groups = zoneinfo.ZoneInfo("America/Anchorage"), collections.defaultdict(list)
    midnight = lambda day: (datetime.datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC) - EPOCH)
    for t, p in records(data):
        if p["place"].endswith("Alaska"):
            day = (EPOCH + datetime.timedelta(microseconds=t)).astimezone(zone).date()
            start, end = (midnight(d) // datetime.timedelta(microseconds=1) for d in (day, day + datetime.timedelta(days=1)))
            groups[start, end].append((t, p))  # rule 17
    return by_time(groups)


def session(data):
    by_net, groups = collections.defaultdict(list), {}
    for t, p in sorted(records(data), key=lambda r: r[0]):
        group = by_net[p["net"]]
        if group and t - group[-1][0] >= 20 * MINUTE:  # rule 15
            groups[p["net"], group[0][0], group[-1][0] + 20 * MINUTE] = group
            group = by_net[p["net"]] = []
        group.append((t, p))
    for net, group in by_net.items():
        groups[net, group[0][0], group[-1][0] + 20 * MINUTE] = group
    return by_time({key: group for key, group in groups.items() if len(group) >= 5}, ["net"])


def over(data):
    by_net, rows = collections.defaultdict(list), []
    ordered = sorted(records(data), key=lambda r: r[0])  # of equal times in the order of arrival
    for t, p in ordered:
        by_net[p["net"]].append((t, p))
    for t, p in ordered:
        window = [r for r in by_net[p["net"]] if t - 6 * HOUR <= r[0] <= t]  # rule 30
        here = next(i for i, r in enumerate(window) if r[1] is p)
        mags = [r[1]["mag"] for r in window if r[1]["mag"] is not None]
        place = None if p["mag"] is None else 1 + sum(m > p["mag"] for m in mags)
        if len(window) > 20 and place == 1:
            before = window[here - 1][1]["mag"] if here else None
            rows.append([p["mag"], p["net"], rfc3339(t), len(window), worst(window), place, before])
    return {"stdout": (["mag", "net", "time", "n", "worst", "place", "before"], rows)}


def firing(data):
    """What is due at each move of W: one row of a day, on time or early (rule 21). Nothing is late."""
    days, rows, before = {}, [], None
    for t, p in [*records(data), (10 ** 18, None)]:
        if p and p["mag"] is not None and p["mag"] >= 4.5:
            day = days.setdefault(t // DAY * DAY, {"records": [], "fresh": 0, "rows": 0})
            day["records"].append((t, p))
            day["fresh"] += 1
        watermark = t - BOUND - 1
        for start, day in sorted(days.items()):
            passed = [(w + 1 - start) // (6 * HOUR) if w is not None else 0 for w in (before, watermark)]
            over = watermark >= start + DAY - 1
            if over or (passed[1] > max(passed[0], 0) and day["fresh"]):
                rows.append(["upsert", rfc3339(start), rfc3339(start + DAY), day["rows"], "on_time" if over else "early",
                             len(day["records"]), worst(day["records"])])
                day["fresh"], day["rows"] = 0, day["rows"] + 1
            if over:
                del days[start]
        before = watermark if before is None else max(before, watermark)
    return {"stdout": (["op", "window_start", "window_end", "pane", "timing", "quakes", "worst"], rows)}


def everything(data):
    groups = collections.defaultdict(list)
    for t, p in records(data):
        groups[p["net"]].append((t, p))
    rows = [[net, len(g), worst(g), rfc3339(max(t for t, _ in g))] for net, g in groups.items()]  # rule 18
    return {"stdout": (["net", "quakes", "worst", "newest"], rows)}


def fill(data):
    groups, size = collections.defaultdict(list), 4 * HOUR
    for t, p in at_least(data, 5):
        if p["net"] == "us":
            groups[t // size * size].append((t, p))
    every = range(min(groups), max(groups) + 1, size)  # rule 12
    return by_time({("us", start, start + size): groups.get(start, []) for start in every}, ["net"])


def collect(data):
    groups = collections.defaultdict(list)
    for t, p in sorted(at_least(data, 5.5), key=lambda r: r[0]):  # rule 27: by time, then as they arrived
        groups[p["net"], t // DAY * DAY].append(p["mag"])
    rows = [[net, rfc3339(start), rfc3339(start + DAY), mags, float(statistics.median(mags))]
            for (net, start), mags in groups.items()]
    return {"stdout": (["net", "window_start", "window_end", "mags", "middle"], rows)}


def top(data):
    days, rows = collections.defaultdict(list), []
    for t, p in records(data):
        if p["mag"] is not None:  # rule 27: nulls are passed over
            days[t // DAY * DAY].append((t, p))
    for _, found in sorted(days.items()):
        found.sort(key=lambda r: (-r[1]["mag"], r[0]))
        rows += [[p["mag"], p["place"], rfc3339(t)] for t, p in found if p["mag"] >= found[:3][-1][1]["mag"]]
    return {"stdout": (["mag", "place", "time"], rows)}


WINDOWS = {"windows/tumbling": tumbling, "windows/sliding": sliding, "windows/cumulate": cumulate,
           "windows/session": session, "windows/count": count, "windows/calendar": calendar,
           "windows/over": over, "windows/firing": firing, "windows/fill": fill,
           "windows/collect": collect, "windows/top": top, "windows/global": everything}
