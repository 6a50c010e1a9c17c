"""CloudWatch through boto3 and the aws CLI, whatever protocol they speak: metrics, alarms, dashboards."""
import datetime
import json

import botocore.exceptions
import pytest

from conftest import wait_until


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


def test_dashboards(client, name):
    metrics = client("cloudwatch")
    metrics.put_dashboard(DashboardName=name, DashboardBody='{"widgets": []}')
    assert json.loads(metrics.get_dashboard(DashboardName=name)["DashboardBody"]) == {"widgets": []}
    assert [d["DashboardName"] for d in metrics.list_dashboards(DashboardNamePrefix=name)["DashboardEntries"]] == [name]
    metrics.delete_dashboards(DashboardNames=[name])
    with refused("ResourceNotFound"):
        metrics.get_dashboard(DashboardName=name)
