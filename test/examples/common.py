"""What the answers of all examples need."""
import datetime
import json

UTC = datetime.timezone.utc
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=UTC)


def quakes(data):
    with open(data, encoding="utf-8") as f:
        return [json.loads(line) for line in f if line.strip()]


def rfc3339(micros):
    """Rule 50: UTC, with as many digits of a second as there are: none, 3 or 6."""
    seconds, rest = divmod(micros, 1_000_000)
    text = (EPOCH + datetime.timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S")
    if rest:
        text += (".%03d" % (rest // 1000)) if rest % 1000 == 0 else ".%06d" % rest
    return text + "Z"
