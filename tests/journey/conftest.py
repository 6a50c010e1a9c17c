"""One local cloud with the stack deployed by `ads deploy`, users imported, and a queue that hears the topic."""
import csv
import datetime
import json
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from local_cloud import BUILD, Cloud, wait_until  # noqa: E402,F401

USERS = 400
OPERATOR, SENDER = "ops@example.com", "ads@example.com"


class Stack:
    """The deployed stack and its clients."""

    def __init__(self, cloud, users_file):
        self.cloud = cloud
        self.outputs = cloud.ads("deploy", "--yes", "--code", BUILD / "function.zip",
                                 "--parameters", f"ReportTo={OPERATOR}", f"ReportFrom={SENDER}")["outputs"]
        cloud.ads("users", "import", users_file)
        csv.field_size_limit(1 << 20)
        with open(users_file, newline="") as file:
            self.users = {row["serviceUUID"]: row for row in csv.DictReader(file)}
        self.s3, self.sqs, self.sns = cloud.client("s3"), cloud.client("sqs"), cloud.client("sns")
        self.bucket = self.outputs["BatchBucket"]
        self.ear = self.sqs.create_queue(QueueName="journey-ear")["QueueUrl"]
        arn = self.sqs.get_queue_attributes(QueueUrl=self.ear, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        self.sns.subscribe(TopicArn=self.outputs["Topic"], Protocol="sqs", Endpoint=arn,
                           Attributes={"RawMessageDelivery": "true"})

    @staticmethod
    def today():
        return datetime.datetime.now(datetime.timezone.utc).strftime("%d-%m-%Y")

    def put(self, key, content):
        return self.s3.put_object(Bucket=self.bucket, Key=key, Body=content)["VersionId"]

    def read(self, key):
        return self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()

    def keys(self, prefix=""):
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        return [o["Key"] for page in pages for o in page.get("Contents", [])]

    def report(self, run):
        def ended():
            done = self.cloud.ads("report", run, check=False)
            return json.loads(done.stdout) if done.stdout.strip() else None
        return wait_until(ended, 120, f"the report of run {run}")

    def hear(self, count, run, seconds=60):
        """RecordId -> list of (attributes, body) of `count` different records of that run."""
        heard = {}

        def take():
            answer = self.sqs.receive_message(QueueUrl=self.ear, MaxNumberOfMessages=10, WaitTimeSeconds=1,
                                              MessageAttributeNames=["All"])
            messages = answer.get("Messages", [])
            for message in messages:
                attributes = {n: (a["DataType"], a["StringValue"]) for n, a in message["MessageAttributes"].items()}
                if attributes["RunId"][1] == run:
                    heard.setdefault(attributes["RecordId"][1], []).append((attributes, json.loads(message["Body"])))
            if messages:
                self.sqs.delete_message_batch(QueueUrl=self.ear, Entries=[
                    {"Id": str(i), "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(messages)])
            return len(heard) >= count
        wait_until(take, seconds, f"{count} notifications of run {run}")
        return heard

    def mails(self):
        return self.cloud.ads("mail")["messages"]


@pytest.fixture(scope="session")
def stack(tmp_path_factory):
    directory = tmp_path_factory.mktemp("journey")
    cloud = Cloud(directory / "data").start()
    users = directory / "users.csv"
    cloud.ads("generate", "users", "--users", USERS, "--out", users)
    # A user with a profile field missing, and one whose profile needs every kind of escaping.
    with open(users, "a") as file:
        file.write('no-address,Active,Ada,Lovelace,,Berlin\n')
        file.write('awkward:1,Active,"Zoë ""Z"" <b>","O\'Neil & Söhne","1, Main St\\n",北京\n')
        file.write(f"oversize,Active,Big,Address,{'x' * 300_000},Berlin\n")
    yield Stack(cloud, users)
    cloud.stop()
    assert cloud.process.returncode == 0
