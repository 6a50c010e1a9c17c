"""kill -9 of the cloud in the middle of a stack operation: the next start goes on with it, and makes nothing twice."""
import io
import json
import os
import random
import threading
import zipfile

import botocore.config
import botocore.exceptions
import pytest

from local_cloud import REGION, Cloud, wait_until

SEED = int(os.environ.get("ADS_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 31)
CUT_OFF = (botocore.exceptions.HTTPClientError, botocore.exceptions.EndpointConnectionError)
WAYS = 3  # parallel chains in the template


def template(generation, names):
    """Chains of every type whose creation could be taken for a clash of names when it is repeated."""
    resources = {
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {
            "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]},
            "Policies": [{"PolicyName": "read", "PolicyDocument": {"Version": "2012-10-17", "Statement": [{
                "Effect": "Allow", "Action": ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], "Resource": "*"}]}}]}},
        "Topic": {"Type": "AWS::SNS::Topic"},
    }
    for way in range(WAYS):
        own = {"name": f"own-{way}-{generation}"} if names == "own" else {}
        resources |= {
            f"Queue{way}": {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 60 + generation, **({"QueueName": own["name"]} if own else {})}},
            f"Function{way}": {"Type": "AWS::Lambda::Function", "Properties": {
                "Runtime": "provided.al2023", "Handler": "h", "Role": {"Fn::GetAtt": ["Role", "Arn"]}, "Code": {"S3Bucket": "code", "S3Key": "f.zip"},
                "Environment": {"Variables": {"GENERATION": str(generation)}}, **({"FunctionName": own["name"]} if own else {})}},
            f"Permission{way}": {"Type": "AWS::Lambda::Permission", "Properties": {
                "Action": "lambda:InvokeFunction", "FunctionName": {"Ref": f"Function{way}"}, "Principal": "sns.amazonaws.com", "SourceArn": {"Ref": "Topic"}}},
            f"Feed{way}": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {
                "EventSourceArn": {"Fn::GetAtt": [f"Queue{way}", "Arn"]}, "FunctionName": {"Ref": f"Function{way}"}, "BatchSize": 1 + generation}},
            f"Table{way}": {"Type": "AWS::DynamoDB::Table", "DependsOn": [f"Feed{way}"], "Properties": {
                "BillingMode": "PAY_PER_REQUEST", "AttributeDefinitions": [{"AttributeName": "k", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "k", "KeyType": "HASH"}], **({"TableName": own["name"]} if own else {})}},
            f"Logs{way}": {"Type": "AWS::Logs::LogGroup", "DependsOn": [f"Table{way}"], "Properties": {
                "RetentionInDays": [1, 3, 5, 7][generation % 4], **({"LogGroupName": own["name"]} if own else {})}},
            f"Subscription{way}": {"Type": "AWS::SNS::Subscription", "DependsOn": [f"Logs{way}"], "Properties": {
                "TopicArn": {"Ref": "Topic"}, "Protocol": "sqs", "Endpoint": {"Fn::GetAtt": [f"Queue{way}", "Arn"]}}},
        }
    return json.dumps({"Resources": resources})


class Account:
    """A cloud of its own, and what is in it."""

    def __init__(self, directory):
        self.cloud = Cloud(directory)
        self.start()
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as archive:
            archive.writestr("bootstrap", "#!/bin/sh\n")
        self.s3.create_bucket(Bucket="code", CreateBucketConfiguration={"LocationConstraint": REGION})
        self.s3.put_object(Bucket="code", Key="f.zip", Body=data.getvalue())

    def start(self):
        self.cloud.start()
        config = botocore.config.Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}, max_pool_connections=4)
        for service in ("cloudformation", "sqs", "sns", "lambda", "dynamodb", "logs", "iam", "s3"):
            setattr(self, service, self.cloud.client(service, config=config))

    def counts(self):
        functions = [f["FunctionName"] for f in getattr(self, "lambda").list_functions()["Functions"]]
        statements = 0
        for function in functions:
            try:
                statements += len(json.loads(getattr(self, "lambda").get_policy(FunctionName=function)["Policy"])["Statement"])
            except botocore.exceptions.ClientError:
                pass  # it has no policy
        return {"queues": len(self.sqs.list_queues().get("QueueUrls", [])), "topics": len(self.sns.list_topics()["Topics"]),
                "subscriptions": len(self.sns.list_subscriptions()["Subscriptions"]), "functions": len(functions), "statements": statements,
                "mappings": len(getattr(self, "lambda").list_event_source_mappings()["EventSourceMappings"]),
                "tables": len(self.dynamodb.list_tables()["TableNames"]), "groups": len(self.logs.describe_log_groups()["logGroups"]),
                "roles": len(self.iam.list_roles()["Roles"])}

    def cut_short(self, operation, marks):
        """Begins the operation, and kills the cloud when the stack has got `marks` events further."""
        seen = self.event_count()

        def begin():
            try:
                operation(self.cloudformation)
            except CUT_OFF:
                pass  # the cloud died under it

        thread = threading.Thread(target=begin)
        thread.start()
        reader = self.cloud.client("cloudformation")
        wait_until(lambda: self.event_count(reader) >= seen + marks or not thread.is_alive(), what="progress")
        self.cloud.kill()
        thread.join()
        self.start()

    def event_count(self, reader=None):
        try:
            pages = (reader or self.cloudformation).get_paginator("describe_stack_events").paginate(StackName=self.stack_id or "life")
            return sum(len(page["StackEvents"]) for page in pages)
        except botocore.exceptions.ClientError:
            return 0

    stack_id = None

    def reasons(self):
        pages = self.cloudformation.get_paginator("describe_stack_events").paginate(StackName=self.stack_id)
        return SEED, [(e["LogicalResourceId"], e["ResourceStatusReason"]) for page in pages for e in page["StackEvents"]
                      if e["ResourceStatus"].endswith("_FAILED")]

    def settled(self):
        """The stack's status once nothing is in progress any more."""
        def ended():
            stack = self.cloudformation.describe_stacks(StackName=self.stack_id or "life")["Stacks"][0]
            self.stack_id = stack["StackId"]
            return not stack["StackStatus"].endswith("_IN_PROGRESS") and stack["StackStatus"]
        return wait_until(ended, seconds=30, what="the operation's end")


@pytest.mark.parametrize("names", ["own", "generated"])
def test_an_operation_cut_short_goes_on_and_makes_nothing_twice(tmp_path, names):
    chance = random.Random(SEED)
    print(f"ADS_SEED={SEED}")
    account = Account(tmp_path / "data")
    nothing = account.counts()
    # Each name once more and once only: 30 events are about the middle of each operation.
    account.cut_short(lambda cfn: cfn.create_stack(StackName="life", TemplateBody=template(0, names), Capabilities=["CAPABILITY_IAM"]),
                      chance.randrange(2, 55))
    assert account.settled() == "CREATE_COMPLETE", account.reasons()
    whole = {key: nothing[key] + more for key, more in
             {"queues": WAYS, "topics": 1, "subscriptions": WAYS, "functions": WAYS, "statements": WAYS, "mappings": WAYS,
              "tables": WAYS, "groups": WAYS, "roles": 1}.items()}
    assert account.counts() == whole, SEED

    # With names of their own the queues change in place, with others' the new name makes new ones: both are cut short.
    changed = template(1, names)
    account.cut_short(lambda cfn: cfn.update_stack(StackName="life", TemplateBody=changed, Capabilities=["CAPABILITY_IAM"]), chance.randrange(2, 40))
    assert account.settled() == "UPDATE_COMPLETE", account.reasons()
    assert account.counts() == whole, SEED
    resources = account.cloudformation.describe_stack_resources(StackName="life")["StackResources"]
    assert len(resources) == 2 + 7 * WAYS and not [r for r in resources if not r["ResourceStatus"].endswith("_COMPLETE")], SEED

    # An update that fails, cut short somewhere on its way there or back.
    broken = json.loads(template(2, names))
    broken["Resources"]["Bad"] = {"Type": "AWS::SQS::Queue", "DependsOn": "Subscription0", "Properties": {"VisibilityTimeout": 99999}}
    account.cut_short(lambda cfn: cfn.update_stack(StackName="life", TemplateBody=json.dumps(broken), Capabilities=["CAPABILITY_IAM"]),
                      chance.randrange(2, 60))
    assert account.settled() == "UPDATE_ROLLBACK_COMPLETE", account.reasons()
    assert account.counts() == whole, SEED

    account.cut_short(lambda cfn: cfn.delete_stack(StackName="life"), chance.randrange(1, 40))
    assert account.settled() == "DELETE_COMPLETE", account.reasons()
    assert account.counts() == nothing, SEED
    account.cloud.stop()
