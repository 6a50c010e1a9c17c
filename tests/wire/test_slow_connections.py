"""Slow clients beside others: they lock no one out, cost little memory, and are cut off in the end."""
import pathlib
import shutil
import socket
import threading
from urllib.parse import urlsplit

import pytest
from conftest import Cloud, wait_until
from signed import credentials_of, sign
from slow_connections import KINDS, SlowConnections, ordinary_requests

MIB = 1 << 20


def started(tmp_path, *options, **more):
    cloud = Cloud(tmp_path / "data", *options, **more).start()
    url = cloud.client("sqs").create_queue(QueueName="ordinary")["QueueUrl"]
    return cloud, url


def resident(cloud):
    for line in pathlib.Path(f"/proc/{cloud.process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no VmRSS")


def test_a_thousand_slow_connections_beside_others(tmp_path):
    cloud, url = started(tmp_path, "--idle-seconds", "600")
    try:
        before = resident(cloud)
        slow = SlowConnections(cloud, 1000)
        assert len(ordinary_requests(cloud, url, 200)) == 200
        assert slow.still_open() == 1000
        assert resident(cloud) - before < 96 * MIB
        slow.close()
    finally:
        cloud.stop()


@pytest.mark.parametrize("kind", KINDS)
def test_slow_connections_are_cut_off(tmp_path, kind):
    cloud, url = started(tmp_path, "--idle-seconds", "2")
    try:
        slow = SlowConnections(cloud, 20, [kind])
        wait_until(lambda: slow.still_open() == 0, seconds=60, what=f"the end of every {kind} connection")
        assert len(ordinary_requests(cloud, url, 10)) == 10
        slow.close()
    finally:
        cloud.stop()


@pytest.mark.skipif(not shutil.which("prlimit"), reason="no prlimit")
@pytest.mark.parametrize("kind", KINDS)
def test_more_slow_connections_than_descriptors(tmp_path, kind):
    cloud, url = started(tmp_path, "--idle-seconds", "600", prefix=["prlimit", "--nofile=400:400"])
    try:
        slow = SlowConnections(cloud, 600, [kind])
        assert len(ordinary_requests(cloud, url, 20)) == 20
        assert slow.still_open() < 400
        slow.close()
    finally:
        cloud.stop()


BODY = b"{}" + b" " * (15 * MIB)


class Upload(threading.Thread):
    """A request of 15 MiB that sends only so much until it is released."""

    def __init__(self, cloud, first, is_signed):
        super().__init__(daemon=True)
        headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "DynamoDB_20120810.ListTables"}
        if is_signed:
            headers = sign(cloud, "dynamodb", "POST", "/", headers, BODY)[2]
        else:
            headers = {"Host": urlsplit(cloud.endpoint).netloc, **headers}
        head = "POST / HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items()
                                               if name.lower() != "content-length")
        self.head = f"{head}Content-Length: {len(BODY)}\r\n\r\n".encode()
        self.first, self.released, self.status = first, threading.Event(), None
        self.connection = socket.create_connection(("127.0.0.1", urlsplit(cloud.endpoint).port))
        self.start()

    def run(self):
        self.connection.sendall(self.head)
        self.connection.sendall(memoryview(BODY)[:self.first])
        self.released.wait()
        self.connection.sendall(memoryview(BODY)[self.first:])
        self.status = self.connection.recv(4096).split(b" ")[1]


@pytest.mark.parametrize("authentication", ["verify", "off"])
def test_bodies_wait_for_memory(tmp_path, authentication):
    cloud, url = started(tmp_path, "--idle-seconds", "600", "--auth", authentication)
    try:
        credentials_of(cloud)
        uploads = [Upload(cloud, 14 * MIB, authentication == "verify") for _ in range(40)]
        wait_until(lambda: resident(cloud) > 200 * MIB, seconds=120, what="the bodies")
        assert len(ordinary_requests(cloud, url, 20)) == 20
        assert resident(cloud) < 450 * MIB
        for upload in uploads:
            upload.released.set()
        for upload in uploads:
            upload.join(300)
        assert {upload.status for upload in uploads} == {b"200"}
        assert resident(cloud) < 450 * MIB
    finally:
        cloud.stop()


def test_what_is_promised_and_not_sent_holds_no_memory(tmp_path):
    cloud, url = started(tmp_path, "--idle-seconds", "600")
    try:
        uploads = [Upload(cloud, 100, True) for _ in range(40)]
        sqs = cloud.client("sqs")
        assert sqs.send_message(QueueUrl=url, MessageBody="x" * 200_000)["MessageId"]
        for upload in uploads:
            upload.released.set()
        for upload in uploads:
            upload.join(300)
        assert {upload.status for upload in uploads} == {b"200"}
    finally:
        cloud.stop()
