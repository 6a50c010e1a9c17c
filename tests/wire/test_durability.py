"""kill -9 in the middle of everything: what was acknowledged is there afterwards, whole; what was not is there whole or not at all."""
import concurrent.futures
import hashlib
import io
import json
import os
import random
import time
import zipfile

import botocore.config
import botocore.exceptions
from local_cloud import REGION, Cloud, wait_until

ROUNDS = int(os.environ.get("ADS_KILL_ROUNDS", "20"))
SEED = int(os.environ.get("ADS_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 31)
PART = 5 << 20
# Everything a client may see of a cloud that dies under it.
CUT_OFF = (botocore.exceptions.HTTPClientError, botocore.exceptions.EndpointConnectionError, botocore.exceptions.IncompleteReadError)


def content_of(label, size):
    """Bytes that only this label has, so that one object's content in another's place is noticed."""
    block = hashlib.sha256(label.encode()).digest()
    return (block * (size // 32 + 1))[:size]


TRUST = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {
    "Service": ["lambda.amazonaws.com", "scheduler.amazonaws.com"]}}]})
TEMPLATE = "Resources: {Queue: {Type: 'AWS::SQS::Queue'}, Parameter: {Type: 'AWS::SSM::Parameter', Properties: {Type: String, Value: v}}}"


class Made:
    """One thing of each other service: made by `make`, and found again by `find`."""

    def __init__(self, cloud):
        self.cloud, self.role = cloud, None
        self.connect()
        self.role = self.iam.create_role(RoleName="load", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
        self.logs.create_log_group(logGroupName="load")
        self.sesv2.create_email_identity(EmailIdentity="load@example.com")
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as archive:
            archive.writestr("bootstrap", "#!/bin/sh\n")
        self.code = {"ZipFile": package.getvalue()}

    SERVICES = ("ssm", "iam", "logs", "scheduler", "cloudwatch", "sesv2", "lambda", "cloudformation")

    def connect(self):
        config = botocore.config.Config(retries={"total_max_attempts": 1}, read_timeout=20, connect_timeout=5)
        for service in self.SERVICES:
            setattr(self, service, self.cloud.client(service, config=config))

    def make(self, service, label):
        if service == "ssm":
            self.ssm.put_parameter(Name=f"/{label}", Value=label, Type="SecureString")
        elif service == "iam":
            self.iam.create_user(UserName=label)
        elif service == "logs":
            self.logs.create_log_stream(logGroupName="load", logStreamName=label)
            self.logs.put_log_events(logGroupName="load", logStreamName=label,
                                     logEvents=[{"timestamp": int(time.time() * 1000), "message": label}])
        elif service == "scheduler":
            self.scheduler.create_schedule(
                Name=label, ScheduleExpression="at(2100-01-01T00:00:00)", FlexibleTimeWindow={"Mode": "OFF"},
                Target={"Arn": f"arn:aws:sqs:{REGION}:000000000000:sends", "RoleArn": self.role, "Input": label})
        elif service == "cloudwatch":
            self.cloudwatch.put_metric_alarm(AlarmName=label, MetricName="m", Namespace="n", Period=60, EvaluationPeriods=1,
                                             Threshold=1, ComparisonOperator="GreaterThanThreshold", Statistic="Sum")
        elif service == "sesv2":
            self.sesv2.send_email(FromEmailAddress="load@example.com", Destination={"ToAddresses": ["a@example.com"]}, Content={
                "Simple": {"Subject": {"Data": label}, "Body": {"Text": {"Data": label}}}})
        elif service == "lambda":
            getattr(self, "lambda").create_function(FunctionName=label, Runtime="provided.al2023", Handler="h", Role=self.role,
                                                    Code=self.code, Environment={"Variables": {"LABEL": label}})
        else:
            self.cloudformation.create_stack(StackName=label, TemplateBody=TEMPLATE)

    def find(self, service, label):
        """Fails where it is not there, whole."""
        if service == "ssm":
            return self.ssm.get_parameter(Name=f"/{label}", WithDecryption=True)["Parameter"]["Value"] == label
        if service == "iam":
            return self.iam.get_user(UserName=label)
        if service == "logs":
            events = self.logs.get_log_events(logGroupName="load", logStreamName=label)["events"]
            return [event["message"] for event in events] == [label]
        if service == "scheduler":
            return self.scheduler.get_schedule(Name=label)["Target"]["Input"] == label
        if service == "cloudwatch":
            return self.cloudwatch.describe_alarms(AlarmNames=[label])["MetricAlarms"]
        if service == "sesv2":
            return label in json.dumps(self.cloud.page("/_aws/ses"))
        if service == "lambda":
            found = getattr(self, "lambda").get_function_configuration(FunctionName=label)
            return found["Environment"]["Variables"] == {"LABEL": label}
        self.cloudformation.get_waiter("stack_create_complete").wait(StackName=label, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
        kinds = {r["ResourceType"] for r in self.cloudformation.describe_stack_resources(StackName=label)["StackResources"]}
        return kinds == {"AWS::SQS::Queue", "AWS::SSM::Parameter"}


class Load:
    """Six kinds of work against one cloud, each remembering what was acknowledged."""

    def __init__(self, cloud, seed):
        self.cloud, self.random, self.round = cloud, random.Random(seed), 0
        self.tried_objects, self.objects, self.deleted = {}, {}, set()  # key -> size
        self.tried_items, self.items = {}, {}                           # key -> count
        self.sent, self.tried_sends = set(), set()
        self.published, self.tried_publishes = set(), set()
        self.completed, self.tried_uploads = {}, {}
        self.made, self.things = {}, Made(cloud)  # label -> service
        self.connect()
        self.s3.create_bucket(Bucket="load", CreateBucketConfiguration={"LocationConstraint": REGION})
        self.dynamodb.create_table(TableName="load", BillingMode="PAY_PER_REQUEST",
                                   KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
                                   AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}])
        topic = self.sns.create_topic(Name="load")["TopicArn"]
        self.topic = topic
        self.urls = {}
        for name, sender in [("sends", None), ("events", "s3.amazonaws.com"), ("subscribed", "sns.amazonaws.com")]:
            self.urls[name] = url = self.sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "120"})["QueueUrl"]
            arn = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
            if sender:
                self.sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps({"Version": "2012-10-17", "Statement": [{
                    "Effect": "Allow", "Principal": {"Service": sender}, "Action": "sqs:SendMessage", "Resource": arn}]})})
            if name == "events":
                self.s3.put_bucket_notification_configuration(Bucket="load", NotificationConfiguration={
                    "QueueConfigurations": [{"QueueArn": arn, "Events": ["s3:ObjectCreated:*"]}]})
            if name == "subscribed":
                self.sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})

    def connect(self):
        config = botocore.config.Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"},
                                        max_pool_connections=16, read_timeout=20, connect_timeout=5)
        self.things.connect()
        self.s3, self.sqs, self.sns, self.dynamodb = (
            self.cloud.client(service, config=config) for service in ("s3", "sqs", "sns", "dynamodb"))

    def work(self, kind, worker):
        """Until the cloud is gone."""
        one = random.Random(f"{SEED} {self.round} {kind} {worker}")
        for turn in range(1_000_000):
            label = f"{kind}-{self.round}-{worker}-{turn}"
            try:
                getattr(self, kind)(label, one)
            except CUT_OFF:
                return turn
            except botocore.exceptions.ClientError as error:
                if error.response["ResponseMetadata"]["HTTPStatusCode"] < 500:
                    raise
                return turn  # an answer of a server that was killed half-way through it

    def put(self, label, one):
        size = one.choice([0, 17, 5000, 70_000, 300_000])
        self.tried_objects[label] = size
        self.s3.put_object(Bucket="load", Key=label, Body=content_of(label, size), Metadata={"label": label})
        self.objects[label] = size
        if one.random() < 0.2:
            self.deleted.add(label)  # from here on it may be there or not
            del self.objects[label]
            self.s3.delete_object(Bucket="load", Key=label)

    def send(self, label, _):
        batch = [f"{label}-{i}" for i in range(5)]
        self.tried_sends.update(batch)
        reply = self.sqs.send_message_batch(QueueUrl=self.urls["sends"], Entries=[
            {"Id": str(i), "MessageBody": body} for i, body in enumerate(batch)])
        self.sent.update(batch[int(entry["Id"])] for entry in reply["Successful"])

    def write(self, label, one):
        key = f"{label.rsplit('-', 2)[0]}-{one.randrange(20)}"
        self.tried_items[key] = self.tried_items.get(key, 0) + 1
        self.dynamodb.update_item(TableName="load", Key={"k": {"S": key}}, UpdateExpression="SET t = :t ADD n :one",
                                  ExpressionAttributeValues={":one": {"N": "1"}, ":t": {"S": "x" * 1000}})
        self.items[key] = self.items.get(key, 0) + 1

    def publish(self, label, _):
        self.tried_publishes.add(label)
        self.sns.publish(TopicArn=self.topic, Message=label)
        self.published.add(label)

    def upload(self, label, _):
        self.tried_uploads[label] = PART + 1000
        upload = self.s3.create_multipart_upload(Bucket="load", Key=label)["UploadId"]
        body, parts = content_of(label, PART + 1000), []
        for number, piece in enumerate((body[:PART], body[PART:]), 1):
            etag = self.s3.upload_part(Bucket="load", Key=label, UploadId=upload, PartNumber=number, Body=piece)["ETag"]
            parts.append({"PartNumber": number, "ETag": etag})
        self.s3.complete_multipart_upload(Bucket="load", Key=label, UploadId=upload, MultipartUpload={"Parts": parts})
        self.completed[label] = PART + 1000

    def make(self, label, one):
        service = one.choice(Made.SERVICES)
        self.things.make(service, label)
        self.made[label] = service

    def run_and_kill(self):
        self.round += 1
        before = {k: len(getattr(self, k)) for k in ("objects", "items", "sent", "published", "completed", "made")}
        with concurrent.futures.ThreadPoolExecutor(10) as threads:
            working = [threads.submit(self.work, kind, worker) for kind, workers in
                       [("put", 2), ("send", 1), ("write", 2), ("publish", 1), ("upload", 2), ("make", 2)] for worker in range(workers)]
            time.sleep(self.random.uniform(0.02, 0.7))  # the moment of death; nothing is waited for
            self.cloud.kill()
            for one in working:
                one.result(30)
        return {k: len(getattr(self, k)) - n for k, n in before.items()}

    # ---- afterwards ----

    def check(self):
        self.check_objects()
        self.check_items()
        self.check_queue("sends", self.sent, self.tried_sends)
        self.check_queue("subscribed", self.published, self.tried_publishes)
        self.check_events()
        for label, service in self.made.items():
            if f"-{self.round}-" in label:
                assert self.things.find(service, label), f"{label} of {service} is not what was made"

    def check_objects(self):
        """Everything acknowledged since the last check is there and whole; everything there is whole."""
        tried = {**self.tried_objects, **self.tried_uploads}
        there = {}
        for page in self.s3.get_paginator("list_objects_v2").paginate(Bucket="load"):
            there.update({entry["Key"]: entry["Size"] for entry in page.get("Contents", [])})
        missing = [key for key in (*self.objects, *self.completed) if key not in there]
        assert not missing, f"acknowledged objects are not listed: {[(key, self.look(key)) for key in missing[:5]]}"
        for key, size in there.items():
            assert key in tried, f"nobody put {key}"
            assert size == tried[key], f"{key} is visible with {size} of {tried[key]} bytes"
        fresh = [key for key in there if f"-{self.round}-" in key]
        old = self.random.sample(sorted(set(there) - set(fresh)), min(5, len(there) - len(fresh)))
        for key in fresh + old:
            body = self.s3.get_object(Bucket="load", Key=key)["Body"].read()
            assert body == content_of(key, tried[key]), f"{key} has other bytes than were put"

    def look(self, key):
        try:
            return f"yet there with {self.s3.head_object(Bucket='load', Key=key)['ContentLength']} bytes"
        except botocore.exceptions.ClientError:
            return f"gone; {self.objects.get(key)} bytes were put"

    def check_items(self):
        there = {}
        for page in self.dynamodb.get_paginator("scan").paginate(TableName="load", ConsistentRead=True):
            there.update({item["k"]["S"]: item for item in page["Items"]})
        for key, tried in self.tried_items.items():
            count = int(there[key]["n"]["N"]) if key in there else 0
            assert self.items.get(key, 0) <= count <= tried, f"{key}: {count} writes are there, {self.items.get(key, 0)} were acknowledged, {tried} tried"
            assert key not in there or there[key]["t"]["S"] == "x" * 1000
        # What was in flight and did happen counts from now on.
        self.tried_items = {k: int(v["n"]["N"]) for k, v in there.items()}
        self.items = dict(self.tried_items)

    def drain(self, name, bodies, done):
        def step():
            got = self.sqs.receive_message(QueueUrl=self.urls[name], MaxNumberOfMessages=10, WaitTimeSeconds=0).get("Messages", [])
            for message in got:
                bodies.append(message["Body"])
            if got:
                reply = self.sqs.delete_message_batch(QueueUrl=self.urls[name], Entries=[
                    {"Id": str(i), "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(got)])
                assert not reply.get("Failed")
            return not got and done(bodies)
        return step

    def check_queue(self, name, acknowledged, tried):
        bodies = []
        try:
            wait_until(self.drain(name, bodies, lambda all: acknowledged <= set(all)), 10, f"every message of {name}")
        except AssertionError:
            lost = acknowledged - set(bodies)
            raise AssertionError(f"{name}: {len(lost)} of {len(acknowledged)} acknowledged messages are lost: {sorted(lost)[:5]}") from None
        assert set(bodies) <= tried, f"{name}: messages that nobody sent"
        if name == "sends":
            assert len(bodies) == len(set(bodies)), "a message that was sent once came twice"
        acknowledged.clear()
        tried.clear()

    def check_events(self):
        """An acknowledged put's event arrives, though the cloud died right after the acknowledgement."""
        expected = {k for k in (*self.objects, *self.completed, *self.deleted) if f"-{self.round}-" in k}
        keys, bodies = set(), []

        def done(all):
            for body in all[len(keys_seen):]:
                keys_seen.append(body)
                for record in json.loads(body).get("Records", []):  # s3:TestEvent has none
                    keys.add(record["s3"]["object"]["key"])
            return expected <= keys

        keys_seen = []
        try:
            wait_until(self.drain("events", bodies, done), 10, "every event")
        except AssertionError:
            raise AssertionError(f"events of acknowledged puts are lost: {sorted(expected - keys)[:5]}") from None
        self.deleted.clear()


def blobs_of(cloud):
    return [path for path in (cloud.directory / "blobs").rglob("*") if path.is_file()]


def test_kill_9_in_the_middle_of_everything(tmp_path, capsys):
    begun = time.monotonic()
    cloud = Cloud(tmp_path / "data").start()
    restarts = []
    try:
        load = Load(cloud, SEED)
        total = {}
        for number in range(1, ROUNDS + 1):
            done = load.run_and_kill()
            for kind, count in done.items():
                total[kind] = total.get(kind, 0) + count
            again = time.monotonic()
            cloud.start()
            restarts.append(time.monotonic() - again)
            load.connect()
            try:
                load.check()
            except AssertionError as error:
                raise AssertionError(f"seed {SEED}, round {number}: {error}") from error
        with capsys.disabled():
            print(f"\nseed {SEED}: {ROUNDS} kills in {time.monotonic() - begun:.1f} s; acknowledged {total}; "
                  f"slowest restart {max(restarts) * 1000:.0f} ms")
        assert all(total.values()), f"a kind of work never got through, so nothing was proved of it: {total}"

        # Each file belongs to something: with every object, upload and function gone, no file stays.
        settle_uploads(load.s3)
        functions = cloud.client("lambda")
        for page in functions.get_paginator("list_functions").paginate():
            for function in page["Functions"]:
                functions.delete_function(FunctionName=function["FunctionName"])
        for page in load.s3.get_paginator("list_objects_v2").paginate(Bucket="load"):
            if page.get("Contents"):
                load.s3.delete_objects(Bucket="load", Delete={"Objects": [{"Key": e["Key"]} for e in page["Contents"]]})
        wait_until(lambda: not blobs_of(cloud), 10, "the removal of every blob")
    except AssertionError as error:
        raise AssertionError(f"seed {SEED} (repeat with ADS_SEED={SEED}): {error}") from error
    finally:
        cloud.stop()


def settle_uploads(s3):
    for page in s3.get_paginator("list_multipart_uploads").paginate(Bucket="load"):
        for upload in page.get("Uploads", []):
            s3.abort_multipart_upload(Bucket="load", Key=upload["Key"], UploadId=upload["UploadId"])


def test_no_orphan_stays_after_a_restart(tmp_path):
    """Uploads cut off by the kill leave files; the restart removes them and nothing else."""
    cloud = Cloud(tmp_path / "data").start()
    try:
        load = Load(cloud, SEED)
        load.s3.put_object(Bucket="load", Key="kept", Body=content_of("kept", 2 << 20))
        kept = {path.name for path in blobs_of(cloud)}
        assert kept, "a body of 2 MiB is a file of its own"

        def overwrite(worker):
            try:
                while True:
                    load.s3.put_object(Bucket="load", Key=f"other{worker}", Body=content_of(str(worker), 4 << 20))
            except CUT_OFF:
                pass

        with concurrent.futures.ThreadPoolExecutor(4) as threads:
            working = [threads.submit(overwrite, worker) for worker in range(4)]
            time.sleep(1)
            cloud.kill()
            for one in working:
                one.result(30)
        cloud.start()
        load.connect()
        others = [e["Key"] for e in load.s3.list_objects_v2(Bucket="load")["Contents"] if e["Key"] != "kept"]
        wait_until(lambda: len(blobs_of(cloud)) == len(kept) + len(others), 10, "a file for each object and no other")
        assert load.s3.get_object(Bucket="load", Key="kept")["Body"].read() == content_of("kept", 2 << 20)
    finally:
        cloud.stop()


def test_what_was_configured_is_durable_too(tmp_path):
    """Each of these is acknowledged and the process killed at once: no later flush may be what saved it."""
    cloud = Cloud(tmp_path / "data").start()
    try:
        made = [
            ("s3", lambda c: c.create_bucket(Bucket="durable", CreateBucketConfiguration={"LocationConstraint": REGION}),
             lambda c: c.head_bucket(Bucket="durable")),
            ("s3", lambda c: c.put_object_tagging(Bucket="durable", Key=c.put_object(Bucket="durable", Key="k", Body=b"") and "k", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]}),
             lambda c: c.get_object_tagging(Bucket="durable", Key="k")["TagSet"][0]["Value"]),
            ("sqs", lambda c: c.create_queue(QueueName="q.fifo", Attributes={"FifoQueue": "true"}),
             lambda c: c.get_queue_url(QueueName="q.fifo")),
            ("sqs", lambda c: c.set_queue_attributes(QueueUrl=c.get_queue_url(QueueName="q.fifo")["QueueUrl"], Attributes={"DelaySeconds": "7"}),
             lambda c: c.get_queue_attributes(QueueUrl=c.get_queue_url(QueueName="q.fifo")["QueueUrl"], AttributeNames=["All"])["Attributes"]["DelaySeconds"] == "7"),
            ("sns", lambda c: c.create_topic(Name="t"), lambda c: c.list_topics()["Topics"]),
            ("dynamodb", lambda c: c.create_table(TableName="table", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
                                                  AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}]),
             lambda c: c.describe_table(TableName="table")),
            ("iam", lambda c: c.create_role(RoleName="r", AssumeRolePolicyDocument='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}'),
             lambda c: c.get_role(RoleName="r")),
            ("logs", lambda c: c.create_log_group(logGroupName="g"), lambda c: c.describe_log_groups(logGroupNamePrefix="g")["logGroups"]),
            ("sesv2", lambda c: c.create_email_identity(EmailIdentity="a@example.org"), lambda c: c.get_email_identity(EmailIdentity="a@example.org")),
            ("cloudwatch", lambda c: c.put_metric_alarm(AlarmName="a", MetricName="m", Namespace="n", Period=60, EvaluationPeriods=1, Threshold=1,
                                                        ComparisonOperator="GreaterThanThreshold", Statistic="Sum"),
             lambda c: c.describe_alarms(AlarmNames=["a"])["MetricAlarms"]),
        ]
        for service, change, _ in made:
            change(cloud.client(service))
            cloud.kill()
            cloud.start()
        for service, _, look in made:
            assert look(cloud.client(service)), f"{service} forgot"
    finally:
        cloud.stop()


def test_a_fifo_queue_keeps_its_order_and_its_deduplication(tmp_path):
    cloud = Cloud(tmp_path / "data").start()
    try:
        sqs = cloud.client("sqs")
        url = sqs.create_queue(QueueName="q.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
        for i in range(30):
            sqs.send_message(QueueUrl=url, MessageBody=str(i), MessageGroupId="g", MessageDeduplicationId=str(i))
        cloud.kill()
        cloud.start()
        sqs = cloud.client("sqs")
        sqs.send_message(QueueUrl=url, MessageBody="again", MessageGroupId="g", MessageDeduplicationId="5")
        bodies = []
        while len(bodies) < 30:
            got = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
            bodies += [m["Body"] for m in got]
            sqs.delete_message_batch(QueueUrl=url, Entries=[{"Id": str(i), "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(got)])
        assert bodies == [str(i) for i in range(30)]
        assert "Messages" not in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1)
    finally:
        cloud.stop()
