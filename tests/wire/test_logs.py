"""CloudWatch Logs through official clients. The same file runs against AWS."""
import time

import botocore.exceptions
import pytest

from conftest import wait_until


@pytest.fixture
def group(client, name):
    logs = client("logs")
    logs.create_log_group(logGroupName="/t/" + name, tags={"a": "b"})
    yield "/t/" + name
    logs.delete_log_group(logGroupName="/t/" + name)


def put(logs, group, stream, *messages):
    now = int(time.time() * 1000)
    return logs.put_log_events(logGroupName=group, logStreamName=stream,
                               logEvents=[{"timestamp": now + i, "message": m} for i, m in enumerate(messages)])


def refused(code):
    return pytest.raises(botocore.exceptions.ClientError, match=code)


def test_groups(client, group, name):
    logs = client("logs")
    with refused("ResourceAlreadyExistsException"):
        logs.create_log_group(logGroupName=group)
    with refused("InvalidParameterException"):
        logs.create_log_group(logGroupName="no spaces allowed")
    logs.put_retention_policy(logGroupName=group, retentionInDays=14)
    found = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]
    assert found["retentionInDays"] == 14
    assert found["arn"].endswith(f":log-group:{group}:*")
    logs.delete_retention_policy(logGroupName=group)
    assert "retentionInDays" not in logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]
    with refused("InvalidParameterException"):
        logs.put_retention_policy(logGroupName=group, retentionInDays=2)
    logs.tag_log_group(logGroupName=group, tags={"c": "d"})
    logs.untag_log_group(logGroupName=group, tags=["a"])
    assert logs.list_tags_log_group(logGroupName=group)["tags"] == {"c": "d"}


def test_events_are_read_page_by_page(client, group):
    logs = client("logs")
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    put(logs, group, "s", *[f"m{i}" for i in range(5)])
    where = {"logGroupName": group, "logStreamName": "s"}
    read = lambda answer: [e["message"] for e in answer["events"]]
    assert wait_until(lambda: read(logs.get_log_events(**where)) == ["m0", "m1", "m2", "m3", "m4"])
    head = logs.get_log_events(**where, startFromHead=True, limit=3)
    assert read(head) == ["m0", "m1", "m2"]
    rest = logs.get_log_events(**where, nextToken=head["nextForwardToken"])
    assert read(rest) == ["m3", "m4"]
    end = logs.get_log_events(**where, nextToken=rest["nextForwardToken"])
    assert read(end) == [] and end["nextForwardToken"] == rest["nextForwardToken"]
    tail = logs.get_log_events(**where, limit=2)
    assert read(tail) == ["m3", "m4"]
    assert read(logs.get_log_events(**where, limit=2, nextToken=tail["nextBackwardToken"])) == ["m1", "m2"]


def test_events_are_filtered(client, group):
    logs = client("logs")
    for stream in ("a/1", "b/1"):
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
    put(logs, group, "a/1", "ERROR first", '{"level": "error", "code": 503}', "fine")
    put(logs, group, "b/1", "ERROR second")

    def found(pattern="", **more):
        pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group, filterPattern=pattern, **more)
        return sorted(e["message"] for page in pages for e in page["events"])

    assert wait_until(lambda: len(found()) == 4)
    assert found("ERROR") == ["ERROR first", "ERROR second"]
    assert found("ERROR -second") == ["ERROR first"]
    assert found("?fine ?second") == ["ERROR second", "fine"]
    assert found('{ $.level = "err*" && $.code >= 500 }') == ['{"level": "error", "code": 503}']
    assert found("ERROR", logStreamNamePrefix="b/") == ["ERROR second"]
    assert found("", logStreamNames=["a/1"]) == sorted(["ERROR first", '{"level": "error", "code": 503}', "fine"])
    with refused("InvalidParameterException"):
        found("{ $.x = }")


def test_streams(client, group):
    logs = client("logs")
    for stream in ("x", "y", "z"):
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
    with refused("ResourceAlreadyExistsException"):
        logs.create_log_stream(logGroupName=group, logStreamName="x")
    put(logs, group, "y", "m")
    assert wait_until(lambda: logs.describe_log_streams(
        logGroupName=group, orderBy="LastEventTime", descending=True, limit=1)["logStreams"][0]["logStreamName"] == "y")
    pages = logs.get_paginator("describe_log_streams").paginate(logGroupName=group, PaginationConfig={"PageSize": 2})
    assert [s["logStreamName"] for page in pages for s in page["logStreams"]] == ["x", "y", "z"]
    logs.delete_log_stream(logGroupName=group, logStreamName="y")
    with refused("ResourceNotFoundException"):
        logs.get_log_events(logGroupName=group, logStreamName="y")


def test_refusals(client, group):
    logs = client("logs")
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    now = int(time.time() * 1000)
    with refused("chronological order"):
        logs.put_log_events(logGroupName=group, logStreamName="s",
                            logEvents=[{"timestamp": now, "message": "b"}, {"timestamp": now - 5, "message": "a"}])
    with refused("The specified log stream does not exist"):
        put(logs, group, "none", "m")
    with refused("The specified log group does not exist"):
        put(logs, group + "x", "s", "m")
    old = logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=[{"timestamp": 1000, "message": "old"}])
    assert old["rejectedLogEventsInfo"]["tooOldLogEventEndIndex"] == 1
    with refused("NotImplemented|UnknownOperation"):
        logs.start_query(logGroupName=group, startTime=0, endTime=1, queryString="fields @message")


def test_the_command_line(aws, client, group):
    client("logs").create_log_stream(logGroupName=group, logStreamName="s")
    put(client("logs"), group, "s", "hello tail")
    assert wait_until(lambda: "hello tail" in str(aws("logs", "tail", group)))
