"""What no SDK would send: the cloud answers with AWS's error or closes the connection, and neither grows nor dies."""
import concurrent.futures
import json
import pathlib
import resource
import socket
import struct
import time
import uuid

import pytest
from local_cloud import REGION, Cloud
from signed import FORM, call, send, sign

MIB = 1 << 20
# After everything in this file the process may have grown by this much: the store's caches, fragments of the heap.
ALLOWED_GROWTH = 96 * MIB


def memory(cloud, what="VmRSS"):
    for line in pathlib.Path(f"/proc/{cloud.process.pid}/status").read_text().splitlines():
        if line.startswith(what + ":"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no " + what)


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    """A cloud of this file alone, whose memory is watched from its first request to the last."""
    one = Cloud(tmp_path_factory.mktemp("malformed") / "data").start()
    before = memory(one)
    yield one
    assert one.process.poll() is None, f"the cloud died: {one.process.returncode}"
    assert is_well(one)
    grown = memory(one) - before
    print(f"\nRSS {before / MIB:.1f} MiB at first, {memory(one) / MIB:.1f} MiB at last, "
          f"{memory(one, 'VmHWM') / MIB:.1f} MiB at most")
    assert grown < ALLOWED_GROWTH, f"grew by {grown / MIB:.1f} MiB"
    one.stop()
    assert one.process.returncode == 0


@pytest.fixture(autouse=True)
def lives(cloud):
    yield
    assert cloud.process.poll() is None, f"the cloud died of this: {cloud.process.returncode}"
    assert is_well(cloud), "the cloud does not answer any more"


def is_well(cloud):
    return cloud.page("/_ads/health")["status"] == "running"


def talk(cloud, *pieces, seconds=10.0, ends=False):
    """Sends the pieces as they are; everything that came back until the server closed, or was silent for a second.

    `ends` says that no more will come, as a client that was cut off does."""
    with socket.create_connection(("127.0.0.1", cloud.port), timeout=seconds) as wire:
        try:
            for piece in pieces:
                wire.sendall(piece)
            if ends:
                wire.shutdown(socket.SHUT_WR)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it had enough; what it said may still be there to read
        came = b""
        wire.settimeout(seconds)
        try:
            while True:
                piece = wire.recv(65536)
                if not piece:
                    return came
                came += piece
                wire.settimeout(1.0)
        except ConnectionResetError:
            return came
        except socket.timeout:
            if not came:
                raise AssertionError("neither an answer nor a closed connection") from None
            return came


def statuses(came):
    return [int(part.split(b" ", 1)[0]) for part in came.split(b"HTTP/1.1 ")[1:]]


# ---- HTTP ----

@pytest.mark.parametrize("text", [
    b"", b"\r\n", b"G", b"GET / HTTP/1.1", b"GET / HTTP/1.1\r\n", b"GET / HTTP/1.1\r\nHost: localhost\r\n",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
], ids=repr)
def test_truncated_http(cloud, text):
    came = talk(cloud, text, ends=True)
    assert all(status >= 400 for status in statuses(came)), came


@pytest.mark.parametrize("text", [
    b"\x00\x01\x02\x03\r\n\r\n", b"HELLO\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET / SMTP/1.1\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # a TLS client hello
    b"GET / HTTP/1.1\r\nHost a\r\n\r\n", b"GET / HTTP/1.1\r\n: b\r\n\r\n", b"GET / HTTP/1.1\r\nA\x00: b\r\n\r\n",
    b"G\x80T / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"GET  / HTTP/1.1\r\n\r\n", b"GET /\x01 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999999\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0x10\r\n\r\n",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
    b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
], ids=repr)
def test_what_is_no_http(cloud, text):
    came = talk(cloud, text, ends=True)
    assert all(400 <= status < 506 for status in statuses(came)), came


@pytest.mark.parametrize("framing", [
    b"zz\r\nabc\r\n0\r\n\r\n", b"-3\r\nabc\r\n0\r\n\r\n", b"3\r\nabcdef\r\n0\r\n\r\n", b"ffffffffffffffffff\r\nabc",
    b"3;" + b"x" * 100_000 + b"\r\nabc\r\n0\r\n\r\n", b"\r\n\r\n", b"3\r\nabc0\r\n\r\n",
    b"0\r\n" + b"A: b\r\n" * 20_000 + b"\r\n",
], ids=lambda f: repr(f[:20]))
@pytest.mark.parametrize("path", ["/", "/bucket/key"])
def test_bad_chunk_framing(cloud, framing, path):
    head = f"PUT {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {FORM}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    came = talk(cloud, head + framing, ends=True)
    assert all(status >= 400 for status in statuses(came)), came


def test_a_signed_request_with_bad_framing(cloud):
    method, path, headers, _ = sign(cloud, "dynamodb", "POST", "/", {
        "Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "DynamoDB_20120810.ListTables"}, b"{}")
    head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in headers.items())
    came = talk(cloud, head.encode() + b"Transfer-Encoding: chunked\r\n\r\nnot-a-size\r\n{}", ends=True)
    assert statuses(came) == [400], came
    came = talk(cloud, head.encode() + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
    assert statuses(came) == [200], "well-framed chunks are fine"


def flood(cloud, start, piece, total, deadline=30):
    """Sends `piece` again and again, up to `total` bytes; what came back, and how many bytes were taken."""
    sent, end = 0, time.monotonic() + deadline
    with socket.create_connection(("127.0.0.1", cloud.port), timeout=10) as wire:
        try:
            wire.sendall(start)
            while sent < total and time.monotonic() < end:
                wire.sendall(piece)
                sent += len(piece)
        except OSError:
            pass
        try:
            wire.settimeout(2)
            return wire.recv(65536), sent
        except OSError:
            return b"", sent


def test_a_header_of_100_megabytes(cloud):
    before = memory(cloud, "VmHWM")
    came, sent = flood(cloud, b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Large: ", b"x" * MIB, 100 * MIB)
    assert sent < 100 * MIB, "it read on although no header may be that large"
    assert not came or statuses(came) == [431], came
    assert memory(cloud, "VmHWM") - before < 16 * MIB


def test_a_million_header_lines(cloud):
    came, sent = flood(cloud, b"GET / HTTP/1.1\r\nHost: localhost\r\n", b"A: b\r\n" * 10_000, 6_000_000)
    assert sent < 6_000_000
    assert not came or statuses(came) == [431], came


def test_a_target_of_a_megabyte(cloud):
    came, _ = flood(cloud, b"GET /", b"a" * 65536, MIB)
    assert not came or statuses(came)[0] in (400, 414, 431), came


def test_many_header_lines_within_the_limit(cloud):
    came = talk(cloud, b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"A:\r\n" * 15_000 + b"\r\n")
    assert statuses(came)[0] in (403, 431), came


def test_pipelined_garbage(cloud):
    came = talk(cloud, b"GET /_ads/health HTTP/1.1\r\nHost: localhost\r\n\r\n" * 3 + b"\x00garbage\r\n\r\n" + b"GET / HTTP/1.1\r\n\r\n", ends=True)
    assert statuses(came)[:3] == [403] * 3 and statuses(came)[3:] in ([400], []), came


def test_pipelined_requests_are_answered_in_order(cloud):
    came = talk(cloud, b"GET /_ads/health HTTP/1.1\r\nHost: localhost\r\n\r\nGET /_ads/none HTTP/1.1\r\n\r\n" * 50, ends=True)
    assert statuses(came) == [403, 400] * 50


def test_a_client_that_resets(cloud):
    for _ in range(200):
        wire = socket.create_connection(("127.0.0.1", cloud.port))
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        wire.sendall(b"PUT /bucket/key HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\nabc")
        wire.close()


def test_a_slow_client_is_served_and_holds_nobody_up(cloud):
    with socket.create_connection(("127.0.0.1", cloud.port), timeout=10) as slow:
        for byte in b"GET /_ads/health HTTP/1.1\r\nHost: localhost\r\n":
            slow.sendall(bytes([byte]))
            time.sleep(0.01)
        begun = time.monotonic()
        assert is_well(cloud) and time.monotonic() - begun < 1
        slow.sendall(b"\r\n")
        assert statuses(slow.recv(65536)) == [403]


def test_2000_idle_connections(cloud):
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # this side needs as many descriptors
    before = memory(cloud)
    wires = []
    try:
        for i in range(2000):
            wire = socket.create_connection(("127.0.0.1", cloud.port), timeout=10)
            if i % 2:
                wire.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
            wires.append(wire)
        begun = time.monotonic()
        assert is_well(cloud) and time.monotonic() - begun < 1
        assert memory(cloud) - before < 64 * MIB, "an idle connection costs more than 32 KiB"
    finally:
        for wire in wires:
            wire.close()


def test_many_bodies_that_never_come(cloud):
    """A declared length is a promise, not a reason to set memory aside."""
    before, wires = memory(cloud), []
    head = (f"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: {FORM}\r\nContent-Length: {16 * MIB}\r\nAuthorization: AWS4-HMAC-SHA256 "
            f"Credential=AKIAIOSFODNN7EXAMPLE/20261122/{REGION}/sqs/aws4_request, SignedHeaders=host, Signature=00\r\n"
            "X-Amz-Date: 20261122T000000Z\r\n\r\nAction=")
    try:
        for _ in range(200):
            wire = socket.create_connection(("127.0.0.1", cloud.port), timeout=10)
            wire.sendall(head.encode())
            wires.append(wire)
        assert is_well(cloud)
        assert memory(cloud) - before < 32 * MIB, "a byte that was only promised takes memory"
    finally:
        for wire in wires:
            wire.close()


def test_a_body_larger_than_the_service_takes(cloud):
    body = b"Action=ListQueues&Version=2012-11-05&Junk=" + b"x" * (24 * MIB)
    method, path, headers, _ = sign(cloud, "sqs", "POST", "/", {"Content-Type": FORM}, body)
    with socket.create_connection(("127.0.0.1", cloud.port), timeout=10) as wire:
        head = f"{method} {path} HTTP/1.1\r\nContent-Length: {len(body)}\r\n" + "".join(f"{k}: {v}\r\n" for k, v in headers.items())
        wire.sendall(head.encode() + b"\r\n")
        assert statuses(wire.recv(65536)) == [413], "refused by its declared length, before a byte of it came"


def test_expect_100_continue_for_a_refused_upload(cloud):
    came = talk(cloud, b"PUT /bucket/key HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 1000000000\r\n\r\n")
    assert statuses(came)[0] == 403, came


# ---- targets and forms ----

@pytest.mark.parametrize("path", [
    "/bucket/%ff%fe", "/%00", "/bucket/%00", "/bucket/a%", "/bucket/%zz", "/bucket/%e2%28%a1", "/bucket/" + "a" * 2000,
    "/bucket/" + "%C3%A9" * 600, "//", "/bucket//", "/bucket/../../etc/passwd", "/bucket/%2e%2e/%2e%2e/etc/passwd",
    "/..%2f..%2fetc", "/?%ff=%fe", "/bucket?versioning&list-type=2", "/bucket?uploads&uploadId=x", "/BUCKET", "/b", "/a..b",
    "/bucket?list-type=2&max-keys=-1", "/bucket?list-type=2&max-keys=99999999999999999999", "/bucket?list-type=abc",
    "/bucket?list-type=2&continuation-token=%ff", "/bucket/k?partNumber=0", "/bucket/k?partNumber=x", "/bucket/k?versionId=%ff",
    "/bucket?" + "&".join(f"a{i}" for i in range(5000)),
])
@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "DELETE"])
def test_awkward_s3_targets(cloud, method, path):
    answer = call(cloud, "s3", method, path)
    assert 400 <= answer.status < 500 or answer.status == 501 or answer.status in (200, 204), answer
    if answer.status >= 400 and answer.body:
        assert answer.code, answer
    # The client's signer encodes some of these once more: the unsigned form arrives as it is.
    raw = talk(cloud, f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n".encode())
    assert statuses(raw)[0] in (400, 403), raw


@pytest.mark.parametrize("path", [b"/\xff\xfe", b"/bucket/\xe2\x28\xa1", "/bucket/é".encode()])
def test_raw_bytes_in_a_target(cloud, path):
    came = talk(cloud, b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert statuses(came)[0] in (400, 403), came


QUERY_SERVICES = {"sqs": "2012-11-05", "sns": "2010-03-31", "cloudformation": "2010-05-15", "iam": "2010-05-08",
                  "sts": "2011-06-15", "monitoring": "2010-08-01"}
JSON_TARGETS = {"dynamodb": "DynamoDB_20120810", "sqs": "AmazonSQS", "logs": "Logs_20140328"}


@pytest.mark.parametrize("service", QUERY_SERVICES)
@pytest.mark.parametrize("form", [
    b"", b"&&&&", b"=", b"Action", b"Action=", b"Action=%00", b"Action=%ff%fe", b"Action=NoSuchThing", b"Action=a&Action=b",
    b"Action=NoSuchThing&" + b"&".join(b"m.%d=x" % i for i in range(200_000)), b"Action" + b".a" * 5000 + b"=1",
    b"Action=NoSuchThing&A.99999999999999999999=1&A.0=2&A.-1=3&A..=4&.A=5&A.=6", b"\x00" * 1000, b"{}", b"<a/>",
    b"Action.1=x", b"Action.member.1=x", b"Action.entry.1.key=x",
], ids=lambda f: repr(f[:30]))
def test_bad_forms(cloud, service, form):
    answer = call(cloud, service, "POST", "/", {"Content-Type": FORM}, form)
    assert answer.status in (400, 404, 501), answer
    assert answer.code, answer
    assert answer.headers["Content-Type"].startswith("text/xml")


# A mutation's form whose members have every shape but the right one.
@pytest.mark.parametrize("service,action", [
    ("sqs", "CreateQueue"), ("sqs", "SendMessageBatch"), ("sqs", "SetQueueAttributes"), ("sqs", "DeleteMessageBatch"),
    ("sns", "CreateTopic"), ("sns", "PublishBatch"), ("sns", "Publish"), ("sns", "Subscribe"), ("sns", "SetSubscriptionAttributes"),
    ("cloudformation", "CreateStack"), ("cloudformation", "CreateChangeSet"), ("cloudformation", "DescribeStacks"),
    ("iam", "CreateRole"), ("iam", "PutRolePolicy"), ("iam", "TagRole"), ("sts", "AssumeRole"),
    ("monitoring", "PutMetricAlarm"), ("monitoring", "PutMetricData"),
])
def test_forms_of_the_wrong_shape(cloud, service, action):
    members = ["QueueName", "QueueUrl", "Name", "TopicArn", "StackName", "RoleName", "PolicyName", "Attribute", "Attributes",
               "SendMessageBatchRequestEntry", "DeleteMessageBatchRequestEntry", "PublishBatchRequestEntries", "Message",
               "MessageAttributes", "TemplateBody", "Parameters", "Capabilities", "Tags", "AssumeRolePolicyDocument",
               "PolicyDocument", "RoleArn", "RoleSessionName", "DurationSeconds", "AlarmName", "MetricData", "Protocol",
               "Endpoint", "SubscriptionArn", "AttributeName", "AttributeValue", "Namespace"]
    shapes = ["{}=", "{}=x", "{}.1=x", "{}.member.1=x", "{}.member.1.Id=x", "{}.entry.1.key=x", "{}.entry.1.value=x",
              "{}.1.Id.1.Id=x", "{}.Name=x", "{}.1.Name=x&{}.1.Value.x=y", "{}=%ff", "{}=" + "9" * 400]
    for shape in shapes:
        form = f"Action={action}&Version={QUERY_SERVICES[service]}&" + "&".join(shape.replace("{}", m) for m in members)
        answer = call(cloud, service, "POST", "/", {"Content-Type": FORM}, form.encode())
        assert answer.status != 500, f"{shape}: {answer}"
        assert answer.status == 200 or answer.code, f"{shape}: {answer}"


# ---- JSON ----

@pytest.mark.parametrize("service", JSON_TARGETS)
@pytest.mark.parametrize("operation", ["", ".", ".NoSuchOperation", ".getitem", ".GetItem.GetItem", "X.ListTables"])
def test_unknown_json_operations(cloud, service, operation):
    answer = call(cloud, service, "POST", "/", {"Content-Type": "application/x-amz-json-1.0",
                                                "X-Amz-Target": JSON_TARGETS[service] + operation}, b"{}")
    assert answer.status in (400, 404, 501), answer
    assert answer.code, answer


OPERATIONS = {
    "dynamodb": ["CreateTable", "DescribeTable", "PutItem", "GetItem", "UpdateItem", "DeleteItem", "BatchGetItem", "BatchWriteItem",
                 "Query", "Scan", "TransactWriteItems", "TransactGetItems", "UpdateTable", "UpdateTimeToLive", "TagResource",
                 "ListTables", "DeleteTable"],
    "sqs": ["CreateQueue", "GetQueueUrl", "SendMessage", "SendMessageBatch", "ReceiveMessage", "DeleteMessage", "DeleteMessageBatch",
            "ChangeMessageVisibility", "ChangeMessageVisibilityBatch", "SetQueueAttributes", "GetQueueAttributes", "ListQueues",
            "PurgeQueue", "TagQueue", "DeleteQueue"],
    "logs": ["CreateLogGroup", "CreateLogStream", "PutLogEvents", "GetLogEvents", "FilterLogEvents", "DescribeLogGroups",
             "DescribeLogStreams", "PutRetentionPolicy", "DeleteLogGroup"],
}
# Members that many operations have, so that a wrong type reaches the code behind the first check.
MEMBERS = ["TableName", "Key", "Item", "KeySchema", "AttributeDefinitions", "RequestItems", "TransactItems", "UpdateExpression",
           "ConditionExpression", "ExpressionAttributeValues", "ExpressionAttributeNames", "KeyConditionExpression", "Limit",
           "BillingMode", "ExclusiveStartKey", "QueueUrl", "QueueName", "MessageBody", "Entries", "Attributes", "AttributeNames",
           "MaxNumberOfMessages", "WaitTimeSeconds", "VisibilityTimeout", "ReceiptHandle", "MessageAttributes", "Tags", "logGroupName",
           "logStreamName", "logEvents", "limit", "startTime", "nextToken", "retentionInDays", "DelaySeconds"]
WRONG = [None, True, -1, 1e308, 10 ** 30, "", "x" * 5000, "\u0000", "\ud7ff\uffff", [], {}, [None], [[[]]], {"": None}, {"S": {"S": {}}},
         [{"S": 1}], {"x": {"N": "NaN"}}, {"x": {"N": "1e999"}}, {"x": {"M": {"y": {"L": [{"SS": []}]}}}}, {"x": {"B": "%%%"}}]


@pytest.mark.parametrize("service,operation", [(s, o) for s, names in OPERATIONS.items() for o in names])
def test_json_of_the_wrong_types(cloud, service, operation):
    headers = {"Content-Type": "application/x-amz-json-1." + ("1" if service == "logs" else "0"),
               "X-Amz-Target": f"{JSON_TARGETS[service]}.{operation}"}
    for wrong in WRONG:
        answer = call(cloud, service, "POST", "/", headers, json.dumps({member: wrong for member in MEMBERS}).encode())
        assert answer.status != 500, f"{wrong!r:.60}: {answer}"
        assert answer.status == 200 or answer.code, f"{wrong!r:.60}: {answer}"


@pytest.mark.parametrize("service", JSON_TARGETS)
@pytest.mark.parametrize("body", [
    b"{", b"}", b"[]", b"null", b"3", b'"x"', b"{]", b"{'a':1}", b'{"a":1,}', b'{"a":1}{"a":1}', b"\xff\xfe{}", b'{"\xff":1}',
    b"\xef\xbb\xbf{}", b'{"a":' * 100_000, b"[" * 1_000_000, b'{"a":"' + b"x" * MIB, b'{"a":1e' + b"9" * 5000 + b"}",
    b'{"a":"\\ud800"}', b"\x00", b'{"TableName":"a\x00b"}', b"{" + b'"a":1,' * 100_000 + b'"b":2}',
], ids=lambda b: repr(b[:20]))
def test_broken_json(cloud, service, body):
    operation = OPERATIONS[service][1]
    headers = {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": f"{JSON_TARGETS[service]}.{operation}"}
    answer = call(cloud, service, "POST", "/", headers, body)
    assert 400 <= answer.status < 500, answer
    assert answer.code, answer


def test_an_item_nested_too_deeply(cloud):
    cloud.client("dynamodb").create_table(
        TableName="deep", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}])
    for depth in (33, 1000, 50_000):
        value = '{"M":{"a":' * depth + '{"S":"x"}' + "}}" * depth
        body = '{"TableName":"deep","Item":{"k":{"S":"1"},"d":' + value + "}}"
        answer = call(cloud, "dynamodb", "POST", "/", {"Content-Type": "application/x-amz-json-1.0",
                                                       "X-Amz-Target": "DynamoDB_20120810.PutItem"}, body.encode())
        assert answer.status in (400, 413) and answer.code in ("ValidationException", "SerializationException"), answer


@pytest.mark.parametrize("expression", [
    "(" * 4000, "NOT " * 1000 + "a = :v", "a" + ".a" * 2000 + " = :v", "a" + "[0]" * 1300 + " = :v", "a[99999999999999999999] = :v",
    "a = :v AND " * 400 + "a = :v", ":v" * 2000, "size(" * 500, "a IN (" + ",".join([":v"] * 1000) + ")", "\x00", "é = :v", "",
])
def test_expressions_that_try_the_stack(cloud, expression):
    body = {"TableName": "none", "Key": {"k": {"S": "1"}}, "ConditionExpression": expression, "ExpressionAttributeValues": {":v": {"S": "x"}}}
    answer = call(cloud, "dynamodb", "POST", "/", {"Content-Type": "application/x-amz-json-1.0",
                                                   "X-Amz-Target": "DynamoDB_20120810.DeleteItem"}, json.dumps(body).encode())
    assert answer.status == 400 and answer.code in ("ValidationException", "ResourceNotFoundException"), answer


@pytest.mark.parametrize("method,path", [
    ("GET", "/2015-03-31/functions/" + "x" * 500), ("POST", "/2015-03-31/functions"), ("POST", "/2015-03-31/functions/none/invocations"),
    ("PUT", "/2015-03-31/functions/none/code"), ("DELETE", "/2015-03-31/nothing"), ("GET", "/9999-99-99/functions/"),
    ("POST", "/2015-03-31/event-source-mappings"), ("GET", "/2015-03-31/event-source-mappings/%ff"), ("PATCH", "/2015-03-31/functions/"),
])
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"FunctionName":1,"Code":[],"Role":{},"Runtime":null}', b"[" * 100_000],
                         ids=lambda b: repr(b[:20]))
def test_lambda(cloud, method, path, body):
    if method in ("GET", "DELETE"):
        body = b""
    answer = call(cloud, "lambda", method, path, {"Content-Type": "application/json"}, body)
    assert 400 <= answer.status < 500 or answer.status == 501, answer
    assert answer.code, answer


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"{}", b'{"Content":1}', b'{"Content":{"Simple":[]},"Destination":{"ToAddresses":{}}}',
                                  b'{"FromEmailAddress":"@@","Destination":{"ToAddresses":["\\u0000"]},"Content":{"Raw":{"Data":"%%"}}}'])
def test_mail(cloud, body):
    answer = call(cloud, "ses", "POST", "/v2/email/outbound-emails", {"Content-Type": "application/json"}, body)
    assert answer.status == 400 and answer.code, answer


@pytest.mark.parametrize("body", [b"<", b"<a>" * 100_000, b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", b"\xff", b"{}",
                                  b"<Delete>" + b"<Object><Key>k</Key></Object>" * 1001 + b"</Delete>"], ids=lambda b: repr(b[:20]))
def test_xml_bodies(cloud, body):
    import base64
    import hashlib
    name = "x" + uuid.uuid4().hex[:12]
    cloud.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    md5 = base64.b64encode(hashlib.md5(body).digest()).decode()
    for method, path in [("POST", f"/{name}?delete"), ("PUT", f"/{name}?notification"), ("PUT", f"/{name}?versioning"),
                         ("PUT", f"/{name}/k?tagging"), ("POST", f"/{name}/k?uploadId=none"), ("PUT", f"/{name}2")]:
        answer = call(cloud, "s3", method, path, {"Content-MD5": md5}, body)
        assert 400 <= answer.status < 500 or answer.status == 501, f"{method} {path}: {answer}"
        assert b"root:" not in answer.body


# ---- CloudFormation is loud ----

def create_stack(cloud, template):
    cloudformation = cloud.client("cloudformation")
    name = "s" + uuid.uuid4().hex[:12]
    text = template if isinstance(template, str) else json.dumps(template)
    try:
        cloudformation.create_stack(StackName=name, TemplateBody=text, OnFailure="DELETE")
    except cloudformation.exceptions.ClientError as error:
        return error.response["Error"]["Message"]
    end = time.monotonic() + 20
    while time.monotonic() < end:
        reasons = [e.get("ResourceStatusReason", "") for e in cloudformation.describe_stack_events(StackName=name)["StackEvents"]
                   if e["ResourceStatus"].endswith("FAILED")]
        if reasons:
            return " ".join(reasons)
        time.sleep(0.05)
    raise AssertionError("the template was taken without a word")


@pytest.mark.parametrize("template,word", [
    ({"Resources": {"R": {"Type": "AWS::Nothing::Here"}}}, "AWS::Nothing::Here"),
    ({"Resources": {"R": {"Type": "AWS::SQS::Queue", "Properties": {"Colour": "red"}}}}, "Colour"),
    ({"Resources": {"R": {"Type": "AWS::SQS::Queue", "Propertys": {}}}}, "Propertys"),
    ({"Resources": {"R": {"Type": "AWS::SQS::Queue", "DependsOn": "Nobody"}}}, "Nobody"),
    ({"Resources": {"R": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": {"Ref": "Nobody"}}}}}, "Nobody"),
    ({"Resources": {"A": {"Type": "AWS::SQS::Queue", "DependsOn": "B"}, "B": {"Type": "AWS::SQS::Queue", "DependsOn": "A"}}}, "ircular"),
    ({"Resources": {}}, "esource"),
    ({"Resource": {}}, "esource"),
    (" ", ""), ("{", ""), ("[]", ""), ("a: [", ""), ("&a [*a]", ""), ("Resources: !Nothing x", ""),
    ("a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
     "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n"
     "g: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f]\nResources: *g\n", ""),  # aliases of aliases
    ("[" * 50_000, ""), ('{"Resources":' * 3000, ""),
], ids=lambda v: repr(v)[:40])
def test_cloudformation_is_loud(cloud, template, word):
    assert word in create_stack(cloud, template)


# ---- everything at once ----

def test_a_crowd_of_vandals(cloud):
    """All kinds of it at the same time, next to an honest client whose calls all succeed."""
    junk = [b"\x00" * 500, b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"A: b\r\n" * 20_000, b"PUT /b/k HTTP/1.1\r\nContent-Length: 9\r\n\r\nx",
            b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"]
    sqs = cloud.client("sqs")
    url = sqs.create_queue(QueueName="honest-" + uuid.uuid4().hex[:8])["QueueUrl"]
    with concurrent.futures.ThreadPoolExecutor(8) as crowd:
        vandals = [crowd.submit(talk, cloud, junk[i % len(junk)], ends=True) for i in range(400)]
        for i in range(50):
            sqs.send_message(QueueUrl=url, MessageBody=str(i))
        for vandal in vandals:
            vandal.result(60)
    count = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])["Attributes"]
    assert count["ApproximateNumberOfMessages"] == "50"
