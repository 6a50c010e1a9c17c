"""The operator's commands for runs that failed, retries and dead letters, against a stack on a cloud of its own; and
`ads plan` against what the engine really does."""
import base64
import datetime
import hashlib
import json
import random
import re
import subprocess
import uuid

import pytest

from local_cloud import BUILD, ROOT, Cloud, wait_until

REGION = "eu-central-1"


class Stack:
    def __init__(self, directory):
        self.cloud = Cloud(directory / "data").start()
        self.directory = directory
        self.outputs = self.cloud.ads("deploy", "--yes", "--code", BUILD / "function.zip", "--parameters",
                                      "AcceptDates=any", "ShardBytes=65536")["outputs"]
        self.s3, self.sqs, self.logs = (self.cloud.client(s) for s in ("s3", "sqs", "logs"))
        self.functions, self.sns = self.cloud.client("lambda"), self.cloud.client("sns")
        self.ear = self.sqs.create_queue(QueueName="ear")["QueueUrl"]
        arn = self.sqs.get_queue_attributes(QueueUrl=self.ear, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        self.sqs.set_queue_attributes(QueueUrl=self.ear, Attributes={"Policy": json.dumps({
            "Version": "2012-10-17", "Statement": [{
                "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": arn,
                "Condition": {"ArnEquals": {"aws:SourceArn": self.outputs["Topic"]}}}]})})
        self.sns.subscribe(TopicArn=self.outputs["Topic"], Protocol="sqs", Endpoint=arn,
                           Attributes={"RawMessageDelivery": "true"})
        self.days = iter(range(1, 29))

    def ads(self, *arguments):
        return self.cloud.ads(*arguments)

    def refused(self, *arguments, code=1):
        done = self.cloud.ads(*arguments, check=False)
        assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
        return json.loads(done.stderr)["error"]

    def text(self, *arguments, code=0):
        done = subprocess.run([BUILD / "ads", "--region", REGION, *map(str, arguments)], env=self.cloud.environment(),
                              capture_output=True, text=True, cwd=ROOT)
        assert done.returncode == code, done
        return done.stdout

    def status(self, run):
        """Nothing where it has not begun. The exit code says how the run ended."""
        return json.loads(self.cloud.ads("status", run, check=False).stdout or "{}")

    def key(self):
        return f"DES_Manually_Process_{next(self.days):02}-01-2026.csv"

    def submit(self, content, *flags):
        path = self.directory / uuid.uuid4().hex
        path.write_bytes(content)
        return self.ads("submit", path, "--as", self.key(), *flags)

    def configure(self, output, **variables):
        """Other environment variables for a function; None takes one away."""
        name = self.outputs[output]
        known = self.functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        changed = {k: v for k, v in {**known, **variables}.items() if v is not None}
        self.functions.update_function_configuration(FunctionName=name, Environment={"Variables": changed})
        return known

    def pause_workers(self, paused):
        mapping, = self.functions.list_event_source_mappings(
            FunctionName=self.outputs["WorkerFunction"])["EventSourceMappings"]
        self.functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=not paused)
        wanted = "Disabled" if paused else "Enabled"
        wait_until(lambda: self.functions.get_event_source_mapping(UUID=mapping["UUID"])["State"] == wanted, 20, wanted)

    def receive_all(self, url, count):
        messages = []

        def take():
            answer = self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1)
            for message in answer.get("Messages", []):
                messages.append(message)
                self.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            return len(messages) >= count
        wait_until(take, 30, f"{count} messages")
        return messages

    def bury_record(self, user, run="0" * 32):
        """A record as the retry queue gives it up."""
        offset = random.getrandbits(40)
        record = record_id(run, offset)
        body = {"serviceUUID": user, "statusCode": 503, "retryCount": 0, "recordId": record, "runId": run,
                "batch": "DES_Manually_Process_01-01-2026", "offset": offset, "length": 10}
        self.sqs.send_message(QueueUrl=self.outputs["RetryDeadLetterQueueUrl"], MessageBody=json.dumps(body),
                              MessageGroupId=user, MessageDeduplicationId=record)
        return record


def record_id(run, offset):
    return base64.b32encode(hashlib.sha256(f"{run}:{offset}".encode()).digest()[:17]).decode().lower()[:26]


def lines(count, status=200, retries=0, user="u"):
    return b"".join(f"{status},{retries},{user}-{i}\n".encode() for i in range(count))


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    made = Stack(tmp_path_factory.mktemp("operations"))
    yield made
    made.cloud.stop()
    assert made.cloud.process.returncode == 0


# ---- resume ----

def test_a_done_run_and_an_unknown_one_cannot_be_resumed(stack):
    report = stack.submit(lines(10), "--wait")
    error = stack.refused("resume", report["runId"])
    assert error["code"] == "NotResumable" and "nothing is left to do" in error["message"]
    assert stack.refused("resume", "f" * 32)["code"] == "NoRun"


def test_a_refused_file_cannot_be_resumed(stack):
    stack.s3.put_object(Bucket=stack.outputs["BatchBucket"], Key="DES_Manually_Process_99-99-2026.csv", Body=lines(1))
    run = wait_until(lambda: [r for r in stack.ads("runs")["runs"] if r["status"] == "REFUSED"], 20, "the refusal")[0]
    error = stack.refused("resume", run["runId"])
    assert error["code"] == "NotResumable" and "Drop the file again" in error["message"]


def test_a_partial_run_is_shown_and_resumed_to_its_end(stack):
    """The messages of its shards are given up before any worker began; the sweep buries the shards."""
    before = stack.configure("DispatchFunction", INLINE_BYTES="0")
    try:
        stack.pause_workers(True)
        content = lines(9000, user="partial")
        run = stack.submit(content)["runId"]
        shards = wait_until(lambda: [r for r in stack.ads("runs")["runs"]
                                     if r["runId"] == run and r["status"] == "RUNNING"], 30, "the shards")[0]["shards"]
        assert shards >= 2
        status = stack.status(run)
        assert (status["shardsDone"], status["shardsDead"], status["shardsWaiting"]) == (0, 0, shards)
        assert "still at work" in stack.refused("resume", run)["message"]
        for message in stack.receive_all(stack.outputs["ShardQueueUrl"], shards):
            stack.sqs.send_message(QueueUrl=stack.outputs["ShardDeadLetterQueueUrl"], MessageBody=message["Body"])
        wait_until(lambda: stack.status(run)["shardsDead"] == shards, 60, "the burial of the shards")
    finally:
        stack.pause_workers(False)
    wait_until(lambda: stack.status(run)["status"] == "PARTIAL", 60, "the report of the partial run")
    status = stack.status(run)
    assert status["bytesSettled"] == 0 and len(status["troubles"]) == min(shards, 10)
    assert "ads resume" in stack.text("status", run, code=1)
    row, = [line for line in stack.text("runs").splitlines() if run in line]
    assert "PARTIAL" in row and f"0/{shards} -{shards}" in row
    done = stack.cloud.ads("report", run, check=False)
    assert json.loads(done.stdout)["status"] == "PARTIAL" and done.returncode == 1

    report = stack.ads("resume", run, "--wait")
    stack.configure("DispatchFunction", **{"INLINE_BYTES": before.get("INLINE_BYTES")})
    assert report["status"] == "DONE" and report["reconciled"] is True and report["lines"] == 9000
    status = stack.status(run)
    assert (status["status"], status["shardsDone"], status["shardsDead"]) == ("DONE", shards, 0)
    assert status["bytesSettled"] == len(content) and "troubles" not in status


def test_a_failed_run_goes_on_once_the_cause_is_mended(stack):
    """A file with too many bad lines; then the operator changes his mind about how many are too many."""
    stack.configure("DispatchFunction", MAX_BAD_PERCENT="10")
    stack.configure("WorkerFunction", MAX_BAD_PERCENT="10")
    good = lines(3000, user="mended").splitlines(keepends=True)
    run = stack.submit(b"".join(b"bad\n" * 2 + b"".join(good[i:i + 3]) for i in range(0, 3000, 3)))["runId"]
    wait_until(lambda: [r for r in stack.ads("runs")["runs"] if r["runId"] == run and r["status"] == "FAILED"], 30,
               "the end of the run")
    for function in ("DispatchFunction", "WorkerFunction"):
        stack.configure(function, MAX_BAD_PERCENT="100")
    told = stack.ads("resume", run)
    assert told["runId"] == run and told["shardsSent"] == [0] and told["finaliseSent"] is False
    report = wait_until(lambda: json.loads(stack.cloud.ads("report", run, check=False).stdout or "{}")
                        .get("status") == "DONE" and json.loads(stack.cloud.ads("report", run, check=False).stdout),
                        60, "the report")
    assert (report["lines"], report["quarantined"], report["processed"] + report["notFound"]) == (5000, 2000, 3000)


# ---- retries ----

def test_retries_of_a_run_come_to_their_end(stack):
    report = stack.submit(lines(40, status=503, user="again") + lines(5, user="once"), "--wait")
    run = report["runId"]
    assert report["retryQueued"] == 40

    def settled():
        told, = stack.ads("retries", run)["runs"]
        assert told["queued"] == 40
        assert sum(told[n] for n in ("processed", "notActive", "notFound", "quarantined", "dead", "outstanding")) == 40
        return told["outstanding"] == 0 and told
    told = wait_until(settled, 60, "the end of the retries")
    assert (told["notFound"], told["dead"], told["batch"]) == (40, 0, report["batch"])
    everything = stack.ads("retries")
    assert run in [r["runId"] for r in everything["runs"]]
    assert wait_until(lambda: stack.ads("retries")["retryQueue"] == {"waiting": 0, "inFlight": 0}, 60, "an empty queue")
    text = stack.text("retries", run)
    assert "outstanding" in text and "retry queue: 0 waiting" in text
    assert stack.refused("retries", "f" * 32)["code"] == "NoRun"


# ---- dead letters ----

def test_listing_takes_nothing_away(stack):
    records = {stack.bury_record(f"dead-{i}") for i in range(25)}
    for _ in range(2):
        told = stack.ads("dlq", "list", "--limit", 100)
        assert {m["record"] for m in told["messages"]} == records and told["queue"] == "retry"
    assert len(stack.ads("dlq", "list", "--limit", 3)["messages"]) == 3
    one = told["messages"][0]
    assert one["user"].startswith("dead-") and one["run"] == "0" * 32 and one["receives"] >= 2
    assert 0 <= one["ageSeconds"] < 600
    assert told["messages"] == sorted(told["messages"], key=lambda m: m["sent"])
    assert one["messageId"] in stack.text("dlq", "list", "--limit", 100)


def test_showing_one_with_the_error_that_the_log_has(stack):
    record = stack.bury_record("shown")
    message, = [m for m in stack.ads("dlq", "list", "--limit", 100)["messages"] if m.get("record") == record]
    group, identity = f"/aws/lambda/{stack.outputs['RetryFunction']}", message["messageId"]
    assert stack.ads("dlq", "show", identity)["lastError"] == ""
    stack.logs.create_log_stream(logGroupName=group, logStreamName="by-hand")
    now = int(datetime.datetime.now().timestamp() * 1000)
    stack.logs.put_log_events(logGroupName=group, logStreamName="by-hand", logEvents=[
        {"timestamp": now + i, "message": json.dumps({"level": "warning", "messageId": identity, "receiveCount": i,
                                                      "code": "NotFound", "error": f"no topic ({i})"})}
        for i in (1, 2)])
    told = stack.ads("dlq", "show", identity)
    assert told["lastError"] == "NotFound: no topic (2)"
    assert told["body"]["recordId"] == record and told["attributes"]["MessageGroupId"] == "shown"
    text = stack.text("dlq", "show", identity)
    assert "no topic (2)" in text and "MessageGroupId" in text and record in text
    assert stack.refused("dlq", "show", "no-such")["code"] == "NoSuchMessage"


def test_redriving_retries_answers_them(stack):
    records = {m["record"] for m in stack.ads("dlq", "list", "--limit", 100)["messages"]}
    records.add(stack.bury_record("redriven"))
    stack.sqs.purge_queue(QueueUrl=stack.ear)
    assert stack.ads("dlq", "redrive") == {"queue": "retry", "moved": len(records)}
    heard = set()

    def hear():
        answer = stack.sqs.receive_message(QueueUrl=stack.ear, MaxNumberOfMessages=10, WaitTimeSeconds=1,
                                           MessageAttributeNames=["All"])
        for message in answer.get("Messages", []):
            heard.add(message["MessageAttributes"]["RecordId"]["StringValue"])
            stack.sqs.delete_message(QueueUrl=stack.ear, ReceiptHandle=message["ReceiptHandle"])
        return records <= heard
    wait_until(hear, 60, "the notifications of the redriven records")
    assert stack.ads("dlq", "list")["messages"] == []


def test_purging_asks(stack):
    stack.bury_record("purged")
    error = stack.refused("dlq", "purge", code=2)
    assert error["code"] == "NotConfirmed" and "--yes" in error["message"]
    assert len(stack.ads("dlq", "list")["messages"]) == 1
    assert stack.ads("dlq", "purge", "--yes")["queue"] == "retry"
    assert wait_until(lambda: stack.ads("dlq", "list")["messages"] == [], 20, "the purge")


def test_a_failed_event_is_handed_to_the_function_again(stack):
    function = stack.outputs["DispatchFunction"]
    config = stack.functions.get_function_event_invoke_config(FunctionName=function)
    stack.functions.put_function_event_invoke_config(FunctionName=function, MaximumRetryAttempts=0,
                                                     DestinationConfig=config["DestinationConfig"])
    before = stack.configure("DispatchFunction", RUNS_TABLE=None)
    key = stack.key()
    stack.s3.put_object(Bucket=stack.outputs["BatchBucket"], Key=key, Body=lines(7, user="event"))
    message, = wait_until(lambda: stack.ads("dlq", "list", "--queue", "events")["messages"], 60, "the failed event")
    assert message["batch"] == key and "RUNS_TABLE" in message["error"]
    assert stack.ads("dlq", "show", message["messageId"], "--queue", "events")["body"]["requestPayload"]["Records"]
    stack.configure("DispatchFunction", **before)
    stranger = stack.sqs.send_message(QueueUrl=stack.outputs["FailedEventsQueueUrl"], MessageBody="none of ours")
    done = stack.cloud.ads("dlq", "redrive", "--queue", "events", check=False)
    told = json.loads(done.stdout)
    assert told["moved"] == 1 and [m["messageId"] for m in told["left"]] == [stranger["MessageId"]]
    assert done.returncode == 1
    report = wait_until(lambda: json.loads(stack.cloud.ads("report", message["run"], check=False).stdout or "null"), 60,
                        "the report of the file")
    assert report["status"] == "DONE" and report["lines"] == 7 and report["batch"] == key
    left, = stack.ads("dlq", "list", "--queue", "events")["messages"]
    assert left["messageId"] == stranger["MessageId"] and "problem" in left
    stack.ads("dlq", "purge", "--queue", "events", "--yes")


# ---- plan ----

def plan(*arguments, check=True):
    done = subprocess.run([BUILD / "ads", "--output", "json", "plan", *map(str, arguments)], capture_output=True,
                          text=True, cwd=ROOT)
    if not check:
        return done
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_plan_counts_calls_as_the_engine_makes_them(stack, tmp_path):
    """The demo's mix, through the engine, against the model."""
    path = tmp_path / "batch.csv"
    stack.cloud.ads("generate", "batch", "--records", 60000, "--users", 100000, "--out", path)
    report = stack.ads("submit", path, "--as", stack.key(), "--wait")
    records = report["totalProcessed"]
    assert records == 60000
    told = plan(path)
    assert told["records"] == records
    assert told["retryShare"] == pytest.approx(report["retryQueued"] / records, abs=1e-6)
    assert told["callsPerRecord"] == pytest.approx(report["apiCalls"] / records, rel=0.02), report["apiCalls"]


def test_plan_needs_nothing_but_figures():
    told = plan("--records", 10**8, "--region", "us-east-1")
    assert told["limit"] == "SNS quota" and told["shards"] == 65 and told["pricesOf"] == "us-east-1"
    assert told["usd"] == pytest.approx(sum(c["usd"] for c in told["costs"]), abs=0.01)
    assert plan("--records", 10**8, "--region", "eu-central-1")["seconds"] > told["seconds"]
    faster = plan("--records", 10**6, "--region", "us-east-1", "--parameters", "ShardBytes=4194304")
    assert faster["seconds"] < plan("--records", 10**6, "--region", "us-east-1")["seconds"]
    for wrong in (["--records", 0], [], ["--records", 5, "--parameters", "WorkerConcurrency=1"],
                  ["--records", 5, "--mix", "retry=200"]):
        assert plan(*wrong, check=False).returncode in (1, 2), wrong


def test_the_tables_of_the_documentation_are_what_plan_says():
    tables = subprocess.run([ROOT / "scripts" / "scale_tables", BUILD / "ads"], capture_output=True, text=True, check=True)
    assert tables.stdout in (ROOT / "docs" / "scale.md").read_text(), "docs/scale.md: paste what scripts/scale_tables prints"


# ---- the documentation ----

def test_every_alarm_has_its_section_in_the_runbook():
    template = (ROOT / "resources.yaml").read_text()
    alarms = set(re.findall(r"^  (\w+Alarm):\n    Type: AWS::CloudWatch::Alarm$", template, re.M))
    sections = set(re.findall(r"^### (\w+Alarm)$", (ROOT / "docs" / "operations.md").read_text(), re.M))
    assert alarms and sections == alarms


def test_the_runbook_names_commands_that_there_are():
    text = (ROOT / "docs" / "operations.md").read_text() + (ROOT / "docs" / "scale.md").read_text()
    for command in set(re.findall(r"\bads (\w+)(?=[ `]|$)", text, re.M)):
        done = subprocess.run([BUILD / "ads", command, "--help"], capture_output=True, text=True)
        assert done.returncode == 0, f"`ads {command}`: {done.stderr}"
