"""What an idle cloud costs: memory, time to start, time to end. The figures are those of the release build."""
import os
import pathlib
import signal
import statistics
import subprocess
import time

import pytest
from local_cloud import BUILD, REGION, Cloud

MIB = 1 << 20


def is_release():
    cache = BUILD / "CMakeCache.txt"
    return cache.exists() and "CMAKE_BUILD_TYPE:STRING=Release" in cache.read_text()


pytestmark = pytest.mark.skipif(not is_release(), reason=f"{BUILD} is no release build: its figures would mean nothing")


def start_and_time(directory):
    """-> (process, seconds from before exec to the ready line)"""
    command = [str(BUILD / "ads"), "cloud", "--port", "0", "--data", str(directory)]
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    line = process.stdout.readline()
    elapsed = time.monotonic() - begun
    assert line.startswith(b"ads cloud listening on "), line
    return process, elapsed


def end_and_time(process):
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    return time.monotonic() - begun


def resident(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise AssertionError(f"process {pid} has no VmRSS")


def measure(directories):
    ready, ended, memory = [], [], []
    for directory in directories:
        process, elapsed = start_and_time(directory)
        ready.append(elapsed)
        time.sleep(0.3)  # whatever it still does after its ready line belongs to it
        memory.append(resident(process.pid))
        ended.append(end_and_time(process))
    return statistics.median(ready), max(memory), max(ended)


def report(capsys, label, ready, memory, ended):
    with capsys.disabled():
        print(f"\n{label}: ready in {ready * 1000:.0f} ms (median of 5), RSS {memory / MIB:.1f} MiB, ended in {ended * 1000:.0f} ms")


def test_on_an_empty_directory(tmp_path, capsys):
    ready, memory, ended = measure([tmp_path / f"data{i}" for i in range(5)])
    report(capsys, "empty directory", ready, memory, ended)
    assert ready < 0.5  # some 50 ms on a machine with nothing else to do
    assert memory < 32 * MIB
    assert ended < 2


@pytest.fixture
def used(tmp_path):
    """A directory with some of everything in it, left behind by kill -9."""
    cloud = Cloud(tmp_path / "used").start()
    sqs, s3, dynamodb = cloud.client("sqs"), cloud.client("s3"), cloud.client("dynamodb")
    s3.create_bucket(Bucket="used", CreateBucketConfiguration={"LocationConstraint": REGION})
    dynamodb.create_table(TableName="used", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
                          AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}])
    urls = [sqs.create_queue(QueueName=f"q{i}")["QueueUrl"] for i in range(20)]
    for i in range(400):
        s3.put_object(Bucket="used", Key=f"key{i}", Body=os.urandom(20_000))
        dynamodb.batch_write_item(RequestItems={"used": [{"PutRequest": {"Item": {"k": {"S": f"{i}-{j}"}, "v": {"S": "x" * 500}}}}
                                                         for j in range(25)]})
        sqs.send_message_batch(QueueUrl=urls[i % 20], Entries=[{"Id": str(j), "MessageBody": "x" * 500} for j in range(10)])
    yield cloud.directory, cloud
    cloud.stop()


def test_on_a_used_directory(used, capsys):
    directory, cloud = used
    with capsys.disabled():
        print(f"\nafter 400 objects, 10,000 items, 4,000 messages: RSS {resident(cloud.process.pid) / MIB:.1f} MiB")
    cloud.kill()
    process, elapsed = start_and_time(directory)
    with capsys.disabled():
        print(f"first start after kill -9: ready in {elapsed * 1000:.0f} ms")
    assert elapsed < 1
    end_and_time(process)
    ready, memory, ended = measure([directory] * 5)
    report(capsys, "used directory", ready, memory, ended)
    assert ready < 0.5  # some 50 ms on a machine with nothing else to do
    assert memory < 32 * MIB
    assert ended < 2
