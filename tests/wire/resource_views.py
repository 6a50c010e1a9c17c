"""What a resource of a stack is, seen through its own service's API: None where it is not there."""
import json

import botocore.exceptions

# What changes by itself, or by being written again with the same content.
VOLATILE = {"ResponseMetadata", "LastModified", "LastModificationDate", "LastModifiedTimestamp", "RevisionId", "LastModifiedDate", "UpdateDate", "LastUpdateToPayPerRequestDateTime",
            "LastIncreaseDateTime", "LastDecreaseDateTime", "NumberOfDecreasesToday", "EarliestRestorableDateTime", "LatestRestorableDateTime",
            "AlarmConfigurationUpdatedTimestamp", "StateUpdatedTimestamp", "StateTransitionedTimestamp", "StateReason", "StateReasonData", "StateValue", "ETag", "Version",
            "CreatedTimestamp", "LastModifiedTimestamp", "State", "StateTransitionReason", "ApproximateNumberOfMessages",
            "RoleLastUsed", "LastUsedDate", "storedBytes", "Size", "DefaultVersionId", "LastEvaluated", "UpdatedTimestamp", "LastUpdateStatus",
            "IndexSizeBytes", "TableSizeBytes", "ItemCount"}


def settled(value):
    """Without what is volatile, documents parsed, lists of objects in an order of their own."""
    if isinstance(value, dict):
        return {k: settled(v) for k, v in value.items() if k not in VOLATILE}
    if isinstance(value, list):
        return sorted((settled(v) for v in value), key=lambda v: json.dumps(v, sort_keys=True, default=str))
    if isinstance(value, str) and value[:1] in "{[":
        try:
            return settled(json.loads(value))
        except ValueError:
            pass
    return value


def tried(call, **arguments):
    """The answer; None where the service says that there is no such thing."""
    try:
        return call(**arguments)
    except botocore.exceptions.ClientError as error:
        code, status = error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]
        gone = ("NoSuch", "NotFound", "NonExistent", "NotExist", "DoesNotExist", "ResourceNotFound")
        if status == 404 or any(word in code for word in gone):
            return None
        raise


def queue(c, url):
    shown = tried(c("sqs").get_queue_attributes, QueueUrl=url, AttributeNames=["All"])
    return shown and {**shown, "tags": c("sqs").list_queue_tags(QueueUrl=url).get("Tags", {})}


def topic(c, arn):
    shown = tried(c("sns").get_topic_attributes, TopicArn=arn)
    return shown and {**shown, "tags": c("sns").list_tags_for_resource(ResourceArn=arn)["Tags"]}


def bucket(c, name):
    s3 = c("s3")
    if tried(s3.head_bucket, Bucket=name) is None:
        return None
    reads = {"versioning": s3.get_bucket_versioning, "encryption": s3.get_bucket_encryption, "lifecycle": s3.get_bucket_lifecycle_configuration,
             "notification": s3.get_bucket_notification_configuration, "public": s3.get_public_access_block,
             "ownership": s3.get_bucket_ownership_controls, "tags": s3.get_bucket_tagging, "policy": s3.get_bucket_policy}
    shown = {name_: tried(read, Bucket=name) for name_, read in reads.items()}
    for rules in shown["notification"].values():
        for rule in rules if isinstance(rules, list) else []:
            rule.pop("Id")  # made up anew each time
    return shown


def table(c, name):
    dynamodb = c("dynamodb")
    shown = tried(dynamodb.describe_table, TableName=name)
    if shown is None:
        return None
    return {**shown, "ttl": dynamodb.describe_time_to_live(TableName=name), "backups": dynamodb.describe_continuous_backups(TableName=name),
            "tags": dynamodb.list_tags_of_resource(ResourceArn=shown["Table"]["TableArn"])["Tags"]}


def function(c, name):
    shown = tried(c("lambda").get_function, FunctionName=name)
    if shown is None:
        return None
    policy = tried(c("lambda").get_policy, FunctionName=name)
    return {**shown, "policy": policy and json.loads(policy["Policy"])["Statement"]}


def role(c, name):
    iam = c("iam")
    shown = tried(iam.get_role, RoleName=name)
    return shown and {**shown, "attached": iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"],
                      "inline": {n: iam.get_role_policy(RoleName=name, PolicyName=n)["PolicyDocument"]
                                 for n in iam.list_role_policies(RoleName=name)["PolicyNames"]}}


def user(c, name):
    iam = c("iam")
    shown = tried(iam.get_user, UserName=name)
    return shown and {**shown, "attached": iam.list_attached_user_policies(UserName=name)["AttachedPolicies"],
                      "keys": iam.list_access_keys(UserName=name)["AccessKeyMetadata"],
                      "inline": {n: iam.get_user_policy(UserName=name, PolicyName=n)["PolicyDocument"]
                                 for n in iam.list_user_policies(UserName=name)["PolicyNames"]}}


def managed_policy(c, arn):
    shown = tried(c("iam").get_policy, PolicyArn=arn)
    if shown is None:
        return None
    return {**shown, "document": c("iam").get_policy_version(
        PolicyArn=arn, VersionId=shown["Policy"]["DefaultVersionId"])["PolicyVersion"]["Document"]}


def log_group(c, name):
    groups = c("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    found = [g for g in groups if g["logGroupName"] == name]
    return found and {**found[0], "tags": c("logs").list_tags_log_group(logGroupName=name)["tags"]} or None


def alarm(c, name):
    return (c("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"] or [None])[0]


def schedule(c, name):
    found = [s for page in c("scheduler").get_paginator("list_schedules").paginate() for s in page["Schedules"] if s["Name"] == name]
    return tried(c("scheduler").get_schedule, Name=name, GroupName=found[0]["GroupName"]) if found else None


VIEWS = {
    "AWS::SQS::Queue": queue,
    "AWS::SNS::Topic": topic,
    "AWS::SNS::Subscription": lambda c, arn: tried(c("sns").get_subscription_attributes, SubscriptionArn=arn),
    "AWS::S3::Bucket": bucket,
    "AWS::DynamoDB::Table": table,
    "AWS::Lambda::Function": function,
    "AWS::Lambda::EventSourceMapping": lambda c, id_: tried(c("lambda").get_event_source_mapping, UUID=id_),
    "AWS::Lambda::Version": lambda c, arn: tried(c("lambda").get_function, FunctionName=arn),
    "AWS::Lambda::Alias": lambda c, arn: tried(c("lambda").get_alias, FunctionName=arn.rsplit(":", 1)[0], Name=arn.rsplit(":", 1)[1]),
    "AWS::IAM::Role": role,
    "AWS::IAM::User": user,
    "AWS::IAM::ManagedPolicy": managed_policy,
    "AWS::Logs::LogGroup": log_group,
    "AWS::CloudWatch::Alarm": alarm,
    "AWS::CloudWatch::Dashboard": lambda c, name: tried(c("cloudwatch").get_dashboard, DashboardName=name),
    "AWS::SSM::Parameter": lambda c, name: tried(c("ssm").get_parameter, Name=name),
    "AWS::Scheduler::ScheduleGroup": lambda c, name: tried(c("scheduler").get_schedule_group, Name=name),
    "AWS::Scheduler::Schedule": schedule,
    "AWS::SES::EmailIdentity": lambda c, name: tried(c("sesv2").get_email_identity, EmailIdentity=name),
}
# Seen as part of what they are about.
PARTS = {"AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy", "AWS::S3::BucketPolicy", "AWS::IAM::Policy", "AWS::IAM::AccessKey",
         "AWS::Lambda::Permission", "AWS::Lambda::EventInvokeConfig"}


def view(client, resource_type, physical_id):
    """The resource's settled description, or None. Types that are parts of others have none of their own."""
    return settled(VIEWS[resource_type](client, physical_id))


def clear_away(client, resource_type, physical_id):
    """Removes what a stack retained, so that it does not stand in the way of other tests."""
    removals = {
        "AWS::SQS::Queue": lambda: client("sqs").delete_queue(QueueUrl=physical_id),
        "AWS::S3::Bucket": lambda: client("s3").delete_bucket(Bucket=physical_id),
        "AWS::DynamoDB::Table": lambda: client("dynamodb").delete_table(TableName=physical_id),
        "AWS::Logs::LogGroup": lambda: client("logs").delete_log_group(logGroupName=physical_id),
    }
    removals[resource_type]()
