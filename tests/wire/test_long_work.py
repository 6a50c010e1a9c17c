"""Work that takes long does not delay others: other requests are answered while it runs, and a crash leaves no half of it."""
import concurrent.futures
import json
import os
import threading

import botocore.exceptions
import pytest
from conftest import Cloud, wait_until
from local_cloud import REGION

MANY = int(os.environ.get("ADS_MANY", "5000"))  # 1,000,000 takes a quarter of an hour


@pytest.fixture
def own(tmp_path):
    cloud = Cloud(tmp_path / "data").start()
    yield cloud
    cloud.stop()


def answered_during(cloud, work):
    """Runs `work` and asks for queues meanwhile. -> (what it returned or raised, how many questions were answered)"""
    sqs, outcome, is_over = cloud.client("sqs"), [], threading.Event()

    def run():
        try:
            outcome.append(work())
        except botocore.exceptions.ClientError as error:
            outcome.append(error)
        is_over.set()

    sqs.list_queues()  # the connection is there
    thread = threading.Thread(target=run)
    thread.start()
    answered = 0
    while not is_over.is_set():
        sqs.list_queues()
        answered += 1
    thread.join()
    return outcome[0], answered


def template_of(cloud, text):
    assert len(text) <= 1_000_000
    cloud.client("s3").create_bucket(Bucket="templates", CreateBucketConfiguration={"LocationConstraint": REGION})
    cloud.client("s3").put_object(Bucket="templates", Key="t", Body=text)
    return f"{cloud.endpoint}/templates/t"


SLOW_YAML = ("Metadata:\n  M: [" + ",".join("1" for _ in range(190_000)) + "]\n"
             "Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n")  # takes seconds to read


def test_a_template_that_takes_long_to_read(own):
    url, stacks = template_of(own, SLOW_YAML), own.client("cloudformation")
    for work in (lambda: stacks.validate_template(TemplateURL=url),
                 lambda: stacks.create_stack(StackName="app", TemplateURL=url)):
        done, answered = answered_during(own, work)
        assert isinstance(done, dict), done
        assert answered > 30
    stacks.get_waiter("stack_create_complete").wait(StackName="app", WaiterConfig={"Delay": 1})


def test_two_requests_for_the_same_stack(own):
    """What the stack was when a request came may not be what it is when the template has been read."""
    url = template_of(own, SLOW_YAML)
    with concurrent.futures.ThreadPoolExecutor(2) as threads:
        working = [threads.submit(own.client("cloudformation").create_stack, StackName="app", TemplateURL=url) for _ in range(2)]
        failed = [work.exception() for work in working if work.exception()]
    assert [error.response["Error"]["Code"] for error in failed] == ["AlreadyExistsException"]


def test_a_template_that_produces_too_much(own):
    parameter = {"P": {"Type": "String", "Default": "x" * 4000}}
    text = json.dumps({"Parameters": parameter, "Resources": {"Queue": {
        "Type": "AWS::SQS::Queue", "Metadata": {"M": {"Fn::Sub": "${P}" * 200_000}}}}})
    url = template_of(own, text)
    done, _ = answered_during(own, lambda: own.client("cloudformation").create_stack(StackName="app", TemplateURL=url))
    assert "more than" in str(done) and done.response["Error"]["Code"] == "ValidationError"


def in_parallel(work, count):
    with concurrent.futures.ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(count)))


def fill_table(cloud):
    dynamodb = cloud.client("dynamodb")
    dynamodb.create_table(TableName="table", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
                          AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}])
    in_parallel(lambda i: dynamodb.batch_write_item(RequestItems={"table": [
        {"PutRequest": {"Item": {"k": {"S": f"{i}-{j}"}}}} for j in range(25)]}), MANY // 25)


def fill_queue(cloud):
    sqs = cloud.client("sqs")
    url = sqs.create_queue(QueueName="queue")["QueueUrl"]
    in_parallel(lambda i: sqs.send_message_batch(QueueUrl=url, Entries=[
        {"Id": str(j), "MessageBody": "m"} for j in range(10)]), MANY // 10)
    return url


def fill_bucket(cloud, count):
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": REGION})
    in_parallel(lambda i: s3.put_object(Bucket="bucket", Key=f"{i:06}", Body=b"x" * (70_000 if i % 50 == 0 else 10)), count)


def test_a_table_goes_whole(own):
    fill_table(own)
    done, _ = answered_during(own, lambda: own.client("dynamodb").delete_table(TableName="table"))
    assert isinstance(done, dict), done
    own.kill()
    own.start()
    assert own.client("dynamodb").list_tables()["TableNames"] == []
    fill_table(own)  # the new one has its own items alone
    pages = own.client("dynamodb").get_paginator("scan").paginate(TableName="table", Select="COUNT")
    assert sum(page["Count"] for page in pages) == MANY // 25 * 25


def test_a_queue_is_purged_whole(own):
    url = fill_queue(own)
    done, _ = answered_during(own, lambda: own.client("sqs").purge_queue(QueueUrl=url))
    assert isinstance(done, dict), done
    own.kill()
    own.start()
    sqs = own.client("sqs")
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"]
    assert set(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"].values()) == {"0"}
    assert "Messages" not in sqs.receive_message(QueueUrl=url)


def test_objects_are_gone_or_whole_after_a_crash(own):
    fill_bucket(own, 1000)
    s3 = own.client("s3")

    def delete_all():
        try:
            s3.delete_objects(Bucket="bucket", Delete={"Objects": [{"Key": f"{i:06}"} for i in range(1000)]})
        except (botocore.exceptions.HTTPClientError, botocore.exceptions.EndpointConnectionError):
            pass  # the cloud died under it

    deleting = threading.Thread(target=delete_all)
    deleting.start()
    listed = own.client("s3")
    wait_until(lambda: listed.list_objects_v2(Bucket="bucket")["KeyCount"] < 1000, what="the first deletion")
    own.kill()
    deleting.join()
    own.start()
    s3 = own.client("s3")
    for found in s3.list_objects_v2(Bucket="bucket").get("Contents", []):
        assert len(s3.get_object(Bucket="bucket", Key=found["Key"])["Body"].read()) == found["Size"]
