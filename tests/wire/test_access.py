"""IAM as it decides: people and roles with policies against every service, resource policies, sessions, conditions, and
what services do for each other. The same file runs against AWS, but for what names the local cloud's messages."""
import json
import time

import botocore.exceptions
import pytest
from conftest import Cloud, wait_until
from test_lambda import ARCHITECTURE, package

ACCOUNT = "000000000000"
R = "eu-central-1"


def allow(action, resource="*", **condition):
    return statement("Allow", action, resource, **condition)


def deny(action, resource="*", sid=None, **condition):
    return statement("Deny", action, resource, sid=sid, **condition)


def statement(effect, action, resource, sid=None, **condition):
    out = {"Effect": effect, "Action": action, "Resource": resource}
    if sid:
        out["Sid"] = sid
    if condition:
        out["Condition"] = condition
    return out


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(principal):
    return json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}]})


class Person:
    """A user with an access key and one inline policy."""

    def __init__(self, cloud, iam, name):
        self.cloud, self.iam, self.name = cloud, iam, name
        self.arn = iam.create_user(UserName=name)["User"]["Arn"]
        key = iam.create_access_key(UserName=name)["AccessKey"]
        self.keys = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}

    def may(self, *statements):
        if statements:
            self.iam.put_user_policy(UserName=self.name, PolicyName="own", PolicyDocument=document(*statements))
        else:
            self.iam.delete_user_policy(UserName=self.name, PolicyName="own")
        return self

    def client(self, service):
        return self.cloud.client(service, **self.keys)

    def forget(self):
        for policy in self.iam.list_user_policies(UserName=self.name)["PolicyNames"]:
            self.iam.delete_user_policy(UserName=self.name, PolicyName=policy)
        for policy in self.iam.list_attached_user_policies(UserName=self.name)["AttachedPolicies"]:
            self.iam.detach_user_policy(UserName=self.name, PolicyArn=policy["PolicyArn"])
        self.iam.delete_access_key(UserName=self.name, AccessKeyId=self.keys["aws_access_key_id"])
        self.iam.delete_user(UserName=self.name)


@pytest.fixture
def person(cloud, client, name):
    made = []

    def make(suffix=""):
        made.append(Person(cloud, client("iam"), name + suffix))
        return made[-1]

    yield make
    for one in made:
        one.forget()


@pytest.fixture
def ann(person):
    return person()


def refused(call, *words, status=403, code="AccessDenied", **arguments):
    """The call is denied, in these words."""
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        call(**arguments)
    answer = caught.value.response
    assert answer["Error"]["Code"] == code, answer
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == status
    for word in words:
        assert word in answer["Error"]["Message"], answer["Error"]["Message"]
    return answer["Error"]["Message"]


@pytest.fixture
def bucket(client, name):
    s3 = client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": R})
    yield name
    s3.delete_bucket_policy(Bucket=name)
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=name):
        for one in page.get("Versions", []) + page.get("DeleteMarkers", []):
            s3.delete_object(Bucket=name, Key=one["Key"], VersionId=one["VersionId"])
    s3.delete_bucket(Bucket=name)


@pytest.fixture
def queue(client, name):
    sqs = client("sqs")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    yield url
    sqs.delete_queue(QueueUrl=url)


@pytest.fixture
def topic(client, name):
    arn = client("sns").create_topic(Name=name)["TopicArn"]
    yield arn
    client("sns").delete_topic(TopicArn=arn)


@pytest.fixture
def table(client, name):
    dynamodb = client("dynamodb")
    dynamodb.create_table(TableName=name, BillingMode="PAY_PER_REQUEST", KeySchema=[
        {"AttributeName": "id", "KeyType": "HASH"}], AttributeDefinitions=[
        {"AttributeName": "id", "AttributeType": "S"}, {"AttributeName": "kind", "AttributeType": "S"}],
        GlobalSecondaryIndexes=[{"IndexName": "byKind", "Projection": {"ProjectionType": "ALL"},
                                 "KeySchema": [{"AttributeName": "kind", "KeyType": "HASH"}]}])
    dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    yield name
    dynamodb.delete_table(TableName=name)


def queue_arn(name):
    return f"arn:aws:sqs:{R}:{ACCOUNT}:{name}"


# ---- People ----

def test_a_new_person_may_nothing_but_ask_who_it_is(ann):
    assert ann.client("sts").get_caller_identity()["Arn"] == ann.arn
    ann.client("sts").get_session_token()
    calls = [("s3", "list_buckets", {}, 403, "AccessDenied", "s3:ListAllMyBuckets"),
             ("sqs", "list_queues", {}, 403, "AccessDenied", "sqs:ListQueues"),
             ("sns", "list_topics", {}, 403, "AuthorizationError", "SNS:ListTopics"),
             ("dynamodb", "list_tables", {}, 400, "AccessDeniedException", "dynamodb:ListTables"),
             ("lambda", "list_functions", {}, 403, "AccessDeniedException", "lambda:ListFunctions"),
             ("iam", "list_roles", {}, 403, "AccessDenied", "iam:ListRoles"),
             ("cloudformation", "list_stacks", {}, 403, "AccessDenied", "cloudformation:ListStacks"),
             ("logs", "describe_log_groups", {}, 400, "AccessDeniedException", "logs:DescribeLogGroups"),
             ("cloudwatch", "list_metrics", {}, 403, "AccessDenied", "cloudwatch:ListMetrics"),
             ("sesv2", "list_email_identities", {}, 403, "AccessDeniedException", "ses:ListEmailIdentities"),
             ("scheduler", "list_schedules", {}, 403, "AccessDeniedException", "scheduler:ListSchedules"),
             ("ssm", "describe_parameters", {}, 400, "AccessDeniedException", "ssm:DescribeParameters")]
    for service, operation, arguments, status, code, action in calls:
        try:
            client = ann.client(service)
        except botocore.exceptions.UnknownServiceError:
            continue  # Debian's older boto3
        message = refused(getattr(client, operation), status=status, code=code, **arguments)
        assert message.startswith(f"User: {ann.arn} is not authorized to perform: {action} on resource: "), message
        assert message.endswith(f"because no identity-based policy allows the {action} action"), message


def test_an_administrator_may_everything(ann, client):
    ann.iam.attach_user_policy(UserName=ann.name, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    for service, operation in [("s3", "list_buckets"), ("sqs", "list_queues"), ("sns", "list_topics"),
                               ("dynamodb", "list_tables"), ("lambda", "list_functions"), ("iam", "list_roles"),
                               ("cloudformation", "list_stacks"), ("logs", "describe_log_groups"),
                               ("cloudwatch", "list_metrics"), ("sesv2", "list_email_identities")]:
        getattr(ann.client(service), operation)()


def test_a_policy_acts_at_once_and_stops_at_once(ann):
    sqs = ann.client("sqs")
    refused(sqs.list_queues)
    ann.may(allow("sqs:List*"))
    sqs.list_queues()
    ann.may()
    refused(sqs.list_queues)


def test_a_denial_names_policy_and_statement(ann, cloud):
    ann.may(allow("s3:*"), deny("s3:Create*", sid="NoBuckets"), deny("s3:Put*"))
    refused(ann.client("s3").create_bucket, "with an explicit deny in an identity-based policy",
            f"inline policy own of user {ann.name}, statement NoBuckets", Bucket="never-made")
    log = open(cloud.log.name).read()
    line = [json.loads(each) for each in log.splitlines() if '"access denied"' in each and ann.arn in each][-1]
    assert line["action"] == "s3:CreateBucket" and line["resource"] == "arn:aws:s3:::never-made"
    assert line["denied_by"] == f"inline policy own of user {ann.name}, statement NoBuckets"


def test_a_managed_policy_and_a_new_version_of_it(ann, name):
    arn = ann.iam.create_policy(PolicyName=name, PolicyDocument=document(allow("sqs:ListQueues")))["Policy"]["Arn"]
    ann.iam.attach_user_policy(UserName=ann.name, PolicyArn=arn)
    ann.client("sqs").list_queues()
    ann.iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(deny("sqs:*")), SetAsDefault=True)
    refused(ann.client("sqs").list_queues, f"{arn}, statement 1")
    ann.iam.detach_user_policy(UserName=ann.name, PolicyArn=arn)
    ann.iam.delete_policy_version(PolicyArn=arn, VersionId="v1")
    ann.iam.delete_policy(PolicyArn=arn)


def test_a_key_of_a_deleted_user_is_unknown(person, cloud):
    gone = person()
    gone.may(allow("sqs:*"))
    gone.client("sqs").list_queues()
    gone.iam.update_access_key(UserName=gone.name, AccessKeyId=gone.keys["aws_access_key_id"], Status="Inactive")
    refused(gone.client("sqs").list_queues, code="InvalidClientTokenId")


# ---- Sessions ----

@pytest.fixture
def role(client, name):
    iam = client("iam")
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust({"AWS": ACCOUNT}), Path="/team/")["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document(allow(["sqs:ListQueues", "s3:*"])))
    yield made
    iam.delete_role_policy(RoleName=name, PolicyName="own")
    iam.delete_role(RoleName=name)


def session(cloud, sts, role, service, **more):
    got = sts.assume_role(RoleArn=role, RoleSessionName="tester", **more)["Credentials"]
    return cloud.client(service, aws_access_key_id=got["AccessKeyId"], aws_secret_access_key=got["SecretAccessKey"],
                        aws_session_token=got["SessionToken"])


def test_a_session_has_its_roles_permissions(cloud, client, role, name):
    session(cloud, client("sts"), role, "sqs").list_queues()
    message = refused(session(cloud, client("sts"), role, "sqs").create_queue, QueueName=name)
    assert f"User: arn:aws:sts::{ACCOUNT}:assumed-role/{name}/tester is not" in message


def test_a_session_policy_only_narrows(cloud, client, role):
    sts = client("sts")
    narrow = {"Policy": document(allow(["sqs:*"]))}
    session(cloud, sts, role, "sqs", **narrow).list_queues()
    refused(session(cloud, sts, role, "s3", **narrow).list_buckets, "because no session policy allows")
    refused(session(cloud, sts, role, "sqs", **narrow).create_queue, "because no identity-based policy allows",
            QueueName="never")


def test_who_may_become_a_role(cloud, client, role, ann):
    # Its trust policy names the account: the account's people need sts:AssumeRole themselves.
    refused(ann.client("sts").assume_role, "sts:AssumeRole", RoleArn=role, RoleSessionName="tester")
    ann.may(allow("sts:AssumeRole", role))
    session(cloud, ann.client("sts"), role, "sqs").list_queues()
    ann.iam.update_assume_role_policy(RoleName=role.rsplit("/", 1)[1], PolicyDocument=trust({"AWS": ann.arn}))
    ann.may()
    session(cloud, ann.client("sts"), role, "sqs").list_queues()


def test_an_external_id(cloud, client, role):
    client("iam").update_assume_role_policy(RoleName=role.rsplit("/", 1)[1], PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": ACCOUNT}, "Action": "sts:AssumeRole",
                                                "Condition": {"StringEquals": {"sts:ExternalId": "abc"}}}]}))
    refused(client("sts").assume_role, RoleArn=role, RoleSessionName="tester")
    client("sts").assume_role(RoleArn=role, RoleSessionName="tester", ExternalId="abc")


def test_a_permissions_boundary(cloud, client, name):
    iam = client("iam")
    edge = iam.create_policy(PolicyName=name, PolicyDocument=document(allow("sqs:*")))["Policy"]["Arn"]
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust({"AWS": ACCOUNT}),
                           PermissionsBoundary=edge)["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="all", PolicyDocument=document(allow("*")))
    session(cloud, client("sts"), role, "sqs").list_queues()
    refused(session(cloud, client("sts"), role, "s3").list_buckets, "because no permissions boundary allows")
    iam.delete_role_policy(RoleName=name, PolicyName="all")
    iam.delete_role(RoleName=name)
    iam.delete_policy(PolicyArn=edge)


def test_a_persons_boundary(ann, name):
    ann.may(allow("*"))
    edge = ann.iam.create_policy(PolicyName=name, PolicyDocument=document(allow("sqs:*")))["Policy"]["Arn"]
    ann.iam.put_user_permissions_boundary(UserName=ann.name, PermissionsBoundary=edge)
    assert ann.iam.get_user(UserName=ann.name)["User"]["PermissionsBoundary"]["PermissionsBoundaryArn"] == edge
    ann.client("sqs").list_queues()
    refused(ann.client("s3").list_buckets, "because no permissions boundary allows")
    ann.iam.delete_user_permissions_boundary(UserName=ann.name)
    ann.client("s3").list_buckets()
    ann.iam.delete_policy(PolicyArn=edge)


# ---- S3 ----

def test_objects(ann, client, bucket):
    s3, root = ann.client("s3"), client("s3")
    root.put_object(Bucket=bucket, Key="in/a", Body=b"x", Tagging="colour=blue")
    arn = f"arn:aws:s3:::{bucket}"
    ann.may(allow("s3:GetObject", arn + "/in/*"), allow("s3:PutObject", arn + "/out/*"))
    assert s3.get_object(Bucket=bucket, Key="in/a")["Body"].read() == b"x"
    assert s3.head_object(Bucket=bucket, Key="in/a")["ContentLength"] == 1
    s3.put_object(Bucket=bucket, Key="out/b", Body=b"y")
    refused(s3.get_object, "s3:GetObject", f"{arn}/out/b", Bucket=bucket, Key="out/b")
    refused(s3.put_object, "s3:PutObject", Bucket=bucket, Key="in/a", Body=b"z")
    refused(s3.delete_object, "s3:DeleteObject", Bucket=bucket, Key="out/b")
    refused(s3.list_objects_v2, "s3:ListBucket", arn, Bucket=bucket)
    refused(s3.head_bucket, code="403", Bucket=bucket)
    refused(s3.get_object_tagging, "s3:GetObjectTagging", Bucket=bucket, Key="in/a")
    refused(s3.put_object, "s3:PutObjectTagging", Bucket=bucket, Key="out/t", Body=b"", Tagging="a=b")
    refused(s3.delete_bucket_policy, "s3:DeleteBucketPolicy", Bucket=bucket)
    refused(s3.get_bucket_versioning, "s3:GetBucketVersioning", Bucket=bucket)


def test_versions_are_their_own_permission(ann, client, bucket):
    root, s3 = client("s3"), ann.client("s3")
    root.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    version = root.put_object(Bucket=bucket, Key="k", Body=b"x")["VersionId"]
    ann.may(allow(["s3:GetObject", "s3:DeleteObject"]))
    s3.get_object(Bucket=bucket, Key="k")
    refused(s3.get_object, "s3:GetObjectVersion", Bucket=bucket, Key="k", VersionId=version)
    refused(s3.delete_object, "s3:DeleteObjectVersion", Bucket=bucket, Key="k", VersionId=version)
    s3.delete_object(Bucket=bucket, Key="k")


def test_a_missing_key_is_told_to_who_may_list(ann, bucket):
    s3 = ann.client("s3")
    ann.may(allow("s3:GetObject"))
    refused(s3.get_object, "s3:ListBucket", Bucket=bucket, Key="none")
    refused(s3.head_object, code="403", Bucket=bucket, Key="none")
    ann.may(allow(["s3:GetObject", "s3:ListBucket"]))
    refused(s3.get_object, status=404, code="NoSuchKey", Bucket=bucket, Key="none")


def test_a_copy_reads_and_writes(ann, client, bucket):
    root, s3, arn = client("s3"), ann.client("s3"), f"arn:aws:s3:::{bucket}"
    root.put_object(Bucket=bucket, Key="from", Body=b"x")
    root.put_object(Bucket=bucket, Key="tagged", Body=b"x", Tagging="a=b")
    copy = {"Bucket": bucket, "Key": "to", "CopySource": f"{bucket}/from"}
    ann.may(allow("s3:PutObject", arn + "/to"))
    refused(s3.copy_object, "s3:GetObject", f"{arn}/from", **copy)
    ann.may(allow("s3:GetObject", arn + "/*"))
    refused(s3.copy_object, "s3:PutObject", f"{arn}/to", **copy)
    ann.may(allow("s3:GetObject", arn + "/*"), allow("s3:PutObject", arn + "/to"))
    s3.copy_object(**copy)
    tagged = {**copy, "CopySource": f"{bucket}/tagged"}
    refused(s3.copy_object, "s3:GetObjectTagging", **tagged)
    ann.may(allow(["s3:GetObject", "s3:PutObject", "s3:GetObjectTagging"]))
    refused(s3.copy_object, "s3:PutObjectTagging", **tagged)
    ann.may(allow(["s3:GetObject", "s3:PutObject", "s3:*ObjectTagging"]))
    s3.copy_object(**tagged)


def test_deleting_many_refuses_each_by_itself(ann, client, bucket):
    root = client("s3")
    for key in ["mine/a", "other/b"]:
        root.put_object(Bucket=bucket, Key=key, Body=b"")
    ann.may(allow("s3:DeleteObject", f"arn:aws:s3:::{bucket}/mine/*"))
    done = ann.client("s3").delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "mine/a"}, {"Key": "other/b"}]})
    assert [d["Key"] for d in done["Deleted"]] == ["mine/a"]
    assert [(e["Key"], e["Code"]) for e in done["Errors"]] == [("other/b", "AccessDenied")]


def test_listing_by_prefix(ann, bucket):
    s3 = ann.client("s3")
    ann.may(allow("s3:ListBucket", StringLike={"s3:prefix": ["home/${aws:username}/*", ""]}))
    s3.list_objects_v2(Bucket=bucket, Prefix=f"home/{ann.name}/x")
    s3.list_objects(Bucket=bucket, Prefix="")
    refused(s3.list_objects_v2, Bucket=bucket, Prefix="home/bob/")
    refused(s3.list_objects_v2, Bucket=bucket)


def test_a_bucket_policy_lets_in_and_keeps_out(ann, client, bucket):
    root, s3, arn = client("s3"), ann.client("s3"), f"arn:aws:s3:::{bucket}"
    root.put_object(Bucket=bucket, Key="k", Body=b"x")
    refused(s3.get_object, Bucket=bucket, Key="k")
    root.put_bucket_policy(Bucket=bucket, Policy=document(
        {**allow("s3:GetObject", arn + "/*"), "Principal": {"AWS": ann.arn}}))
    s3.get_object(Bucket=bucket, Key="k")
    ann.may(allow("s3:*"))
    root.put_bucket_policy(Bucket=bucket, Policy=document(
        {**deny("s3:GetObject", arn + "/*", sid="Closed"), "Principal": "*"}))
    refused(s3.get_object, "with an explicit deny in a resource-based policy", f"policy of {arn}, statement Closed",
            Bucket=bucket, Key="k")
    s3.put_object(Bucket=bucket, Key="k2", Body=b"")
    # Nobody is beyond an explicit deny; the account's root can always mend the policy.
    refused(root.get_object, "with an explicit deny", Bucket=bucket, Key="k")
    root.put_bucket_policy(Bucket=bucket, Policy=document({**deny("s3:*", [arn, arn + "/*"]), "Principal": "*"}))
    refused(root.list_objects_v2, Bucket=bucket)
    root.delete_bucket_policy(Bucket=bucket)
    s3.get_object(Bucket=bucket, Key="k")


def test_what_a_service_reads_for_the_caller(ann, cloud, client, bucket, name):
    """A template or a package in a bucket is read by the caller's permission: nobody reads by way of a service."""
    root, url, arn = client("s3"), f"{cloud.endpoint}/{bucket}/t", f"arn:aws:s3:::{bucket}"
    root.put_object(Bucket=bucket, Key="t", Body=b"Resources: {Queue: {Type: 'AWS::SQS::Queue'}}")
    stacks, functions = ann.client("cloudformation"), ann.client("lambda")
    code = {"FunctionName": name, "Role": f"arn:aws:iam::{ACCOUNT}:role/none", "Runtime": "provided.al2023", "Handler": "h",
            "Code": {"S3Bucket": bucket, "S3Key": "t"}}
    services = allow(["cloudformation:*", "lambda:*", "iam:PassRole"])
    for policies in [(services,), (services, deny("s3:GetObject")), (services, allow("s3:GetObject", arn + "/other"))]:
        ann.may(*policies)
        for call in (stacks.validate_template, stacks.get_template_summary):
            refused(call, "Access Denied", "s3:GetObject", TemplateURL=url, status=400, code="ValidationError")
        for call in (stacks.create_stack, stacks.update_stack):
            with pytest.raises(botocore.exceptions.ClientError, match="Access Denied|does not exist"):
                call(StackName=name, TemplateURL=url)
        refused(functions.create_function, f"GetObject for {bucket}/t", code="AccessDeniedException", **code)
    ann.may(services, allow("s3:GetObject"))
    assert stacks.validate_template(TemplateURL=url)["Parameters"] == []
    root.put_bucket_policy(Bucket=bucket, Policy=document({**deny("s3:GetObject", arn + "/*", sid="Closed"), "Principal": "*"}))
    refused(stacks.validate_template, "statement Closed", TemplateURL=url, status=400, code="ValidationError")
    refused(functions.create_function, "statement Closed", code="AccessDeniedException", **code)


def test_encryption_and_tls_conditions(ann, client, bucket):
    arn = f"arn:aws:s3:::{bucket}"
    client("s3").put_bucket_policy(Bucket=bucket, Policy=document(
        {**deny("s3:*", [arn, arn + "/*"], Bool={"aws:SecureTransport": "false"}), "Principal": "*"},
        {**deny("s3:PutObject", arn + "/*", Null={"s3:x-amz-server-side-encryption": "true"}), "Principal": "*"}))
    ann.may(allow("s3:*"))
    s3 = ann.client("s3")
    refused(s3.put_object, "statement 2", Bucket=bucket, Key="k", Body=b"")
    s3.put_object(Bucket=bucket, Key="k", Body=b"", ServerSideEncryption="AES256")


def test_a_bucket_policy_is_checked(client, bucket):
    for policy in ["{", document({**allow("s3:*"), "Principal": "*"}),
                   document({**allow("GetObject", f"arn:aws:s3:::{bucket}/*"), "Principal": "*"})]:
        refused(client("s3").put_bucket_policy, status=400, code="MalformedPolicy", Bucket=bucket, Policy=policy)


# ---- DynamoDB ----

def test_tables_and_inner_actions(ann, table):
    arn = f"arn:aws:dynamodb:{R}:{ACCOUNT}:table/{table}"
    db = ann.client("dynamodb")
    key, item = {"id": {"S": "a"}}, {"id": {"S": "a"}, "kind": {"S": "k"}}
    denied = {"status": 400, "code": "AccessDeniedException"}
    ann.may(allow(["dynamodb:PutItem", "dynamodb:GetItem"], arn))
    db.put_item(TableName=table, Item=item)
    assert db.get_item(TableName=table, Key=key)["Item"] == item
    refused(db.update_item, "dynamodb:UpdateItem", arn, TableName=table, Key=key, **denied)
    refused(db.delete_item, "dynamodb:DeleteItem", TableName=table, Key=key, **denied)
    refused(db.batch_get_item, "dynamodb:BatchGetItem", RequestItems={table: {"Keys": [key]}}, **denied)
    refused(db.batch_write_item, "dynamodb:BatchWriteItem", RequestItems={table: [{"PutRequest": {"Item": item}}]}, **denied)
    refused(db.scan, "dynamodb:Scan", TableName=table, **denied)
    refused(db.describe_table, "dynamodb:DescribeTable", TableName="no-such-table", **denied)
    # A transaction needs what its parts need.
    db.transact_write_items(TransactItems=[{"Put": {"TableName": table, "Item": item}}])
    check = {"ConditionCheck": {"TableName": table, "Key": {"id": {"S": "b"}},
                                "ConditionExpression": "attribute_not_exists(id)"}}
    refused(db.transact_write_items, "dynamodb:ConditionCheckItem",
            TransactItems=[{"Put": {"TableName": table, "Item": item}}, check], **denied)
    refused(db.transact_write_items, "dynamodb:DeleteItem",
            TransactItems=[{"Delete": {"TableName": table, "Key": key}}], **denied)
    db.transact_get_items(TransactItems=[{"Get": {"TableName": table, "Key": key}}])


def test_an_index_is_a_resource_of_its_own(ann, table):
    arn = f"arn:aws:dynamodb:{R}:{ACCOUNT}:table/{table}"
    db = ann.client("dynamodb")
    ask = {"TableName": table, "IndexName": "byKind", "KeyConditionExpression": "kind = :k",
           "ExpressionAttributeValues": {":k": {"S": "x"}}}
    ann.may(allow("dynamodb:Query", arn))
    refused(db.query, f"{arn}/index/byKind", status=400, code="AccessDeniedException", **ask)
    ann.may(allow("dynamodb:Query", arn + "/index/*"))
    db.query(**ask)


def test_leading_keys(ann, table):
    db = ann.client("dynamodb")
    ann.may(allow("dynamodb:*", **{"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["${aws:username}", "shared-*"]}}))
    mine, others = {"id": {"S": ann.name}}, {"id": {"S": "bob"}}
    denied = {"status": 400, "code": "AccessDeniedException"}
    db.put_item(TableName=table, Item=mine)
    db.get_item(TableName=table, Key={"id": {"S": "shared-1"}})
    db.batch_get_item(RequestItems={table: {"Keys": [mine, {"id": {"S": "shared-1"}}]}})
    refused(db.put_item, TableName=table, Item=others, **denied)
    refused(db.batch_get_item, RequestItems={table: {"Keys": [mine, others]}}, **denied)
    refused(db.batch_write_item, RequestItems={table: [{"DeleteRequest": {"Key": others}}]}, **denied)
    refused(db.transact_write_items, TransactItems=[{"Delete": {"TableName": table, "Key": others}}], **denied)
    query = {"TableName": table, "KeyConditionExpression": "#i = :v", "ExpressionAttributeNames": {"#i": "id"}}
    db.query(ExpressionAttributeValues={":v": {"S": ann.name}}, **query)
    refused(db.query, ExpressionAttributeValues={":v": {"S": "bob"}}, **query, **denied)


# ---- SQS, SNS ----

def test_queues(ann, queue, name):
    sqs = ann.client("sqs")
    ann.may(allow(["sqs:SendMessage", "sqs:GetQueueUrl"], queue_arn(name)))
    assert sqs.get_queue_url(QueueName=name)["QueueUrl"] == queue
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    sqs.send_message_batch(QueueUrl=queue, Entries=[{"Id": "1", "MessageBody": "y"}])
    refused(sqs.receive_message, "sqs:ReceiveMessage", queue_arn(name), QueueUrl=queue)
    refused(sqs.delete_message_batch, "sqs:DeleteMessage", QueueUrl=queue, Entries=[{"Id": "1", "ReceiptHandle": "h"}])
    refused(sqs.change_message_visibility_batch, "sqs:ChangeMessageVisibility", QueueUrl=queue,
            Entries=[{"Id": "1", "ReceiptHandle": "h", "VisibilityTimeout": 1}])
    refused(sqs.purge_queue, "sqs:PurgeQueue", QueueUrl=queue)
    refused(sqs.create_queue, "sqs:CreateQueue", QueueName=name + "2")


def test_a_queue_policy(ann, client, queue, name):
    sqs, root = ann.client("sqs"), client("sqs")
    root.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": document(
        {**allow("sqs:SendMessage", queue_arn(name)), "Principal": {"AWS": ann.arn}})})
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    refused(sqs.receive_message, QueueUrl=queue)
    root.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": document(
        {**deny("sqs:*", queue_arn(name), sid="Shut"), "Principal": {"AWS": ann.arn}})})
    ann.may(allow("sqs:*"))
    refused(sqs.send_message, f"policy of {queue_arn(name)}, statement Shut", QueueUrl=queue, MessageBody="x")
    root.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": ""})
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    # AddPermission for the account: its people still need a policy of their own.
    root.add_permission(QueueUrl=queue, Label="all", AWSAccountIds=[ACCOUNT], Actions=["SendMessage"])
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    ann.may()
    refused(sqs.send_message, QueueUrl=queue, MessageBody="x")


def test_topics(ann, client, topic, name):
    sns, root, denied = ann.client("sns"), client("sns"), {"code": "AuthorizationError"}
    refused(sns.publish, "SNS:Publish", topic, TopicArn=topic, Message="x", **denied)
    ann.may(allow("sns:Publish", topic))
    sns.publish(TopicArn=topic, Message="x")
    sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=[{"Id": "1", "Message": "x"}])
    refused(sns.get_topic_attributes, "SNS:GetTopicAttributes", TopicArn=topic, **denied)
    ann.may(allow("sns:Subscribe", topic, StringEquals={"sns:Protocol": "sqs"},
                  StringLike={"sns:Endpoint": f"arn:aws:sqs:*:{ACCOUNT}:{name}*"}))
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn(name))
    refused(sns.subscribe, TopicArn=topic, Protocol="sqs", Endpoint=queue_arn("other"), **denied)
    root.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=document(
        {**allow("sns:Publish", topic), "Principal": {"AWS": ann.arn}}))
    sns.publish(TopicArn=topic, Message="x")


def test_a_topics_deliveries_need_the_queues_policy(client, topic, queue, name):
    sns, sqs = client("sns"), client("sqs")
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn(name), Attributes={"RawMessageDelivery": "true"})
    sns.publish(TopicArn=topic, Message="refused")
    letter = {**allow("sqs:SendMessage", queue_arn(name), ArnEquals={"aws:SourceArn": topic},
                      StringEquals={"aws:SourceAccount": ACCOUNT}), "Principal": {"Service": "sns.amazonaws.com"}}
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": document(letter)})
    sns.publish(TopicArn=topic, Message="delivered")
    got = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5, MaxNumberOfMessages=10)["Messages"]
    assert [m["Body"] for m in got] == ["delivered"]
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": document(
        {**letter, "Condition": {"ArnEquals": {"aws:SourceArn": topic + "x"}}})})
    sns.publish(TopicArn=topic, Message="refused too")
    assert "Messages" not in sqs.receive_message(QueueUrl=queue)


def test_a_buckets_events_need_the_queues_policy(client, bucket, queue, name):
    s3, sqs = client("s3"), client("sqs")
    rules = {"QueueConfigurations": [{"QueueArn": queue_arn(name), "Events": ["s3:ObjectCreated:*"]}]}
    refused(s3.put_bucket_notification_configuration, status=400, code="InvalidArgument", Bucket=bucket,
            NotificationConfiguration=rules)
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": document(
        {**allow("sqs:SendMessage", queue_arn(name), ArnLike={"aws:SourceArn": f"arn:aws:s3:::{bucket}"}),
         "Principal": {"Service": "s3.amazonaws.com"}})})
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=rules)
    s3.put_object(Bucket=bucket, Key="k", Body=b"")
    names = []
    while "k" not in names:
        for message in sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5, MaxNumberOfMessages=10)["Messages"]:
            names += [r["s3"]["object"]["key"] for r in json.loads(message["Body"]).get("Records", [])]


def test_a_buckets_events_need_the_topics_policy(client, bucket, topic):
    s3, sns = client("s3"), client("sns")
    rules = {"TopicConfigurations": [{"TopicArn": topic, "Events": ["s3:ObjectCreated:*"]}]}
    refused(s3.put_bucket_notification_configuration, status=400, code="InvalidArgument", Bucket=bucket,
            NotificationConfiguration=rules)
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=document(
        {**allow("sns:Publish", topic), "Principal": {"Service": "s3.amazonaws.com"}}))
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=rules)


# ---- Lambda ----

@pytest.fixture
def worker(client, name):
    """A role that Lambda may become, with one inline policy."""
    iam = client("iam")

    class Worker:
        arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(
            {"Service": "lambda.amazonaws.com"}))["Role"]["Arn"]

        @staticmethod
        def may(*statements):
            iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document(*statements))

    yield Worker
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        iam.delete_role_policy(RoleName=name, PolicyName=policy)
    iam.delete_role(RoleName=name)


@pytest.fixture
def function(client, worker, name):
    made = client("lambda").create_function(
        FunctionName=name, Runtime="provided.al2023", Handler="main", Role=worker.arn, Timeout=5, MemorySize=256,
        Code={"ZipFile": package()}, Architectures=[ARCHITECTURE])["FunctionArn"]
    client("lambda").get_waiter("function_active_v2").wait(FunctionName=name)
    yield made
    for mapping in client("lambda").list_event_source_mappings(FunctionName=name)["EventSourceMappings"]:
        client("lambda").delete_event_source_mapping(UUID=mapping["UUID"])
    client("lambda").delete_function(FunctionName=name)


def test_functions(ann, client, function, worker, name):
    awslambda, root, denied = ann.client("lambda"), client("lambda"), {"code": "AccessDeniedException"}
    refused(awslambda.invoke, "lambda:InvokeFunction", function, FunctionName=name, **denied)
    refused(awslambda.get_function, "lambda:GetFunction", FunctionName="no-such-function", **denied)
    ann.may(allow("lambda:InvokeFunction", function))
    awslambda.invoke(FunctionName=name, Payload=b"{}")
    refused(awslambda.update_function_configuration, "lambda:UpdateFunctionConfiguration", FunctionName=name, Timeout=6,
            **denied)
    ann.may()
    root.add_permission(FunctionName=name, StatementId="ann", Action="lambda:InvokeFunction", Principal=ann.arn)
    awslambda.invoke(FunctionName=name, Payload=b"{}")


def test_passing_a_role(ann, worker, name):
    awslambda = ann.client("lambda")
    make = {"FunctionName": name, "Runtime": "provided.al2023", "Handler": "main", "Role": worker.arn,
            "Code": {"ZipFile": package()}, "Architectures": [ARCHITECTURE]}
    ann.may(allow("lambda:*"))
    refused(awslambda.create_function, "iam:PassRole", worker.arn, code="AccessDeniedException", **make)
    ann.may(allow("lambda:*"), allow("iam:PassRole", worker.arn, StringEquals={
        "iam:PassedToService": "ec2.amazonaws.com"}))
    refused(awslambda.create_function, "iam:PassRole", code="AccessDeniedException", **make)
    ann.may(allow("lambda:*"), allow("iam:PassRole", worker.arn, StringEquals={
        "iam:PassedToService": "lambda.amazonaws.com"}))
    awslambda.create_function(**make)
    awslambda.delete_function(FunctionName=name)


def test_a_function_logs_only_with_its_roles_permission(client, function, worker, name):
    awslambda, logs = client("lambda"), client("logs")
    group = f"/aws/lambda/{name}"
    invoke = lambda text: awslambda.invoke(FunctionName=name, Payload=json.dumps({"print": text}))  # noqa: E731
    invoke("in vain")
    assert logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"] == []
    logs.create_log_group(logGroupName=group)
    worker.may(allow(["logs:CreateLogStream", "logs:PutLogEvents"], f"arn:aws:logs:*:*:log-group:{group}:*"))
    invoke("heard")
    lines = lambda: [e["message"].strip() for e in logs.filter_log_events(logGroupName=group)["events"]]  # noqa: E731
    wait_until(lambda: "heard" in lines(), what="the log line")
    assert "in vain" not in lines()
    logs.delete_log_group(logGroupName=group)


def test_a_mapping_polls_with_the_functions_role(client, function, worker, queue, name):
    awslambda, sqs = client("lambda"), client("sqs")
    mapping = {"FunctionName": name, "EventSourceArn": queue_arn(name)}
    refused(awslambda.create_event_source_mapping, "does not have permissions to call ReceiveMessage on SQS", status=400,
            code="InvalidParameterValueException", **mapping)
    take = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    worker.may(allow(take[:2], queue_arn(name)))
    refused(awslambda.create_event_source_mapping, "call GetQueueAttributes", status=400,
            code="InvalidParameterValueException", **mapping)
    worker.may(allow(take, queue_arn(name)))
    awslambda.create_event_source_mapping(**mapping)
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    empty = lambda: sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]  # noqa: E731
    gone = lambda: all(empty()[f"ApproximateNumberOfMessages{s}"] == "0" for s in ["", "NotVisible"])  # noqa: E731
    wait_until(gone, what="the message's end")


def test_a_destination_needs_the_functions_role(client, function, worker, queue, name):
    awslambda, sqs = client("lambda"), client("sqs")
    config = {"FunctionName": name, "MaximumRetryAttempts": 0,
              "DestinationConfig": {"OnSuccess": {"Destination": queue_arn(name)}}}
    refused(awslambda.put_function_event_invoke_config, "SendMessage on SQS", status=400,
            code="InvalidParameterValueException", **config)
    worker.may(allow("sqs:SendMessage", queue_arn(name)))
    awslambda.put_function_event_invoke_config(**config)
    awslambda.invoke(FunctionName=name, InvocationType="Event", Payload=b"{}")
    got = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=10)["Messages"]
    assert json.loads(got[0]["Body"])["requestContext"]["condition"] == "Success"


def test_a_buckets_events_need_the_functions_permission(client, bucket, function, name):
    s3, awslambda = client("s3"), client("lambda")
    rules = {"LambdaFunctionConfigurations": [{"LambdaFunctionArn": function, "Events": ["s3:ObjectCreated:*"]}]}
    permission = {"FunctionName": name, "StatementId": "s3", "Action": "lambda:InvokeFunction",
                  "Principal": "s3.amazonaws.com", "SourceArn": f"arn:aws:s3:::{bucket}"}
    refused(s3.put_bucket_notification_configuration, status=400, code="InvalidArgument", Bucket=bucket,
            NotificationConfiguration=rules)
    awslambda.add_permission(SourceAccount="111111111111", **permission)
    refused(s3.put_bucket_notification_configuration, status=400, code="InvalidArgument", Bucket=bucket,
            NotificationConfiguration=rules)
    awslambda.remove_permission(FunctionName=name, StatementId="s3")
    awslambda.add_permission(SourceAccount=ACCOUNT, **permission)
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=rules)


# ---- The others ----

def test_mail_from_an_address(ann, client, name):
    root, ses = client("sesv2"), ann.client("sesv2")
    for sender in [f"{name}@ads.example", "other@ads.example"]:
        root.create_email_identity(EmailIdentity=sender)
    mail = {"Destination": {"ToAddresses": ["to@ads.example"]}, "Content": {"Simple": {
        "Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}}}
    ann.may(allow("ses:SendEmail", StringEquals={"ses:FromAddress": f"{name}@ads.example"}))
    ses.send_email(FromEmailAddress=f"Ann <{name}@ads.example>", **mail)
    refused(ses.send_email, "ses:SendEmail", f"arn:aws:ses:{R}:{ACCOUNT}:identity/other@ads.example",
            code="AccessDeniedException", FromEmailAddress="other@ads.example", **mail)
    refused(ses.create_email_identity, "ses:CreateEmailIdentity", code="AccessDeniedException", EmailIdentity="x@y.z")
    for sender in [f"{name}@ads.example", "other@ads.example"]:
        root.delete_email_identity(EmailIdentity=sender)


def test_metrics_of_a_namespace(ann):
    cloudwatch = ann.client("cloudwatch")
    data = [{"MetricName": "m", "Value": 1.0}]
    ann.may(allow("cloudwatch:PutMetricData", StringEquals={"cloudwatch:namespace": "Mine"}))
    cloudwatch.put_metric_data(Namespace="Mine", MetricData=data)
    refused(cloudwatch.put_metric_data, "cloudwatch:PutMetricData", Namespace="Other", MetricData=data)
    refused(cloudwatch.delete_alarms, f"arn:aws:cloudwatch:{R}:{ACCOUNT}:alarm:a", AlarmNames=["a"])


def test_log_groups_and_streams(ann, client, name):
    root, logs, denied = client("logs"), ann.client("logs"), {"status": 400, "code": "AccessDeniedException"}
    root.create_log_group(logGroupName=name)
    ann.may(allow(["logs:CreateLogStream", "logs:PutLogEvents"], f"arn:aws:logs:{R}:{ACCOUNT}:log-group:{name}:*"))
    logs.create_log_stream(logGroupName=name, logStreamName="s")
    logs.put_log_events(logGroupName=name, logStreamName="s",
                        logEvents=[{"timestamp": int(time.time() * 1000), "message": "m"}])
    refused(logs.get_log_events, f"log-group:{name}:log-stream:s", logGroupName=name, logStreamName="s", **denied)
    refused(logs.delete_log_group, "logs:DeleteLogGroup", logGroupName=name, **denied)
    ann.may(allow("logs:*", f"arn:aws:logs:{R}:{ACCOUNT}:log-group:{name}:log-stream:other"))
    refused(logs.put_log_events, logGroupName=name, logStreamName="s", logEvents=[{"timestamp": 1, "message": "m"}],
            **denied)
    root.delete_log_group(logGroupName=name)


def test_iam_itself(ann, client, name):
    iam = ann.client("iam")
    refused(iam.create_role, "iam:CreateRole", f"arn:aws:iam::{ACCOUNT}:role/p/{name}", RoleName=name, Path="/p/",
            AssumeRolePolicyDocument=trust({"AWS": ACCOUNT}))
    ann.may(allow("iam:*AccessKey*", f"arn:aws:iam::{ACCOUNT}:user/${{aws:username}}"))
    assert len(iam.list_access_keys()["AccessKeyMetadata"]) == 1
    refused(iam.create_access_key, UserName="somebody-else")
    # Only known policies may be attached.
    ann.may(allow("iam:AttachUserPolicy", ArnEquals={"iam:PolicyARN": "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}))
    iam.attach_user_policy(UserName=ann.name, PolicyArn="arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")
    refused(iam.attach_user_policy, UserName=ann.name, PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")


def test_stacks(ann, role, name):
    template = json.dumps({"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}})
    cloudformation = ann.client("cloudformation")
    ann.may(allow("cloudformation:*", f"arn:aws:cloudformation:{R}:{ACCOUNT}:stack/{name}/*"))
    refused(cloudformation.create_stack, "iam:PassRole", role, StackName=name, TemplateBody=template, RoleARN=role)
    refused(cloudformation.create_stack, "cloudformation:CreateStack", f"stack/{name}x/*", StackName=name + "x",
            TemplateBody=template)
    cloudformation.create_stack(StackName=name, TemplateBody=template)
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    cloudformation.delete_stack(StackName=name)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=name, WaiterConfig={"Delay": 1})


@pytest.mark.parametrize("condition, holds", [
    ({"IpAddress": {"aws:SourceIp": "127.0.0.0/8"}}, True),
    ({"NotIpAddress": {"aws:SourceIp": "127.0.0.0/8"}}, False),
    ({"StringEquals": {"aws:RequestedRegion": R}}, True),
    ({"StringEquals": {"aws:RequestedRegion": "us-west-1"}}, False),
    ({"DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}, True),
    ({"DateLessThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}}, False),
    ({"NumericGreaterThan": {"aws:EpochTime": "1577836800"}}, True),
    ({"StringEquals": {"aws:PrincipalType": "User"}}, True),
    ({"StringEquals": {"aws:PrincipalAccount": ACCOUNT}}, True),
    ({"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:user/*"}}, True),
    ({"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/*"}}, False),
    ({"Bool": {"aws:SecureTransport": "true"}}, True),
    ({"Bool": {"aws:PrincipalIsAWSService": "true"}}, False),
    ({"StringEquals": {"aws:PrincipalTag/team": "blue"}}, True),
    ({"StringEquals": {"aws:PrincipalTag/team": "red"}}, False),
    ({"Null": {"aws:SourceArn": "true"}}, True),
    ({"StringLike": {"aws:userid": "AIDA*"}}, True),
])
def test_common_keys(ann, condition, holds):
    ann.iam.tag_user(UserName=ann.name, Tags=[{"Key": "team", "Value": "blue"}])
    ann.may(allow("sqs:ListQueues", **condition))
    if holds:
        ann.client("sqs").list_queues()
    else:
        refused(ann.client("sqs").list_queues)


def test_without_authentication_everybody_may(tmp_path):
    open_to_all = Cloud(tmp_path / "data", "--ephemeral", "--auth", "off").start()
    try:
        sqs = open_to_all.client("sqs", aws_access_key_id="x", aws_secret_access_key="y")
        sqs.list_queues()
    finally:
        open_to_all.stop()
