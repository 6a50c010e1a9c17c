"""IAM and STS through boto3 and the aws CLI: identities, their policies, keys and sessions."""
import json

import botocore.exceptions
import pytest

TRUST_LAMBDA = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
TRUST_ACCOUNT = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": "000000000000"}, "Action": "sts:AssumeRole"}]}
READ = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
LOGS = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


def refused(code):
    return pytest.raises(botocore.exceptions.ClientError, match=rf"\({code}\)")


@pytest.fixture
def role(client, name):
    iam = client("iam")
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST_ACCOUNT), Path="/app/",
                           Description="for a test", Tags=[{"Key": "a", "Value": "b"}])["Role"]
    yield made
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    for policy in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=name, PolicyArn=policy["PolicyArn"])
    iam.delete_role(RoleName=name)


def test_a_role_is_what_was_asked_for(client, role, name):
    got = client("iam").get_role(RoleName=name)["Role"]
    assert got["Arn"] == f"arn:aws:iam::000000000000:role/app/{name}"
    assert got["RoleId"].startswith("AROA") and len(got["RoleId"]) == 21
    assert got["AssumeRolePolicyDocument"] == TRUST_ACCOUNT
    assert got["Description"] == "for a test" and got["Tags"] == [{"Key": "a", "Value": "b"}]
    assert name in [r["RoleName"] for r in client("iam").list_roles()["Roles"]]
    with refused("EntityAlreadyExists"):
        client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST_LAMBDA))


def test_roles_come_in_pages(client, name):
    iam = client("iam")
    names = [f"{name}-{i}" for i in range(5)]
    for one in names:
        iam.create_role(RoleName=one, AssumeRolePolicyDocument=json.dumps(TRUST_LAMBDA))
    pages = iam.get_paginator("list_roles").paginate(PaginationConfig={"PageSize": 2})
    listed = [r["RoleName"] for page in pages for r in page["Roles"]]
    assert [n for n in listed if n in names] == names
    for one in names:
        iam.delete_role(RoleName=one)


def test_inline_and_attached_policies(client, role, name):
    iam = client("iam")
    iam.put_role_policy(RoleName=name, PolicyName="read", PolicyDocument=json.dumps(READ))
    assert iam.get_role_policy(RoleName=name, PolicyName="read")["PolicyDocument"] == READ
    iam.attach_role_policy(RoleName=name, PolicyArn=LOGS)
    assert iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"] == [
        {"PolicyName": "AWSLambdaBasicExecutionRole", "PolicyArn": LOGS}]
    with refused("DeleteConflict"):
        iam.delete_role(RoleName=name)
    with refused("NoSuchEntity"):
        iam.attach_role_policy(RoleName=name, PolicyArn="arn:aws:iam::aws:policy/NoSuchPolicy")
    with refused("NoSuchEntity"):
        iam.get_role_policy(RoleName=name, PolicyName="other")


@pytest.mark.parametrize("document", [
    "{", "[]", '{"Version": "2012-10-17"}',
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "GetObject", "Resource": "*"}]}',
    '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "b"}]}'])
def test_a_malformed_policy_is_refused(client, role, name, document):
    with refused("MalformedPolicyDocument"):
        client("iam").put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=document)


def test_a_managed_policy_and_its_versions(client, name):
    iam = client("iam")
    arn = iam.create_policy(PolicyName=name, PolicyDocument=json.dumps(READ))["Policy"]["Arn"]
    assert iam.get_policy_version(PolicyArn=arn, VersionId="v1")["PolicyVersion"]["Document"] == READ
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=json.dumps(READ), SetAsDefault=True)
    assert iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"] == "v2"
    with refused("DeleteConflict"):
        iam.delete_policy(PolicyArn=arn)
    iam.delete_policy_version(PolicyArn=arn, VersionId="v1")
    iam.delete_policy(PolicyArn=arn)
    with refused("NoSuchEntity"):
        iam.get_policy(PolicyArn=arn)


def test_a_users_key_works_until_it_is_inactive(client, name):
    iam = client("iam")
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    as_user = client("sts", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
    assert as_user.get_caller_identity()["Arn"] == f"arn:aws:iam::000000000000:user/{name}"
    iam.update_access_key(UserName=name, AccessKeyId=key["AccessKeyId"], Status="Inactive")
    with refused("InvalidClientTokenId"):
        as_user.get_caller_identity()
    with refused("DeleteConflict"):
        iam.delete_user(UserName=name)
    iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
    iam.delete_user(UserName=name)


def test_a_session_of_a_role(client, role, name):
    session = client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="night", DurationSeconds=900)
    credentials = session["Credentials"]
    assert session["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::000000000000:assumed-role/{name}/night"
    inside = client("sts", aws_access_key_id=credentials["AccessKeyId"],
                    aws_secret_access_key=credentials["SecretAccessKey"],
                    aws_session_token=credentials["SessionToken"])
    identity = inside.get_caller_identity()
    assert identity["Arn"] == session["AssumedRoleUser"]["Arn"]
    assert identity["UserId"] == f"{role['RoleId']}:night"


def test_a_role_that_does_not_trust_is_refused(client, role, name):
    client("iam").update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(TRUST_LAMBDA))
    with refused("AccessDenied"):
        client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="night")
    with refused("AccessDenied"):
        client("sts").assume_role(RoleArn="arn:aws:iam::000000000000:role/nobody", RoleSessionName="night")


def test_the_cli_says_who_asks(aws):
    assert aws("sts", "get-caller-identity") == {
        "UserId": "000000000000", "Account": "000000000000", "Arn": "arn:aws:iam::000000000000:root"}


def test_what_is_missing_says_so(client):
    with refused("NotImplemented"):
        client("iam").list_groups()
