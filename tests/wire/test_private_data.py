"""The data directory is its owner's alone, and no secret stands in it as it is."""
import io
import json
import os
import stat
import subprocess
import zipfile

import pytest
from conftest import Cloud

SECURE, ORDINARY = "correct horse battery staple", "an ordinary value that is found"


def modes(directory):
    for root, names, files in os.walk(directory):
        for name in ["", *files]:
            path = os.path.join(root, name)
            if not os.path.islink(path) and not stat.S_ISSOCK(os.stat(path).st_mode):
                yield path, stat.S_IMODE(os.stat(path).st_mode)


def content(directory):
    return b"".join(open(os.path.join(root, name), "rb").read() for root, _, files in os.walk(directory) for name in files)


@pytest.fixture
def lax():
    before = os.umask(0)
    yield
    os.umask(before)


def test_files_are_the_owners(tmp_path, lax):
    cloud = Cloud(tmp_path / "data").start()
    cloud.client("s3").create_bucket(Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    cloud.client("s3").put_object(Bucket="bucket", Key="k", Body=b"x" * 100_000)
    cloud.stop()
    open_to_others = {path: oct(mode) for path, mode in modes(cloud.directory) if mode & 0o077}
    assert not open_to_others


def test_a_directory_of_before_is_closed(tmp_path):
    cloud = Cloud(tmp_path / "data").start()
    cloud.stop()
    subprocess.run(["chmod", "-R", "a+rX", cloud.directory], check=True)
    cloud.start()
    try:
        assert stat.S_IMODE(os.stat(cloud.directory).st_mode) == 0o700
        assert {oct(mode) for path, mode in modes(cloud.directory / "state")} <= {"0o700", "0o600"}
    finally:
        cloud.stop()


def test_secrets_are_sealed(tmp_path):
    cloud = Cloud(tmp_path / "data").start()
    iam, ssm, sts = cloud.client("iam"), cloud.client("ssm"), cloud.client("sts")
    iam.create_user(UserName="ann")
    secrets = [cloud.environment()["AWS_SECRET_ACCESS_KEY"],
               iam.create_access_key(UserName="ann")["AccessKey"]["SecretAccessKey"],
               sts.get_session_token()["Credentials"]["SecretAccessKey"], SECURE]
    ssm.put_parameter(Name="/app/password", Type="SecureString", Value="another that was here")
    ssm.put_parameter(Name="/app/password", Type="SecureString", Value=SECURE, Overwrite=True)
    ssm.put_parameter(Name="/app/colour", Type="String", Value=ORDINARY)
    cloud.kill()
    stored = content(cloud.directory)
    assert ORDINARY.encode() in stored, "this test looks in the wrong place"
    for secret in [*secrets, "another that was here"]:
        assert secret.encode() not in stored, "a secret stands in the data as it is"
    assert stat.S_IMODE(os.stat(cloud.directory / "secret.key").st_mode) == 0o600
    cloud.start()  # and all of them can still be used
    try:
        values = cloud.client("ssm").get_parameter(Name="/app/password", WithDecryption=True)
        assert values["Parameter"]["Value"] == SECURE
        history = cloud.client("ssm").get_parameter_history(Name="/app/password", WithDecryption=True)["Parameters"]
        assert [version["Value"] for version in history] == ["another that was here", SECURE]
        assert cloud.client("iam").get_user(UserName="ann")
    finally:
        cloud.stop()


TEMPLATE = """
Parameters:
  Password: {Type: String, NoEcho: true}
  Color: {Type: String}
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Metadata: {Password: !Ref Password}
    Properties: {Tags: [{Key: password, Value: !Ref Color}]}
Outputs:
  Color: {Value: !Ref Color}
"""


def test_secrets_of_stacks_and_functions_are_sealed(tmp_path):
    cloud = Cloud(tmp_path / "data").start()
    stacks, functions, iam = cloud.client("cloudformation"), cloud.client("lambda"), cloud.client("iam")

    def parameters(password):
        return [{"ParameterKey": "Password", "ParameterValue": password}, {"ParameterKey": "Color", "ParameterValue": "green"}]

    stacks.create_stack(StackName="app", TemplateBody=TEMPLATE, Parameters=parameters(SECURE))
    stacks.get_waiter("stack_create_complete").wait(StackName="app", WaiterConfig={"Delay": 1})
    stacks.create_change_set(StackName="app", ChangeSetName="next", TemplateBody=TEMPLATE,
                             Parameters=parameters("another of a change set"))
    stacks.update_stack(StackName="app", TemplateBody=TEMPLATE, Parameters=parameters("another that came later"))
    role = iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}))["Role"]["Arn"]
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("bootstrap", "#!/bin/sh\n")
    functions.create_function(FunctionName="f", Runtime="provided.al2023", Handler="h", Role=role, Publish=True,
                              Description=ORDINARY, Code={"ZipFile": package.getvalue()},
                              Environment={"Variables": {"PASSWORD": "a secret of the environment"}})
    cloud.client("ssm").put_parameter(Name="/app/color", Type="String", Value=ORDINARY)
    cloud.kill()
    stored = content(cloud.directory)
    assert ORDINARY.encode() in stored, "this test looks in the wrong place"
    for secret in [SECURE, "another of a change set", "another that came later", "a secret of the environment"]:
        assert secret.encode() not in stored, "a secret stands in the data as it is"
    cloud.start()
    try:
        found = cloud.client("lambda").get_function_configuration(FunctionName="f", Qualifier="1")
        assert found["Environment"]["Variables"] == {"PASSWORD": "a secret of the environment"}
        shown = cloud.client("cloudformation").describe_stacks(StackName="app")["Stacks"][0]["Parameters"]
        assert {p["ParameterKey"]: p["ParameterValue"] for p in shown} == {"Password": "****", "Color": "green"}
    finally:
        cloud.stop()


def test_another_key_is_refused_at_the_start(tmp_path):
    cloud = Cloud(tmp_path / "data").start()
    cloud.stop()
    (cloud.directory / "secret.key").write_text("ab" * 32 + "\n")
    with pytest.raises(RuntimeError):
        cloud.start()
    assert "secret.key is not the key" in open(cloud.log.name).read()
