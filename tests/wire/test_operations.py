"""The one way of a request through every service that is on src/cloud/operations: what is not there, and what is not valid."""
import json
from urllib.parse import urlencode

import pytest
from signed import FORM, call

# service -> how it is asked: X-Amz-Target's prefix, or a form's version
TARGETS = {"logs": "Logs_20140328.", "ssm": "AmazonSSM.", "sqs": "AmazonSQS."}
VERSIONS = {"sns": "2010-03-31", "monitoring": "2010-08-01"}
# Operations of AWS that the local cloud lacks.
LACKING = {"logs": "StartQuery", "ssm": "ListDocuments", "sns": "CreatePlatformApplication",
           "monitoring": "PutCompositeAlarm"}


def ask(cloud, service, operation, members=None, body=None):
    if service in TARGETS:
        body = json.dumps(members or {}).encode() if body is None else body
        return call(cloud, service, "POST", "/", {"X-Amz-Target": TARGETS[service] + operation,
                                                  "Content-Type": "application/x-amz-json-1.1"}, body)
    form = {"Action": operation, "Version": VERSIONS[service], **(members or {})}
    return call(cloud, service, "POST", "/", {"Content-Type": FORM}, urlencode(form).encode())


@pytest.mark.parametrize("service", LACKING)
def test_an_operation_that_only_aws_has_says_so(cloud, service):
    answer = ask(cloud, service, LACKING[service])
    assert (answer.status, answer.code) == (501, "NotImplemented"), answer
    assert LACKING[service] in answer.body.decode()


@pytest.mark.parametrize("service", LACKING)
def test_an_operation_that_aws_does_not_have_is_unknown(cloud, service):
    answer = ask(cloud, service, "MakeCoffee")
    expected = "UnknownOperationException" if service in TARGETS else "InvalidAction"
    assert (answer.status, answer.code) == (400, expected), answer


@pytest.mark.parametrize("service", TARGETS)
@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b'{"a":1}x'])
def test_a_body_that_is_not_an_object_is_not_read(cloud, service, body):
    operation = {"logs": "DescribeLogGroups", "ssm": "DescribeParameters"}.get(service, "ListQueues")
    answer = ask(cloud, service, operation, body=body)
    assert (answer.status, answer.code) == (400, "SerializationException"), answer


@pytest.mark.parametrize("service, operation, members, code, message", [
    ("logs", "CreateLogGroup", {}, "InvalidParameterException",
     "1 validation error detected: Value null at 'logGroupName' failed to satisfy constraint: Member must not be null"),
    ("logs", "CreateLogGroup", {"logGroupName": ""}, "InvalidParameterException",
     "2 validation errors detected: Value '' at 'logGroupName' failed to satisfy constraint: Member must have length "
     "greater than or equal to 1; Value '' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular "
     r"expression pattern: [\.\-_/#A-Za-z0-9]+"),
    ("logs", "CreateLogGroup", {"logGroupName": 5}, "SerializationException",
     "NUMBER_VALUE cannot be converted to String"),
    ("logs", "PutLogEvents", {"logGroupName": "g", "logStreamName": "a:b", "logEvents": [{"message": "m"}]},
     "InvalidParameterException",
     "2 validation errors detected: Value 'a:b' at 'logStreamName' failed to satisfy constraint: Member must satisfy "
     "regular expression pattern: [^:*]*; Value null at 'logEvents.1.member.timestamp' failed to satisfy constraint: "
     "Member must not be null"),
    ("ssm", "GetParameters", {"Names": []}, "ValidationException",
     "1 validation error detected: Value '[]' at 'names' failed to satisfy constraint: Member must have length greater "
     "than or equal to 1"),
    ("ssm", "PutParameter", {"Name": "n", "Type": "Number", "Value": "secret"}, "ValidationException",
     "1 validation error detected: Value 'Number' at 'type' failed to satisfy constraint: Member must satisfy enum value "
     "set: [String, StringList, SecureString]"),
    ("ssm", "DescribeParameters", {"MaxResults": 51}, "ValidationException",
     "1 validation error detected: Value '51' at 'maxResults' failed to satisfy constraint: Member must have value less "
     "than or equal to 50"),
    ("sns", "Publish", {"TopicArn": "arn:aws:sns:eu-central-1:000000000000:t"}, "InvalidParameter",
     "Invalid parameter: Message Reason: no value for required parameter"),
    ("sns", "Publish", {"Message": "m"}, "InvalidParameter",
     "Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter"),
    ("monitoring", "SetAlarmState", {"AlarmName": "a", "StateReason": "r", "StateValue": "BAD"}, "ValidationError",
     "1 validation error detected: Value 'BAD' at 'stateValue' failed to satisfy constraint: Member must satisfy enum value "
     "set: [OK, ALARM, INSUFFICIENT_DATA]"),
    ("monitoring", "GetDashboard", {}, "MissingParameter", "The parameter DashboardName is required."),
    ("monitoring", "DescribeAlarms", {"MaxRecords": "many"}, "MalformedInput",
     "STRING_VALUE cannot be converted to Integer"),
])
def test_what_the_model_forbids_is_named(cloud, service, operation, members, code, message):
    answer = ask(cloud, service, operation, members)
    assert answer.code == code, answer
    assert message in answer.body.decode().replace("&apos;", "'").replace('\\\\', '\\'), answer


# ---- REST ----

@pytest.mark.parametrize("service, method, path, body, status, code, message", [
    ("scheduler", "GET", "/schedules?MaxResults=0", b"", 400, "ValidationException",
     "1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater "
     "than or equal to 1"),
    ("scheduler", "GET", "/schedules?MaxResults=ten", b"", 400, "SerializationException",
     "STRING_VALUE cannot be converted to Integer"),
    ("scheduler", "POST", "/schedule-groups/a%20b", b"{}", 400, "ValidationException",
     "Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern"),
    ("scheduler", "POST", "/schedules/a", b"{", 400, "SerializationException", "not JSON"),
    ("scheduler", "POST", "/schedules/a", b"{}", 400, "ValidationException", "3 validation errors detected: Value null at "),
    ("scheduler", "GET", "/schedules/a/b", b"", 404, "UnknownOperationException", "GET /schedules/a/b"),
    ("scheduler", "PATCH", "/schedules", b"", 404, "UnknownOperationException", "PATCH /schedules"),
])
def test_what_rest_services_do_not_take(cloud, service, method, path, body, status, code, message):
    answer = call(cloud, service, method, path, {"Content-Type": "application/json"} if body else {}, body)
    assert (answer.status, answer.code) == (status, code), answer
    assert message in answer.body.decode(), answer
