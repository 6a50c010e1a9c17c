"""The machine's clock is set back between two runs of a cloud: what is in flight, delayed or repeated comes in time."""
import json
import shutil
import subprocess

import pytest
from conftest import Cloud, wait_until

COMPILER = next((c for c in ("clang-19", "cc", "gcc") if shutil.which(c)), None)
BACK = 600  # seconds; signatures of clients whose clock is right still pass

# In front of the C library: a clock that is so many seconds off.
SHIM = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
int clock_gettime(clockid_t id, struct timespec* time) {
  static int (*real)(clockid_t, struct timespec*);
  if (!real) real = (int (*)(clockid_t, struct timespec*))dlsym(RTLD_NEXT, "clock_gettime");
  int result = real(id, time);
  const char* off = getenv("CLOCK_OFF");
  if (id == CLOCK_REALTIME && off) time->tv_sec += atol(off);
  return result;
}
"""


@pytest.fixture
def set_clock(tmp_path, monkeypatch):
    if COMPILER is None:
        pytest.skip("no C compiler")
    (tmp_path / "clock.c").write_text(SHIM)
    subprocess.run([COMPILER, "-shared", "-fPIC", "-o", tmp_path / "clock.so", tmp_path / "clock.c", "-ldl"], check=True)

    def set_to(seconds):
        monkeypatch.setenv("LD_PRELOAD", str(tmp_path / "clock.so"))
        monkeypatch.setenv("CLOCK_OFF", str(seconds))

    return set_to


def test_deadlines_after_the_clock_was_set_back(tmp_path, set_clock):
    cloud = Cloud(tmp_path / "data").start()
    sqs, scheduler, iam = cloud.client("sqs"), cloud.client("scheduler"), cloud.client("iam")
    urls = {name: sqs.create_queue(QueueName=name, Attributes={"FifoQueue": "true"} if name.endswith(".fifo") else {})["QueueUrl"]
            for name in ("held", "delayed", "held.fifo", "delayed.fifo", "sent.fifo", "rate")}
    sqs.set_queue_attributes(QueueUrl=urls["delayed.fifo"], Attributes={"DelaySeconds": "5"})
    sqs.send_message(QueueUrl=urls["held"], MessageBody="m")
    sqs.send_message(QueueUrl=urls["delayed"], MessageBody="m", DelaySeconds=5)
    for name in ("held.fifo", "delayed.fifo", "sent.fifo"):
        sqs.send_message(QueueUrl=urls[name], MessageBody="m", MessageGroupId="g", MessageDeduplicationId="d")
    for name in ("held", "held.fifo"):
        assert sqs.receive_message(QueueUrl=urls[name], VisibilityTimeout=5)["Messages"]
    role = iam.create_role(RoleName="r", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Service": "scheduler.amazonaws.com"}, "Action": "sts:AssumeRole"}]}))["Role"]["Arn"]
    iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}]}))
    scheduler.create_schedule(Name="s", ScheduleExpression="rate(1 minute)", FlexibleTimeWindow={"Mode": "OFF"}, Target={
        "Arn": "arn:aws:sqs:eu-central-1:000000000000:rate", "RoleArn": role, "Input": "m"})

    def receive(name, wait=1):
        got = sqs.receive_message(QueueUrl=urls[name], WaitTimeSeconds=wait).get("Messages", [])
        return [message["Body"] for message in got]

    wait_until(lambda: receive("rate"), what="the first message of the schedule")
    cloud.kill()
    set_clock(-BACK)
    cloud.start()
    try:
        sqs.send_message(QueueUrl=urls["sent.fifo"], MessageBody="again", MessageGroupId="g", MessageDeduplicationId="d")
        for name in ("held", "delayed", "held.fifo", "delayed.fifo"):
            wait_until(lambda: receive(name), seconds=60, what=f"the message of {name}")
        assert receive("sent.fifo") == ["m"], "what was sent within five minutes is not taken again"
        assert not receive("sent.fifo", 0)
        wait_until(lambda: receive("rate"), seconds=120, what="the schedule's next message")
        assert "clock was set back" in open(cloud.log.name).read()
    finally:
        cloud.stop()
