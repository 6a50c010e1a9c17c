"""`ads doctor` on a deployed stack: well, and with each thing that may be wrong."""
import email.utils
import json
import subprocess
import time

import pytest

from local_cloud import BUILD, REGION, ROOT, Cloud
from proxy import Proxy


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    """A cloud of its own: these tests put its mail account into the sandbox."""
    cloud = Cloud(tmp_path_factory.mktemp("doctor") / "none", "--ephemeral").start()
    cloud.ads("deploy", "--yes", "--code", BUILD / "function.zip", "--parameters", "ReportFrom=ads@example.com",
              "ReportTo=ops@example.com", "PublishRate=400")
    yield cloud
    cloud.stop()
    assert cloud.process.returncode == 0


def examine(cloud, endpoint=None, environment=None, arguments=()):
    """(exit code, {check: [finding, ...]})"""
    values = cloud.environment() | ({"AWS_ENDPOINT_URL": endpoint} if endpoint else {}) | (environment or {})
    done = subprocess.run([BUILD / "ads", "doctor", "--output", "json", "--region", REGION, *arguments], env=values,
                          capture_output=True, text=True, cwd=ROOT)
    answer = json.loads(done.stdout)
    found = {}
    for finding in answer["findings"]:
        assert finding["level"] in ("OK", "WARNING", "PROBLEM")
        assert bool(finding["advice"]) == (finding["level"] != "OK"), finding
        found.setdefault(finding["check"], []).append(finding)
    assert answer["problems"] == sum(f["level"] == "PROBLEM" for f in answer["findings"])
    assert done.returncode == (1 if answer["problems"] else 0)
    return done.returncode, found


def only(findings):
    assert len(findings) == 1, findings
    return findings[0]["level"], findings[0]["message"]


def test_all_is_well(stack):
    code, found = examine(stack)
    assert code == 0, found
    for check in ("region", "credentials", "clock", "stack", "template", "concurrency", "mail account", "mail sender",
                  "mail recipient", "runs"):
        assert only(found[check])[0] == "OK", found[check]
    assert {f["level"] for f in found["dead letters"] + found["function"]} == {"OK"}
    assert len(found["function"]) >= 2 and len(found["dead letters"]) >= 2
    # The local cloud has no Service Quotas, and of this region's nothing is known.
    assert only(found["publish rate"])[0] == "WARNING"
    text = subprocess.run([BUILD / "ads", "doctor", "--region", REGION], env=stack.environment(), capture_output=True, text=True)
    assert text.returncode == 0 and "OK       credentials" in text.stdout and "0 problems, 1 warning." in text.stdout


def quotas(value):
    def answer(method, path, headers, body):
        if not headers.get("X-Amz-Target", "").endswith(".ListServiceQuotas"):
            return None
        assert json.loads(body)["ServiceCode"] == "sns"
        page = {"Quotas": [{"QuotaName": "Topics", "Value": 100000.0}], "NextToken": "t"}
        if "NextToken" in json.loads(body):
            page = {"Quotas": [{"QuotaName": "Messages Published per Second", "Value": value}]}
        return 200, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(page).encode()
    return answer


def test_the_publish_rate_against_the_quota(stack):
    with Proxy(stack.port, quotas(300.0)) as proxy:
        code, found = examine(stack, proxy.endpoint)
    assert code == 1 and only(found["publish rate"])[0] == "PROBLEM" and "SNS takes 300/s" in only(found["publish rate"])[1]
    with Proxy(stack.port, quotas(30000.0)) as proxy:
        code, found = examine(stack, proxy.endpoint)
    assert code == 0 and only(found["publish rate"]) [0] == "OK"


@pytest.mark.parametrize("seconds, level", [(3600, "PROBLEM"), (-3600, "PROBLEM"), (60, "WARNING"), (0, "OK")])
def test_a_skewed_clock(stack, seconds, level):
    def headers(all):
        return {n: v for n, v in all.items() if n.lower() != "date"} | {"Date": email.utils.formatdate(time.time() + seconds, usegmt=True)}
    with Proxy(stack.port, headers=headers) as proxy:
        code, found = examine(stack, proxy.endpoint)
    assert only(found["clock"])[0] == level, found["clock"]
    assert code == (1 if level == "PROBLEM" else 0)
    if seconds:
        assert ("behind" if seconds > 0 else "ahead of") in only(found["clock"])[1]


def test_the_sandbox_and_unverified_addresses(stack):
    ses = stack.client("sesv2")
    details = {"MailType": "TRANSACTIONAL", "WebsiteURL": "https://example.com", "UseCaseDescription": "reports"}
    ses.put_account_details(ProductionAccessEnabled=False, **details)
    try:
        code, found = examine(stack)
        assert code == 1 and only(found["mail account"])[0] == "WARNING" and "sandbox" in only(found["mail account"])[1]
        assert only(found["mail sender"])[0] == "OK"
        assert only(found["mail recipient"])[0] == "PROBLEM" and "ops@example.com" in only(found["mail recipient"])[1]
        assert "create-email-identity --email-identity ops@example.com" in found["mail recipient"][0]["advice"]
        # A verified domain covers its addresses.
        ses.create_email_identity(EmailIdentity="example.com")
        _, found = examine(stack)
        assert only(found["mail recipient"])[0] == "OK"
        ses.delete_email_identity(EmailIdentity="example.com")
    finally:
        ses.put_account_details(ProductionAccessEnabled=True, **details)
    ses.delete_email_identity(EmailIdentity="ads@example.com")
    code, found = examine(stack)
    assert code == 1 and only(found["mail sender"])[0] == "PROBLEM" and "not verified" in only(found["mail sender"])[1]
    ses.create_email_identity(EmailIdentity="ads@example.com")
    ses.put_account_sending_attributes(SendingEnabled=False)
    code, found = examine(stack)
    assert code == 1 and only(found["mail account"])[0] == "PROBLEM"
    ses.put_account_sending_attributes(SendingEnabled=True)


def test_dead_letters(stack):
    sqs = stack.client("sqs")
    outputs = stack.client("cloudformation").describe_stacks(StackName="ads")["Stacks"][0]["Outputs"]
    url = next(o["OutputValue"] for o in outputs if o["OutputKey"] == "RetryDeadLetterQueueUrl")
    sqs.send_message(QueueUrl=url, MessageBody="{}", MessageGroupId="u", MessageDeduplicationId="1")
    code, found = examine(stack)
    bad = [f for f in found["dead letters"] if f["level"] == "PROBLEM"]
    assert code == 1 and len(bad) == 1 and "RetryDeadLetterQueue holds 1 message:" in bad[0]["message"]
    sqs.purge_queue(QueueUrl=url)
    assert examine(stack)[0] == 0


def test_a_functions_errors(stack):
    logs = stack.client("logs")
    logs.create_log_stream(logGroupName="/aws/lambda/ads-dispatch", logStreamName="mine")
    now = int(time.time() * 1000)
    logs.put_log_events(logGroupName="/aws/lambda/ads-dispatch", logStreamName="mine", logEvents=[
        {"timestamp": now - 2, "message": '{"level": "info", "message": "no error at all"}'},
        {"timestamp": now - 1, "message": '{"level": "error", "message": "the table is gone"}'},
        {"timestamp": now, "message": "2026 1f Task timed out after 3.00 seconds"}])
    code, found = examine(stack)
    bad = [f for f in found["function"] if "ads-dispatch" in f["message"]]
    assert code == 0 and len(bad) == 1 and bad[0]["level"] == "WARNING"
    assert "ads-dispatch: 2 errors in the last day" in bad[0]["message"] and "Task timed out" in bad[0]["message"]
    logs.delete_log_stream(logGroupName="/aws/lambda/ads-dispatch", logStreamName="mine")


def test_a_new_accounts_concurrency(stack):
    def answer(method, path, headers, body):
        if not path.endswith("/account-settings"):
            return None
        return 200, {"Content-Type": "application/json"}, b'{"AccountLimit": {"ConcurrentExecutions": 10, "UnreservedConcurrentExecutions": 10}}'
    with Proxy(stack.port, answer) as proxy:
        _, found = examine(stack, proxy.endpoint)
    assert only(found["concurrency"])[0] in ("WARNING", "PROBLEM") and "up to 10" in only(found["concurrency"])[1]


def test_a_permission_that_is_missing_is_a_warning(stack):
    def answer(method, path, headers, body):
        if not path.startswith("/v2/email/"):
            return None
        return 403, {"x-amzn-errortype": "AccessDeniedException"}, b'{"message": "not allowed"}'
    with Proxy(stack.port, answer) as proxy:
        code, found = examine(stack, proxy.endpoint)
    assert code == 0 and only(found["mail account"])[0] == "WARNING" and "permission" in found["mail account"][0]["advice"]


def test_without_a_stack_the_account_is_examined(stack):
    code, found = examine(stack, arguments=["--stack-name", "another"])
    assert code == 0 and only(found["stack"])[0] == "WARNING" and "runs" not in found and "concurrency" in found


def test_without_credentials_or_endpoint(stack):
    code, found = examine(stack, environment={"AWS_SECRET_ACCESS_KEY": "wrong"})
    assert code == 1 and only(found["credentials"])[0] == "PROBLEM" and "stack" not in found
    code, found = examine(stack, endpoint="http://127.0.0.1:9", environment={"AWS_MAX_ATTEMPTS": "1"})
    assert code == 1 and only(found["credentials"])[0] == "PROBLEM" and "ads cloud" in found["credentials"][0]["advice"]
