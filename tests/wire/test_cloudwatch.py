"""CloudWatch through boto3 and the aws CLI, whatever protocol they speak: metrics, alarms, dashboards."""
import datetime
import json

import botocore.exceptions
import pytest

from conftest import wait_until
from local_cloud import Cloud


def refused(code):
    return pytest.raises(botocore.exceptions.ClientError, match=rf"\({code}\)")


def minute():
    return datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0)


ALARM = dict(MetricName="Errors", Namespace="AWS/Lambda", Statistic="Sum", Period=60, EvaluationPeriods=2,
             Threshold=1.5, ComparisonOperator="GreaterThanThreshold",
             Dimensions=[{"Name": "FunctionName", "Value": "f"}])


def test_samples_become_statistics(client, name):
    metrics, now = client("cloudwatch"), minute()
    metrics.put_metric_data(Namespace=name, MetricData=[
        {"MetricName": "Latency", "Timestamp": now, "Values": [1.0, 2.0, 3.0], "Counts": [1, 2, 1], "Unit": "Seconds",
         "Dimensions": [{"Name": "Route", "Value": "a"}]}])
    metrics.put_metric_data(Namespace=name, MetricData=[
        {"MetricName": "Latency", "Timestamp": now, "Value": 10.0, "Unit": "Seconds",
         "Dimensions": [{"Name": "Route", "Value": "a"}]}])
    points = metrics.get_metric_statistics(
        Namespace=name, MetricName="Latency", Dimensions=[{"Name": "Route", "Value": "a"}], Period=60,
        StartTime=now - datetime.timedelta(minutes=5), EndTime=now + datetime.timedelta(minutes=1),
        Statistics=["Sum", "Average", "Minimum", "Maximum", "SampleCount"])["Datapoints"]
    assert len(points) == 1
    point = points[0]
    assert (point["Sum"], point["Average"], point["Minimum"], point["Maximum"], point["SampleCount"]) == (18, 3.6, 1, 10, 5)
    assert point["Unit"] == "Seconds" and point["Timestamp"] == now
    data = metrics.get_metric_data(
        StartTime=now - datetime.timedelta(minutes=5), EndTime=now + datetime.timedelta(minutes=1),
        MetricDataQueries=[{"Id": "m", "MetricStat": {"Metric": {
            "Namespace": name, "MetricName": "Latency", "Dimensions": [{"Name": "Route", "Value": "a"}]},
            "Period": 60, "Stat": "p50"}}])["MetricDataResults"]
    assert data[0]["Values"] == [2.0] and data[0]["Timestamps"] == [now]


def test_metrics_are_listed_by_name_and_dimension(client, name):
    metrics = client("cloudwatch")
    for route in ("a", "b"):
        metrics.put_metric_data(Namespace=name, MetricData=[
            {"MetricName": "Hits", "Value": 1, "Dimensions": [{"Name": "Route", "Value": route}]}])
    assert len(metrics.list_metrics(Namespace=name)["Metrics"]) == 2
    found = metrics.list_metrics(Namespace=name, MetricName="Hits", Dimensions=[{"Name": "Route", "Value": "b"}])["Metrics"]
    assert found == [{"Namespace": name, "MetricName": "Hits", "Dimensions": [{"Name": "Route", "Value": "b"}]}]


def test_a_thousand_samples_at_once_arrive_compressed_or_not(client, name):
    metrics = client("cloudwatch")
    now = minute()
    metrics.put_metric_data(Namespace=name, MetricData=[
        {"MetricName": "Many", "Value": float(i), "Timestamp": now} for i in range(1000)])
    points = metrics.get_metric_statistics(Namespace=name, MetricName="Many", Period=60, Statistics=["SampleCount"],
                                           StartTime=now, EndTime=now + datetime.timedelta(minutes=1))["Datapoints"]
    assert points[0]["SampleCount"] == 1000


def test_refusals(client, name):
    metrics, now = client("cloudwatch"), minute()
    with refused("InvalidParameterValue"):
        metrics.put_metric_data(Namespace="AWS/Mine", MetricData=[{"MetricName": "a", "Value": 1}])
    with refused("InvalidParameterCombination"):
        metrics.put_metric_data(Namespace=name, MetricData=[{"MetricName": "a"}])
    with refused("InvalidParameterCombination"):
        metrics.get_metric_statistics(Namespace=name, MetricName="a", Period=60, Statistics=["Sum"],
                                      StartTime=now, EndTime=now)
    with refused("ResourceNotFound"):
        metrics.delete_alarms(AlarmNames=[name])
    with refused("NotImplemented"):
        metrics.list_metric_streams()


def test_an_alarm_is_kept_and_told_its_state(client, aws, name):
    metrics = client("cloudwatch")
    metrics.put_metric_alarm(AlarmName=name, Tags=[{"Key": "k", "Value": "v"}], **ALARM)
    alarm = metrics.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]
    assert alarm["StateValue"] == "INSUFFICIENT_DATA" and alarm["Threshold"] == 1.5
    assert {k: alarm[k] for k in ALARM} == ALARM
    assert metrics.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"] == [{"Key": "k", "Value": "v"}]
    metrics.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="a test")
    assert metrics.describe_alarms(AlarmNamePrefix=name, StateValue="ALARM")["MetricAlarms"][0]["StateReason"] == "a test"
    shown = aws("cloudwatch", "describe-alarms", "--alarm-names", name)
    assert shown["MetricAlarms"][0]["AlarmName"] == name
    metrics.delete_alarms(AlarmNames=[name])
    assert metrics.describe_alarms(AlarmNames=[name])["MetricAlarms"] == []


def test_a_change_of_state_reaches_the_alarms_topic(client, name):
    metrics, sns, sqs = client("cloudwatch"), client("sns"), client("sqs")
    topic = sns.create_topic(Name=name)["TopicArn"]
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}]})})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
    metrics.put_metric_alarm(AlarmName=name, AlarmActions=[topic], **ALARM)
    metrics.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="a test")
    heard = wait_until(lambda: sqs.receive_message(QueueUrl=url, WaitTimeSeconds=2).get("Messages"), what="the alarm")
    message = json.loads(heard[0]["Body"])
    assert (message["AlarmName"], message["OldStateValue"], message["NewStateValue"]) == (name, "INSUFFICIENT_DATA", "ALARM")


def listen(client, name):
    """A topic and the URL of a queue that hears it."""
    sns, sqs = client("sns"), client("sqs")
    topic = sns.create_topic(Name=name)["TopicArn"]
    url = sqs.create_queue(QueueName=name + "-heard")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": arn}]})})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"RawMessageDelivery": "true"})
    return topic, url


def heard(client, url, state):
    """The next message about an alarm that went over to that state."""
    sqs = client("sqs")

    def next_message():
        for message in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=2, MaxNumberOfMessages=10).get("Messages", []):
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            body = json.loads(message["Body"])
            if body["NewStateValue"] == state:
                return body

    return wait_until(next_message, seconds=90, what=f"the word of {state}")


def test_data_changes_an_alarms_state_and_its_topic_hears_of_it(client, aws, name):
    metrics = client("cloudwatch")
    topic, url = listen(client, name)
    metrics.put_metric_alarm(AlarmName=name, Namespace=name, MetricName="Errors", Statistic="Sum", Period=60,
                             EvaluationPeriods=1, Threshold=1.5, ComparisonOperator="GreaterThanThreshold",
                             TreatMissingData="notBreaching", AlarmDescription="too many", AlarmActions=[topic],
                             Dimensions=[{"Name": "Route", "Value": "a"}])
    wait_until(lambda: metrics.describe_alarms(AlarmNames=[name], StateValue="OK")["MetricAlarms"], what="OK at first")
    before = minute() - datetime.timedelta(minutes=1)
    metrics.put_metric_data(Namespace=name, MetricData=[
        {"MetricName": "Errors", "Value": 2, "Timestamp": before, "Dimensions": [{"Name": "Route", "Value": "b"}]},
        {"MetricName": "Errors", "Value": 3, "Timestamp": before, "Dimensions": [{"Name": "Route", "Value": "a"}]}])
    message = heard(client, url, "ALARM")
    assert (message["AlarmName"], message["OldStateValue"]) == (name, "OK")
    assert message["NewStateReason"].startswith("Threshold Crossed: 1 out of the last 1 datapoint [3.0 (")
    assert message["Trigger"]["Dimensions"] == [{"value": "a", "name": "Route"}]
    assert (message["Trigger"]["Statistic"], message["Trigger"]["TreatMissingData"]) == ("SUM", "notBreaching")
    alarm = metrics.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]
    assert alarm["StateValue"] == "ALARM" and json.loads(alarm["StateReasonData"])["recentDatapoints"] == [3.0]
    items = wait_until(lambda: (found := metrics.describe_alarm_history(AlarmName=name, ScanBy="TimestampAscending")[
        "AlarmHistoryItems"])[-1]["HistoryItemType"] == "Action" and found, what="the action in the history")
    assert [i["HistoryItemType"] for i in items] == ["ConfigurationUpdate", "StateUpdate", "StateUpdate", "Action"]
    assert items[2]["HistorySummary"] == "Alarm updated from OK to ALARM"
    assert json.loads(items[2]["HistoryData"])["newState"]["stateValue"] == "ALARM"
    shown = aws("cloudwatch", "describe-alarm-history", "--alarm-name", name, "--history-item-type", "Action")
    assert topic in shown["AlarmHistoryItems"][0]["HistorySummary"]
    metrics.delete_alarms(AlarmNames=[name])


def test_a_queues_depth_raises_an_alarm_when_its_minute_ends(client, name):
    """SQS writes its metrics at the end of each minute: this test waits for one."""
    metrics, sqs = client("cloudwatch"), client("sqs")
    topic, url = listen(client, name)
    metrics.put_metric_alarm(AlarmName=name, Namespace="AWS/SQS", MetricName="ApproximateNumberOfMessagesVisible",
                             Statistic="Maximum", Period=60, EvaluationPeriods=1, Threshold=0,
                             ComparisonOperator="GreaterThanThreshold", AlarmActions=[topic],
                             Dimensions=[{"Name": "QueueName", "Value": name}])
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    for i in range(3):
        sqs.send_message(QueueUrl=queue, MessageBody=str(i))
    taken = sqs.receive_message(QueueUrl=queue)["Messages"][0]
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=taken["ReceiptHandle"])
    assert heard(client, url, "ALARM")["AlarmName"] == name
    now = minute()

    def largest(metric):
        points = metrics.get_metric_statistics(
            Namespace="AWS/SQS", MetricName=metric, Dimensions=[{"Name": "QueueName", "Value": name}], Period=60,
            StartTime=now - datetime.timedelta(minutes=5), EndTime=now + datetime.timedelta(minutes=5), Statistics=["Maximum"])
        return max(p["Maximum"] for p in points["Datapoints"])

    assert largest("ApproximateNumberOfMessagesVisible") == 2 and largest("ApproximateNumberOfMessagesNotVisible") == 0
    assert largest("NumberOfMessagesSent") == 3 and largest("NumberOfMessagesDeleted") == 1
    assert largest("NumberOfMessagesReceived") == 1 and largest("ApproximateAgeOfOldestMessage") >= 0

    def counted(metric):
        points = metrics.get_metric_statistics(
            Namespace="AWS/SNS", MetricName=metric, Dimensions=[{"Name": "TopicName", "Value": name}], Period=60,
            StartTime=now - datetime.timedelta(minutes=5), EndTime=now + datetime.timedelta(minutes=5), Statistics=["Sum"])
        return sum(p["Sum"] for p in points["Datapoints"])

    wait_until(lambda: counted("NumberOfMessagesPublished") == 1, what="SNS's count of what was published")
    assert counted("NumberOfNotificationsDelivered") == 1 and counted("NumberOfNotificationsFailed") == 0
    metrics.delete_alarms(AlarmNames=[name])


def test_an_alarm_survives_kill_9_and_tells_what_it_had_to_tell(tmp_path):
    cloud = Cloud(tmp_path / "alarms").start()
    try:
        topic, url = listen(cloud.client, "a")
        metrics = cloud.client("cloudwatch")
        metrics.put_metric_alarm(AlarmName="a", Namespace="n", MetricName="m", Statistic="Sum", Period=60,
                                 EvaluationPeriods=1, Threshold=1, ComparisonOperator="GreaterThanThreshold",
                                 AlarmActions=[topic])
        metrics.put_metric_data(Namespace="n", MetricData=[
            {"MetricName": "m", "Value": 2, "Timestamp": minute() - datetime.timedelta(minutes=1)}])
        cloud.kill()
        cloud.start()
        assert heard(cloud.client, url, "ALARM")["OldStateValue"] == "INSUFFICIENT_DATA"
    finally:
        cloud.stop()


def test_what_alarms_cannot_do_is_refused_by_name(client, name):
    metrics = client("cloudwatch")
    with refused("NotImplemented"):
        metrics.put_metric_alarm(AlarmName=name, **{**ALARM, "Period": 10})
    with refused("NotImplemented"):
        metrics.put_composite_alarm(AlarmName=name, AlarmRule="ALARM(a)")
    with refused("NotImplemented"):
        metrics.put_metric_alarm(AlarmName=name, EvaluationPeriods=1, Threshold=1, ComparisonOperator="LessThanThreshold",
                                 Metrics=[{"Id": "e", "Expression": "m+1", "ReturnData": True}])


def test_dashboards(client, name):
    metrics = client("cloudwatch")
    metrics.put_dashboard(DashboardName=name, DashboardBody='{"widgets": []}')
    assert json.loads(metrics.get_dashboard(DashboardName=name)["DashboardBody"]) == {"widgets": []}
    assert [d["DashboardName"] for d in metrics.list_dashboards(DashboardNamePrefix=name)["DashboardEntries"]] == [name]
    for body in ("{", "[]", '{"widgets": 1}', '{"widgets": [{"type": "metric"}]}'):
        with refused("InvalidParameterInput"):
            metrics.put_dashboard(DashboardName=name, DashboardBody=body)
    metrics.delete_dashboards(DashboardNames=[name])
    with refused("ResourceNotFound"):
        metrics.get_dashboard(DashboardName=name)
