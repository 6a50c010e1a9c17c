"""The parameter store through boto3 and the aws CLI."""
import json

import botocore.exceptions
import pytest


def refused(code):
    return pytest.raises(botocore.exceptions.ClientError, match=rf"\({code}\)")


@pytest.fixture
def ssm(client):
    return client("ssm")


def test_a_parameter_is_kept_versioned_and_deleted(ssm, aws, name):
    path = f"/{name}/port"
    made = ssm.put_parameter(Name=path, Value="80", Type="String", Description="d", AllowedPattern=r"^\d+$",
                             Tags=[{"Key": "k", "Value": "v"}])
    assert (made["Version"], made["Tier"]) == (1, "Standard")
    with refused("ParameterAlreadyExists"):
        ssm.put_parameter(Name=path, Value="81", Type="String")
    with refused("ParameterPatternMismatchException"):
        ssm.put_parameter(Name=path, Value="many", Type="String", Overwrite=True)
    assert ssm.put_parameter(Name=path, Value="81", Overwrite=True)["Version"] == 2
    shown = ssm.get_parameter(Name=path)["Parameter"]
    assert (shown["Value"], shown["Version"], shown["Type"], shown["DataType"]) == ("81", 2, "String", "text")
    assert shown["ARN"].endswith(f":parameter{path}")
    assert ssm.get_parameter(Name=shown["ARN"])["Parameter"]["Value"] == "81"
    old = ssm.get_parameter(Name=path + ":1")["Parameter"]
    assert (old["Value"], old["Selector"]) == ("80", ":1")
    with refused("ParameterVersionNotFound"):
        ssm.get_parameter(Name=path + ":9")
    history = ssm.get_parameter_history(Name=path)["Parameters"]
    assert [(h["Version"], h["Value"]) for h in history] == [(1, "80"), (2, "81")]
    assert aws("ssm", "get-parameter", "--name", path)["Parameter"]["Value"] == "81"
    assert ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=path)["TagList"] == [{"Key": "k", "Value": "v"}]
    ssm.delete_parameter(Name=path)
    with refused("ParameterNotFound"):
        ssm.get_parameter(Name=path)
    with refused("ParameterNotFound"):
        ssm.delete_parameter(Name=path)


def test_several_at_once(ssm, name):
    for i in range(3):
        ssm.put_parameter(Name=f"/{name}/{i}", Value=str(i), Type="String")
    got = ssm.get_parameters(Names=[f"/{name}/0", f"/{name}/2", f"/{name}/9"])
    assert [p["Value"] for p in got["Parameters"]] == ["0", "2"] and got["InvalidParameters"] == [f"/{name}/9"]
    gone = ssm.delete_parameters(Names=[f"/{name}/0", f"/{name}/9"])
    assert gone["DeletedParameters"] == [f"/{name}/0"] and gone["InvalidParameters"] == [f"/{name}/9"]


def test_paths_page_and_filter(ssm, name):
    for i in range(25):
        ssm.put_parameter(Name=f"/{name}/a/{i:02}", Value="v", Type="String")
    ssm.put_parameter(Name=f"/{name}/b", Value="x,y", Type="StringList")
    direct = ssm.get_parameters_by_path(Path=f"/{name}")["Parameters"]
    assert [p["Name"] for p in direct] == [f"/{name}/b"]
    pages = ssm.get_paginator("get_parameters_by_path").paginate(Path=f"/{name}/", Recursive=True)
    assert len([p for page in pages for p in page["Parameters"]]) == 26
    described = ssm.get_paginator("describe_parameters").paginate(ParameterFilters=[
        {"Key": "Name", "Option": "BeginsWith", "Values": [f"/{name}/"]}, {"Key": "Type", "Values": ["StringList"]}])
    assert [p["Name"] for page in described for p in page["Parameters"]] == [f"/{name}/b"]
    below = ssm.describe_parameters(ParameterFilters=[{"Key": "Path", "Option": "Recursive", "Values": [f"/{name}/a"]}],
                                    MaxResults=50)["Parameters"]
    assert len(below) == 25
    with refused("InvalidFilterOption"):
        ssm.describe_parameters(ParameterFilters=[{"Key": "Type", "Option": "Contains", "Values": ["S"]}])
    with refused("ValidationException"):
        ssm.get_parameters_by_path(Path=name)


def test_a_secure_string_shows_its_value_only_when_asked_to_decrypt(ssm, name):
    ssm.put_parameter(Name=name, Value="secret", Type="SecureString")
    assert "secret" not in ssm.get_parameter(Name=name)["Parameter"]["Value"]
    assert ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"] == "secret"
    assert ssm.describe_parameters(ParameterFilters=[{"Key": "Name", "Values": [name]}])["Parameters"][0]["KeyId"] == "alias/aws/ssm"
    with refused("HierarchyTypeMismatchException"):
        ssm.put_parameter(Name=name, Value="open", Type="String", Overwrite=True)


def test_labels_name_one_version_each(ssm, name):
    for i in (1, 2):
        ssm.put_parameter(Name=name, Value=str(i), Type="String", Overwrite=True)
    assert ssm.label_parameter_version(Name=name, ParameterVersion=1, Labels=["live", "1bad"])["InvalidLabels"] == ["1bad"]
    assert ssm.get_parameter(Name=name + ":live")["Parameter"]["Value"] == "1"
    ssm.label_parameter_version(Name=name, Labels=["live"])
    assert ssm.get_parameter(Name=name + ":live")["Parameter"]["Value"] == "2"
    labels = {h["Version"]: h.get("Labels", []) for h in ssm.get_parameter_history(Name=name)["Parameters"]}
    assert labels == {1: [], 2: ["live"]}
    ssm.unlabel_parameter_version(Name=name, ParameterVersion=2, Labels=["live"])
    with refused("ParameterVersionNotFound"):
        ssm.get_parameter(Name=name + ":live")


def test_tags(ssm, name):
    ssm.put_parameter(Name=name, Value="v", Type="String")
    ssm.add_tags_to_resource(ResourceType="Parameter", ResourceId=name, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    ssm.remove_tags_from_resource(ResourceType="Parameter", ResourceId=name, TagKeys=["a"])
    assert ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=name)["TagList"] == [{"Key": "b", "Value": "2"}]
    found = ssm.describe_parameters(ParameterFilters=[{"Key": "tag:b", "Values": ["2"]}])["Parameters"]
    assert name in [p["Name"] for p in found]
    with refused("InvalidResourceId"):
        ssm.add_tags_to_resource(ResourceType="Parameter", ResourceId=name + "x", Tags=[{"Key": "a", "Value": "1"}])


def test_refusals(ssm, name):
    for bad in ("no/slash", "/end/", "/aws/x", "a b"):
        with refused("ValidationException"):
            ssm.put_parameter(Name=bad, Value="v", Type="String")
    with refused("ValidationException"):
        ssm.put_parameter(Name=name, Value="v")
    with refused("ValidationException"):
        ssm.put_parameter(Name=name, Value="v" * 4097, Type="String")
    with refused("NotImplemented"):
        ssm.put_parameter(Name=name, Value="v", Type="String", DataType="aws:ec2:image")
    with refused("NotImplemented"):
        ssm.list_documents()


TEMPLATE = {
    "Parameters": {"Name": {"Type": "String"}, "Value": {"Type": "String"}},
    "Resources": {"P": {"Type": "AWS::SSM::Parameter", "Properties": {
        "Name": {"Ref": "Name"}, "Type": "String", "Value": {"Ref": "Value"}, "Tags": {"k": "v"}}}},
    "Outputs": {"Name": {"Value": {"Ref": "P"}}, "Value": {"Value": {"Fn::GetAtt": ["P", "Value"]}}}}


def test_a_stack_makes_changes_and_removes_a_parameter(client, ssm, name):
    stacks = client("cloudformation")

    def parameters(value):
        return [{"ParameterKey": "Name", "ParameterValue": f"/{name}/p"}, {"ParameterKey": "Value", "ParameterValue": value}]

    stacks.create_stack(StackName=name, TemplateBody=json.dumps(TEMPLATE), Parameters=parameters("one"))
    stacks.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    outputs = {o["OutputKey"]: o["OutputValue"] for o in stacks.describe_stacks(StackName=name)["Stacks"][0]["Outputs"]}
    assert outputs == {"Name": f"/{name}/p", "Value": "one"}
    tags = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=f"/{name}/p")["TagList"]
    assert {"Key": "k", "Value": "v"} in tags
    stacks.update_stack(StackName=name, TemplateBody=json.dumps(TEMPLATE), Parameters=parameters("two"))
    stacks.get_waiter("stack_update_complete").wait(StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    shown = ssm.get_parameter(Name=f"/{name}/p")["Parameter"]
    assert (shown["Value"], shown["Version"]) == ("two", 2)
    stacks.delete_stack(StackName=name)
    stacks.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 30})
    with refused("ParameterNotFound"):
        ssm.get_parameter(Name=f"/{name}/p")
