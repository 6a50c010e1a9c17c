"""Lambda through official clients: real functions in real sandboxes. The same file runs against AWS."""
import base64
import io
import json
import os
import pathlib
import platform
import re
import time
import uuid
import zipfile

import botocore.exceptions
import pytest

from conftest import Cloud, wait_until

BOOTSTRAP = r'''#!/usr/bin/env python3
import http.client, json, os, sys, time
api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
calls = 0
def post(path, body):
    api.request("POST", "/2018-06-01/runtime/" + path, json.dumps(body))
    api.getresponse().read()
def handle(event):
    global calls
    calls += 1
    if not isinstance(event, dict):
        return event
    if "print" in event: print(event["print"], flush=True)
    if "sleep" in event: time.sleep(event["sleep"])
    if "exit" in event: os._exit(event["exit"])
    if "fail" in event: raise ValueError(event["fail"])
    if "environment" in event: return dict(os.environ)
    if "Records" in event:
        print("BATCH", len(event["Records"]), *[r["body"] for r in event["Records"]], flush=True)
        return {"batchItemFailures": [{"itemIdentifier": r["messageId"]} for r in event["Records"] if r["body"] == "bad"]}
    return {"calls": calls, "pid": os.getpid(), "event": event}
while True:
    api.request("GET", "/2018-06-01/runtime/invocation/next")
    got = api.getresponse()
    event = json.loads(got.read())
    request = got.headers["Lambda-Runtime-Aws-Request-Id"]
    try:
        post(f"invocation/{request}/response", handle(event))
    except Exception as problem:
        post(f"invocation/{request}/error", {"errorType": type(problem).__name__, "errorMessage": str(problem)})
'''
BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"  # to write its log
ARCHITECTURE = {"aarch64": "arm64"}.get(platform.machine(), "x86_64")


def package(code=BOOTSTRAP, name="bootstrap"):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        entry = zipfile.ZipInfo(name)
        entry.external_attr = 0o100755 << 16
        archive.writestr(entry, code)
    return out.getvalue()


@pytest.fixture(scope="module")
def role(client):
    iam = client("iam")
    name = "r" + uuid.uuid4().hex[:12]
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["sqs:*", "logs:*"], "Resource": "*"}]}))
    return made


@pytest.fixture
def function(client, role, name):
    """Makes functions; all of them are deleted afterwards."""
    made = []

    def make(**more):
        arguments = {"FunctionName": name, "Runtime": "provided.al2023", "Handler": "main", "Role": role, "Timeout": 5,
                     "MemorySize": 256, "Code": {"ZipFile": package()}, "Architectures": [ARCHITECTURE], **more}
        client("lambda").create_function(**arguments)
        made.append(arguments["FunctionName"])
        return arguments["FunctionName"]

    yield make
    for each in made:
        try:
            client("lambda").delete_function(FunctionName=each)
        except botocore.exceptions.ClientError:
            pass


@pytest.fixture
def queue(client, name):
    sqs = client("sqs")
    url = sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "30"})["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    yield url, arn
    sqs.delete_queue(QueueUrl=url)


def call(client, name, event, **more):
    answer = client("lambda").invoke(FunctionName=name, Payload=json.dumps(event).encode(), **more)
    return answer, json.loads(answer["Payload"].read() or b"null")


def lines(client, name, pattern=""):
    try:
        events = client("logs").filter_log_events(logGroupName="/aws/lambda/" + name, filterPattern=pattern)["events"]
    except client("logs").exceptions.ResourceNotFoundException:
        return []
    return [event["message"] for event in events]


def refused(code):
    return pytest.raises(botocore.exceptions.ClientError, match=re.escape(code))


def test_a_function_is_created_described_listed_and_deleted(client, function, name):
    lam = client("lambda")
    function(Environment={"Variables": {"AB": "b"}}, Tags={"team": "x"}, Description="d")
    got = lam.get_function(FunctionName=name)
    assert got["Configuration"]["Runtime"] == "provided.al2023"
    assert got["Configuration"]["Environment"]["Variables"] == {"AB": "b"}
    assert got["Configuration"]["State"] == "Active"
    assert got["Configuration"]["CodeSize"] == len(package())
    assert got["Tags"] == {"team": "x"}
    lam.get_waiter("function_active_v2").wait(FunctionName=name)
    assert name in [f["FunctionName"] for page in lam.get_paginator("list_functions").paginate() for f in page["Functions"]]
    changed = lam.update_function_configuration(FunctionName=name, Timeout=7, Environment={"Variables": {"AB": "c"}})
    assert changed["Timeout"] == 7 and changed["Description"] == "d"
    lam.get_waiter("function_updated_v2").wait(FunctionName=name)
    arn = got["Configuration"]["FunctionArn"]
    lam.tag_resource(Resource=arn, Tags={"more": "y"})
    lam.untag_resource(Resource=arn, TagKeys=["team"])
    assert lam.list_tags(Resource=arn)["Tags"] == {"more": "y"}
    lam.delete_function(FunctionName=name)
    with refused("ResourceNotFoundException") as problem:
        lam.get_function(FunctionName=name)
    assert problem.value.response["Error"]["Message"] == "Function not found: " + arn


def test_an_invocation_answers_and_the_sandbox_stays_warm(client, function):
    name = function()
    first, one = call(client, name, {"x": 1})
    second, two = call(client, name, {"x": 2}, LogType="Tail")
    assert first["StatusCode"] == 200 and first["ExecutedVersion"] == "$LATEST" and "FunctionError" not in first
    assert one["event"] == {"x": 1}
    assert (two["calls"], two["pid"]) == (2, one["pid"])
    tail = base64.b64decode(second["LogResult"]).decode()
    assert re.search(r"^START RequestId: \S+ Version: \$LATEST$", tail, re.M)
    assert re.search(r"^REPORT RequestId: \S+\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 256 MB\t"
                     r"Max Memory Used: \d+ MB\t$", tail, re.M)


def test_the_sandbox_has_credentials_of_its_role(client, function, role):
    _, variables = call(client, function(), {"environment": True})
    assert variables["AWS_ACCESS_KEY_ID"].startswith("ASIA")
    assert variables["AWS_SESSION_TOKEN"] and variables["_HANDLER"] == "main"
    assert variables["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "256"


def test_errors_crashes_and_timeouts_are_told(client, function):
    name = function(Timeout=1)
    answer, body = call(client, name, {"fail": "because"})
    assert answer["FunctionError"] == "Unhandled" and body == {"errorType": "ValueError", "errorMessage": "because"}
    answer, body = call(client, name, {"exit": 2})
    assert answer["FunctionError"] == "Unhandled" and body["errorType"] == "Runtime.ExitError"
    assert "Runtime exited with error: exit status 2" in body["errorMessage"]
    answer, body = call(client, name, {"sleep": 20})
    assert body["errorMessage"].endswith("Task timed out after 1.00 seconds")
    assert wait_until(lambda: any("Task timed out after 1.00 seconds" in line for line in lines(client, name)))


def test_what_is_printed_is_in_the_logs(client, function):
    name = function()
    call(client, name, {"print": "ÄÖ needle-42"})
    found = wait_until(lambda: lines(client, name, '"needle-42"'), what="the line")
    assert found[0].strip() == "ÄÖ needle-42"
    streams = client("logs").describe_log_streams(logGroupName="/aws/lambda/" + name)["logStreams"]
    assert re.fullmatch(r"\d{4}/\d\d/\d\d/\[\$LATEST\][0-9a-f]{32}", streams[0]["logStreamName"])


def test_refusals_of_invoke(client, function):
    lam = client("lambda")
    name = function()
    assert lam.invoke(FunctionName=name, InvocationType="DryRun")["StatusCode"] == 204
    with refused("InvalidRequestContentException"):
        lam.invoke(FunctionName=name, Payload=b"{no json")
    with refused("ResourceNotFoundException"):
        lam.invoke(FunctionName=name + "x", Payload=b"{}")
    with refused("RequestTooLargeException"):
        lam.invoke(FunctionName=name, Payload=b'"' + b"x" * 6291456 + b'"')
    lam.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    with refused("TooManyRequestsException") as problem:
        lam.invoke(FunctionName=name, Payload=b"{}")
    assert problem.value.response["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"
    assert lam.get_function_concurrency(FunctionName=name)["ReservedConcurrentExecutions"] == 0
    lam.delete_function_concurrency(FunctionName=name)
    assert call(client, name, {})[0]["StatusCode"] == 200


def test_refusals_of_create(client, role, name):
    lam = client("lambda")
    base = {"FunctionName": name, "Runtime": "provided.al2023", "Handler": "m", "Role": role, "Code": {"ZipFile": package()}}
    with refused("Could not unzip uploaded file"):
        lam.create_function(**{**base, "Code": {"ZipFile": b"no zip"}})
    with refused("provided.al2023"):
        lam.create_function(**{**base, "Runtime": "python3.9"})
    with refused("cannot be assumed by Lambda"):
        lam.create_function(**{**base, "Role": role + "x"})
    with refused("Reserved keys used in this request: AWS_REGION"):
        lam.create_function(**{**base, "Environment": {"Variables": {"AWS_REGION": "x"}}})
    other = "arm64" if ARCHITECTURE == "x86_64" else "x86_64"
    with refused(f"Architecture {other} cannot run here"):
        lam.create_function(**{**base, "Architectures": [other]})


def test_code_comes_from_a_bucket(client, function, name):
    s3 = client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name})
    s3.put_object(Bucket=name, Key="a/code.zip", Body=package())
    function(Code={"S3Bucket": name, "S3Key": "a/code.zip"})
    assert call(client, name, {})[1]["calls"] == 1
    with refused("S3 Error Code: NoSuchKey"):
        client("lambda").update_function_code(FunctionName=name, S3Bucket=name, S3Key="none")


def test_versions_and_aliases(client, function):
    lam = client("lambda")
    name = function()
    assert lam.publish_version(FunctionName=name)["Version"] == "1"
    lam.update_function_code(FunctionName=name, ZipFile=package(BOOTSTRAP.replace('"calls": calls', '"calls": "new"')))
    assert lam.publish_version(FunctionName=name)["Version"] == "2"
    assert [v["Version"] for v in lam.list_versions_by_function(FunctionName=name)["Versions"]] == ["$LATEST", "1", "2"]
    lam.create_alias(FunctionName=name, Name="live", FunctionVersion="1")
    answer, body = call(client, name, {}, Qualifier="live")
    assert answer["ExecutedVersion"] == "1" and body["calls"] == 1
    lam.update_alias(FunctionName=name, Name="live", FunctionVersion="2")
    assert call(client, name + ":live", {})[1]["calls"] == "new"
    assert lam.get_alias(FunctionName=name, Name="live")["FunctionVersion"] == "2"
    lam.delete_alias(FunctionName=name, Name="live")
    assert lam.list_aliases(FunctionName=name)["Aliases"] == []


def test_permissions(client, function):
    lam = client("lambda")
    name = function()
    lam.add_permission(FunctionName=name, StatementId="s", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com",
                       SourceArn="arn:aws:s3:::b", SourceAccount="000000000000")
    statement = json.loads(lam.get_policy(FunctionName=name)["Policy"])["Statement"][0]
    assert statement["Principal"] == {"Service": "s3.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"AWS:SourceAccount": "000000000000"}, "ArnLike": {"AWS:SourceArn": "arn:aws:s3:::b"}}
    with refused("ResourceConflictException"):
        lam.add_permission(FunctionName=name, StatementId="s", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com")
    lam.remove_permission(FunctionName=name, StatementId="s")
    with refused("ResourceNotFoundException"):
        lam.get_policy(FunctionName=name)


def test_a_failed_event_goes_to_its_destination(client, function, queue):
    lam, (url, arn) = client("lambda"), queue
    name = function()
    config = lam.put_function_event_invoke_config(FunctionName=name, MaximumRetryAttempts=0, MaximumEventAgeInSeconds=60,
                                                  DestinationConfig={"OnFailure": {"Destination": arn}})
    assert config["MaximumRetryAttempts"] == 0
    assert lam.get_function_event_invoke_config(FunctionName=name)["DestinationConfig"]["OnFailure"]["Destination"] == arn
    assert lam.invoke(FunctionName=name, InvocationType="Event", Payload=b'{"fail": "late"}')["StatusCode"] == 202
    received = client("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=15)["Messages"]
    record = json.loads(received[0]["Body"])
    assert record["requestContext"]["condition"] == "RetriesExhausted"
    assert record["requestPayload"] == {"fail": "late"}
    assert record["responsePayload"]["errorMessage"] == "late"


def test_a_queue_feeds_a_function_and_keeps_what_failed(client, function, queue):
    lam, sqs, (url, arn) = client("lambda"), client("sqs"), queue
    name = function()
    mapping = lam.create_event_source_mapping(FunctionName=name, EventSourceArn=arn, BatchSize=10,
                                              FunctionResponseTypes=["ReportBatchItemFailures"])
    wait_until(lambda: lam.get_event_source_mapping(UUID=mapping["UUID"])["State"] == "Enabled", 60)
    for body in ("good-1", "bad", "good-2"):
        sqs.send_message(QueueUrl=url, MessageBody=body)
    counts = lambda: sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    wait_until(lambda: len(lines(client, name, "BATCH")) >= 1
               and (counts()["ApproximateNumberOfMessages"], counts()["ApproximateNumberOfMessagesNotVisible"]) == ("0", "1"),
               what="only the failed message")
    with refused("ResourceConflictException"):
        lam.create_event_source_mapping(FunctionName=name, EventSourceArn=arn)
    found = lam.list_event_source_mappings(EventSourceArn=arn, FunctionName=name)["EventSourceMappings"]
    assert [m["UUID"] for m in found] == [mapping["UUID"]]
    assert lam.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)["State"] in ("Disabling", "Updating")
    lam.delete_event_source_mapping(UUID=mapping["UUID"])


def test_a_fifo_queue_keeps_its_order(client, function, name):
    lam, sqs = client("lambda"), client("sqs")
    function()
    url = sqs.create_queue(QueueName=name + ".fifo", Attributes={"FifoQueue": "true", "ContentBasedDeduplication": "true"})["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    for i in range(30):
        sqs.send_message(QueueUrl=url, MessageBody=f"g{i % 2}-{i:02}", MessageGroupId=f"g{i % 2}")
    mapping = lam.create_event_source_mapping(FunctionName=name, EventSourceArn=arn, BatchSize=4)

    def seen():
        return [word for line in lines(client, name, "BATCH") for word in line.split()[2:]]

    order = wait_until(lambda: len(seen()) >= 30 and seen(), 30, "thirty messages")
    assert sorted(order) == sorted(set(order))
    for group in ("g0", "g1"):
        mine = [body for body in order if body.startswith(group)]
        assert mine == sorted(mine)
    lam.delete_event_source_mapping(UUID=mapping["UUID"])
    sqs.delete_queue(QueueUrl=url)


def test_a_mapping_is_refused_where_the_queue_hides_messages_too_shortly(client, function, queue):
    name = function(Timeout=900)
    with refused("Queue visibility timeout: 30 seconds is less than Function timeout: 900 seconds"):
        client("lambda").create_event_source_mapping(FunctionName=name, EventSourceArn=queue[1])


def test_what_is_not_there_says_so(client, function):
    with refused("NotImplemented"):
        client("lambda").create_function_url_config(FunctionName=function(), AuthType="NONE")


def test_the_command_line(aws, function, name, tmp_path):
    function()
    out = tmp_path / "out.json"
    said = aws("lambda", "invoke", "--function-name", name, "--cli-binary-format", "raw-in-base64-out", "--payload", '{"k": 1}', out)
    assert said["StatusCode"] == 200
    assert json.loads(out.read_text())["event"] == {"k": 1}
    assert aws("lambda", "get-function-configuration", "--function-name", name)["Handler"] == "main"


@pytest.fixture
def own_cloud(tmp_path):
    """A cloud that a test may kill, with a function in it."""
    running = Cloud(tmp_path / "data").start()
    trust = {"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    role = running.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    running.client("iam").attach_role_policy(RoleName="r", PolicyArn=BASIC)
    running.client("lambda").create_function(FunctionName="f", Runtime="provided.al2023", Handler="main", Role=role,
                                             Code={"ZipFile": package()}, MemorySize=256)
    yield running
    running.stop()


def test_accepted_events_survive_kill_9(own_cloud):
    lam = own_cloud.client("lambda")
    lam.put_function_concurrency(FunctionName="f", ReservedConcurrentExecutions=0)
    for i in range(20):
        lam.invoke(FunctionName="f", InvocationType="Event", Payload=json.dumps({"print": f"EVENT {i:02}"}).encode())
    own_cloud.kill()
    own_cloud.start()
    own_cloud.client("lambda").delete_function_concurrency(FunctionName="f")
    seen = lambda: {line.strip() for line in lines(own_cloud.client, "f", "EVENT")}
    # Throttled events pause for 1 s, 2 s, 4 s, ... up to 5 minutes: where the steps above took half a minute, on a machine
    # with much to do, the next attempt is as far away.
    assert wait_until(lambda: seen() == {f"EVENT {i:02}" for i in range(20)}, 400, "twenty events")


LINK = (0o120777 << 16,)


@pytest.mark.parametrize("entries", [
    [("l", "lib", LINK), ("l/evil", "x", None)],
    [("x/up", "..", LINK), ("l", "x/up/..", LINK), ("l/evil", "x", None)],
    [("a/b/l", "..", LINK), ("a/b/l/evil", "x", None)],
    [("l", "a", LINK), ("l/m", "..", LINK), ("l/m/evil", "x", None)],
], ids=["one link", "a chain that climbs", "up", "a link in a link"])
def test_nothing_is_unpacked_through_a_link(client, role, name, entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, content, link in [("bootstrap", BOOTSTRAP, None), *entries]:
            entry = zipfile.ZipInfo(path)
            entry.create_system = 3
            entry.external_attr = link[0] if link else 0o100755 << 16
            archive.writestr(entry, content)
    with pytest.raises(botocore.exceptions.ClientError, match="unzip") as caught:
        client("lambda").create_function(FunctionName=name, Runtime="provided.al2023", Handler="main", Role=role,
                                         Code={"ZipFile": out.getvalue()})
    assert caught.value.response["Error"]["Code"] == "InvalidParameterValueException"


def is_gone(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"
    except FileNotFoundError:
        return True


# A grandchild in a session of its own, whose parent has ended: nothing in the kernel ties it to the function.
DAEMON = """
    if "daemon" in event:
        path = event["daemon"]
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                open(path, "w").write(str(os.getpid()))
                for descriptor in (0, 1, 2): os.close(descriptor)
                time.sleep(600)
            os._exit(0)
        os.wait()
        while not (os.path.exists(path) and open(path).read()): time.sleep(0.01)
        return {"daemon": int(open(path).read())}
"""


@pytest.mark.parametrize("how", ["exit", "timeout", "delete", "cloud killed"])
def test_grandchildren_end_with_the_function(own_cloud, tmp_path, how):
    code = BOOTSTRAP.replace('    if "Records" in event:', DAEMON + '    if "Records" in event:', 1)
    lam = own_cloud.client("lambda")
    lam.update_function_code(FunctionName="f", ZipFile=package(code))
    lam.update_function_configuration(FunctionName="f", Timeout=2)
    pid = call(own_cloud.client, "f", {"daemon": str(tmp_path / "pid")})[1]["daemon"]
    assert not is_gone(pid)
    if how == "exit":
        call(own_cloud.client, "f", {"exit": 1})
    elif how == "timeout":
        call(own_cloud.client, "f", {"sleep": 10})
    elif how == "delete":
        lam.delete_function(FunctionName="f")
    else:
        own_cloud.kill()
    wait_until(lambda: is_gone(pid), 15, "the end of the grandchild")


def test_no_sandbox_outlives_the_cloud(own_cloud):
    _, body = call(own_cloud.client, "f", {})
    os.kill(body["pid"], 0)
    own_cloud.kill()
    assert wait_until(lambda: is_gone(body["pid"]), 5)
    own_cloud.start()
    assert call(own_cloud.client, "f", {})[1]["calls"] == 1
