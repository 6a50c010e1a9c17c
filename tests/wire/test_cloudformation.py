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


# ---- Ways back ----

FAILING = TEMPLATE.replace("Outputs:", "  Bad: {Type: AWS::SQS::Queue, DependsOn: Jobs, Properties: {VisibilityTimeout: 99999}}\nOutputs:")
SLOWER = [{"ParameterKey": "Delay", "ParameterValue": "9"}]


def delay_of(client, cfn, stack):
    url = next(r["PhysicalResourceId"] for r in cfn.describe_stack_resources(StackName=stack)["StackResources"] if r["LogicalResourceId"] == "Jobs")
    return client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["DelaySeconds"])["Attributes"]["DelaySeconds"]


def status_of(cfn, stack):
    return cfn.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]


def test_an_update_without_rollback_is_rolled_back_later(cfn, client, stack):
    cfn.update_stack(StackName=stack, TemplateBody=FAILING, Parameters=SLOWER, DisableRollback=True)
    assert status_of(cfn, stack) == "UPDATE_FAILED"
    assert delay_of(client, cfn, stack) == "9"
    cfn.rollback_stack(StackName=stack)
    assert status_of(cfn, stack) == "UPDATE_ROLLBACK_COMPLETE"
    assert delay_of(client, cfn, stack) == "0"
    with refused("ValidationError", "can not be rolled back"):
        cfn.rollback_stack(StackName=stack)


def test_an_update_without_rollback_is_mended_by_the_cli(aws, cfn, client, stack, tmp_path):
    def deploy(body, *options):
        file = tmp_path / "t.yaml"
        file.write_text(body)
        return aws("cloudformation", "deploy", "--stack-name", stack, "--template-file", file, "--parameter-overrides", "Delay=9", *options, check=False)

    assert deploy(FAILING, "--disable-rollback").returncode != 0
    assert status_of(cfn, stack) == "UPDATE_FAILED"
    mended = deploy(FAILING.replace("99999", "99"))
    assert mended.returncode == 0, mended.stderr
    assert status_of(cfn, stack) == "UPDATE_COMPLETE"
    assert {r["LogicalResourceId"] for r in cfn.describe_stack_resources(StackName=stack)["StackResources"]} == {"Dead", "Jobs", "Bad"}


def test_a_creation_without_rollback_keeps_what_it_made(cfn, name):
    cfn.create_stack(StackName=name, TemplateBody=FAILING, DisableRollback=True)
    assert status_of(cfn, name) == "CREATE_FAILED"
    states = {r["LogicalResourceId"]: r["ResourceStatus"] for r in cfn.describe_stack_resources(StackName=name)["StackResources"]}
    assert states == {"Dead": "CREATE_COMPLETE", "Jobs": "CREATE_COMPLETE", "Bad": "CREATE_FAILED"}
    cfn.delete_stack(StackName=name)
    cfn.get_waiter("stack_delete_complete").wait(StackName=name)
    cfn.create_stack(StackName=name, TemplateBody=FAILING, OnFailure="DELETE")
    with refused("ValidationError", "does not exist"):
        cfn.describe_stacks(StackName=name)
    with refused("ValidationError", "not both"):
        cfn.create_stack(StackName=name, TemplateBody=FAILING, OnFailure="DELETE", DisableRollback=True)


def test_a_rollback_that_fails_is_continued(cfn, client, stack):
    """The queue that the rollback must change was deleted by hand."""
    url = outputs(cfn, stack)["JobsUrl"]
    cfn.update_stack(StackName=stack, TemplateBody=FAILING, Parameters=SLOWER, DisableRollback=True)
    client("sqs").delete_queue(QueueUrl=url)
    cfn.rollback_stack(StackName=stack)
    assert status_of(cfn, stack) == "UPDATE_ROLLBACK_FAILED"
    assert "Jobs" in cfn.describe_stacks(StackName=stack)["Stacks"][0]["StackStatusReason"]
    with refused("ValidationError", "can not be updated"):
        cfn.update_stack(StackName=stack, TemplateBody=TEMPLATE)
    cfn.continue_update_rollback(StackName=stack, ResourcesToSkip=["Jobs"])
    assert status_of(cfn, stack) == "UPDATE_ROLLBACK_COMPLETE"
    assert {r["LogicalResourceId"] for r in cfn.describe_stack_resources(StackName=stack)["StackResources"]} == {"Dead", "Jobs"}


def test_cancel_needs_an_update_in_progress(cfn, stack):
    with refused("ValidationError", "CancelUpdateStack cannot be called from current stack status"):
        cfn.cancel_update_stack(StackName=stack)


def test_a_retry_with_the_same_token_does_nothing_twice(cfn, stack):
    change = {"StackName": stack, "TemplateBody": TEMPLATE, "Parameters": SLOWER, "ClientRequestToken": "once"}
    cfn.update_stack(**change)
    events = len(cfn.describe_stack_events(StackName=stack)["StackEvents"])
    assert cfn.update_stack(**change)["StackId"]
    assert len(cfn.describe_stack_events(StackName=stack)["StackEvents"]) == events
    with refused("TokenAlreadyExistsException"):
        cfn.create_stack(StackName=stack, TemplateBody=TEMPLATE, ClientRequestToken="once")


def test_a_protected_stack_stays(cfn, stack):
    cfn.update_termination_protection(StackName=stack, EnableTerminationProtection=True)
    with refused("ValidationError", "cannot be deleted while TerminationProtection is enabled"):
        cfn.delete_stack(StackName=stack)
    cfn.update_termination_protection(StackName=stack, EnableTerminationProtection=False)


def test_a_deletion_that_fails_can_leave_a_resource(cfn, client, name):
    s3 = client("s3")
    body = "Resources: {B: {Type: 'AWS::S3::Bucket'}, Q: {Type: 'AWS::SQS::Queue', DependsOn: B}}"
    cfn.create_stack(StackName=name, TemplateBody=body)
    stack_id = cfn.describe_stacks(StackName=name)["Stacks"][0]["StackId"]
    bucket = cfn.describe_stack_resource(StackName=name, LogicalResourceId="B")["StackResourceDetail"]["PhysicalResourceId"]
    with refused("ValidationError", "DELETE_FAILED"):
        cfn.delete_stack(StackName=name, RetainResources=["B"])
    s3.put_object(Bucket=bucket, Key="k", Body=b"x")
    cfn.delete_stack(StackName=name)
    shown = cfn.describe_stacks(StackName=name)["Stacks"][0]
    assert (shown["StackStatus"], shown["StackStatusReason"]) == ("DELETE_FAILED", "The following resource(s) failed to delete: [B].")
    cfn.delete_stack(StackName=name, RetainResources=["B"])
    assert status_of(cfn, stack_id) == "DELETE_COMPLETE"
    s3.delete_object(Bucket=bucket, Key="k")
    s3.delete_bucket(Bucket=bucket)


# ---- Templates ----

def test_a_large_template_comes_from_s3(cfn, client, cloud, name):
    s3 = client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    large = json.dumps({"Metadata": {"Padding": "x" * 999_000}, "Resources": {"Q": {"Type": "AWS::SQS::Queue"}}})
    s3.put_object(Bucket=name, Key="large template.json", Body=large)
    s3.put_object(Bucket=name, Key="larger", Body=large + " " * 1_000)
    for url in (f"https://s3.eu-central-1.amazonaws.com/{name}/large%20template.json", f"https://{name}.s3.eu-central-1.amazonaws.com/large%20template.json",
                f"https://{name}.s3.dualstack.eu-central-1.amazonaws.com/large%20template.json", f"https://s3-eu-central-1.amazonaws.com/{name}/large%20template.json",
                f"{cloud.endpoint}/{name}/large%20template.json"):
        assert cfn.get_template_summary(TemplateURL=url)["ResourceTypes"] == ["AWS::SQS::Queue"], url
    cfn.create_stack(StackName=name, TemplateURL=f"{cloud.endpoint}/{name}/large%20template.json")
    assert status_of(cfn, name) == "CREATE_COMPLETE"
    cfn.delete_stack(StackName=name)
    for url, words in [(f"{cloud.endpoint}/{name}/larger", "Template may not exceed 1000000 bytes in size."), (f"{cloud.endpoint}/{name}/none", "NoSuchKey"), ("ftp://x/y", "TemplateURL must be"),
                       (f"s3://{name}/larger", "TemplateURL must be")]:
        with refused("ValidationError", words):
            cfn.validate_template(TemplateURL=url)


@pytest.mark.parametrize("parameter, value, words", [
    ("{Type: String, AllowedPattern: '[a-z]+'}", "A1", r"Parameter 'P' must match pattern \[a-z\]\+"),
    ("{Type: String, AllowedValues: [a, b]}", "c", "Parameter 'P' must be one of AllowedValues"),
    ("{Type: String, AllowedPattern: '[a-z]+', ConstraintDescription: letters only}", "1", "Parameter P failed to satisfy constraint: letters only"),
    ("{Type: String, MinLength: 3}", "ab", "Parameter 'P' must contain at least 3 characters"),
    ("{Type: String, MaxLength: 3}", "abcd", "Parameter 'P' must contain at most 3 characters"),
    ("{Type: Number, MinValue: 3}", "2", "Parameter 'P' must be a number not less than 3"),
    ("{Type: Number, MaxValue: 3}", "4", "Parameter 'P' must be a number not greater than 3"),
    ("{Type: Number}", "x", "Parameter 'P' must be a number."),
    ("{Type: List<Number>}", "1,x", "Parameter 'P' must be a number."),
    ("{Type: String}", None, r"Parameters: \[P\] must have values"),
    ("{Type: 'AWS::EC2::VPC::Id'}", "vpc-1", "Parameter type AWS::EC2::VPC::Id"),
])
def test_parameters_are_checked_in_AWSs_words(cfn, name, parameter, value, words):
    body = "Parameters: {P: %s}\nResources: {Q: {Type: 'AWS::SQS::Queue'}}" % parameter
    given = [] if value is None else [{"ParameterKey": "P", "ParameterValue": value}]
    with refused("(ValidationError|NotImplemented)", words):
        cfn.create_stack(StackName=name, TemplateBody=body, Parameters=given)


def test_parameters_that_are_kept(cfn, stack):
    keep = [{"ParameterKey": "Delay", "UsePreviousValue": True}, {"ParameterKey": "Secret", "ParameterValue": "other"}]
    cfn.update_stack(StackName=stack, UsePreviousTemplate=True, Parameters=[{"ParameterKey": "Delay", "ParameterValue": "5"}])
    with refused("ValidationError", "No updates are to be performed."):
        cfn.update_stack(StackName=stack, UsePreviousTemplate=True, Parameters=[keep[0]])
    with refused("ValidationError", r"Parameters: \[Nope\] do not exist in the template"):
        cfn.update_stack(StackName=stack, UsePreviousTemplate=True, Parameters=[{"ParameterKey": "Nope", "ParameterValue": "1"}])


@pytest.mark.parametrize("call, arguments", [
    ("estimate_template_cost", {"TemplateBody": TEMPLATE}), ("detect_stack_drift", {}), ("set_stack_policy", {"StackPolicyBody": "{}"}),
    ("create_change_set", {"ChangeSetName": "c", "ChangeSetType": "IMPORT", "TemplateBody": TEMPLATE}),
    ("update_stack", {"TemplateBody": TEMPLATE, "NotificationARNs": ["arn:aws:sns:eu-central-1:000000000000:t"]})])
def test_what_is_not_there_says_so(cfn, stack, call, arguments):
    if call != "estimate_template_cost":
        arguments = {"StackName": stack, **arguments}
    with refused("NotImplemented"):
        getattr(cfn, call)(**arguments)


def test_metadata_and_the_stages_of_a_template(cfn, name):
    body = "Resources: {Q: {Type: 'AWS::SQS::Queue', Metadata: {Owner: !Ref 'AWS::StackName'}}}"
    cfn.create_stack(StackName=name, TemplateBody=body)
    detail = cfn.describe_stack_resource(StackName=name, LogicalResourceId="Q")["StackResourceDetail"]
    assert json.loads(detail["Metadata"]) == {"Owner": name}
    for stage in ("Original", "Processed"):
        shown = cfn.get_template(StackName=name, TemplateStage=stage)
        assert shown["TemplateBody"] == body and shown["StagesAvailable"] == ["Original", "Processed"]
    cfn.delete_stack(StackName=name)
