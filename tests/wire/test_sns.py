"""SNS through boto3 and the aws CLI, with real queues behind it."""
import json

import pytest
from botocore.exceptions import ClientError


@pytest.fixture
def sns(client):
    return client("sns")


@pytest.fixture
def sqs(client):
    return client("sqs")


@pytest.fixture
def topic(sns, name):
    arn = sns.create_topic(Name=name)["TopicArn"]
    yield arn
    sns.delete_topic(TopicArn=arn)


def let_topics_in(sqs, url, arn):
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": arn}]})})


class Subscriber:
    """A queue subscribed to a topic."""

    def __init__(self, sns, sqs, topic, name, **attributes):
        fifo = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
        self.sqs, self.url = sqs, sqs.create_queue(QueueName=name, Attributes=fifo)["QueueUrl"]
        self.arn = sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        let_topics_in(sqs, self.url, self.arn)
        self.subscription = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=self.arn, Attributes=attributes,
                                          ReturnSubscriptionArn=True)["SubscriptionArn"]

    def messages(self):
        got = []
        while True:
            batch = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10, MessageAttributeNames=["All"],
                                             AttributeNames=["All"]).get("Messages", [])
            if not batch:
                return got
            got += batch
            for message in batch:
                self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])


@pytest.fixture
def subscribe(sns, sqs, topic, name):
    made = []

    def make(suffix="", **attributes):
        made.append(Subscriber(sns, sqs, topic, name + suffix, **attributes))
        return made[-1]

    yield make
    for one in made:
        sqs.delete_queue(QueueUrl=one.url)


def code_of(call, *args, **kwargs):
    with pytest.raises(ClientError) as caught:
        call(*args, **kwargs)
    return caught.value.response["Error"]["Code"]


def test_the_envelope(sns, topic, subscribe):
    queue = subscribe()
    sent = sns.publish(TopicArn=topic, Message="hällo <&>", Subject="subject", MessageAttributes={
        "s": {"DataType": "String", "StringValue": "a & b"}, "n": {"DataType": "Number", "StringValue": "1.5"},
        "b": {"DataType": "Binary", "BinaryValue": b"\x00\x01"}})
    (message,) = queue.messages()
    body = json.loads(message["Body"])
    assert body["Type"] == "Notification" and body["Message"] == "hällo <&>" and body["Subject"] == "subject"
    assert body["MessageId"] == sent["MessageId"] and body["TopicArn"] == topic
    assert body["MessageAttributes"] == {"s": {"Type": "String", "Value": "a & b"}, "n": {"Type": "Number", "Value": "1.5"},
                                         "b": {"Type": "Binary", "Value": "AAE="}}


def test_raw_delivery_and_filters(sns, topic, subscribe):
    everything = subscribe("-all", RawMessageDelivery="true")
    errors = subscribe("-errors", RawMessageDelivery="true", FilterPolicy=json.dumps({"Status": [{"numeric": [">=", 400]}]}))
    body = subscribe("-body", RawMessageDelivery="true", FilterPolicy=json.dumps({"user": {"id": [{"prefix": "u-"}]}}),
                     FilterPolicyScope="MessageBody")
    for status in ("200", "404"):
        sns.publish(TopicArn=topic, Message=status, MessageAttributes={"Status": {"DataType": "Number", "StringValue": status}})
    sns.publish(TopicArn=topic, Message='{"user": {"id": "u-1"}}')
    got = everything.messages()
    assert [m["Body"] for m in got] == ["200", "404", '{"user": {"id": "u-1"}}']
    assert got[0]["MessageAttributes"] == {"Status": {"DataType": "Number", "StringValue": "200"}}
    assert [m["Body"] for m in errors.messages()] == ["404"]
    assert [m["Body"] for m in body.messages()] == ['{"user": {"id": "u-1"}}']


def test_a_batch(sns, topic, subscribe):
    queue = subscribe(RawMessageDelivery="true")
    answer = sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=[
        {"Id": str(i), "Message": f"m{i}", "MessageAttributes": {"i": {"DataType": "Number", "StringValue": str(i)}}} for i in range(10)])
    assert [s["Id"] for s in answer["Successful"]] == [str(i) for i in range(10)] and not answer.get("Failed")
    assert [m["Body"] for m in queue.messages()] == [f"m{i}" for i in range(10)]
    mixed = sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=[
        {"Id": "good", "Message": "x"}, {"Id": "bad", "Message": "x", "MessageAttributes": {"a": {"DataType": "Text", "StringValue": "x"}}}])
    assert [s["Id"] for s in mixed["Successful"]] == ["good"]
    assert [(f["Id"], f["Code"], f["SenderFault"]) for f in mixed["Failed"]] == [("bad", "ParameterValueInvalid", True)]
    entry = {"Id": "a", "Message": "x"}
    assert "EmptyBatchRequest" in code_of(sns.publish_batch, TopicArn=topic, PublishBatchRequestEntries=[])
    assert "BatchEntryIdsNotDistinct" in code_of(sns.publish_batch, TopicArn=topic, PublishBatchRequestEntries=[entry, entry])
    assert "TooManyEntries" in code_of(sns.publish_batch, TopicArn=topic, PublishBatchRequestEntries=[
        {**entry, "Id": str(i)} for i in range(11)])
    assert "BatchRequestTooLong" in code_of(sns.publish_batch, TopicArn=topic, PublishBatchRequestEntries=[
        {"Id": str(i), "Message": "x" * 100_000} for i in range(3)])


def test_fifo(sns, sqs, name):
    topic = sns.create_topic(Name=name + ".fifo", Attributes={"FifoTopic": "true", "ContentBasedDeduplication": "true"})["TopicArn"]
    queue = Subscriber(sns, sqs, topic, name + ".fifo", RawMessageDelivery="true")
    ids = [sns.publish(TopicArn=topic, Message=m, MessageGroupId="g")["MessageId"] for m in ("1", "2", "1")]
    assert ids[0] == ids[2] != ids[1]
    got = queue.messages()
    assert [m["Body"] for m in got] == ["1", "2"] and got[0]["Attributes"]["MessageGroupId"] == "g"
    assert code_of(sns.publish, TopicArn=topic, Message="x") == "InvalidParameter"
    sns.delete_topic(TopicArn=topic)
    sqs.delete_queue(QueueUrl=queue.url)


def test_a_dead_letter(sns, sqs, topic, name):
    dead = sqs.create_queue(QueueName=name + "-dead")["QueueUrl"]
    dead_arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    let_topics_in(sqs, dead, dead_arn)
    gone = Subscriber(sns, sqs, topic, name, RedrivePolicy=json.dumps({"deadLetterTargetArn": dead_arn}))
    sqs.delete_queue(QueueUrl=gone.url)
    sns.publish(TopicArn=topic, Message="x")
    (message,) = sqs.receive_message(QueueUrl=dead, MessageAttributeNames=["All"])["Messages"]
    assert json.loads(message["Body"])["Message"] == "x"
    assert "NonExistentQueue" in message["MessageAttributes"]["ErrorCode"]["StringValue"]
    sqs.delete_queue(QueueUrl=dead)


def test_topics(sns, topic, name):
    assert sns.create_topic(Name=name)["TopicArn"] == topic
    assert {"TopicArn": topic} in sns.list_topics()["Topics"]
    attributes = sns.get_topic_attributes(TopicArn=topic)["Attributes"]
    assert attributes["TopicArn"] == topic and attributes["SubscriptionsConfirmed"] == "0" and json.loads(attributes["Policy"])
    sns.set_topic_attributes(TopicArn=topic, AttributeName="DisplayName", AttributeValue="shown")
    assert sns.get_topic_attributes(TopicArn=topic)["Attributes"]["DisplayName"] == "shown"
    sns.tag_resource(ResourceArn=topic, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    sns.untag_resource(ResourceArn=topic, TagKeys=["a"])
    assert sns.list_tags_for_resource(ResourceArn=topic)["Tags"] == [{"Key": "b", "Value": "2"}]
    sns.add_permission(TopicArn=topic, Label="l", AWSAccountId=["111111111111"], ActionName=["Publish"])
    policy = json.loads(sns.get_topic_attributes(TopicArn=topic)["Attributes"]["Policy"])
    assert "l" in [statement["Sid"] for statement in policy["Statement"]]
    sns.remove_permission(TopicArn=topic, Label="l")


def test_subscriptions(sns, topic, subscribe):
    queue = subscribe()
    (listed,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert listed["SubscriptionArn"] == queue.subscription and listed["Endpoint"] == queue.arn and listed["Protocol"] == "sqs"
    assert queue.subscription in [s["SubscriptionArn"] for s in sns.list_subscriptions()["Subscriptions"]]
    sns.set_subscription_attributes(SubscriptionArn=queue.subscription, AttributeName="RawMessageDelivery", AttributeValue="true")
    attributes = sns.get_subscription_attributes(SubscriptionArn=queue.subscription)["Attributes"]
    assert attributes["RawMessageDelivery"] == "true" and attributes["PendingConfirmation"] == "false"
    assert code_of(sns.confirm_subscription, TopicArn=topic, Token="x") == "InvalidParameter"
    sns.unsubscribe(SubscriptionArn=queue.subscription)
    sns.unsubscribe(SubscriptionArn=queue.subscription)
    sns.publish(TopicArn=topic, Message="x")
    assert queue.messages() == []


def test_refusals(sns, topic):
    assert code_of(sns.publish, TopicArn=topic + "x", Message="x") == "NotFound"
    assert code_of(sns.publish, TopicArn="x", Message="x") == "InvalidParameter"
    assert code_of(sns.publish, TopicArn=topic, Message="") == "InvalidParameter"
    assert code_of(sns.publish, TopicArn=topic, Message="x" * 262_145) == "InvalidParameter"
    assert code_of(sns.publish, PhoneNumber="+491", Message="x") == "NotImplemented"
    assert code_of(sns.create_topic, Name="a b") == "InvalidParameter"
    assert code_of(sns.subscribe, TopicArn=topic, Protocol="email", Endpoint="a@b") == "NotImplemented"
    assert code_of(sns.subscribe, TopicArn=topic, Protocol="sqs", Endpoint="x") == "InvalidParameter"
    assert code_of(sns.get_subscription_attributes, SubscriptionArn=topic + ":x") == "NotFound"
    assert code_of(sns.get_topic_attributes, TopicArn=topic + "x") == "NotFound"
    assert code_of(sns.list_tags_for_resource, ResourceArn=topic + "x") == "ResourceNotFound"
    assert code_of(sns.list_platform_applications) == "NotImplemented"


def test_the_cli(aws, name):
    topic = aws("sns", "create-topic", "--name", name)["TopicArn"]
    assert aws("sns", "publish", "--topic-arn", topic, "--message", "x", "--message-attributes",
               json.dumps({"a": {"DataType": "String", "StringValue": "b"}}))["MessageId"]
    assert "Topic does not exist" in aws("sns", "publish", "--topic-arn", topic + "x", "--message", "x", check=False).stderr
    aws("sns", "delete-topic", "--topic-arn", topic)
