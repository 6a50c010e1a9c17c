"""What each line of a batch file must lead to, computed from docs/formats.md alone and by other means than the product:
whole files in memory, Python's csv-free parsing, no shared code. The journey tests compare every record with it."""
import base64
import gzip
import hashlib
import json
import re
import subprocess

MESSAGE = "Cannot process the request: the user is not a member or has not been onboarded yet."
PROFILE = ("firstName", "lastName", "detailedAddress", "lastPingedLocation")
UUID = re.compile(rb"[A-Za-z0-9_.:-]{1,128}\Z")
INTEGER = re.compile(rb"[+-]?[0-9]+\Z")
MAX_LINE = 4096


def run_id(bucket, key, version_id):
    parts = b"".join(b"%d:%s," % (len(p.encode()), p.encode()) for p in (bucket, key, "version", version_id))
    return hashlib.sha256(parts).hexdigest()[:32]


def record_id(run, offset):
    digest = hashlib.sha256(f"{run}:{offset}".encode()).digest()
    return base64.b32encode(digest).decode().lower()[:26]


def decompress(content):
    if content[:2] == b"\x1f\x8b":
        return gzip.decompress(content)
    if content[:4] == b"\x28\xb5\x2f\xfd":
        return subprocess.run(["zstd", "-dc"], input=content, capture_output=True, check=True).stdout
    return content


def split_csv(text):
    """RFC 4180 within one line; None where quotes do not pair."""
    fields, at = [], 0
    while True:
        while at < len(text) and text[at:at + 1] in b" \t":
            at += 1
        if text[at:at + 1] == b'"':
            value, at = b"", at + 1
            while True:
                end = text.find(b'"', at)
                if end < 0:
                    return None
                value += text[at:end]
                if text[end + 1:end + 2] != b'"':
                    at = end + 1
                    break
                value, at = value + b'"', end + 2
            rest = text[at:].split(b",", 1)
            if rest[0].strip(b" \t"):
                return None
            fields.append(value)
            at += len(rest[0])
        else:
            value = text[at:].split(b",", 1)[0]
            fields.append(value)
            at += len(value)
        if at >= len(text):
            return [f.strip(b" \t") for f in fields]
        at += 1


def number(value, lowest, highest, not_int, out_of_range):
    """The number, or the reason why not."""
    if not INTEGER.match(value):
        return None, not_int
    if not lowest <= int(value) <= highest:
        return None, out_of_range
    return int(value), None


def judge(status, retries, uuid):
    parsed, reason = number(status, 100, 599, "STATUS_NOT_INT", "STATUS_RANGE")
    if reason:
        return reason
    count, reason = number(retries, 0, 1000, "RETRY_NOT_INT", "RETRY_RANGE")
    if reason:
        return reason
    return (parsed, count, uuid.decode()) if UUID.match(uuid) else "UUID_SYNTAX"


def judge_json(text):
    try:
        value = json.loads(text)
    except ValueError:
        return "BAD_JSON"
    if not isinstance(value, dict):
        return "BAD_JSON"
    if any(name not in value for name in ("statusCode", "retryCount", "serviceUUID")):
        return "FIELD_COUNT"
    numbers = [str(value[n]).encode() if type(value[n]) is int else b"?" for n in ("statusCode", "retryCount")]
    uuid = value["serviceUUID"]
    return judge(*numbers, uuid.encode() if isinstance(uuid, str) else b" ")


class Expected:
    """lines: how many; records: offset -> (status, retries, uuid); bad: offset -> (length, reason)."""

    def __init__(self, content):
        self.records, self.bad = {}, {}
        self.lines = self.blank = self.header = 0
        text = decompress(content)
        columns, is_json, offset = None, None, 0
        for raw in self.split(text):
            line = raw[:-1] if raw.endswith(b"\n") else raw
            line = line[:-1] if line.endswith(b"\r") else line
            if offset == 0 and line.startswith(b"\xef\xbb\xbf"):
                line = line[3:]
            self.lines += 1
            if is_json is None:
                is_json = line.startswith(b"{")
                names = [f.decode("latin-1").lower() for f in split_csv(line) or []]
                wanted = ["status_code", "retry_count", "service_uuid"]
                columns, count = [0, 1, 2], 3
                if not is_json and all(names.count(n) == 1 for n in wanted):
                    columns, count = [names.index(n) for n in wanted], len(names)
                    self.header += 1
                    offset += len(raw)
                    continue
            verdict = self.verdict(line, columns, count, is_json)
            if verdict is None:
                self.blank += 1
            elif isinstance(verdict, str):
                self.bad[offset] = (len(raw), verdict)
            else:
                self.records[offset] = verdict
            offset += len(raw)
        self.bytes = offset

    @staticmethod
    def split(text):
        pieces = text.split(b"\n")
        return [p + b"\n" for p in pieces[:-1]] + ([pieces[-1]] if pieces[-1] else [])

    @staticmethod
    def verdict(line, columns, count, is_json):
        if len(line) > MAX_LINE:
            return "LINE_TOO_LONG"
        if not line.strip(b" \t"):
            return None
        if b"\0" in line:
            return "NUL"
        try:
            line.decode()
        except UnicodeDecodeError:
            return "BAD_UTF8"
        if is_json:
            return judge_json(line)
        fields = split_csv(line)
        if fields is None or len(fields) != count:
            return "FIELD_COUNT"
        return judge(*(fields[c] for c in columns))

    def set_aside_oversize(self, content, users):
        """Records whose notification is larger than SNS takes (only those that are looked up at once)."""
        text = decompress(content)
        for offset, record in list(self.records.items()):
            if not self.is_retry(record) and len(json.dumps(notification(record[2], users)[2])) > 262_144:
                del self.records[offset]
                self.bad[offset] = (text.index(b"\n", offset) + 1 - offset, "OVERSIZE")

    def is_retry(self, record, max_retries=1):
        status, retries, _ = record
        return 500 <= status <= 599 and retries <= max_retries


def notification(uuid, users):
    """(Outcome, Status, body) of the message about a record of that user."""
    user = users.get(uuid)
    if user is None:
        return "not-found", "404", {"serviceUUID": uuid, "message": MESSAGE}
    if user.get("status") != "Active":
        return "not-active", "403", {"serviceUUID": uuid, "message": MESSAGE}
    return "processed", "200", {"serviceUUID": uuid, **{name: user.get(name, "") for name in PROFILE}}
