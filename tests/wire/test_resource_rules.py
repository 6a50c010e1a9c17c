"""Permission is asked for the resource that an operation acts on: no other member of the request moves the decision.
Every operation of every service, with every member that names a resource somewhere added to it."""
import base64
import json
import re
from urllib.parse import quote, urlencode

import pytest
from botocore.credentials import Credentials
from conftest import ROOT, Cloud
from signed import FORM, REGION, call

ACCOUNT = "000000000000"


def arn(service, resource, region=REGION):
    return f"arn:aws:{service}:{region}:{ACCOUNT}:{resource}"


# Members that name a resource in one operation or another, with one that the caller may use: "mine".
FOREIGN = {
    "Name": "mine", "Names": ["mine"], "Path": "/mine", "ResourceId": "mine", "TableName": "mine",
    "ResourceArn": arn("dynamodb", "table/mine"), "ResourceARN": arn("cloudwatch", "alarm:mine"),
    "resourceArn": arn("logs", "log-group:mine"), "TopicArn": arn("sns", "mine"), "TargetArn": arn("sns", "mine"),
    "SubscriptionArn": arn("sns", "mine:1"), "QueueUrl": f"http://localhost/{ACCOUNT}/mine", "QueueName": "mine",
    "SourceArn": arn("sqs", "mine"), "RoleName": "mine", "UserName": "mine", "PolicyName": "mine",
    "PolicyArn": arn("iam", "policy/mine", ""), "Path ": "/mine/", "logGroupName": "mine", "AlarmName": "mine",
    "AlarmNames": ["mine"], "DashboardName": "mine", "DashboardNames": ["mine"], "FunctionName": "mine",
    "Resource": arn("lambda", "function:mine"), "UUID": "mine", "Qualifier": "mine", "GroupName": "mine",
    "groupName": "mine", "ScheduleGroup": "mine", "StackName": "mine", "StackId": "mine", "ChangeSetName": "mine",
    "RoleARN": arn("iam", "role/mine", ""), "EmailIdentity": "mine.org", "FromEmailAddress": "a@mine.org",
    "logGroupIdentifier": "mine", "logStreamName": "mine", "IndexName": "mine", "PermissionsBoundary": "mine",
    "TemplateURL": "mine", "Select": "mine", "ReturnValues": "mine",
}
# Not foreign to an operation: what it may act on itself. A group's name beside its identifier is asked for too.
OWN = {
    "sns": {"Publish": {"TargetArn"}},
    "dynamodb": {"Query": {"IndexName", "Select"}, "Scan": {"IndexName", "Select"}, "UpdateItem": {"ReturnValues"},
                 "PutItem": {"ReturnValues"}, "DeleteItem": {"ReturnValues"}},
    "logs": {**{operation: {"logStreamName"} for operation in ("PutLogEvents", "DeleteLogStream")},
             "GetLogEvents": {"logStreamName", "logGroupIdentifier"}, "FilterLogEvents": {"logGroupIdentifier"},
             "DescribeLogStreams": {"logGroupIdentifier"}},
    "cloudformation": {**{operation: {"StackName"} for operation in ("DescribeStacks", "DescribeStackResources",
                                                                      "GetTemplateSummary")},
                       **{operation: {"ChangeSetName"} for operation in ("DescribeChangeSet",
                                                                          "ExecuteChangeSet", "DeleteChangeSet", "GetTemplate")},
                       **{operation: {"RoleARN", "TemplateURL"} for operation in (
                           "CreateStack", "UpdateStack")},
                       "CreateChangeSet": {"ChangeSetName", "RoleARN", "TemplateURL"},
                       **{operation: {"RoleARN"} for operation in (
                           "DeleteStack", "ContinueUpdateRollback", "RollbackStack")}},
    "monitoring": {"DescribeAlarmHistory": {"AlarmName"}},
    "iam": {**{operation: {"PolicyArn"} for operation in ("AttachRolePolicy", "DetachRolePolicy", "AttachUserPolicy",
                                                          "DetachUserPolicy")},
            **{operation: {"Path", "PermissionsBoundary"} for operation in ("CreateRole", "CreateUser", "CreatePolicy")},
            **{operation: {"PermissionsBoundary"} for operation in (
                "PutRolePermissionsBoundary", "PutUserPermissionsBoundary")}},
    "ssm": {},
    "lambda": {"UpdateEventSourceMapping": {"FunctionName"}, "CreateFunction": set()},
    "scheduler": {**{f"{verb}Schedule": {"GroupName", "groupName", "ScheduleGroup"}
                     for verb in ("Create", "Get", "Update", "Delete")},
                  "ListSchedules": {"GroupName", "groupName", "ScheduleGroup"}},
    "ses": {"SendEmail": {"FromEmailAddress"}},
}

QUEUE = {"QueueUrl": f"http://localhost/{ACCOUNT}/secret"}
TOPIC = {"TopicArn": arn("sns", "secret")}
SUBSCRIPTION = {"SubscriptionArn": arn("sns", "secret:00000000-0000-0000-0000-000000000000")}
TABLE = {"TableName": "secret"}
GROUP = {"logGroupName": "secret"}
STACK = {"StackName": "secret"}
KEY = {"Key": {"id": {"S": "1"}}}


def of(names, members):
    return {name: members for name in names.split()}


# What names the resource in each operation, as AWS's API reference has it.
NAMED = {
    "sqs": {
        **of("AddPermission ChangeMessageVisibility ChangeMessageVisibilityBatch DeleteMessage DeleteMessageBatch "
             "DeleteQueue GetQueueAttributes ListDeadLetterSourceQueues ListQueueTags PurgeQueue ReceiveMessage "
             "RemovePermission SendMessage SendMessageBatch SetQueueAttributes TagQueue UntagQueue", QUEUE),
        **of("CreateQueue GetQueueUrl", {"QueueName": "secret"}), **of("ListQueues", {}),
        **of("StartMessageMoveTask ListMessageMoveTasks", {"SourceArn": arn("sqs", "secret")}),
        **of("CancelMessageMoveTask", {"TaskHandle": "eA=="})},
    "sns": {
        **of("AddPermission ConfirmSubscription DeleteTopic GetTopicAttributes ListSubscriptionsByTopic Publish "
             "PublishBatch RemovePermission SetTopicAttributes Subscribe", TOPIC),
        **of("GetSubscriptionAttributes SetSubscriptionAttributes Unsubscribe", SUBSCRIPTION),
        **of("TagResource UntagResource ListTagsForResource", {"ResourceArn": arn("sns", "secret")}),
        **of("CreateTopic", {"Name": "secret"}), **of("ListTopics ListSubscriptions", {})},
    "dynamodb": {
        **of("CreateTable DeleteTable DescribeContinuousBackups DescribeTable DescribeTimeToLive Query Scan "
             "UpdateContinuousBackups UpdateTable UpdateTimeToLive", TABLE),
        **of("GetItem DeleteItem UpdateItem", {**TABLE, **KEY}), **of("PutItem", {**TABLE, "Item": KEY["Key"]}),
        **of("BatchGetItem", {"RequestItems": {"secret": {"Keys": [KEY["Key"]]}}}),
        **of("BatchWriteItem", {"RequestItems": {"secret": [{"DeleteRequest": KEY}]}}),
        **of("TransactGetItems", {"TransactItems": [{"Get": {**TABLE, **KEY}}]}),
        **of("TransactWriteItems", {"TransactItems": [{"Delete": {**TABLE, **KEY}}]}),
        **of("TagResource UntagResource ListTagsOfResource", {"ResourceArn": arn("dynamodb", "table/secret")}),
        **of("ListTables DescribeLimits DescribeEndpoints", {})},
    "ssm": {
        **of("PutParameter GetParameter DeleteParameter GetParameterHistory LabelParameterVersion "
             "UnlabelParameterVersion", {"Name": "/secret"}),
        **of("GetParameters DeleteParameters", {"Names": ["/secret"]}), **of("GetParametersByPath", {"Path": "/secret"}),
        **of("AddTagsToResource RemoveTagsFromResource ListTagsForResource",
             {"ResourceId": "/secret", "ResourceType": "Parameter"}), **of("DescribeParameters", {})},
    "logs": {
        **of("CreateLogGroup DeleteLogGroup PutRetentionPolicy DeleteRetentionPolicy CreateLogStream DescribeLogStreams "
             "FilterLogEvents TagLogGroup UntagLogGroup ListTagsLogGroup", GROUP),
        **of("PutLogEvents GetLogEvents DeleteLogStream", {**GROUP, "logStreamName": "s"}),
        **of("TagResource UntagResource ListTagsForResource", {"resourceArn": arn("logs", "log-group:secret")}),
        **of("DescribeLogGroups", {})},
    "monitoring": {
        **of("PutMetricAlarm SetAlarmState DescribeAlarmHistory", {"AlarmName": "secret"}),
        **of("DeleteAlarms EnableAlarmActions DisableAlarmActions", {"AlarmNames": ["secret"]}),
        **of("TagResource UntagResource ListTagsForResource", {"ResourceARN": arn("cloudwatch", "alarm:secret")}),
        **of("PutDashboard GetDashboard", {"DashboardName": "secret"}),
        **of("DeleteDashboards", {"DashboardNames": ["secret"]}),
        **of("PutMetricData GetMetricStatistics GetMetricData ListMetrics DescribeAlarms DescribeAlarmsForMetric "
             "ListDashboards", {})},
    "iam": {
        **of("CreateRole GetRole UpdateRole DeleteRole UpdateAssumeRolePolicy PutRolePolicy GetRolePolicy ListRolePolicies "
             "DeleteRolePolicy AttachRolePolicy DetachRolePolicy ListAttachedRolePolicies TagRole UntagRole ListRoleTags "
             "PutRolePermissionsBoundary DeleteRolePermissionsBoundary", {"RoleName": "secret"}),
        **of("CreateUser GetUser DeleteUser PutUserPolicy GetUserPolicy ListUserPolicies DeleteUserPolicy AttachUserPolicy "
             "DetachUserPolicy ListAttachedUserPolicies TagUser UntagUser ListUserTags PutUserPermissionsBoundary "
             "DeleteUserPermissionsBoundary CreateAccessKey ListAccessKeys UpdateAccessKey DeleteAccessKey",
             {"UserName": "secret"}),
        **of("GetPolicy DeletePolicy CreatePolicyVersion GetPolicyVersion ListPolicyVersions DeletePolicyVersion "
             "SetDefaultPolicyVersion ListEntitiesForPolicy", {"PolicyArn": arn("iam", "policy/secret", "")}),
        **of("CreatePolicy", {"PolicyName": "secret"}),
        **of("ListRoles ListUsers ListPolicies GetAccessKeyInfo", {}),
        # Every principal may ask these of itself; AssumeRole asks the role's trust policy.
        **of("GetCallerIdentity GetSessionToken AssumeRole", None)},
    "cloudformation": {
        **of("CreateStack UpdateStack DeleteStack UpdateTerminationProtection CancelUpdateStack ContinueUpdateRollback "
             "RollbackStack DescribeStacks DescribeStackEvents DescribeStackResource DescribeStackResources "
             "ListStackResources GetTemplate GetTemplateSummary CreateChangeSet ListChangeSets", STACK),
        **of("DescribeChangeSet ExecuteChangeSet DeleteChangeSet",
             {"ChangeSetName": arn("cloudformation", "changeSet/secret/1")}),
        **of("ListStacks ListExports ListImports ValidateTemplate", {})},
    # method, path, members of the body
    "lambda": {
        "CreateFunction": ("POST", "/2015-03-31/functions", {"FunctionName": "secret"}),
        "ListFunctions": ("GET", "/2015-03-31/functions", {}),
        "GetFunction": ("GET", "/2015-03-31/functions/secret", {}),
        "DeleteFunction": ("DELETE", "/2015-03-31/functions/secret", {}),
        "GetFunctionConfiguration": ("GET", "/2015-03-31/functions/secret/configuration", {}),
        "UpdateFunctionConfiguration": ("PUT", "/2015-03-31/functions/secret/configuration", {}),
        "UpdateFunctionCode": ("PUT", "/2015-03-31/functions/secret/code", {}),
        "Invoke": ("POST", "/2015-03-31/functions/secret/invocations", {}),
        "PublishVersion": ("POST", "/2015-03-31/functions/secret/versions", {}),
        "ListVersionsByFunction": ("GET", "/2015-03-31/functions/secret/versions", {}),
        "CreateAlias": ("POST", "/2015-03-31/functions/secret/aliases", {"Name": "a"}),
        "ListAliases": ("GET", "/2015-03-31/functions/secret/aliases", {}),
        "GetAlias": ("GET", "/2015-03-31/functions/secret/aliases/a", {}),
        "UpdateAlias": ("PUT", "/2015-03-31/functions/secret/aliases/a", {}),
        "DeleteAlias": ("DELETE", "/2015-03-31/functions/secret/aliases/a", {}),
        "AddPermission": ("POST", "/2015-03-31/functions/secret/policy", {}),
        "GetPolicy": ("GET", "/2015-03-31/functions/secret/policy", {}),
        "RemovePermission": ("DELETE", "/2015-03-31/functions/secret/policy/s", {}),
        "PutFunctionEventInvokeConfig": ("PUT", "/2019-09-25/functions/secret/event-invoke-config", {}),
        "UpdateFunctionEventInvokeConfig": ("POST", "/2019-09-25/functions/secret/event-invoke-config", {}),
        "GetFunctionEventInvokeConfig": ("GET", "/2019-09-25/functions/secret/event-invoke-config", {}),
        "DeleteFunctionEventInvokeConfig": ("DELETE", "/2019-09-25/functions/secret/event-invoke-config", {}),
        "ListFunctionEventInvokeConfigs": ("GET", "/2019-09-25/functions/secret/event-invoke-config/list", {}),
        "PutFunctionConcurrency": ("PUT", "/2017-10-31/functions/secret/concurrency", {}),
        "GetFunctionConcurrency": ("GET", "/2019-09-30/functions/secret/concurrency", {}),
        "DeleteFunctionConcurrency": ("DELETE", "/2017-10-31/functions/secret/concurrency", {}),
        "PutFunctionRecursionConfig": ("PUT", "/2024-08-31/functions/secret/recursion-config", {}),
        "GetFunctionRecursionConfig": ("GET", "/2024-08-31/functions/secret/recursion-config", {}),
        "GetAccountSettings": ("GET", "/2016-08-19/account-settings", {}),
        "TagResource": ("POST", "/2017-03-31/tags/" + quote(arn("lambda", "function:secret"), safe=""), {}),
        "UntagResource": ("DELETE", "/2017-03-31/tags/" + quote(arn("lambda", "function:secret"), safe=""), {}),
        "ListTags": ("GET", "/2017-03-31/tags/" + quote(arn("lambda", "function:secret"), safe=""), {}),
        "CreateEventSourceMapping": ("POST", "/2015-03-31/event-source-mappings", {"FunctionName": "secret"}),
        "ListEventSourceMappings": ("GET", "/2015-03-31/event-source-mappings", {}),
        "GetEventSourceMapping": ("GET", "/2015-03-31/event-source-mappings/secret", {}),
        "UpdateEventSourceMapping": ("PUT", "/2015-03-31/event-source-mappings/secret", {}),
        "DeleteEventSourceMapping": ("DELETE", "/2015-03-31/event-source-mappings/secret", {})},
    "scheduler": {
        "CreateSchedule": ("POST", "/schedules/secret", {}), "GetSchedule": ("GET", "/schedules/secret", {}),
        "UpdateSchedule": ("PUT", "/schedules/secret", {}), "DeleteSchedule": ("DELETE", "/schedules/secret", {}),
        "ListSchedules": ("GET", "/schedules", {}),
        "CreateScheduleGroup": ("POST", "/schedule-groups/secret", {}),
        "GetScheduleGroup": ("GET", "/schedule-groups/secret", {}),
        "DeleteScheduleGroup": ("DELETE", "/schedule-groups/secret", {}),
        "ListScheduleGroups": ("GET", "/schedule-groups", {}),
        "TagResource": ("POST", "/tags/" + quote(arn("scheduler", "schedule-group/secret"), safe=""), {}),
        "UntagResource": ("DELETE", "/tags/" + quote(arn("scheduler", "schedule-group/secret"), safe=""), {}),
        "ListTagsForResource": ("GET", "/tags/" + quote(arn("scheduler", "schedule-group/secret"), safe=""), {})},
    "ses": {
        "CreateEmailIdentity": ("POST", "/v2/email/identities", {"EmailIdentity": "secret.org"}),
        "ListEmailIdentities": ("GET", "/v2/email/identities", {}),
        "GetEmailIdentity": ("GET", "/v2/email/identities/secret.org", {}),
        "DeleteEmailIdentity": ("DELETE", "/v2/email/identities/secret.org", {}),
        "SendEmail": ("POST", "/v2/email/outbound-emails", {"FromEmailAddress": "a@secret.org"}),
        "GetAccount": ("GET", "/v2/email/account", {}),
        "PutAccountDetails": ("POST", "/v2/email/account/details", {}),
        "PutAccountSendingAttributes": ("PUT", "/v2/email/account/sending", {})},
}
TARGETS = {"dynamodb": "DynamoDB_20120810.", "sqs": "AmazonSQS.", "logs": "Logs_20140328.", "ssm": "AmazonSSM."}
VERSIONS = {"sns": "2010-03-31", "iam": "2010-05-08", "cloudformation": "2010-05-15", "monitoring": "2010-08-01"}
IAM_NAME = {"monitoring": "cloudwatch", "sns": "SNS"}
TABLES = {"sqs": "sqs/operations.cc", "sns": "sns/operations.cc", "dynamodb": "dynamodb/service.cc", "ssm": "ssm/operations.cc",
          "logs": "logs/operations.cc", "monitoring": "cloudwatch/operations.cc", "iam": "iam/service.cc",
          "cloudformation": "cloudformation/service.cc", "lambda": "lambda/router.cc", "scheduler": "scheduler/operations.cc",
          "ses": "ses/service.cc"}


def form_of(members):
    flat = {}
    for name, value in members.items():
        if isinstance(value, list):
            flat.update({f"{name}.member.{i + 1}": each for i, each in enumerate(value)})
        else:
            flat[name] = value
    return flat


def ask(cloud, keys, service, operation, extra=None, where="body"):
    """-> (decision, message): the operation on "secret", with other members beside it."""
    extra = extra or {}
    named = NAMED[service][operation]
    if service in TARGETS:
        answer = call(cloud, service, "POST", "/", {"X-Amz-Target": TARGETS[service] + operation,
                                                    "Content-Type": "application/x-amz-json-1.0"},
                      json.dumps({**extra, **named}).encode(), credentials=keys)
    elif service in VERSIONS:
        form = {"Action": operation, "Version": VERSIONS[service], **form_of({**extra, **named})}
        answer = call(cloud, service, "POST", "/", {"Content-Type": FORM}, urlencode(form).encode(), credentials=keys)
    else:
        method, path, members = named
        if where == "query" or method in ("GET", "DELETE"):
            query = sorted((name, value) for name, value in extra.items() if isinstance(value, str))
            path += "?" + urlencode(query, quote_via=quote) if query else ""
            extra = {}
        body = json.dumps({**extra, **members}).encode() if method in ("POST", "PUT") else b""
        answer = call(cloud, service, method, path, {"Content-Type": "application/json"} if body else {}, body,
                      credentials=keys)
    text = answer.body.decode("utf-8", "replace")
    found = re.search(r"is not authorized to perform: (\S+) on resource: (.+?) because", text)
    return found.groups() if found else "allowed"


class Person:
    def __init__(self, cloud, name):
        self.iam = cloud.client("iam")
        self.name = name
        self.iam.create_user(UserName=name)
        key = self.iam.create_access_key(UserName=name)["AccessKey"]
        self.keys = Credentials(key["AccessKeyId"], key["SecretAccessKey"])

    def may(self, *statements):
        self.iam.put_user_policy(UserName=self.name, PolicyName="own", PolicyDocument=json.dumps({
            "Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Action": action, "Resource": resource} for action, resource in statements]}))


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    running = Cloud(tmp_path_factory.mktemp("rules") / "data", "--ephemeral").start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def outsider(own):
    """Everything, on everything that is called "mine"."""
    person = Person(own, "outsider")
    person.may(("*", ["arn:aws:*:*:*:*mine*"]))
    return person


@pytest.fixture(scope="module")
def insider(own):
    return Person(own, "insider")


def cases():
    return [(service, operation) for service, operations in NAMED.items() for operation, named in operations.items()
            if named is not None]


@pytest.mark.parametrize("service", TABLES)
def test_every_operation_is_in_this_file(service):
    table = (ROOT / "src" / "cloud" / TABLES[service]).read_text()
    rows = set(re.findall(r'\{"(?:(?:GET|PUT|POST|DELETE)",\s*"[^"]*",\s*(?:"\w*",\s*)?")?([A-Z]\w+)"[^{}]*(?:\{On::|On::)', table))
    rows |= set(re.findall(r'\{"([A-Z]\w+)", \{\w+, (?:\{On::|On::)', table))
    rows |= set(re.findall(r'\{"([A-Z]\w+)",\s*(?:Effect::|kUnwaited)', table))
    missing = set(NAMED[service]) - rows
    assert not missing, f"no row in the table: {missing}"
    not_implemented = {name for name in rows if re.search(rf'"{name}",\s*On::everything,\s*nullptr', table)}
    assert rows - set(NAMED[service]) - not_implemented == set()


def foreign(service, operation):
    named = NAMED[service][operation]
    members = named[2] if isinstance(named, tuple) else named
    skip = OWN.get(service, {}).get(operation, set()) | set(members)
    return {name.strip(): value for name, value in FOREIGN.items() if name.strip() not in skip}


def variants(service, operation):
    """One member beside what the operation needs, and all of them; in the body and in the query."""
    members = foreign(service, operation)
    places = ("body", "query") if isinstance(NAMED[service][operation], tuple) else ("body",)
    for where in places:
        for name, value in members.items():
            if service == "lambda" and name == "Qualifier":
                continue  # a function's own ARN has it
            yield {name: value}, where
            if isinstance(value, list):
                yield {name: []}, where


@pytest.mark.parametrize("service, operation", cases())
def test_no_other_member_moves_the_decision(own, outsider, insider, service, operation):
    # Who may use everything else does not get in by naming it.
    denied = ask(own, outsider.keys, service, operation)
    assert denied != "allowed", "a user without permission gets in"
    for extra, where in variants(service, operation):
        assert ask(own, outsider.keys, service, operation, extra, where) == denied, (extra, where)
    # Who may use exactly this stays in, whatever else is named.
    statements = []
    insider.may(("none:None", "*"))
    while (asked := ask(own, insider.keys, service, operation)) != "allowed":
        assert asked not in statements and len(statements) < 6, asked
        statements.append(asked)
        insider.may(*statements)
    for extra, where in variants(service, operation):
        assert ask(own, insider.keys, service, operation, extra, where) == "allowed", (extra, where)


@pytest.mark.parametrize("operation, qualified", [
    ("PutFunctionConcurrency", False), ("UpdateFunctionConfiguration", False), ("PublishVersion", False),
    ("DeleteAlias", False), ("GetFunction", True), ("GetPolicy", True)])
def test_a_qualifier_counts_only_where_the_operation_has_one(own, insider, operation, qualified):
    action = f"lambda:{operation}"
    insider.may((action, arn("lambda", "function:secret:dev")))
    decision = ask(own, insider.keys, "lambda", operation, {"Qualifier": "dev"}, "query")
    assert (decision == "allowed") == qualified


@pytest.mark.parametrize("spelling", ["/secret:3", "/secret:label", arn("ssm", "parameter/secret"),
                                      arn("ssm", "parameter/secret:3"), arn("ssm", "parameter/secret", "us-west-1")])
def test_a_parameter_has_one_name_however_it_is_spelled(own, insider, spelling):
    insider.iam.put_user_policy(UserName=insider.name, PolicyName="own", PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "ssm:*", "Resource": "*"},
            {"Effect": "Deny", "Action": "ssm:*", "Resource": arn("ssm", "parameter/secret")}]}))
    answer = call(own, "ssm", "POST", "/", {"X-Amz-Target": "AmazonSSM.GetParameter"},
                  json.dumps({"Name": spelling}).encode(), credentials=insider.keys)
    assert answer.code == "AccessDeniedException", answer


def test_a_raw_mail_is_its_own_headers(own, insider):
    insider.iam.put_user_policy(UserName=insider.name, PolicyName="own", PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "ses:*", "Resource": "*"},
            {"Effect": "Deny", "Action": "ses:*", "Resource": arn("ses", "identity/secret.org")}]}))
    mime = base64.b64encode(b"From: boss@secret.org\r\nTo: a@b.org\r\n\r\nhello").decode()
    answer = call(own, "ses", "POST", "/v2/email/outbound-emails", {"Content-Type": "application/json"},
                  json.dumps({"Content": {"Raw": {"Data": mime}}}).encode(), credentials=insider.keys)
    assert answer.code == "AccessDeniedException", answer


def test_a_request_that_names_nothing_is_refused_first(own, outsider):
    for service, operation in (("ssm", "GetParameter"), ("dynamodb", "DeleteTable"), ("logs", "DeleteLogGroup"),
                               ("sqs", "PurgeQueue")):
        answer = call(own, service, "POST", "/", {"X-Amz-Target": TARGETS[service] + operation}, b"{}",
                      credentials=outsider.keys)
        assert "on resource: *" in answer.body.decode(), answer


# ---- S3: the action is chosen by the query; permission is asked for the action that is done ----

SUBRESOURCES = {"location": "GetBucketLocation", "versioning": "GetBucketVersioning",
                "notification": "GetBucketNotification", "policyStatus": "GetBucketPolicyStatus", "acl": "GetBucketAcl",
                "versions": "ListBucketVersions", "uploads": "ListBucketMultipartUploads",
                "encryption": "GetEncryptionConfiguration", "lifecycle": "GetLifecycleConfiguration",
                "publicAccessBlock": "GetBucketPublicAccessBlock", "ownershipControls": "GetBucketOwnershipControls",
                "tagging": "GetBucketTagging", "policy": "GetBucketPolicy"}


@pytest.fixture(scope="module")
def bucket(own):
    own.client("s3").create_bucket(Bucket="rules", CreateBucketConfiguration={"LocationConstraint": REGION})
    return "rules"


def denied_action(answer):
    found = re.search(r"is not authorized to perform: s3:(\w+)", answer.body.decode())
    return found and found.group(1)


@pytest.mark.parametrize("allowed", SUBRESOURCES)
def test_two_subresources_ask_for_the_one_that_is_done(own, bucket, insider, allowed):
    insider.may((f"s3:{SUBRESOURCES[allowed]}", f"arn:aws:s3:::{bucket}"))
    alone = call(own, "s3", "GET", f"/{bucket}?{allowed}", credentials=insider.keys)
    assert denied_action(alone) is None, alone
    for other in SUBRESOURCES:
        if other == allowed:
            continue
        for query in (f"{other}&{allowed}", f"{allowed}&{other}"):
            answer = call(own, "s3", "GET", f"/{bucket}?{query}", credentials=insider.keys)
            assert denied_action(answer) == SUBRESOURCES[other] or answer.body[:200] == alone.body[:200] \
                or answer.code == alone.code and alone.code, (query, answer, alone)


def test_a_policy_is_not_put_with_the_permission_for_tags(own, bucket, insider):
    insider.may((["s3:PutBucketTagging", "s3:PutEncryptionConfiguration", "s3:PutBucketNotification"],
                 f"arn:aws:s3:::{bucket}"))
    policy = json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "s3:*", "Resource": f"arn:aws:s3:::{bucket}/*"}]}).encode()
    for query in ("policy&tagging", "policy&encryption", "policy&notification", "tagging&policy", "versioning&tagging"):
        call(own, "s3", "PUT", f"/{bucket}?{query}", body=policy, credentials=insider.keys)
        assert call(own, "s3", "GET", f"/{bucket}?policy").code == "NoSuchBucketPolicy", query
