"""The answers of the examples, computed by other means: plain Python over the same input.

Each function returns {output: (columns, rows)}, where the output is "stdout" or a file's name and the rows are values in
the order of the columns. Nothing here knows how Millrace works; semantics.md's rules are cited where they decide.
"""
import collections
import datetime
import math

from common import EPOCH, UTC, quakes, rfc3339
from windows import WINDOWS


def tumbling(millis, size_seconds):
    """Rule 11: the window [start, end) that holds the time, in microseconds."""
    size = size_seconds * 1_000_000
    start = millis * 1000 // size * size
    return start, start + size


def mean(values):
    """Rules 24, 25: floats are added in the order of arrival, then divided once."""
    total = 0.0
    for v in values:
        total += v
    return total / len(values)


def strong_quakes(data):
    groups = collections.OrderedDict()
    for q in quakes(data):
        p = q["properties"]
        if p["mag"] is not None and p["mag"] >= 4.5:
            start, end = tumbling(p["time"], 3600)
            groups.setdefault((start, end, p["net"]), []).append((p["mag"], q["geometry"]["coordinates"][2]))
    rows = [[net, rfc3339(s), rfc3339(e), len(v), max(m for m, _ in v), mean([d for _, d in v])]
            for (s, e, net), v in groups.items()]
    return {"stdout": (["net", "window_start", "window_end", "quakes", "worst", "avg_depth"], rows)}


def depth_by_region(data):
    groups = collections.OrderedDict()
    for q in quakes(data):
        place = q["properties"]["place"]
        region = place.split(", ")[1] if ", " in place else place
        groups.setdefault(region, []).append(float(q["geometry"]["coordinates"][2]))
    rows = [[r, len(d), min(d), mean(d), max(d)] for r, d in groups.items() if len(d) >= 20]
    return {"stdout": (["region", "quakes", "shallowest", "avg_depth", "deepest"], rows)}


def largest_of_day(data):
    groups = collections.OrderedDict()
    for q in quakes(data):
        groups.setdefault(tumbling(q["properties"]["time"], 86400), []).append(q["properties"]["mag"])
    rows = [[rfc3339(s), rfc3339(e), len(v), sum(m is not None for m in v), max(m for m in v if m is not None)]
            for (s, e), v in groups.items()]
    return {"stdout": (["window_start", "window_end", "quakes", "with_magnitude", "largest"], rows)}


def geometric_mean(data):
    groups = collections.OrderedDict()
    for q in quakes(data):
        groups.setdefault(tumbling(q["properties"]["time"], 86400), []).append(float(q["geometry"]["coordinates"][2]))
    rows = []
    for (s, e), depths in groups.items():
        deep = [d for d in depths if d > 0]
        rows.append([rfc3339(s), rfc3339(e), len(depths), mean(depths), math.exp(mean([math.log(d) for d in deep]))])
    return {"stdout": (["window_start", "window_end", "quakes", "mean", "typical"], rows)}


def strongest_of_day(data):
    groups = collections.OrderedDict()
    for q in quakes(data):
        p = q["properties"]
        groups.setdefault(tumbling(p["time"], 86400), []).append((p["mag"], p["place"]))
    days, each = [], []
    for (start, end), found in groups.items():
        known = [(m, place) for m, place in found if m is not None]
        best = sorted(known, key=lambda one: -one[0])[:3]  # Python's sort leaves equal ones as they came (rule 27)
        days.append([rfc3339(start), rfc3339(end), [{"place": place, "mag": m} for m, place in best],
                     [m for m, _ in known if m > 5]])
        each += [[rfc3339(start), place, float(m)] for m, place in best]
    return {"stdout": (["window_start", "window_end", "strongest", "above_five"], days),
            "strongest.csv": (["day", "place", "mag"], each)}


def clean_to_csv(data):
    clean, rejected = [], []
    for line, q in enumerate(quakes(data), 1):
        p = q["properties"]
        gap = p["gap"]
        if gap is not None and gap != int(gap):  # rule 48: 1.0 is an integer, 1.5 is not
            rejected.append([line, "clean_file", "gap"])
            continue
        place = p["place"]
        clean.append([q["id"], rfc3339(p["time"] * 1000), 0.0 if p["mag"] is None else float(p["mag"]),
                      p["magType"].strip().upper(), -1 if gap is None else int(gap),
                      place.split(" of ")[1] if " of " in place else place])
    return {"clean.csv": (["id", "time", "magnitude", "kind", "gap", "near"], clean),
            "rejected.jsonl": (["line", "op", "reason"], rejected)}


def two_sinks(data):
    strong, california = [], []
    for q in quakes(data):
        p = q["properties"]
        row = [p["mag"], rfc3339(p["time"] * 1000), p["net"], p["place"]]
        if p["mag"] is not None and p["mag"] >= 6.0:
            strong.append(row)
        if p["place"].endswith(", California") and p["mag"] is not None:
            california.append(row)
    columns = ["mag", "time", "net", "place"]
    return {"stdout": (columns, strong), "california.jsonl": (columns, california)}


def active_networks(data):
    """Rule 35: a key is gone when W, before the record moves it, has reached its greatest time and the time to live."""
    ttl, bound = 12 * 3600 * 1_000_000, 600 * 1_000_000
    state, rows, newest = {}, [], None  # net: [count, worst, last time]

    def expire(watermark):
        for net in [n for n, (_, _, last) in state.items() if watermark >= last + ttl]:
            del state[net]
            rows.append(["delete", net])

    for q in quakes(data):
        p, time = q["properties"], q["properties"]["time"] * 1000
        watermark = -math.inf if newest is None else newest - bound - 1
        if p["mag"] is not None and p["mag"] >= 2.5:
            expire(watermark)
            count, worst, last = state.get(p["net"], (0, -math.inf, 0))
            state[p["net"]] = count + 1, max(worst, p["mag"]), max(last, time)
            count, worst, last = state[p["net"]]
            rows.append(["upsert", p["net"], count, worst, rfc3339(last)])
        newest = time if newest is None else max(newest, time)
    expire(newest - bound - 1)
    return {"stdout": (["op", "net", "quakes", "worst", "newest"], rows)}


def first_reports(data):
    within, bound = 6 * 3600 * 1_000_000, 600 * 1_000_000
    kept, rows, newest = {}, [], None  # region: time of the record that passed
    for q in quakes(data):
        p, time = q["properties"], q["properties"]["time"] * 1000
        watermark = -math.inf if newest is None else newest - bound - 1
        region = p["place"].split(", ")[1] if ", " in p["place"] else p["place"]
        if p["mag"] is not None and p["mag"] >= 4.0:
            k = kept.get(region)
            if k is None or watermark >= k + within or time >= k + within:
                kept[region] = time
                rows.append([region, rfc3339(time), p["mag"], p["place"]])
        newest = time if newest is None else max(newest, time)
    return {"stdout": (["region", "time", "mag", "place"], rows)}


def contributors(data):
    counts = collections.Counter(s for q in quakes(data) for s in q["properties"]["sources"].split(",") if s)
    return {"stdout": (["network", "reports"], [[n, c] for n, c in counts.items()])}


# Nexmark's generator, as docs say: SplitMix64 seeded by the event's number, numbers drawn in the order of the fields.
MASK = (1 << 64) - 1
GOLDEN = 0x9E3779B97F4A7C15


class Draws:
    def __init__(self, seed, event):
        self.state = (seed + event * GOLDEN) & MASK

    def next(self):
        self.state = (self.state + GOLDEN) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, n):
        return (self.next() * n) >> 64

    def unit(self):
        return (self.next() >> 11) * 2.0 ** -53


def last_person(event):
    return event // 50 + min(event % 50, 0)


def last_auction(event):
    epoch, offset = divmod(event, 50)
    if offset < 1:
        epoch, offset = epoch - 1, 2
    elif offset >= 4:
        offset = 2
    else:
        offset -= 1
    return epoch * 3 + offset


def nexmark_bids(events, rate=10_000, seed=0):
    base = datetime.datetime(2015, 7, 15, tzinfo=UTC)
    base_ms = int((base - EPOCH).total_seconds()) * 1000
    for n in range(events):
        event = 1 + n  # the group of disorder is 1
        if event % 50 < 4:
            continue
        d = Draws(seed, event)
        newest = last_auction(event)
        if d.below(2) > 0:
            auction = newest // 100 * 100
        else:
            low = max(newest - 100, 0)
            auction = low + d.below(newest - low + 11)
        person = last_person(event)
        if d.below(4) > 0:
            bidder = person // 100 * 100 + 1
        else:
            known = person + 1
            active = min(known, 1000)
            bidder = known - active + d.below(active + 10)
        price = math.floor(math.pow(10.0, d.unit() * 6.0) * 100.0 + 0.5)
        micros = math.floor(n * 1_000_000 / rate)
        yield auction + 1000, bidder + 1000, price, base_ms * 1000 + micros // 1000 * 1000


def nexmark_q1(data):
    rows = [[a, b, 0.908 * p, rfc3339(t)] for a, b, p, t in nexmark_bids(1000)]
    return {"stdout": (["auction", "bidder", "price", "dateTime"], rows)}


def nexmark_q2(data):
    rows = [[a, p] for a, _, p, _ in nexmark_bids(100_000) if a % 123 == 0]
    return {"stdout": (["auction", "price"], rows)}


def nexmark_q5(data):
    second = 1_000_000
    counts = collections.defaultdict(collections.Counter)
    for auction, _, _, t in nexmark_bids(100_000):
        for back in range(5):  # rule 13
            counts[t // (2 * second) * 2 * second - back * 2 * second][auction] += 1
    rows = [[auction, rfc3339(start), rfc3339(start + 10 * second), num] for start in sorted(counts)
            for auction, num in sorted(counts[start].items()) if num == max(counts[start].values())]  # rule 10: ties by key
    return {"stdout": (["auction", "window_start", "window_end", "num"], rows)}


def nexmark_q7(data):
    groups = collections.defaultdict(list)
    for bid in nexmark_bids(200_000):
        groups[bid[3] // 10_000_000].append(bid)
    rows = []
    for _, bids in sorted(groups.items()):
        highest = max(price for _, _, price, _ in bids)
        rows += [[a, b, p, rfc3339(t)] for a, b, p, t in bids if p == highest]  # rule 27: equal ones as they came
    return {"stdout": (["auction", "bidder", "price", "dateTime"], rows)}


ANSWERS = {f.__name__: f for f in (strong_quakes, depth_by_region, largest_of_day, geometric_mean, strongest_of_day, clean_to_csv, two_sinks, contributors,
                                   active_networks, first_reports,
                                   nexmark_q1, nexmark_q2, nexmark_q5, nexmark_q7)} | WINDOWS
