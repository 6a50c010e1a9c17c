"""HTTP as it must be spoken, and refusals in the caller's own protocol."""
import socket

import pytest
from conftest import Cloud
from signed import FORM, call, send, sign
from botocore.credentials import Credentials

STRANGER = Credentials("AKIAIOSFODNN7EXAMPLE", "x" * 40)


def talk(cloud, text, seconds=10):
    with socket.create_connection(("127.0.0.1", cloud.port), timeout=seconds) as wire:
        wire.sendall(text)
        came = b""
        try:
            while piece := wire.recv(65536):
                came += piece
        except TimeoutError:
            came += b"<still open>"
    return came


HEADS = [("s3", "/no-such-bucket"), ("s3", "/no-such-bucket/key"), ("sqs", "/"), ("sns", "/"), ("dynamodb", "/"),
         ("lambda", "/2015-03-31/functions"), ("ses", "/v2/email/account"), ("scheduler", "/schedules"),
         ("logs", "/"), ("ssm", "/"), ("iam", "/"), ("monitoring", "/"), ("cloudformation", "/"), ("kinesis", "/")]


@pytest.mark.parametrize("service, path", HEADS)
def test_head_has_no_body(cloud, service, path):
    method, path, headers, _ = sign(cloud, service, "HEAD", path)
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if name.lower() != "host")
    came = talk(cloud, f"HEAD {path} HTTP/1.1\r\nHost: 127.0.0.1:{cloud.port}\r\n{lines}Connection: close\r\n\r\n".encode())
    assert came.startswith(b"HTTP/1.1 ") and came.endswith(b"\r\n\r\n") and came.count(b"\r\n\r\n") == 1, came


@pytest.mark.parametrize("coding", ["gzip", "identity", "gzip, chunked", "chunked, gzip", "xchunked", "chunked\r\nTransfer-Encoding: gzip"])
def test_an_unknown_transfer_coding_closes_the_connection(cloud, coding):
    smuggled = "GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
    came = talk(cloud, f"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: {coding}\r\n\r\n{smuggled}".encode())
    assert came.count(b"HTTP/1.1 ") == 1 and came[9:12] in (b"501", b"400"), came
    assert b"<still open>" not in came


def test_a_request_without_host(cloud):
    assert talk(cloud, b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n").startswith(b"HTTP/1.1 400 ")
    twice = b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    assert talk(cloud, twice).startswith(b"HTTP/1.1 400 ") or talk(cloud, twice).startswith(b"HTTP/1.1 403 ")


@pytest.mark.parametrize("value", ["xyz", "", "a" * 63, "g" * 64, "UNSIGNED"])
def test_a_payload_hash_that_is_none(cloud, value):
    method, path, headers, body = sign(cloud, "s3", "GET", "/")
    answer = send(cloud, method, path, {**headers, "X-Amz-Content-SHA256": value}, body)
    assert (answer.status, answer.code) == (400, "InvalidArgument"), answer


# ---- bodies: refused before they are read, cut off, and never all at once ----

@pytest.mark.parametrize("service, path", [("lambda", "/2015-03-31/functions"), ("ses", "/v2/email/outbound-emails"), ("sqs", "/")])
def test_a_large_body_is_not_read_for_a_stranger(cloud, service, path):
    method, path, headers, _ = sign(cloud, service, "POST", path, {"Content-Type": "application/json"}, b"", credentials=STRANGER)
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if name.lower() not in ("host", "content-length"))
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{cloud.port}\r\n{lines}Content-Length: 50000000\r\n\r\n"
    with socket.create_connection(("127.0.0.1", cloud.port), timeout=20) as wire:
        wire.sendall(head.encode())  # and none of the body
        assert wire.recv(65536).startswith((b"HTTP/1.1 403 ", b"HTTP/1.1 400 "))


def memory(cloud):
    for line in open(f"/proc/{cloud.process.pid}/status"):
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024


def test_bodies_share_a_budget(tmp_path):
    """Forty honest uploads of 60 MB that stop before their last byte: most of them wait unread, and others are served."""
    one = Cloud(tmp_path / "data", "--ephemeral").start()
    wires = []
    try:
        before, size = memory(one), 60_000_000
        body = b" " * size
        for _ in range(40):
            method, path, headers, _ = sign(one, "lambda", "POST", "/2015-03-31/functions", {"Content-Type": "application/json"}, body)
            lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if name.lower() not in ("host", "content-length"))
            wire = socket.create_connection(("127.0.0.1", one.port), timeout=2)
            wires.append(wire)
            wire.sendall(f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{one.port}\r\n{lines}Content-Length: {size}\r\n\r\n".encode())
            try:
                wire.sendall(body[:-1])
            except TimeoutError:
                pass  # nobody reads it yet
        assert memory(one) - before < 600, f"{before} MB before, {memory(one)} now"
        assert call(one, "sqs", "POST", "/", {"Content-Type": FORM}, b"Action=ListQueues&Version=2012-11-05").status == 200
        assert one.client("s3").list_buckets()["Buckets"] == []
    finally:
        for wire in wires:
            wire.close()
        one.stop()


# ---- refusals in the caller's protocol ----

CALLERS = {
    "json 1.0": ({"X-Amz-Target": "X_1.Y", "Content-Type": "application/x-amz-json-1.0"}, b"{}", "application/x-amz-json-1.0"),
    "json 1.1": ({"X-Amz-Target": "X_1.Y", "Content-Type": "application/x-amz-json-1.1"}, b"{}", "application/x-amz-json-1.1"),
    "query": ({"Content-Type": FORM}, b"Action=DescribeThings&Version=2020-01-01", "text/xml"),
    "rest-json": ({"Content-Type": "application/json"}, b"{}", "application/json"),
    "rest-xml": ({"Content-Type": "application/xml"}, b"<a/>", "application/xml"),
    "cbor": ({"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}, b"\xa0", "application/cbor"),
}


@pytest.mark.parametrize("protocol", CALLERS)
def test_an_unknown_service_is_refused_in_the_callers_protocol(cloud, protocol):
    headers, body, content_type = CALLERS[protocol]
    answer = call(cloud, "frobnicate", "POST", "/things", headers, body)
    assert answer.status == 501 and answer.headers["Content-Type"] == content_type, answer
    assert answer.code == "NotImplemented" or b"NotImplemented" in answer.body, answer
    assert b"frobnicate" in answer.body


def test_a_stranger_is_refused_in_cbor(cloud):
    answer = call(cloud, "monitoring", "POST", "/service/GraniteServiceVersion20100801/operation/ListMetrics",
                  {"Content-Type": "application/cbor", "smithy-protocol": "rpc-v2-cbor"}, b"\xa0", credentials=STRANGER)
    assert answer.status in (400, 403) and answer.headers["Content-Type"] == "application/cbor", answer
    assert answer.body[0] == 0xA2 and b"UnrecognizedClientException" in answer.body, answer


@pytest.mark.parametrize("operation", ["AssumeRoleWithWebIdentity", "AssumeRoleWithSAML"])
def test_what_bears_no_signature_by_design_is_not_asked_for_one(cloud, operation):
    answer = send(cloud, "POST", "/", {"Content-Type": FORM}, f"Action={operation}&Version=2011-06-15".encode())
    assert (answer.status, answer.code) == (501, "NotImplemented"), answer
    other = send(cloud, "POST", "/", {"Content-Type": FORM}, b"Action=GetCallerIdentity&Version=2011-06-15")
    assert (other.status, other.code) == (403, "MissingAuthenticationToken"), other


def test_an_html_form_upload_is_not_implemented(cloud):
    answer = send(cloud, "POST", "/bucket", {"Content-Type": "multipart/form-data; boundary=x"}, b"--x--\r\n")
    assert (answer.status, answer.code) == (501, "NotImplemented"), answer
