"""SQS through boto3 (JSON, or Query where boto3 is old), through raw Query requests, and through the aws CLI."""
import base64
import hashlib
import json
import threading
import time

import pytest
from botocore.exceptions import ClientError

from conftest import REGION, wait_until

FIFO = {"FifoQueue": "true"}


@pytest.fixture
def sqs(client):
    return client("sqs")


@pytest.fixture
def queue(sqs, name):
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    yield url
    sqs.delete_queue(QueueUrl=url)


@pytest.fixture
def fifo(sqs, name):
    url = sqs.create_queue(QueueName=name + ".fifo", Attributes={**FIFO, "ContentBasedDeduplication": "true"})["QueueUrl"]
    yield url
    sqs.delete_queue(QueueUrl=url)


def arn(sqs, url):
    return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def counts(sqs, url):
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return tuple(int(attributes[name]) for name in names)


def code_of(call, *args, **kwargs):
    with pytest.raises(ClientError) as caught:
        call(*args, **kwargs)
    return caught.value.response["Error"]["Code"]


def is_code(code, *names):
    """New clients may show the shape's name, old ones the Query protocol's."""
    return code in names or code.split(".")[-1] in names


def test_a_message_there_and_back(sqs, queue):
    sent = sqs.send_message(QueueUrl=queue, MessageBody="hällo <&> \"x\"\r\n", MessageAttributes={
        "text": {"DataType": "String", "StringValue": "v & w"}, "number": {"DataType": "Number.int", "StringValue": "5"},
        "bytes": {"DataType": "Binary", "BinaryValue": b"\x00\xff"}},
        MessageSystemAttributes={"AWSTraceHeader": {"DataType": "String", "StringValue": "Root=1-5759e988-bd862e3fe1be46a994272793"}})
    assert sent["MD5OfMessageBody"] == hashlib.md5("hällo <&> \"x\"\r\n".encode()).hexdigest()
    assert sent["MD5OfMessageAttributes"] and sent["MD5OfMessageSystemAttributes"]
    (message,) = sqs.receive_message(QueueUrl=queue, AttributeNames=["All"], MessageAttributeNames=["All"])["Messages"]
    assert message["Body"] == "hällo <&> \"x\"\r\n"
    assert message["MessageId"] == sent["MessageId"]
    assert message["MD5OfMessageAttributes"] == sent["MD5OfMessageAttributes"]
    assert message["MessageAttributes"]["bytes"] == {"DataType": "Binary", "BinaryValue": b"\x00\xff"}
    assert message["MessageAttributes"]["text"] == {"DataType": "String", "StringValue": "v & w"}
    assert message["Attributes"]["ApproximateReceiveCount"] == "1"
    assert message["Attributes"]["AWSTraceHeader"].startswith("Root=")
    assert abs(int(message["Attributes"]["SentTimestamp"]) / 1000 - time.time()) < 60
    assert counts(sqs, queue) == (0, 1, 0)
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    assert counts(sqs, queue) == (0, 0, 0)


def test_batches(sqs, queue):
    sent = sqs.send_message_batch(QueueUrl=queue, Entries=[
        {"Id": str(i), "MessageBody": f"m{i}", "MessageAttributes": {"i": {"DataType": "Number", "StringValue": str(i)}}}
        for i in range(10)])
    assert len(sent["Successful"]) == 10 and not sent.get("Failed")
    got = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, MessageAttributeNames=["i"])["Messages"]
    assert [m["Body"] for m in got] == [f"m{i}" for i in range(10)]
    changed = sqs.change_message_visibility_batch(QueueUrl=queue, Entries=[
        {"Id": "a", "ReceiptHandle": got[0]["ReceiptHandle"], "VisibilityTimeout": 0},
        {"Id": "b", "ReceiptHandle": "nonsense", "VisibilityTimeout": 0}])
    assert [s["Id"] for s in changed["Successful"]] == ["a"]
    assert [(f["Id"], f["Code"], f["SenderFault"]) for f in changed["Failed"]] == [("b", "ReceiptHandleIsInvalid", True)]
    assert counts(sqs, queue) == (1, 9, 0)
    deleted = sqs.delete_message_batch(QueueUrl=queue, Entries=[
        {"Id": str(i), "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(got)])
    assert len(deleted["Successful"]) == 10
    assert counts(sqs, queue) == (0, 0, 0)


def test_refusals_of_batches(sqs, queue):
    entry = {"Id": "a", "MessageBody": "x"}
    assert is_code(code_of(sqs.send_message_batch, QueueUrl=queue, Entries=[]), "EmptyBatchRequest", "MissingParameter")
    assert is_code(code_of(sqs.send_message_batch, QueueUrl=queue, Entries=[entry, entry]), "BatchEntryIdsNotDistinct")
    assert is_code(code_of(sqs.send_message_batch, QueueUrl=queue, Entries=[{**entry, "Id": str(i)} for i in range(11)]),
                   "TooManyEntriesInBatchRequest")
    assert is_code(code_of(sqs.send_message_batch, QueueUrl=queue, Entries=[{**entry, "Id": "a b"}]), "InvalidBatchEntryId")
    big = "x" * 600_000
    assert is_code(code_of(sqs.send_message_batch, QueueUrl=queue, Entries=[
        {"Id": "a", "MessageBody": big}, {"Id": "b", "MessageBody": big}]), "BatchRequestTooLong")


def test_refusals(sqs, queue, name):
    with pytest.raises(sqs.exceptions.QueueDoesNotExist) as caught:
        sqs.send_message(QueueUrl=queue + "x", MessageBody="x")
    assert is_code(caught.value.response["Error"]["Code"], "NonExistentQueue")
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert is_code(code_of(sqs.get_queue_url, QueueName=name + "x"), "NonExistentQueue")
    assert is_code(code_of(sqs.create_queue, QueueName="a b"), "InvalidParameterValue")
    assert is_code(code_of(sqs.create_queue, QueueName=name, Attributes={"VisibilityTimeout": "31"}), "QueueAlreadyExists")
    assert is_code(code_of(sqs.create_queue, QueueName=name, Attributes={"Nonsense": "1"}), "InvalidAttributeName")
    assert is_code(code_of(sqs.set_queue_attributes, QueueUrl=queue, Attributes={"DelaySeconds": "901"}), "InvalidAttributeValue")
    assert is_code(code_of(sqs.send_message, QueueUrl=queue, MessageBody="\x01"), "InvalidMessageContents")
    assert is_code(code_of(sqs.send_message, QueueUrl=queue, MessageBody="x" * 1_048_577), "InvalidParameterValue")
    assert is_code(code_of(sqs.send_message, QueueUrl=queue, MessageBody="x", DelaySeconds=901), "InvalidParameterValue")
    assert is_code(code_of(sqs.receive_message, QueueUrl=queue, MaxNumberOfMessages=11), "InvalidParameterValue")
    assert is_code(code_of(sqs.delete_message, QueueUrl=queue, ReceiptHandle="nonsense"), "ReceiptHandleIsInvalid")
    assert is_code(code_of(sqs.change_message_visibility, QueueUrl=queue, ReceiptHandle="nonsense", VisibilityTimeout=1),
                   "ReceiptHandleIsInvalid")
    assert is_code(code_of(sqs.get_queue_attributes, QueueUrl=queue, AttributeNames=["Nonsense"]), "InvalidAttributeName")
    assert is_code(code_of(sqs.remove_permission, QueueUrl=queue, Label="none"), "InvalidParameterValue")


def test_attributes_and_tags(sqs, name):
    url = sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "7"}, tags={"a": "1"})["QueueUrl"]
    assert url.endswith("/" + name)
    assert sqs.get_queue_url(QueueName=name)["QueueUrl"] == url
    all_of_it = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert all_of_it["VisibilityTimeout"] == "7" and all_of_it["MessageRetentionPeriod"] == "345600"
    assert all_of_it["QueueArn"].startswith(f"arn:aws:sqs:{REGION}:") and "FifoQueue" not in all_of_it
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"DelaySeconds": "3"})
    assert sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["DelaySeconds"])["Attributes"] == {"DelaySeconds": "3"}
    sqs.tag_queue(QueueUrl=url, Tags={"b": "2", "c": "3"})
    sqs.untag_queue(QueueUrl=url, TagKeys=["c"])
    assert sqs.list_queue_tags(QueueUrl=url)["Tags"] == {"a": "1", "b": "2"}
    sqs.add_permission(QueueUrl=url, Label="l", AWSAccountIds=["111111111111"], Actions=["SendMessage"])
    policy = json.loads(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])["Attributes"]["Policy"])
    assert policy["Statement"][0]["Action"] == "SQS:SendMessage"
    sqs.remove_permission(QueueUrl=url, Label="l")
    assert "Attributes" not in sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])
    sqs.delete_queue(QueueUrl=url)


def test_listing_is_paged(sqs, name):
    urls = [sqs.create_queue(QueueName=f"{name}-{i}")["QueueUrl"] for i in range(3)]
    first = sqs.list_queues(QueueNamePrefix=name, MaxResults=2)
    rest = sqs.list_queues(QueueNamePrefix=name, MaxResults=2, NextToken=first["NextToken"])
    assert first["QueueUrls"] + rest["QueueUrls"] == urls and "NextToken" not in rest
    assert "QueueUrls" not in sqs.list_queues(QueueNamePrefix=name + "-none")
    for url in urls:
        sqs.delete_queue(QueueUrl=url)


def test_a_long_poll_ends_when_a_message_comes(sqs, queue, cloud):
    sender = cloud.client("sqs")
    timer = threading.Timer(0.5, lambda: sender.send_message(QueueUrl=queue, MessageBody="x"))
    timer.start()
    start = time.monotonic()
    got = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=20)
    assert got["Messages"][0]["Body"] == "x"
    assert 0.4 < time.monotonic() - start < 5
    assert "Messages" not in sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=1)


def test_a_long_poll_sees_what_times_out_and_what_was_delayed(sqs, queue):
    sqs.send_message(QueueUrl=queue, MessageBody="x", DelaySeconds=1)
    assert sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=10, VisibilityTimeout=1)["Messages"][0]["Body"] == "x"
    start = time.monotonic()
    assert sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=10)["Messages"][0]["Body"] == "x"
    assert time.monotonic() - start < 5


def test_fifo(sqs, fifo):
    first = sqs.send_message(QueueUrl=fifo, MessageBody="1", MessageGroupId="g")
    again = sqs.send_message(QueueUrl=fifo, MessageBody="1", MessageGroupId="g")
    assert (first["MessageId"], first["SequenceNumber"]) == (again["MessageId"], again["SequenceNumber"])
    sqs.send_message(QueueUrl=fifo, MessageBody="2", MessageGroupId="g")
    sqs.send_message(QueueUrl=fifo, MessageBody="3", MessageGroupId="h")
    (one,) = sqs.receive_message(QueueUrl=fifo, AttributeNames=["All"])["Messages"]
    assert one["Body"] == "1" and one["Attributes"]["MessageGroupId"] == "g"
    assert one["Attributes"]["MessageDeduplicationId"] == hashlib.sha256(b"1").hexdigest()
    assert [m["Body"] for m in sqs.receive_message(QueueUrl=fifo, MaxNumberOfMessages=10)["Messages"]] == ["3"]
    sqs.delete_message(QueueUrl=fifo, ReceiptHandle=one["ReceiptHandle"])
    assert [m["Body"] for m in sqs.receive_message(QueueUrl=fifo, MaxNumberOfMessages=10)["Messages"]] == ["2"]
    assert is_code(code_of(sqs.send_message, QueueUrl=fifo, MessageBody="x"), "MissingParameter")


def test_dead_letters_and_redrive(sqs, name):
    dead = sqs.create_queue(QueueName=name + "-dead")["QueueUrl"]
    dead_arn = arn(sqs, dead)
    queue = sqs.create_queue(QueueName=name, Attributes={"RedrivePolicy": json.dumps(
        {"deadLetterTargetArn": dead_arn, "maxReceiveCount": 1})})["QueueUrl"]
    assert sqs.list_dead_letter_source_queues(QueueUrl=dead)["queueUrls"] == [queue]
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    sqs.receive_message(QueueUrl=queue, VisibilityTimeout=0)
    assert "Messages" not in sqs.receive_message(QueueUrl=queue)
    assert counts(sqs, dead) == (1, 0, 0)
    if hasattr(sqs, "start_message_move_task"):
        assert sqs.start_message_move_task(SourceArn=dead_arn)["TaskHandle"]
        wait_until(lambda: sqs.list_message_move_tasks(SourceArn=dead_arn)["Results"][0]["Status"] == "COMPLETED")
        assert counts(sqs, queue) == (1, 0, 0)
    sqs.delete_queue(QueueUrl=queue)
    sqs.delete_queue(QueueUrl=dead)


def test_purge(sqs, queue):
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    sqs.purge_queue(QueueUrl=queue)
    assert counts(sqs, queue) == (0, 0, 0)
    assert is_code(code_of(sqs.purge_queue, QueueUrl=queue), "PurgeQueueInProgress")


def test_regions_are_apart(client, sqs, queue, name):
    other = client("sqs", region_name="us-west-2")
    assert is_code(code_of(other.get_queue_url, QueueName=name), "NonExistentQueue")


def test_the_cli(aws, name):
    url = aws("sqs", "create-queue", "--queue-name", name)["QueueUrl"]
    aws("sqs", "send-message", "--queue-url", url, "--message-body", "from the cli", "--message-attributes",
        json.dumps({"a": {"DataType": "String", "StringValue": "b"}}))
    (message,) = aws("sqs", "receive-message", "--queue-url", url, "--message-attribute-names", "All")["Messages"]
    assert message["Body"] == "from the cli" and message["MessageAttributes"]["a"]["StringValue"] == "b"
    aws("sqs", "delete-message", "--queue-url", url, "--receipt-handle", message["ReceiptHandle"])
    missing = aws("sqs", "get-queue-url", "--queue-name", name + "x", check=False)
    assert missing.returncode != 0 and "NonExistentQueue" in missing.stderr
    aws("sqs", "delete-queue", "--queue-url", url)


def test_what_was_acknowledged_survives_a_kill(tmp_path):
    from conftest import Cloud
    cloud = Cloud(tmp_path / "data").start()
    try:
        sqs = cloud.client("sqs")
        url = sqs.create_queue(QueueName="q")["QueueUrl"]
        for i in range(50):
            sqs.send_message(QueueUrl=url, MessageBody=str(i))
        handle = sqs.receive_message(QueueUrl=url)["Messages"][0]["ReceiptHandle"]
        sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)
        cloud.kill()
        cloud.start()
        sqs = cloud.client("sqs")
        bodies = []
        while len(bodies) < 49:
            bodies += [int(m["Body"]) for m in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]]
        assert bodies == list(range(1, 50))
    finally:
        cloud.stop()
