"""The roles of resources.yaml are enough (every journey runs under them), and none of their statements is too much: taken
away, something that the role does is refused. ADS_EACH_ACTION=1 takes away single actions instead."""
import copy
import datetime
import json
import os
import uuid

import pytest

import oracle
from local_cloud import wait_until
from test_failures import event_of

SMALL = b"200,0,no-address\n500,0,no-address\nbad\n"
LARGE = SMALL * 20
INLINE = 400  # bytes: between the two
EACH_ACTION = bool(os.environ.get("ADS_EACH_ACTION"))


class Guarded:
    """A stack whose functions are only invoked by the test, and whose roles can lose permissions."""

    def __init__(self, stack):
        self.stack = stack
        self.iam, self.scheduler, self.mail = (stack.cloud.client(s) for s in ("iam", "scheduler", "sesv2"))
        stack.s3.put_bucket_notification_configuration(Bucket=stack.bucket, NotificationConfiguration={})
        self.mappings = {}
        for function in ("Worker", "Retry", "Sweep"):
            name = stack.outputs[f"{function}Function"]
            self.mappings[function] = stack.lambdas.list_event_source_mappings(FunctionName=name)["EventSourceMappings"][0]["UUID"]
            self.poll(function, False)
        stack.set_variables("Dispatch", INLINE_BYTES=INLINE)
        stack.set_variables("Sweep", SWEEP_AFTER_SECONDS=0)
        resources = stack.cloud.client("cloudformation").describe_stack_resources(StackName=stack.name)["StackResources"]
        self.roles = {r["LogicalResourceId"]: r["PhysicalResourceId"] for r in resources if r["ResourceType"] == "AWS::IAM::Role"}
        self.files = 0

    def poll(self, function, enabled):
        try:
            self.stack.lambdas.update_event_source_mapping(UUID=self.mappings[function], Enabled=enabled)
        except self.stack.lambdas.exceptions.InvalidParameterValueException:
            pass  # without the permissions to read the queue

    def invoke(self, function, event):
        """The answer's JSON; of a function that failed {}: why is in the cloud's log."""
        answer = self.stack.lambdas.invoke(FunctionName=self.stack.outputs[f"{function}Function"], Payload=event)
        payload = answer["Payload"].read()
        return {} if "FunctionError" in answer else json.loads(payload)

    def drop(self, content):
        key = f"DES_Manually_Process_{self.stack.today()}"
        version = self.stack.put(key, content)
        self.invoke("Dispatch", event_of(self.stack, key, version))
        return oracle.run_id(self.stack.bucket, key, version)

    def message(self, function, *bodies, group=None):
        self.invoke(function, json.dumps({"Records": [{
            "messageId": str(uuid.uuid4()), "receiptHandle": "none", "body": body if isinstance(body, str) else json.dumps(body),
            "attributes": {"ApproximateReceiveCount": "1", **({"MessageGroupId": group} if group else {})},
            "messageAttributes": {}, "eventSource": "aws:sqs", "awsRegion": "eu-central-1"} for body in bodies]}))

    def empty(self, output):
        """A queue's messages are taken away; PurgeQueue would do that once a minute only."""
        url = self.stack.outputs[output]
        while messages := self.stack.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            self.stack.sqs.delete_message_batch(QueueUrl=url, Entries=[
                {"Id": str(i), "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(messages)])

    # What each role does: `drop` is dispatch's small file, then the large one.

    def dispatch(self):
        self.drop(SMALL)
        self.drop(LARGE)

    def worker(self):
        run = self.drop(LARGE)
        self.message("Worker", {"runId": run, "shard": 0})
        self.message("Worker", {"runId": run})

    def retry(self):
        for user in ("no-address", "oversize"):
            offset = uuid.uuid4().int % 2 ** 40
            record = oracle.record_id("0" * 32, offset)
            self.message("Retry", {"serviceUUID": user, "statusCode": 503, "retryCount": 0, "recordId": record, "runId": "0" * 32,
                                   "batch": "DES", "offset": offset, "length": 9}, group=user)
        self.message("Retry", "a stranger's message", group="a")

    def sweep(self):
        run = self.drop(LARGE)
        self.empty("ShardQueueUrl")
        self.invoke("Sweep", "{}")
        self.message("Worker", {"runId": run, "shard": 0})
        self.message("Sweep", {"runId": run})  # the shards queue gave the message of the run's end up
        run = self.drop(LARGE)
        self.message("Sweep", {"runId": run, "shard": 0})  # and here a shard's
        self.message("Sweep", {"runId": run})

    def sweep_without_mail(self):
        account = {"MailType": "TRANSACTIONAL", "WebsiteURL": "https://example.com", "UseCaseDescription": "reports"}
        self.mail.put_account_details(ProductionAccessEnabled=False, **account)
        self.sweep()
        self.mail.put_account_details(ProductionAccessEnabled=True, **account)

    def schedule(self):
        now = datetime.datetime.now(datetime.timezone.utc)
        self.scheduler.create_schedule(
            Name=f"now-{uuid.uuid4()}", ScheduleExpression=f"at({now:%Y-%m-%dT%H:%M:%S})", FlexibleTimeWindow={"Mode": "OFF"},
            Target={"Arn": self.arn("SweepFunction"), "RetryPolicy": {"MaximumRetryAttempts": 0},
                    "RoleArn": self.iam.get_role(RoleName=self.roles["SweepScheduleRole"])["Role"]["Arn"]})

    def arn(self, output):
        return self.stack.lambdas.get_function(FunctionName=self.stack.outputs[output])["Configuration"]["FunctionArn"]

    def consume(self, function):
        self.poll(function, True)
        self.poll(function, False)

    def denials(self, role, since):
        """Actions that were refused to that role, from that place of the cloud's log on."""
        with open(self.stack.cloud.log.name, "rb") as log:
            log.seek(since)
            lines = [json.loads(line) for line in log.read().split(b"\n")[:-1] if b'"access denied"' in line]
        return {line["action"].lower() for line in lines if f"/{self.roles[role]}/" in line["principal"] + "/"}

    def end_of_log(self):
        return os.path.getsize(self.stack.cloud.log.name)


# Of each role: what it does, and statements that something else needs.
SCENARIOS = {
    "DispatchRole": {"": Guarded.dispatch},
    "WorkerRole": {"": Guarded.worker, "Consume": lambda g: g.consume("Worker")},
    "RetryRole": {"": Guarded.retry, "Consume": lambda g: g.consume("Retry")},
    "SweepRole": {"": Guarded.sweep, "Consume": lambda g: g.consume("Sweep"), "TellOperators": Guarded.sweep_without_mail},
    "SweepScheduleRole": {"": Guarded.schedule},
}


@pytest.fixture(scope="module")
def guarded(deploy):
    return Guarded(deploy("guarded", WorkerConcurrency=2))


def actions_of(statement):
    actions = statement["Action"]
    return [actions] if isinstance(actions, str) else actions


def variants(document):
    """(what was taken away, its Sid and actions, the policy without it)"""
    for number, statement in enumerate(document["Statement"]):
        for taken in [[a] for a in actions_of(statement)] if EACH_ACTION else [actions_of(statement)]:
            without = copy.deepcopy(document)
            left = [a for a in actions_of(statement) if a not in taken]
            if left:
                without["Statement"][number]["Action"] = left
            else:
                del without["Statement"][number]
            yield statement["Sid"], taken, without


NOTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:GetCallerIdentity", "Resource": "*"}]}


@pytest.mark.parametrize("role", SCENARIOS)
def test_each_statement_is_needed(guarded, role):
    assert set(guarded.roles) == set(SCENARIOS)
    name, scenarios = guarded.roles[role], SCENARIOS[role]
    before = guarded.end_of_log()
    for scenario in scenarios.values():
        scenario(guarded)
    assert guarded.denials(role, before) == set(), "the role as it is lacks something"
    unneeded = []
    for policy in guarded.iam.list_role_policies(RoleName=name)["PolicyNames"]:
        document = guarded.iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
        for sid, taken, without in variants(document):
            guarded.iam.put_role_policy(RoleName=name, PolicyName=policy,
                                        PolicyDocument=json.dumps(without if without["Statement"] else NOTHING))
            since = guarded.end_of_log()
            scenarios.get(sid, scenarios[""])(guarded)
            try:
                wait_until(lambda: guarded.denials(role, since) & {action.lower() for action in taken}, 3)
            except AssertionError:
                unneeded.append(f"{policy}/{sid}: {', '.join(taken)} ({guarded.denials(role, since) or 'nothing'} was refused)")
        guarded.iam.put_role_policy(RoleName=name, PolicyName=policy, PolicyDocument=json.dumps(document))
    assert unneeded == []
