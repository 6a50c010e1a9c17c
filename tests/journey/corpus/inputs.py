"""The files of tests/fixtures/inputs: the smallest example of each thing that went wrong once."""
from corpus.case import ACTIVE, FIVE, HEADER, INACTIVE, RETRIED, Case, above, bad, blank, case, fixture, header, people, plain, record, refused, written
from corpus.compressed import DAMAGED

CRLF = "\r\n"


def given(name, lines=None, eol="\n", decoded=True, **more):
    offsets = None
    if decoded:
        offsets, at = [], 0
        for line in lines:
            offsets.append(at)
            at += len((line.text + eol).encode())
    return Case(name, fixture(name), tuple(lines), offsets=tuple(offsets) if decoded else None, **more)


def object_line(status, retries, user, quote=""):
    return f'{{"statusCode": {quote}{status}{quote}, "retryCount": {quote}{retries}{quote}, "serviceUUID": "{user}"}}'


def same_as_written(name, lines, eol="\n", **more):
    """The fixture is what this writes: so the expectation is about that file."""
    assert written(lines, eol, ends=more.pop("ends", True)) == fixture(name), name
    return given(name, lines, eol, **more)


def cases():
    spaced = [header(HEADER)] + people()
    yield same_as_written("blank-excel-rows.csv", spaced + [blank(",,")] * fixture("blank-excel-rows.csv").count(b"\n,,"))
    yield same_as_written("camel-header-reordered.csv", [header("serviceUUID,statusCode,retryCount")] +
                          [record(f"{u},{s},{r}", s, r, u) for s, r, u in FIVE[:2]])
    yield same_as_written("cr-only.csv", spaced, "\r")
    yield same_as_written("ctrl-z.csv", spaced + [blank("\x1a")], CRLF, ends=False)
    yield same_as_written("floats.csv", [header()] + [record(f"{s}.0,{r}.0,{u}", s, r, u) for s, r, u in (FIVE[0], FIVE[2], FIVE[3])])
    yield same_as_written("nbsp.csv", [header(), record(f"200,0,\u00a0{ACTIVE}", 200, 0, ACTIVE),
                                       record(f"404,\u00a00,{INACTIVE}", 404, 0, INACTIVE), record(f"200,0,{ACTIVE}\u00a0", 200, 0, ACTIVE)])
    yield same_as_written("semicolon.csv", [header(HEADER.replace(",", ";"))] + people(lambda *row: ";".join(map(str, row))))
    yield same_as_written("sep-line-reordered.csv", [above("sep=,"), header("service_uuid,status_code,retry_count")] +
                          [record(f"{u},{s},{r}", s, r, u) for s, r, u in FIVE[:2]], CRLF)
    yield same_as_written("short-rows.csv", [header(HEADER + ",note")] + people())
    yield same_as_written("sorted-2-each.csv", [header()] + [record(f"200,0,user-{n // 2}", 200, 0, f"user-{n // 2}") for n in range(2000)])
    yield same_as_written("space-header.csv", [header("Status Code,Retry Count,Service UUID")] + people())
    yield same_as_written("trailing-comma-rows.csv", [header()] + people(lambda *row: plain(*row) + ","))
    yield same_as_written("jsonl-blank-first.jsonl", [blank()] + people(object_line), extension=".jsonl")
    yield same_as_written("jsonl-strings.jsonl", [record(object_line(*each, '"'), *each) for each in (FIVE[0], FIVE[2])], extension=".jsonl")
    yield same_as_written("json-snake.jsonl", [record(f'{{"status_code": 200, "retry_count": 0, "service_uuid": "{ACTIVE}"}}', 200, 0, ACTIVE)],
                          extension=".jsonl")
    yield same_as_written("uuid-braces.csv", [header(), record("200,0,{" + ACTIVE + "}", 200, 0, ACTIVE)])
    yield same_as_written("uuid-upper.csv", [header(), record(f"200,0,{RETRIED.upper()}", 200, 0, RETRIED.upper())])
    yield given("utf16le.csv", spaced, decoded=False, compression="utf-16")
    yield given("xz.csv", spaced, compression="xz")
    yield given("zip.csv", spaced, compression="zip")
    yield given("zstd-65536-bytes.csv.zst", [record("404,0,u-0000001", 404, 0, "u-0000001")] * 4096, extension=".csv.zst", compression="zstd")
    # 12 times the same table, one after the other.
    table = [*[record(plain(200, 0, ACTIVE), 200, 0, ACTIVE)] * 20_000]
    yield given("zst-long.csv.zst", [header(), *table] + [bad(HEADER, "STATUS_NOT_INT"), *table] * 11, extension=".csv.zst",
                compression="zstd", stack="unheard")

    yield refused("xlsx.csv", fixture("xlsx.csv"), "Excel", "CSV")
    yield refused("json-array.jsonl", fixture("json-array.jsonl"), "JSON", "array", "line", extension=".jsonl")
    yield refused("gz-trunc-big.csv.gz", fixture("gz-trunc-big.csv.gz"), "gzip", DAMAGED, extension=".csv.gz")
    # Users, not records: `ads users import` is what reads these (test_inputs.py).
    yield refused("people.ldif", fixture("people.ldif"), "LDIF|directory|users")
    yield refused("people-csvde.csv", fixture("people-csvde.csv"), "users|header|directory|csvde")
    yield refused("users-latin1.csv", fixture("users-latin1.csv"), "users")
    yield refused("users-line5-no-uuid.csv", fixture("users-line5-no-uuid.csv"), "users")
