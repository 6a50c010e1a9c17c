"""What goes wrong on the way, what people are told, and how they go on once it is mended."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import urllib.parse

import pytest

import oracle
import sandboxes
from answer import answer, compare, mixed, outcomes_of_retries
from local_cloud import BUILD, REGION, ROOT, wait_until
from test_large_files import SHARD, padded_csv

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "wire"))
from proxy import Proxy  # noqa: E402

# With this variable the function cannot start.
BROKEN = {"CALLS_IN_FLIGHT": 0}
MENDED = {"CALLS_IN_FLIGHT": None}


@pytest.fixture(scope="module")
def slow(deploy):
    """A stack that publishes slowly enough for something to happen meanwhile, and gives up soon."""
    stack = deploy("slow", ShardBytes=SHARD, WorkerConcurrency=2, PublishRate=600)
    stack.set_variables("Dispatch", "Worker", "Sweep", LEASE_SECONDS=2, SWEEP_AFTER_SECONDS=2)
    # A retry that works must not be taken for one that failed, however slow the machine is.
    for output, visible_after, dead_letters in (("ShardQueueUrl", 1, "ShardDeadLetterQueueUrl"),
                                                ("RetryQueueUrl", 6, "RetryDeadLetterQueueUrl")):
        stack.set_visibility(output, visible_after)
        stack.set_visibility(dead_letters, 2)
        arn = stack.sqs.get_queue_attributes(QueueUrl=stack.outputs[dead_letters],
                                             AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        stack.sqs.set_queue_attributes(QueueUrl=stack.outputs[output], Attributes={
            "RedrivePolicy": json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 2})})
    return stack


def test_shards_that_are_given_up_are_resumed(slow, request):
    content = padded_csv(mixed(slow.users, 2600, 71))
    key = f"DES_Manually_Process_{slow.today()}.csv"
    run = oracle.run_id(slow.bucket, key, slow.put(key, content))
    wait_until(lambda: (slow.status(run) or {}).get("shardsDone"), 30, "the first shard's end")
    slow.set_variables("Worker", **BROKEN)
    request.addfinalizer(lambda: slow.set_variables("Worker", **MENDED))
    report = slow.report(run)
    assert report["status"] == "PARTIAL" and f"ads resume {run}" in report["sentence"], report
    missing = [(r["begin"], r["end"]) for r in report["unprocessed"]]
    assert missing and report["processedKey"] == "" and slow.read(key) == content
    # What it says is missing has had no effect, and nothing else is missing.
    expected = oracle.Expected(content)
    said = {oracle.record_id(run, offset) for offset in expected.records
            if not any(begin <= offset < end for begin, end in missing)}
    assert slow.hear(len(said), run).keys() == said
    mail = slow.mails_about(run, 1)[-1]
    assert "PARTIAL" in mail["Subject"] and f"{missing[0][0]:,}" in mail["Body"]["text_part"]

    slow.set_variables("Worker", **MENDED)
    slow.ads("resume", run)
    wait_until(lambda: slow.status(run)["status"] == "DONE", 60, "the run's end")
    report = slow.report(run)
    assert report["status"] == "DONE" and report["unprocessed"] == []
    compare(slow, report, key, content)
    assert slow.settled(run)["retries"] == outcomes_of_retries(slow, content)


def test_retries_that_die_are_redriven(slow, request):
    slow.set_variables("Retry", **BROKEN)
    request.addfinalizer(lambda: slow.set_variables("Retry", **MENDED))
    slow.set_variables("Sweep", RETRIES_SETTLE_SECONDS=1)
    content = b"\n".join([b"503,0,no-address", b"200,0,awkward:1", b"500,1,nobody"] + [b"500,0,awkward:1"] * 10)
    key = f"DES_Manually_Process_{slow.today()}"
    run = oracle.run_id(slow.bucket, key, slow.put(key, content))
    report = slow.report(run)
    assert report["retryQueued"] == 12
    wait_until(lambda: slow.ads("status")["deadLetters"]["visible"] == 12, 60, "twelve dead letters")
    settled = slow.settled(run)
    assert settled["retries"] == {"processed": 0, "notActive": 0, "notFound": 0, "quarantined": 0, "dead": 12, "reordered": 0}
    assert any("12 dead" in mail["Subject"] for mail in slow.mails_about(run, 2))

    slow.set_variables("Retry", **MENDED)
    slow.ads("dlq", "redrive")
    compare(slow, report, key, content)
    assert slow.ads("status")["deadLetters"]["visible"] == 0


@pytest.fixture(scope="module")
def impatient(deploy):
    """A stack whose retries have one attempt."""
    stack = deploy("impatient")
    arn = stack.sqs.get_queue_attributes(QueueUrl=stack.outputs["RetryDeadLetterQueueUrl"],
                                         AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    stack.sqs.set_queue_attributes(QueueUrl=stack.outputs["RetryQueueUrl"], Attributes={
        "RedrivePolicy": json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 1})})
    stack.set_variables("Retry", RETRY_RECEIVES=1)
    return stack


def retried(stack, line, ends):
    """A run whose only record is retried, once its retry has that end: what `ads retries` says, for programs and for people."""
    key = f"DES_Manually_Process_{stack.today()}.csv"
    run = stack.submit(key, line + b"\n")
    assert stack.report(run)["retryQueued"] == 1
    # Why it failed is stored after its end is.
    told = wait_until(lambda: next((r for r in stack.ads("retries", run)["runs"] if r[ends] == 1 and ("failedTries" in r) == (ends == "dead")),
                                   None), 90, f"a retry that is {ends}")
    text = subprocess.run([BUILD / "ads", "--region", REGION, "--stack-name", stack.name, "retries", run], cwd=ROOT,
                          env=stack.cloud.environment(), capture_output=True, text=True, check=True).stdout
    return told, text


def test_ads_retries_says_that_a_retry_was_denied(impatient, request):
    right = impatient.outputs["Topic"]
    request.addfinalizer(lambda: impatient.set_variables("Retry", TOPIC_ARN=right))
    impatient.set_variables("Retry", TOPIC_ARN=impatient.outputs["OpsTopic"])
    told, text = retried(impatient, b"503,0,no-address", "dead")
    assert (told["failedTries"], told["lastError"].split(":")[0], told["outstanding"]) == ({"denied": 1}, "AuthorizationError", 0)
    assert "failed attempts: 1 denied; last error: AuthorizationError: " in text and "`ads dlq list` lists" in text
    # The dead-letter queue and the log agree.
    message, = wait_until(lambda: [m for m in impatient.ads("dlq", "list")["messages"] if m["run"] == told["runId"]], 30, "the dead letter")
    assert impatient.ads("dlq", "show", message["messageId"])["lastError"].startswith("AuthorizationError: ")


def test_ads_retries_says_that_a_retry_was_throttled(impatient, request):
    """SNS answers each call of this function with "slower, please", until its time is over."""
    def slow_down(method, path, headers, body):
        if b"Action=PublishBatch" not in body:
            return None
        return 429, {"Content-Type": "text/xml"}, (b"<ErrorResponse><Error><Type>Sender</Type><Code>Throttled</Code>"
                                                   b"<Message>Rate exceeded</Message></Error></ErrorResponse>")
    name = impatient.outputs["RetryFunction"]
    with Proxy(impatient.cloud.port, slow_down) as proxy:
        request.addfinalizer(lambda: (impatient.set_variables("Retry", AWS_ENDPOINT_URL=None),
                                      impatient.lambdas.update_function_configuration(FunctionName=name, Timeout=60)))
        impatient.set_variables("Retry", AWS_ENDPOINT_URL=proxy.endpoint)
        impatient.lambdas.update_function_configuration(FunctionName=name, Timeout=40)  # of which the last quarter is for its end
        impatient.lambdas.get_waiter("function_updated").wait(FunctionName=name, WaiterConfig={"Delay": 0.05})
        told, text = retried(impatient, b"503,0,awkward:1", "dead")
    assert told["failedTries"] == {"throttled": 1} and told["lastError"].startswith("Throttled: sns PublishBatch: Rate exceeded")
    assert "failed attempts: 1 throttled; last error: Throttled: sns PublishBatch: Rate exceeded" in text


def test_ads_retries_of_a_user_too_large_to_be_published(impatient):
    told, text = retried(impatient, b"503,0,oversize", "quarantined")
    assert told["dead"] == told["outstanding"] == 0 and "failedTries" not in told
    assert "failed attempts" not in text and "quarantined                 1" in text


def test_ads_retries_of_a_retry_that_is_answered(impatient):
    told, text = retried(impatient, b"503,0,no-address", "processed")
    assert "failedTries" not in told and "all answered; settled at the next sweep" in text


def test_a_mail_that_is_refused_reaches_the_operators(stack):
    mail = stack.cloud.client("sesv2")
    account = {"MailType": "TRANSACTIONAL", "WebsiteURL": "https://example.com", "UseCaseDescription": "reports"}
    queue = stack.sqs.create_queue(QueueName="operators")["QueueUrl"]
    arn = stack.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    stack.sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": json.dumps({
        "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"},
                                                "Action": "sqs:SendMessage", "Resource": arn}]})})
    stack.sns.subscribe(TopicArn=stack.outputs["OpsTopic"], Protocol="sqs", Endpoint=arn)
    mail.put_account_details(ProductionAccessEnabled=False, **account)  # the sandbox: only to verified addresses
    try:
        report = answer(stack, f"DES_Manually_Process_{stack.today()}.csv", b"200,0,no-address\n")
        told = stack.sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=10)["Messages"]
        assert stack.mails_about(report["runId"]) == []
        note = json.loads(told[0]["Body"])
        assert report["runId"] in note["Message"] and report["processedKey"] in note["Message"]
        assert "[ADS]" in note["Subject"]
    finally:
        mail.put_account_details(ProductionAccessEnabled=True, **account)



def event_of(stack, key, version):
    head = stack.s3.head_object(Bucket=stack.bucket, Key=key, VersionId=version)
    return json.dumps({"Records": [{
        "eventVersion": "2.1", "eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
        "eventTime": head["LastModified"].isoformat().replace("+00:00", ".000Z"),
        "s3": {"bucket": {"name": stack.bucket}, "object": {
            "key": urllib.parse.quote_plus(key), "size": head["ContentLength"], "eTag": head["ETag"].strip('"'),
            "versionId": version}}}]})


def test_an_event_that_comes_again_goes_on_after_a_crash(slow):
    content = b"\n".join(mixed(slow.users, 2500, 81))
    key = f"ADS_Manually_Process_{slow.today()}"
    version = slow.put(key, content)
    event, run = event_of(slow, key, version), oracle.run_id(slow.bucket, key, version)
    wait_until(lambda: (slow.status(run) or {}).get("bytesSettled"), 30, "the first chunk")
    for pid, role in sandboxes.pids(slow.cloud).items():
        if role == "dispatch":
            os.kill(pid, signal.SIGKILL)

    def again():
        answered = slow.lambdas.invoke(FunctionName=slow.outputs["DispatchFunction"], Payload=event)
        assert "FunctionError" not in answered
        return json.load(answered["Payload"])["runs"][0]["status"] == "DONE"
    wait_until(again, 60, "the run's end")
    report = slow.report(run)
    assert report["resumes"] == 1
    assert compare(slow, report, key, content, repeats=1000) < 1000
    assert again()  # and once more, long after the file got its new name
    assert slow.keys("ADS_Manually_Processed_") == [report["processedKey"]]
