"""A queue that hears the stack's topic, and all that it has heard, by run and record."""
import collections
import http.client
import json
import threading

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from local_cloud import REGION, wait_until

Heard = collections.namedtuple("Heard", "attributes body")


class Line:
    """SQS over one kept connection: boto3 would need a processor of its own to hear some hundred thousand messages."""

    def __init__(self, cloud):
        self.cloud, self.connection = cloud, None
        values = cloud.environment()
        credentials = Credentials(values["AWS_ACCESS_KEY_ID"], values["AWS_SECRET_ACCESS_KEY"])
        self.signer = SigV4Auth(credentials, "sqs", REGION)

    def call(self, operation, **request):
        """The answer, or None where the cloud is not there at the moment."""
        signed = AWSRequest("POST", self.cloud.endpoint + "/", data=json.dumps(request).encode(), headers={
            "X-Amz-Target": f"AmazonSQS.{operation}", "Content-Type": "application/x-amz-json-1.0"})
        self.signer.add_auth(signed)
        try:
            if not self.connection:  # there was none, or the cloud was killed
                self.connection = http.client.HTTPConnection(self.cloud.endpoint.removeprefix("http://"), timeout=60)
            self.connection.request("POST", "/", signed.body, dict(signed.headers))
            answer = self.connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            self.connection = None
            return None
        assert answer.status == 200, body
        return json.loads(body) if body else {}


class Ear:
    """Listens from the moment it is made until close(). Alone at a FIFO queue, it hears a user's records in their order."""

    def __init__(self, stack, name="ear", listeners=1):
        is_fifo = stack.outputs["Topic"].endswith(".fifo")
        attributes = {"FifoQueue": "true", "DeduplicationScope": "messageGroup",
                      "FifoThroughputLimit": "perMessageGroupId"} if is_fifo else {}
        self.queue = f"{stack.name}-{name}" + (".fifo" if is_fifo else "")
        self.url = stack.sqs.create_queue(QueueName=self.queue, Attributes={"VisibilityTimeout": "30", **attributes})["QueueUrl"]
        arn = stack.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        allowed = {"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": stack.outputs["Topic"]}}}]}
        stack.sqs.set_queue_attributes(QueueUrl=self.url, Attributes={"Policy": json.dumps(allowed)})
        stack.sns.subscribe(TopicArn=stack.outputs["Topic"], Protocol="sqs", Endpoint=arn,
                            Attributes={"RawMessageDelivery": "true"})
        self.runs = collections.defaultdict(dict)  # run -> record -> [Heard, ...]
        self.order = collections.defaultdict(list)  # run -> records as they came
        self.seen, self.fault, self.closing = set(), None, threading.Event()
        self.mutex = threading.Lock()
        self.threads = [threading.Thread(target=self.listen, args=[Line(stack.cloud)], daemon=True) for _ in range(listeners)]
        for thread in self.threads:
            thread.start()

    def listen(self, line):
        try:
            while not self.closing.is_set():
                answer = line.call("ReceiveMessage", QueueUrl=self.url, MaxNumberOfMessages=10, WaitTimeSeconds=1,
                                   MessageAttributeNames=["All"])
                if answer is None:
                    self.closing.wait(0.1)
                    continue
                messages = answer.get("Messages", [])
                with self.mutex:
                    for message in messages:
                        self.keep(message)
                if messages:
                    line.call("DeleteMessageBatch", QueueUrl=self.url, Entries=[
                        {"Id": str(i), "ReceiptHandle": m["ReceiptHandle"]} for i, m in enumerate(messages)])
        except BaseException as fault:  # told by whoever waits
            self.fault = fault

    def keep(self, message):
        if message["MessageId"] in self.seen:
            return  # SQS's own repetition: what was removed just before the cloud was killed
        self.seen.add(message["MessageId"])
        attributes = {n: (a["DataType"], a["StringValue"]) for n, a in message["MessageAttributes"].items()}
        run, record = attributes["RunId"][1], attributes["RecordId"][1]
        self.runs[run].setdefault(record, []).append(Heard(attributes, json.loads(message["Body"])))
        self.order[run].append(record)

    def hear(self, count, run, seconds=60):
        """record -> [Heard, ...], once there are that many different records of that run."""
        def enough():
            if self.fault:
                raise self.fault
            return len(self.runs[run]) >= count
        wait_until(enough, seconds, f"{count} notifications of run {run} ({len(self.runs[run])} so far)")
        return self.runs[run]

    def close(self):
        self.closing.set()
        for thread in self.threads:
            thread.join()
