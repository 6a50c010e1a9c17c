"""The stack, deployed on a local cloud by `ads deploy`, and what a person does with it."""
import csv
import datetime
import json

import oracle
from ear import Ear
from local_cloud import BUILD, ROOT, wait_until

OPERATOR = "ops@example.com"
FUNCTIONS = ("Dispatch", "Worker", "Retry", "Sweep")


class Stack:
    def __init__(self, cloud, users_file, name="ads", listeners=1, **parameters):
        self.cloud, self.name = cloud, name
        self.parameters = {"NamePrefix": name, "ReportTo": OPERATOR, "ReportFrom": f"{name}@example.com"}
        self.deploy(**parameters)
        self.ads("users", "import", users_file)
        csv.field_size_limit(1 << 20)
        with open(users_file, newline="") as file:
            self.users = {row["serviceUUID"]: row for row in csv.DictReader(file)}
        self.s3, self.sqs, self.sns = (cloud.client(service) for service in ("s3", "sqs", "sns"))
        self.lambdas = cloud.client("lambda")
        self.bucket = self.outputs["BatchBucket"]
        self.ear = Ear(self, listeners=listeners)

    def deploy(self, **parameters):
        self.parameters |= parameters
        self.outputs = self.ads("deploy", "--yes", "--template", ROOT / "resources.yaml", "--code", BUILD / "function.zip",
                                "--parameters", *(f"{n}={v}" for n, v in self.parameters.items()))["outputs"]

    def ads(self, *arguments, check=True):
        return self.cloud.ads("--stack-name", self.name, *arguments, check=check)

    @staticmethod
    def today():
        return datetime.datetime.now(datetime.timezone.utc).strftime("%d-%m-%Y")

    def put(self, key, content):
        return self.s3.put_object(Bucket=self.bucket, Key=key, Body=content)["VersionId"]

    def submit(self, key, content):
        """Puts a batch file; its run's id."""
        return oracle.run_id(self.bucket, key, self.put(key, content))

    def user_ids(self):
        pages = self.cloud.client("dynamodb").get_paginator("scan").paginate(TableName=self.outputs["UsersTable"], ProjectionExpression="serviceUUID")
        return [item["serviceUUID"]["S"] for page in pages for item in page["Items"]]

    def read(self, key):
        return self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()

    def keys(self, prefix=""):
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        return [o["Key"] for page in pages for o in page.get("Contents", [])]

    def quarantined(self, report):
        """The bad lines of a run, as its quarantine file has them."""
        key = report["quarantineKey"]
        return [json.loads(line) for line in self.read(key).splitlines()] if key else []

    def report(self, run, seconds=120):
        def ended():
            done = self.ads("report", run, check=False)
            return json.loads(done.stdout) if done.stdout.strip() else None
        return wait_until(ended, seconds, f"the report of run {run}")

    def status(self, run):
        done = self.ads("status", run, check=False)
        return json.loads(done.stdout) if done.stdout.strip() else None

    def hear(self, count, run, seconds=60):
        return self.ear.hear(count, run, seconds)

    def mails(self):
        return self.cloud.ads("mail")["messages"]

    def mails_about(self, text, count=0):
        """Waits for at least so many: a report is stored before it is mailed."""
        def about():
            mails = [mail for mail in self.mails() if text in mail["Body"]["text_part"]]
            return [mails] if len(mails) >= count else None
        return wait_until(about, 60, f"{count} mails about {text}")[0]

    def set_variables(self, *functions, **variables):
        """Environment variables of functions ("Worker", ...; none: all of them); those set to None are removed."""
        for function in functions or FUNCTIONS:
            name = self.outputs[f"{function}Function"]
            before = self.lambdas.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
            after = {n: str(v) for n, v in {**before, **variables}.items() if v is not None}
            if after == before:
                continue
            self.lambdas.update_function_configuration(FunctionName=name, Environment={"Variables": after})
            self.lambdas.get_waiter("function_updated").wait(FunctionName=name, WaiterConfig={"Delay": 0.05})

    def set_visibility(self, output, seconds):
        """How long a message whose reader died stays hidden: the template's values suit a whole invocation."""
        self.sqs.set_queue_attributes(QueueUrl=self.outputs[output], Attributes={"VisibilityTimeout": str(seconds)})

    def sweep(self):
        """What the schedule does every five minutes."""
        answer = self.lambdas.invoke(FunctionName=self.outputs["SweepFunction"], Payload=b"{}")
        payload = answer["Payload"].read()
        assert "FunctionError" not in answer, payload
        return json.loads(payload)

    def retries_waiting(self):
        names = [f"ApproximateNumberOfMessages{kind}" for kind in ("", "NotVisible", "Delayed")]
        depth = self.sqs.get_queue_attributes(QueueUrl=self.outputs["RetryQueueUrl"], AttributeNames=names)["Attributes"]
        return sum(int(count) for count in depth.values())

    def settled(self, run, seconds=60):
        """The report of a run with what became of its retries."""
        def settle():
            if self.retries_waiting():
                return None
            self.sweep()
            report = self.report(run)
            return report if report["retries"] is not None else None
        return wait_until(settle, seconds, f"the end of all retries of run {run}")

    def close(self):
        self.ear.close()
