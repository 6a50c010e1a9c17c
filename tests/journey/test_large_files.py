"""Files that are cut into shards for workers: every format, order, and what happens beside a run."""
import base64
import gzip
import json
import os
import random
import re
import subprocess
import threading

import pytest

import oracle
import sandboxes
from answer import answer, compare, mixed, outcomes_of_retries
from local_cloud import wait_until

INLINE = 4 << 20  # up to this, a file is processed where its event arrives
SHARD = 1 << 20


@pytest.fixture(scope="module")
def large(deploy):
    stack = deploy("large", ShardBytes=SHARD, WorkerConcurrency=4)
    stack.set_variables("Sweep", SWEEP_AFTER_SECONDS=0)
    return stack


def padding(chance):
    """Makes a file large without making it long to drain, whatever it is compressed with."""
    return base64.b64encode(chance.randbytes(2600))


def padded_csv(lines, seed=1):
    chance = random.Random(seed)
    return b"padding,status_code,retry_count,service_uuid\r\n" + b"".join(
        padding(chance) + b"," + line + b"\r\n" for line in lines)


def padded_json(lines, seed=1):
    chance = random.Random(seed)
    out = []
    for line in lines:
        status, retries, uuid = line.decode().split(",")
        out.append(json.dumps({"statusCode": int(status), "padding": padding(chance).decode(), "retryCount": int(retries),
                               "serviceUUID": uuid}).encode() + b"\n")
    return b"".join(out)


BAD = [b"600,0,u", b"200,x,u", b"200,0,a b", b"200,0"]


def csv_with_bad_lines(users):
    lines = mixed(users, 2000, 11)
    for number, bad in enumerate(BAD * 5):
        lines.insert(number * 97, bad)
    return padded_csv(lines)


FORMATS = {
    "csv with a header": (".csv", csv_with_bad_lines),
    "csv without one": (".csv", lambda users: b"\n".join(
        line.replace(b",", b'," ' + b" " * 3000, 1).replace(b",", b'",', 2).replace(b'",', b",", 1)
        for line in mixed(users, 1600, 12))),
    "JSON Lines": (".jsonl", lambda users: padded_json(mixed(users, 2000, 13)) + b"no json\n[1]\n"),
    "gzip": (".csv.gz", lambda users: gzip.compress(padded_csv(mixed(users, 2200, 14)), 1)),
    "zstd": (".jsonl.zst", lambda users: subprocess.run(["zstd", "-qc"], input=padded_json(mixed(users, 2200, 15)),
                                                        capture_output=True, check=True).stdout),
}


@pytest.mark.parametrize("name", FORMATS)
def test_formats(large, name):
    extension, make = FORMATS[name]
    content = make(large.users)
    assert len(content) > INLINE
    report = answer(large, f"DES_Manually_Process_{large.today()}{extension}", content)
    may_split = report["compression"] == "none"
    assert report["shards"] == (-(-len(content) // SHARD) if may_split else 1)
    assert large.settled(report["runId"])["retries"] == outcomes_of_retries(large, content)


def test_the_end_of_the_retries_is_mailed(large):
    content = padded_csv(mixed(large.users, 1600, 21))
    report = answer(large, f"ADS_Manually_Process_{large.today()}.csv", content)
    assert report["retries"] is None and report["retryQueued"] > 100
    settled = large.settled(report["runId"])
    mail = [m for m in large.mails_about(report["runId"], 2) if "RETRIES SETTLED" in m["Subject"]]
    assert len(mail) == 1 and f"{report['retryQueued']} of {report['retryQueued']} records" in mail[0]["Body"]["text_part"]
    assert {**settled, "retries": None} == report
    assert large.sweep()["openRuns"] == 0 and len(large.mails_about(report["runId"])) == 2


def test_a_second_upload_under_the_same_name(large):
    key = f"DES_Manually_Process_{large.today()}.csv"
    first, second = padded_csv(mixed(large.users, 2400, 31)), padded_csv(mixed(large.users, 1700, 32))
    one = oracle.run_id(large.bucket, key, large.put(key, first))
    wait_until(lambda: (large.status(one) or {}).get("status") == "RUNNING", 30, "the first run")
    two = oracle.run_id(large.bucket, key, large.put(key, second))
    reports = [large.report(run) for run in (one, two)]
    for report, content in zip(reports, (first, second)):
        assert report["status"] == "DONE"
        compare(large, report, key, content)
    assert reports[0]["processedKey"] != reports[1]["processedKey"]


def test_a_file_with_too_many_bad_lines_is_kept(deploy):
    picky = deploy("picky", ShardBytes=SHARD, WorkerConcurrency=2, MaxBadPercent=20)
    key = f"DES_Manually_Process_{picky.today()}.csv"
    # Each shard alone has few, but for those in the middle.
    lines = mixed(picky.users, 1000, 41) + [b"no batch file at all"] * 1000 + mixed(picky.users, 1000, 42)
    content = padded_csv(lines)
    run = oracle.run_id(picky.bucket, key, picky.put(key, content))
    report = picky.report(run)
    assert report["status"] == "FAILED" and "MaxBadPercent" in report["sentence"], report
    assert report["processedKey"] == "" and picky.read(key) == content
    # What was said before it was stopped is said in the report, to the record.
    expected = oracle.Expected(content)
    told = picky.hear(report["processed"] + report["notActive"] + report["notFound"] + report["retryQueued"], run)
    assert told.keys() <= {oracle.record_id(run, offset) for offset in expected.records}
    assert all(len(notifications) == 1 for notifications in told.values())
    picky.s3.delete_object(Bucket=picky.bucket, Key=key)
    # A file with a few is none.
    answer(picky, key, padded_csv(mixed(picky.users, 1600, 43) + [b"bad"] * 100))


def test_a_copy_in_parts(large):
    large.set_variables("Worker", "Dispatch", MULTIPART_COPY_BYTES=5 << 20)
    key = f"DES_Manually_Process_{large.today()}.csv"
    report = answer(large, key, padded_csv(mixed(large.users, 3500, 51)))
    assert report["bytes"] > 11 << 20
    processed = large.s3.head_object(Bucket=large.bucket, Key=report["processedKey"])
    assert processed["ETag"].endswith('-3"')
    assert large.s3.list_multipart_uploads(Bucket=large.bucket).get("Uploads", []) == []
    large.set_variables("Worker", "Dispatch", MULTIPART_COPY_BYTES=None)


def order_of(stack, run, content, shards):
    """user and shard -> offsets of the records in the order in which they were heard."""
    records = {oracle.record_id(run, offset): (offset, uuid) for offset, (_, _, uuid) in oracle.Expected(content).records.items()}
    each, longer = divmod(len(content), shards)
    begins = [k * each + min(k, longer) for k in range(shards)]
    order = {}
    for record in stack.ear.order[run]:
        offset, uuid = records[record]
        shard = sum(begin <= offset for begin in begins) - 1
        order.setdefault((uuid, shard), []).append(offset)
    return order


@pytest.mark.parametrize("ordering", ["false", "true"])
def test_order_through_a_fifo_topic(deploy, ordering):
    fifo = deploy("fifo", ShardBytes=SHARD, WorkerConcurrency=4, TopicType="fifo", StrictOrdering="false")
    if fifo.parameters["StrictOrdering"] != ordering:
        fifo.deploy(StrictOrdering=ordering)
    few = sorted(fifo.users)[:20]
    chance = random.Random(61)
    content = padded_csv([f"200,0,{chance.choice(few)}".encode() for _ in range(1800)])
    report = answer(fifo, f"DES_Manually_Process_{fifo.today()}.csv", content)
    assert report["shards"] == (1 if ordering == "true" else -(-len(content) // SHARD))
    order = order_of(fifo, report["runId"], content, report["shards"])
    assert len(order) >= len(few) and sum(map(len, order.values())) == 1800
    for offsets in order.values():
        assert offsets == sorted(offsets)


def requests(stack):
    return stack.cloud.page("/_ads/health")["requests"]


def test_calls_per_record(deploy, capsys):
    frugal = deploy("frugal", ShardBytes=SHARD, WorkerConcurrency=4)
    frugal.close()  # its calls are not the function's
    for subscription in frugal.sns.list_subscriptions_by_topic(TopicArn=frugal.outputs["Topic"])["Subscriptions"]:
        frugal.sns.unsubscribe(SubscriptionArn=subscription["SubscriptionArn"])
    mapping = frugal.lambdas.list_event_source_mappings(FunctionName=frugal.outputs["RetryFunction"])["EventSourceMappings"][0]
    frugal.lambdas.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    directory = frugal.cloud.directory.parent
    file = directory / "frugal.csv"
    records = 120_000
    frugal.ads("generate", "batch", "--records", records, "--users", 400, "--bad-percent", 0.5, "--out", file)
    content = file.read_bytes()
    assert len(content) > INLINE
    key = f"DES_Manually_Process_{frugal.today()}.csv"
    quiet = threading.Event()
    before = requests(frugal)
    run = oracle.run_id(frugal.bucket, key, frugal.put(key, content))
    asked = 0
    while True:
        asked += 1
        state = frugal.status(run)
        if state and state["status"] in ("DONE", "FAILED"):
            break
        quiet.wait(0.5)  # asking costs requests, too
    total = requests(frugal) - before
    report = frugal.report(run)
    assert report["reconciled"] and report["lines"] == records + 1
    # `ads status` asks for the stack, the run and each shard.
    own = 1 + 1 + asked * (2 + report["shards"])
    with capsys.disabled():
        print(f"\n{report['apiCalls']} calls by the report, {total - own}..{total} by the cloud, for {records} records: "
              f"{report['apiCalls'] / records:.4f} per record, {report['recordsPerSecond']:.0f} records/s")
    assert report["apiCalls"] <= 0.13 * records
    assert total <= 0.13 * records
    # What the report cannot know: the calls outside of a shard's chunks, and those after it was written.
    # The cloud's count has what else runs there: the sweeps of the other tests' stacks.
    assert 0.85 * (total - own) - 100 <= report["apiCalls"] <= total
    frugal.lambdas.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)


def test_memory_does_not_depend_on_the_size(deploy, capsys):
    """ADS_MEMORY_BYTES makes the larger file larger; scripts/bench scale does it with 1 GiB of short lines."""
    stack = deploy("memory", WorkerConcurrency=2)
    most = int(os.environ.get("ADS_MEMORY_BYTES", 128 << 20))
    peaks = {}
    for size in (10 << 20, most):
        watch = sandboxes.Peaks(stack.cloud)
        content = padded_csv(mixed(stack.users, size // 3500, size), size)
        report = answer(stack, f"DES_Manually_Process_{stack.today()}.csv", content)
        watch.stop()
        peaks[len(content)] = {role: round(peak, 1) for role, peak in watch.of.items()}
        assert report["bytes"] > 0.9 * size
    reports = stack.ads("logs", "WorkerFunction", "--filter", "REPORT", check=False).stdout
    used = max(int(match) for match in re.findall(r"Max Memory Used: (\d+) MB", reports))
    with capsys.disabled():
        print(f"\npeak resident MB by size: {peaks}; at most {used} MB by the log")
    assert used <= 64 and all(peak <= 64 for of in peaks.values() for role, peak in of.items() if role != "cloud")
