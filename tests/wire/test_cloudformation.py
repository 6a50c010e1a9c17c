"""CloudFormation through boto3 and the aws CLI: deploy, change sets, waiters, failures and their words."""
import json

import botocore.exceptions
import pytest

TEMPLATE = """
Parameters:
  Delay: {Type: Number, Default: 0, MaxValue: 900}
  Secret: {Type: String, Default: hidden, NoEcho: true}
Conditions:
  Slow: !Not [!Equals [!Ref Delay, 0]]
Resources:
  Dead:
    Type: AWS::SQS::Queue
  Jobs:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: !If [Slow, !Ref Delay, !Ref AWS::NoValue]
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3}
Outputs:
  JobsUrl: {Value: !Ref Jobs, Description: where jobs go}
  DeadArn: {Value: !GetAtt Dead.Arn}
"""


def refused(code, words=""):
    return pytest.raises(botocore.exceptions.ClientError, match=rf"\({code}\)[\s\S]*{words}")


def outputs(cfn, name):
    stack = cfn.describe_stacks(StackName=name)["Stacks"][0]
    return {o["OutputKey"]: o["OutputValue"] for o in stack["Outputs"]}


@pytest.fixture
def cfn(client):
    return client("cloudformation")


@pytest.fixture
def stack(cfn, name):
    cfn.create_stack(StackName=name, TemplateBody=TEMPLATE, Tags=[{"Key": "team", "Value": "ads"}])
    cfn.get_waiter("stack_create_complete").wait(StackName=name)
    yield name
    cfn.delete_stack(StackName=name)
    cfn.get_waiter("stack_delete_complete").wait(StackName=name)


def test_a_stack_and_what_is_in_it(cfn, client, stack):
    shown = cfn.describe_stacks(StackName=stack)["Stacks"][0]
    assert shown["StackStatus"] == "CREATE_COMPLETE"
    assert shown["Tags"] == [{"Key": "team", "Value": "ads"}]
    assert {"ParameterKey": "Secret", "ParameterValue": "****"} in shown["Parameters"]
    url = outputs(cfn, stack)["JobsUrl"]
    attributes = client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    assert json.loads(attributes["RedrivePolicy"])["deadLetterTargetArn"] == outputs(cfn, stack)["DeadArn"]
    resources = cfn.describe_stack_resources(StackName=stack)["StackResources"]
    assert {r["LogicalResourceId"]: r["ResourceStatus"] for r in resources} == {
        "Dead": "CREATE_COMPLETE", "Jobs": "CREATE_COMPLETE"}
    events = [e for page in cfn.get_paginator("describe_stack_events").paginate(StackName=stack)
              for e in page["StackEvents"]]
    assert events[0]["ResourceStatus"] == "CREATE_COMPLETE" and events[0]["LogicalResourceId"] == stack
    assert events[-1]["ResourceStatus"] == "CREATE_IN_PROGRESS" and events[-1]["LogicalResourceId"] == stack
    assert cfn.get_template(StackName=stack)["TemplateBody"] == TEMPLATE
    assert stack in [s["StackName"] for s in cfn.list_stacks(StackStatusFilter=["CREATE_COMPLETE"])["StackSummaries"]]


def test_an_update_by_change_set(cfn, client, stack):
    cfn.create_change_set(StackName=stack, ChangeSetName="slower", UsePreviousTemplate=True,
                          Parameters=[{"ParameterKey": "Delay", "ParameterValue": "7"},
                                      {"ParameterKey": "Secret", "UsePreviousValue": True}])
    cfn.get_waiter("change_set_create_complete").wait(StackName=stack, ChangeSetName="slower")
    changes = cfn.describe_change_set(StackName=stack, ChangeSetName="slower")["Changes"]
    assert [(c["ResourceChange"]["Action"], c["ResourceChange"]["LogicalResourceId"],
             c["ResourceChange"]["Replacement"]) for c in changes] == [("Modify", "Jobs", "False")]
    cfn.execute_change_set(StackName=stack, ChangeSetName="slower")
    cfn.get_waiter("stack_update_complete").wait(StackName=stack)
    attributes = client("sqs").get_queue_attributes(QueueUrl=outputs(cfn, stack)["JobsUrl"],
                                                    AttributeNames=["DelaySeconds"])["Attributes"]
    assert attributes["DelaySeconds"] == "7"


def test_nothing_to_change(cfn, stack):
    with refused("ValidationError", "No updates are to be performed."):
        cfn.update_stack(StackName=stack, UsePreviousTemplate=True)
    cfn.create_change_set(StackName=stack, ChangeSetName="none", UsePreviousTemplate=True)
    shown = cfn.describe_change_set(StackName=stack, ChangeSetName="none")
    assert shown["Status"] == "FAILED" and shown["ExecutionStatus"] == "UNAVAILABLE"
    assert shown["StatusReason"].startswith("The submitted information didn't contain changes.")
    with refused("InvalidChangeSetStatus"):
        cfn.execute_change_set(StackName=stack, ChangeSetName="none")
    cfn.delete_change_set(StackName=stack, ChangeSetName="none")
    with refused("ChangeSetNotFound"):
        cfn.describe_change_set(StackName=stack, ChangeSetName="none")


def test_a_failed_update_leaves_the_stack_as_it_was(cfn, client, stack):
    before = outputs(cfn, stack)
    broken = TEMPLATE.replace("Outputs:", "  Bad: {Type: AWS::SQS::Queue, DependsOn: Jobs, "
                              "Properties: {VisibilityTimeout: 99999}}\nOutputs:")
    cfn.update_stack(StackName=stack, TemplateBody=broken, Parameters=[{"ParameterKey": "Delay", "ParameterValue": "9"}])
    with pytest.raises(botocore.exceptions.WaiterError):
        cfn.get_waiter("stack_update_complete").wait(StackName=stack)
    assert cfn.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert outputs(cfn, stack) == before
    attributes = client("sqs").get_queue_attributes(QueueUrl=before["JobsUrl"], AttributeNames=["DelaySeconds"])
    assert attributes["Attributes"]["DelaySeconds"] == "0"


def test_a_failed_creation_is_rolled_back(cfn, name):
    broken = TEMPLATE.replace("maxReceiveCount: 3", "maxReceiveCount: 0")
    cfn.create_stack(StackName=name, TemplateBody=broken)
    with pytest.raises(botocore.exceptions.WaiterError):
        cfn.get_waiter("stack_create_complete").wait(StackName=name)
    assert cfn.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"] == "ROLLBACK_COMPLETE"
    cfn.delete_stack(StackName=name)
    cfn.get_waiter("stack_delete_complete").wait(StackName=name)
    with refused("ValidationError", f"Stack with id {name} does not exist"):
        cfn.describe_stacks(StackName=name)


@pytest.mark.parametrize("body, words", [
    ("Resources: {A: {Type: 'AWS::No::Such'}}", r"Unrecognized resource types: \[AWS::No::Such\]"),
    ("Resources: {A: {Type: 'AWS::SQS::Queue', Properties: {QueName: x}}}", "QueName: unsupported property"),
    ("Resources: {A: {Type: 'AWS::SQS::Queue', Properties: {QueueName: !Ref B}}}", r"Unresolved resource dependencies \[B\]"),
    ("Resources: {A: {Type: 'AWS::SQS::Queue', DependsOn: B}, B: {Type: 'AWS::SQS::Queue', DependsOn: A}}",
     r"Circular dependency between resources: \[A, B\]"),
    ("Transform: AWS::Serverless-2016-10-31\nResources: {A: {Type: 'AWS::SQS::Queue'}}", "AWS::Serverless-2016-10-31"),
    ("Resources: [", "YAML not well-formed"),
    ("{\"Resources\": ", "not well-formed"),
    ("Resources: {}", "At least one Resources member must be defined."),
    ("x" * 51201, "51200"),
], ids=["type", "property", "reference", "cycle", "transform", "yaml", "json", "empty", "long"])
def test_a_template_that_cannot_be_is_refused_in_AWSs_words(cfn, name, body, words):
    with refused("ValidationError", words):
        cfn.create_stack(StackName=name, TemplateBody=body)


def test_roles_need_a_capability(cfn, name):
    body = json.dumps({"Resources": {"R": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {
        "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"},
                                                "Action": "sts:AssumeRole"}]}}}}})
    with refused("InsufficientCapabilitiesException", r"Requires capabilities : \[CAPABILITY_IAM\]"):
        cfn.create_stack(StackName=name, TemplateBody=body)
    cfn.create_stack(StackName=name, TemplateBody=body, Capabilities=["CAPABILITY_IAM"])
    cfn.get_waiter("stack_create_complete").wait(StackName=name)
    cfn.delete_stack(StackName=name)


def test_exports(cfn, name):
    queue = {"Type": "AWS::SQS::Queue"}
    cfn.create_stack(StackName=name + "-a", TemplateBody=json.dumps({
        "Resources": {"Q": queue}, "Outputs": {"O": {"Value": {"Fn::GetAtt": ["Q", "Arn"]}, "Export": {"Name": name}}}}))
    arn = next(e["Value"] for e in cfn.list_exports()["Exports"] if e["Name"] == name)
    cfn.create_stack(StackName=name + "-b", TemplateBody=json.dumps({"Resources": {"Q": {
        **queue, "Properties": {"RedrivePolicy": {"deadLetterTargetArn": {"Fn::ImportValue": name}, "maxReceiveCount": 1}}}}}))
    cfn.get_waiter("stack_create_complete").wait(StackName=name + "-b")
    assert cfn.list_imports(ExportName=name)["Imports"] == [name + "-b"]
    assert arn.startswith("arn:aws:sqs:")
    cfn.delete_stack(StackName=name + "-b")
    cfn.get_waiter("stack_delete_complete").wait(StackName=name + "-b")
    cfn.delete_stack(StackName=name + "-a")
    cfn.get_waiter("stack_delete_complete").wait(StackName=name + "-a")


def test_a_template_in_s3(cfn, client, cloud, name):
    s3 = client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_object(Bucket=name, Key="a/t.yaml", Body=TEMPLATE)
    cfn.create_stack(StackName=name, TemplateURL=f"{cloud.endpoint}/{name}/a/t.yaml")
    cfn.get_waiter("stack_create_complete").wait(StackName=name)
    cfn.delete_stack(StackName=name)
    with refused("ValidationError", "S3 error"):
        cfn.create_stack(StackName=name + "x", TemplateURL=f"https://{name}.s3.amazonaws.com/nothing")


def test_the_cli_deploys_packages_and_deletes(aws, client, name, tmp_path):
    template = tmp_path / "t.yaml"
    template.write_text(TEMPLATE)
    first = aws("cloudformation", "deploy", "--stack-name", name, "--template-file", template,
                "--parameter-overrides", "Delay=3", check=False)
    assert first.returncode == 0, first.stderr
    again = aws("cloudformation", "deploy", "--stack-name", name, "--template-file", template,
                "--no-fail-on-empty-changeset", "--parameter-overrides", "Delay=3", check=False)
    assert again.returncode == 0 and "No changes to deploy" in again.stdout + again.stderr
    shown = aws("cloudformation", "describe-stacks", "--stack-name", name)
    assert shown["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"
    aws("cloudformation", "delete-stack", "--stack-name", name)
    aws("cloudformation", "wait", "stack-delete-complete", "--stack-name", name)


def test_the_projects_template_is_valid(cfn):
    import pathlib
    body = (pathlib.Path(__file__).resolve().parents[2] / "resources.yaml").read_text()
    summary = cfn.get_template_summary(TemplateBody=body)
    assert summary["Capabilities"] == ["CAPABILITY_IAM"]
    assert {"NamePrefix", "CodeBucket", "CodeKey"} <= {p["ParameterKey"] for p in summary["Parameters"]}
