"""EventBridge Scheduler through boto3 and the aws CLI: schedules, groups, and invocations that really happen."""
import datetime
import json

import botocore.exceptions
import pytest
import signed
from conftest import wait_until
from local_cloud import Cloud
from test_lambda import ARCHITECTURE, BASIC, BOOTSTRAP, package

TRUST = {"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow", "Principal": {"Service": "scheduler.amazonaws.com"}, "Action": "sts:AssumeRole"}]}


def refused(code):
    return pytest.raises(botocore.exceptions.ClientError, match=rf"\({code}\)")


def utcnow():
    return datetime.datetime.now(datetime.timezone.utc)


def at(time):
    return f"at({time.strftime('%Y-%m-%dT%H:%M:%S')})"


def make_role(iam, name, actions, resource="*"):
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": actions, "Resource": resource}]}))
    return arn


@pytest.fixture
def role(client, name):
    return make_role(client("iam"), name, ["sqs:SendMessage", "sns:Publish", "lambda:InvokeFunction"])


@pytest.fixture
def queue(client, name):
    sqs = client("sqs")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    return url, arn


@pytest.fixture
def function(client, name):
    """A function that prints the events it gets; its ARN."""
    iam, functions = client("iam"), client("lambda")
    trust = json.loads(json.dumps(TRUST).replace("scheduler.amazonaws.com", "lambda.amazonaws.com"))
    own = iam.create_role(RoleName=name + "own", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    iam.attach_role_policy(RoleName=name + "own", PolicyArn=BASIC)
    code = BOOTSTRAP.replace("calls += 1", 'calls += 1; print("EVENT", json.dumps(event), flush=True)')
    yield functions.create_function(FunctionName=name, Runtime="provided.al2023", Handler="main", Role=own,
                                    Architectures=[ARCHITECTURE], Code={"ZipFile": package(code)})["FunctionArn"]
    functions.delete_function(FunctionName=name)


def receive(sqs, url, what="the message", **options):
    return wait_until(lambda: sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5, MessageAttributeNames=["All"],
                                                  AttributeNames=["All"], **options).get("Messages"), what=what)[0]


OFF = {"Mode": "OFF"}


def test_a_schedule_is_kept_as_it_was_asked_for(client, aws, name, role, queue):
    scheduler = client("scheduler")
    start = utcnow().replace(microsecond=0) + datetime.timedelta(days=1)
    arn = scheduler.create_schedule(
        Name=name, Description="d", ScheduleExpression="cron(0/15 8-17 ? * MON-FRI *)", State="DISABLED",
        ScheduleExpressionTimezone="Europe/Berlin", StartDate=start, EndDate=start + datetime.timedelta(days=9),
        FlexibleTimeWindow={"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 5},
        Target={"Arn": queue[1], "RoleArn": role, "Input": "x", "RetryPolicy": {"MaximumRetryAttempts": 3},
                "DeadLetterConfig": {"Arn": queue[1]}})["ScheduleArn"]
    assert arn.endswith(f":schedule/default/{name}")
    shown = scheduler.get_schedule(Name=name)
    assert shown["Arn"] == arn and shown["GroupName"] == "default" and shown["State"] == "DISABLED"
    assert shown["StartDate"] == start and shown["FlexibleTimeWindow"]["MaximumWindowInMinutes"] == 5
    assert shown["Target"]["RetryPolicy"] == {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 3}
    assert abs((shown["CreationDate"] - utcnow()).total_seconds()) < 60
    with refused("ConflictException"):
        scheduler.create_schedule(Name=name, ScheduleExpression="rate(1 hour)", FlexibleTimeWindow=OFF,
                                  Target={"Arn": queue[1], "RoleArn": role})
    scheduler.update_schedule(Name=name, ScheduleExpression="rate(3 hours)", FlexibleTimeWindow=OFF, State="DISABLED",
                              Target={"Arn": queue[1], "RoleArn": role})
    updated = scheduler.get_schedule(Name=name)
    assert updated["ScheduleExpression"] == "rate(3 hours)" and "Description" not in updated
    assert updated["ScheduleExpressionTimezone"] == "UTC"
    listed = aws("scheduler", "list-schedules", "--name-prefix", name)["Schedules"]
    assert [s["Name"] for s in listed] == [name] and listed[0]["Target"] == {"Arn": queue[1]}
    scheduler.delete_schedule(Name=name)
    with refused("ResourceNotFoundException"):
        scheduler.get_schedule(Name=name)


def test_the_same_client_token_is_the_same_request(client, name, role, queue):
    scheduler = client("scheduler")
    asked = dict(Name=name, ScheduleExpression="rate(1 day)", FlexibleTimeWindow=OFF, State="DISABLED",
                 Target={"Arn": queue[1], "RoleArn": role}, ClientToken="t-" + name)
    assert scheduler.create_schedule(**asked)["ScheduleArn"] == scheduler.create_schedule(**asked)["ScheduleArn"]
    with refused("ConflictException"):
        scheduler.create_schedule(**{**asked, "ScheduleExpression": "rate(2 days)"})
    scheduler.delete_schedule(Name=name, ClientToken="d-" + name)
    scheduler.delete_schedule(Name=name, ClientToken="d-" + name)
    with refused("ResourceNotFoundException"):
        scheduler.delete_schedule(Name=name, ClientToken="e-" + name)


def test_groups_hold_schedules_and_take_them_along(client, aws, name, role, queue):
    scheduler = client("scheduler")
    arn = scheduler.create_schedule_group(Name=name, Tags=[{"Key": "k", "Value": "v"}])["ScheduleGroupArn"]
    with refused("ConflictException"):
        scheduler.create_schedule_group(Name=name)
    assert scheduler.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "k", "Value": "v"}]
    scheduler.tag_resource(ResourceArn=arn, Tags=[{"Key": "l", "Value": "w"}])
    scheduler.untag_resource(ResourceArn=arn, TagKeys=["k"])
    assert aws("scheduler", "list-tags-for-resource", "--resource-arn", arn)["Tags"] == [{"Key": "l", "Value": "w"}]
    for i in range(5):
        scheduler.create_schedule(Name=f"s{i}", GroupName=name, ScheduleExpression="rate(1 day)", State="DISABLED",
                                  FlexibleTimeWindow=OFF, Target={"Arn": queue[1], "RoleArn": role})
    pages = scheduler.get_paginator("list_schedules").paginate(GroupName=name, PaginationConfig={"PageSize": 2})
    assert [s["Name"] for page in pages for s in page["Schedules"]] == [f"s{i}" for i in range(5)]
    assert scheduler.get_schedule_group(Name=name)["State"] == "ACTIVE"
    groups = [g["Name"] for g in scheduler.list_schedule_groups()["ScheduleGroups"]]
    assert "default" in groups and name in groups
    scheduler.delete_schedule_group(Name=name)

    def is_gone():
        try:
            scheduler.get_schedule_group(Name=name)
        except scheduler.exceptions.ResourceNotFoundException:
            return True

    wait_until(is_gone, what="the group's end")
    with refused("ResourceNotFoundException"):
        scheduler.get_schedule(Name="s0", GroupName=name)
    with refused("ValidationException"):
        scheduler.delete_schedule_group(Name="default")


def test_a_rate_invokes_a_queue_at_once_with_its_words_filled_in(client, name, role, queue):
    scheduler, sqs = client("scheduler"), client("sqs")
    before = utcnow().replace(microsecond=0)
    arn = scheduler.create_schedule(
        Name=name, ScheduleExpression="rate(1 hour)", FlexibleTimeWindow=OFF,
        Target={"Arn": queue[1], "RoleArn": role, "Input": json.dumps({
            "arn": "<aws.scheduler.schedule-arn>", "time": "<aws.scheduler.scheduled-time>",
            "id": "<aws.scheduler.execution-id>", "attempt": "<aws.scheduler.attempt-number>"})})["ScheduleArn"]
    body = json.loads(receive(sqs, queue[0])["Body"])
    assert body["arn"] == arn and body["attempt"] == "1" and body["id"]
    assert before <= datetime.datetime.fromisoformat(body["time"].replace("Z", "+00:00")) <= utcnow()
    scheduler.delete_schedule(Name=name)


def test_a_one_time_schedule_invokes_a_fifo_queue_and_stays(client, name, role):
    scheduler, sqs = client("scheduler"), client("sqs")
    url = sqs.create_queue(QueueName=name + ".fifo",
                           Attributes={"FifoQueue": "true", "ContentBasedDeduplication": "true"})["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    scheduler.create_schedule(
        Name=name, ScheduleExpression=at(utcnow() + datetime.timedelta(seconds=2)), FlexibleTimeWindow=OFF,
        Target={"Arn": arn, "RoleArn": role, "Input": "hello", "SqsParameters": {"MessageGroupId": "g"}})
    message = receive(sqs, url)
    assert message["Body"] == "hello" and message["Attributes"]["MessageGroupId"] == "g"
    assert scheduler.get_schedule(Name=name)["State"] == "ENABLED"


def test_a_schedule_that_is_over_is_deleted_where_it_says_so(cloud, client, name, role, queue):
    """Debian's boto3 does not know ActionAfterCompletion yet: the request is signed by hand."""
    scheduler, sqs = client("scheduler"), client("sqs")
    body = {"ScheduleExpression": at(utcnow()), "FlexibleTimeWindow": OFF, "ActionAfterCompletion": "DELETE",
            "Target": {"Arn": queue[1], "RoleArn": role, "Input": "bye"}}
    answer = signed.call(cloud, "scheduler", "POST", f"/schedules/{name}", {"Content-Type": "application/json"},
                         json.dumps(body).encode())
    assert answer.status == 200 and json.loads(answer.body)["ScheduleArn"].endswith(name)
    assert receive(sqs, queue[0])["Body"] == "bye"

    def is_gone():
        try:
            scheduler.get_schedule(Name=name)
        except scheduler.exceptions.ResourceNotFoundException:
            return True

    wait_until(is_gone, what="the schedule's end")


def test_topics_and_functions_are_invoked_by_the_schedules_role(client, name, role, queue, function):
    scheduler, sqs, sns = client("scheduler"), client("sqs"), client("sns")
    topic = sns.create_topic(Name=name)["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue[1], Attributes={"RawMessageDelivery": "true"})
    sqs.set_queue_attributes(QueueUrl=queue[0], Attributes={"Policy": json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": queue[1],
         "Condition": {"ArnEquals": {"aws:SourceArn": topic}}}]})})
    scheduler.create_schedule(Name=name + "t", ScheduleExpression=at(utcnow()), FlexibleTimeWindow=OFF,
                              Target={"Arn": topic, "RoleArn": role, "Input": "to the topic"})
    assert receive(sqs, queue[0])["Body"] == "to the topic"
    # The function's own policy names nobody: the role's is enough.
    scheduler.create_schedule(Name=name + "f", ScheduleExpression=at(utcnow()), FlexibleTimeWindow=OFF,
                              Target={"Arn": function, "RoleArn": role})
    logs = client("logs")

    def event():
        try:
            lines = logs.filter_log_events(logGroupName=f"/aws/lambda/{name}", filterPattern="EVENT")["events"]
        except logs.exceptions.ResourceNotFoundException:
            return None
        return lines and json.loads(lines[0]["message"].split(" ", 1)[1])

    seen = wait_until(event, what="the function's line")
    assert seen["source"] == "aws.scheduler" and seen["detail-type"] == "Scheduled Event" and seen["detail"] == "{}"
    assert seen["resources"][0].endswith(f":schedule/default/{name}f")
    now = utcnow()
    points = client("cloudwatch").get_metric_statistics(
        Namespace="AWS/Lambda", MetricName="ConcurrentExecutions", Dimensions=[{"Name": "FunctionName", "Value": name}],
        StartTime=now - datetime.timedelta(minutes=5), EndTime=now + datetime.timedelta(minutes=5), Period=60,
        Statistics=["Maximum"])["Datapoints"]
    assert max(p["Maximum"] for p in points) == 1


def test_what_no_retry_can_help_goes_to_the_dead_letter_queue(client, name, role, queue):
    scheduler, sqs = client("scheduler"), client("sqs")
    nowhere = queue[1] + "-nowhere"
    arn = scheduler.create_schedule(
        Name=name, ScheduleExpression=at(utcnow()), FlexibleTimeWindow=OFF,
        Target={"Arn": nowhere, "RoleArn": role, "Input": "lost", "DeadLetterConfig": {"Arn": queue[1]}})["ScheduleArn"]
    letter = receive(sqs, queue[0], "the dead letter")
    attributes = {k: v["StringValue"] for k, v in letter["MessageAttributes"].items()}
    assert letter["Body"] == "lost" and attributes["SCHEDULE_ARN"] == arn and attributes["TARGET_ARN"] == nowhere
    assert "NonExistentQueue" in attributes["ERROR_CODE"] and attributes["RETRY_ATTEMPTS"] == "0"
    now = utcnow()

    def count(metric):
        points = client("cloudwatch").get_metric_statistics(
            Namespace="AWS/Scheduler", MetricName=metric, Dimensions=[{"Name": "ScheduleGroup", "Value": "default"}],
            StartTime=now - datetime.timedelta(minutes=5), EndTime=now + datetime.timedelta(minutes=5), Period=60,
            Statistics=["Sum"])["Datapoints"]
        return sum(p["Sum"] for p in points)

    assert count("InvocationAttemptCount") >= 1 and count("TargetErrorCount") >= 1
    assert count("InvocationsSentToDeadLetterCount") >= 1


def test_the_roles_policies_decide_what_a_schedule_may_invoke(client, name, queue):
    scheduler, sqs = client("scheduler"), client("sqs")
    other = sqs.create_queue(QueueName=name + "-other")["QueueUrl"]
    forbidden = sqs.get_queue_attributes(QueueUrl=other, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    narrow = make_role(client("iam"), name, ["sqs:SendMessage"], queue[1])
    scheduler.create_schedule(
        Name=name, ScheduleExpression=at(utcnow()), FlexibleTimeWindow=OFF,
        Target={"Arn": forbidden, "RoleArn": narrow, "Input": "no", "DeadLetterConfig": {"Arn": queue[1]}})
    letter = receive(sqs, queue[0], "the dead letter")
    assert "AccessDenied" in letter["MessageAttributes"]["ERROR_CODE"]["StringValue"] and letter["Body"] == "no"
    assert "Messages" not in sqs.receive_message(QueueUrl=other)


def test_refusals(client, name, role, queue):
    scheduler, iam = client("scheduler"), client("iam")
    asked = dict(Name=name, ScheduleExpression="rate(1 hour)", FlexibleTimeWindow=OFF,
                 Target={"Arn": queue[1], "RoleArn": role})
    for change in ({"ScheduleExpression": "cron(* * * * *)"}, {"ScheduleExpressionTimezone": "Mars/Base"},
                   {"FlexibleTimeWindow": {"Mode": "FLEXIBLE"}},
                   {"Target": {"Arn": queue[1], "RoleArn": role + "-nobody"}},
                   {"Target": {"Arn": queue[1].replace(name, name + ".fifo"), "RoleArn": role}}):
        with refused("ValidationException"):
            scheduler.create_schedule(**{**asked, **change})
    with refused("ResourceNotFoundException"):
        scheduler.create_schedule(**asked, GroupName="nobody")
    with refused("ResourceNotFoundException"):
        scheduler.update_schedule(**asked)
    with refused("NotImplemented"):
        scheduler.create_schedule(**{**asked, "Target": {"Arn": "arn:aws:scheduler:::aws-sdk:sqs:sendMessage", "RoleArn": role}})
    stranger = iam.create_role(RoleName=name + "s", AssumeRolePolicyDocument=json.dumps(
        TRUST).replace("scheduler.amazonaws.com", "ec2.amazonaws.com"))["Role"]["Arn"]
    with pytest.raises(botocore.exceptions.ClientError, match="must allow AWS EventBridge Scheduler to assume the role"):
        scheduler.create_schedule(**{**asked, "Target": {"Arn": queue[1], "RoleArn": stranger}})


def test_what_passed_while_the_cloud_was_down_is_made_up_for_once(tmp_path):
    """kill -9 before it is due: after the next start it comes late, and after another start not again."""
    cloud = Cloud(tmp_path / "down").start()
    scheduler, sqs = cloud.client("scheduler"), cloud.client("sqs")
    role = make_role(cloud.client("iam"), "r", ["sqs:SendMessage"])
    url = sqs.create_queue(QueueName="q")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    due = utcnow().replace(microsecond=0) + datetime.timedelta(seconds=2)
    scheduler.create_schedule(Name="once", ScheduleExpression=at(due), FlexibleTimeWindow=OFF,
                              Target={"Arn": arn, "RoleArn": role, "Input": "<aws.scheduler.scheduled-time>"})
    cloud.kill()
    wait_until(lambda: utcnow() > due, what="the time itself")
    cloud.start()
    try:
        sqs = cloud.client("sqs")
        late = receive(sqs, url)
        assert late["Body"] == due.strftime("%Y-%m-%dT%H:%M:%SZ")
        sqs.delete_message(QueueUrl=url, ReceiptHandle=late["ReceiptHandle"])
        cloud.stop()  # kill -9 in the moment after the message was sent may repeat it, as AWS may
        cloud.start()
        assert cloud.client("scheduler").get_schedule(Name="once")["State"] == "ENABLED"
        sqs = cloud.client("sqs")
        assert "Messages" not in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1), "it came twice"
    finally:
        cloud.stop()


TEMPLATE = {
    "Parameters": {"Name": {"Type": "String"}, "Queue": {"Type": "String"}, "Input": {"Type": "String", "Default": "one"}},
    "Resources": {
        "Role": {"Type": "AWS::IAM::Role", "Properties": {
            "AssumeRolePolicyDocument": TRUST,
            "Policies": [{"PolicyName": "send", "PolicyDocument": {"Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": {"Ref": "Queue"}}]}}]}},
        "Group": {"Type": "AWS::Scheduler::ScheduleGroup", "Properties": {"Name": {"Ref": "Name"}, "Tags": [
            {"Key": "k", "Value": "v"}]}},
        "Schedule": {"Type": "AWS::Scheduler::Schedule", "Properties": {
            "GroupName": {"Ref": "Group"}, "ScheduleExpression": "rate(5 minutes)",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {"Arn": {"Ref": "Queue"}, "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]}, "Input": {"Ref": "Input"},
                       "RetryPolicy": {"MaximumRetryAttempts": "2"}}}}},
    "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["Schedule", "Arn"]}}, "Name": {"Value": {"Ref": "Schedule"}}}}


def test_a_stack_makes_changes_and_removes_a_schedule(client, name, queue):
    stacks, scheduler, sqs = client("cloudformation"), client("scheduler"), client("sqs")

    def parameters(given):
        return [{"ParameterKey": k, "ParameterValue": v} for k, v in {"Name": name, "Queue": queue[1], "Input": given}.items()]

    stacks.create_stack(StackName=name, TemplateBody=json.dumps(TEMPLATE), Parameters=parameters("one"),
                        Capabilities=["CAPABILITY_IAM"])
    stacks.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    outputs = {o["OutputKey"]: o["OutputValue"] for o in stacks.describe_stacks(StackName=name)["Stacks"][0]["Outputs"]}
    schedule = scheduler.get_schedule(Name=outputs["Name"], GroupName=name)
    assert schedule["Arn"] == outputs["Arn"] and schedule["Target"]["RetryPolicy"]["MaximumRetryAttempts"] == 2
    assert receive(sqs, queue[0])["Body"] == "one"
    stacks.update_stack(StackName=name, TemplateBody=json.dumps(TEMPLATE), Parameters=parameters("two"),
                        Capabilities=["CAPABILITY_IAM"])
    stacks.get_waiter("stack_update_complete").wait(StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    assert scheduler.get_schedule(Name=outputs["Name"], GroupName=name)["Target"]["Input"] == "two"
    stacks.delete_stack(StackName=name)
    stacks.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    with refused("ResourceNotFoundException"):
        scheduler.get_schedule(Name=outputs["Name"], GroupName=name)
