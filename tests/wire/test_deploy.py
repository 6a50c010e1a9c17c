"""`ads deploy` and `ads destroy` as programs: small templates, every way a deployment goes."""
import json
import os
import pty
import re
import signal
import subprocess
import threading

import pytest

from local_cloud import BUILD, REGION, ROOT, wait_until
from proxy import Proxy

TEMPLATE = """
Parameters:
  Seconds: {Type: Number, Default: 30, MinValue: 0}
  Name: {Type: String, Default: ''}
Conditions:
  HasName: !Not [!Equals [!Ref Name, '']]
Resources:
  Queue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: !If [HasName, !Ref Name, !Ref AWS::NoValue]
      VisibilityTimeout: !Ref Seconds
  Topic:
    Type: AWS::SNS::Topic
    DependsOn: Queue
Outputs:
  QueueUrl: {Value: !Ref Queue}
"""


class Ads:
    """Runs `ads` on one stack; text unless a test asks for JSON."""

    def __init__(self, cloud, stack, directory):
        self.cloud, self.stack, self.directory = cloud, stack, directory
        self.cloudformation = cloud.client("cloudformation")
        self.template = self.write("template.yaml", TEMPLATE)

    def write(self, name, text):
        path = self.directory / name
        path.write_text(text)
        return path

    def command(self, *arguments):
        return [str(BUILD / "ads"), *map(str, arguments), "--stack-name", self.stack, "--region", REGION]

    def run(self, *arguments, endpoint=None, **kwargs):
        environment = self.cloud.environment() | ({"AWS_ENDPOINT_URL": endpoint} if endpoint else {})
        return subprocess.run(self.command(*arguments), env=environment, capture_output=True, text=True, cwd=ROOT,
                              stdin=subprocess.DEVNULL, **kwargs)

    def deploy(self, *parameters, template=None, **kwargs):
        more = ["--parameters", *parameters] if parameters else []
        return self.run("deploy", "--template", template or self.template, "--yes", *more, **kwargs)

    def status(self):
        try:
            return self.cloudformation.describe_stacks(StackName=self.stack)["Stacks"][0]["StackStatus"]
        except self.cloudformation.exceptions.ClientError as error:
            assert "does not exist" in str(error)
            return None

    def on_terminal(self, *arguments, answer):
        """Runs it on a pseudo-terminal and types `answer` when it asks. Gives (exit code, what was shown)."""
        ours, theirs = pty.openpty()
        process = subprocess.Popen(self.command(*arguments), env=self.cloud.environment() | {"TERM": "xterm"}, cwd=ROOT,
                                   stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
        os.close(theirs)
        shown, asked = "", False
        while True:
            try:
                piece = os.read(ours, 65536)
            except OSError:  # Linux says so when the other side is closed
                break
            if not piece:
                break
            shown += piece.decode()
            if not asked and re.search(r"\[y/N\] |name to remove it", shown):
                asked = True
                os.write(ours, (answer + "\n").encode())
        os.close(ours)
        return process.wait(), shown


@pytest.fixture
def ads(cloud, name, tmp_path):
    return Ads(cloud, name, tmp_path)


def test_create_no_change_update(ads):
    done = ads.deploy()
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert "  + Queue  AWS::SQS::Queue" in lines and "A new stack: 2 to add." in lines
    ended = [line for line in lines if re.match(r"  \d\d:\d\d:\d\d  CREATE_COMPLETE +Queue ", line)]
    assert len(ended) == 1, "one line per resource"
    assert "\x1b" not in done.stdout, "a pipe gets plain text"
    assert re.search(r"QueueUrl +http://", done.stdout)

    done = ads.deploy()
    assert done.returncode == 0 and "up to date: nothing to change" in done.stdout

    done = ads.deploy("Seconds=31")
    assert done.returncode == 0, done.stderr
    assert re.search(r"^  ~ Queue  AWS::SQS::Queue$", done.stdout, re.M) and "VisibilityTimeout" in done.stdout
    # What is not named keeps its value.
    done = ads.deploy("Name=" + ads.stack)
    assert done.returncode == 0, done.stderr
    assert re.search(r"! Queue .* replaced by a new one", done.stdout)
    assert "WARNING: it holds messages. The new one starts empty" in done.stdout
    stack = ads.cloudformation.describe_stacks(StackName=ads.stack)["Stacks"][0]
    assert {p["ParameterKey"]: p["ParameterValue"] for p in stack["Parameters"]} == {"Seconds": "31", "Name": ads.stack}


def test_the_json_parses(ads):
    done = ads.deploy("Seconds=5", template=None)
    assert done.returncode == 0
    for arguments, status in ((["Seconds=5"], "NO_CHANGE"), (["Seconds=6"], "UPDATE_COMPLETE")):
        done = ads.run("deploy", "--template", ads.template, "--yes", "--output", "json", "--parameters", *arguments)
        answer = json.loads(done.stdout)
        assert (done.returncode, answer["status"], answer["stack"]) == (0, status, ads.stack)
        assert answer["outputs"]["QueueUrl"].startswith("http")
    assert [(c["change"], c["logicalId"]) for c in answer["changes"]] == [("modify", "Queue")]
    done = ads.run("deploy", "--template", ads.template, "--dry-run", "--output", "json", "--parameters", "Seconds=7")
    assert json.loads(done.stdout)["status"] == "DRY_RUN"
    done = ads.run("destroy", "--yes", "--output", "json")
    assert json.loads(done.stdout) == {"stack": ads.stack, "status": "DELETE_COMPLETE", "kept": [], "artefactsRemoved": 0}
    done = ads.run("destroy", "--yes", "--output", "json")
    assert done.returncode == 1 and json.loads(done.stderr)["error"]["code"] == "NoStack"


def test_a_dry_run_changes_nothing(ads):
    done = ads.run("deploy", "--template", ads.template, "--dry-run")
    assert done.returncode == 0 and "2 to add" in done.stdout and "Nothing was changed" in done.stdout
    assert ads.status() is None, "not even a stack in review is left"
    assert ads.deploy().returncode == 0
    assert ads.run("deploy", "--template", ads.template, "--dry-run", "--parameters", "Seconds=9").returncode == 0
    assert ads.status() == "CREATE_COMPLETE"
    assert not ads.cloudformation.list_change_sets(StackName=ads.stack)["Summaries"]


def test_nobody_to_ask(ads):
    done = ads.run("deploy", "--template", ads.template)
    assert done.returncode == 2 and "--yes" in done.stderr and "no terminal" in done.stderr
    assert ads.status() is None
    assert ads.deploy().returncode == 0
    done = ads.run("destroy")
    assert done.returncode == 2 and "--yes" in done.stderr
    assert ads.status() == "CREATE_COMPLETE"


def test_a_person_at_a_terminal(ads):
    code, shown = ads.on_terminal("deploy", "--template", ads.template, answer="n")
    assert code == 1 and "Nothing was changed." in shown and ads.status() is None
    code, shown = ads.on_terminal("deploy", "--template", ads.template, answer="y")
    assert code == 0, shown
    assert "\x1b[32m" in shown, "additions are green"
    assert ads.status() == "CREATE_COMPLETE"
    code, shown = ads.on_terminal("deploy", "--template", ads.template, "--parameters", "Name=" + ads.stack, answer="n")
    assert code == 1 and "\x1b[1;31m      WARNING: it holds messages" in shown, "what is lost stands out"
    code, shown = ads.on_terminal("destroy", answer="something-else")
    assert code == 1 and "nothing was removed" in shown and ads.status() == "CREATE_COMPLETE"
    code, shown = ads.on_terminal("destroy", answer=ads.stack)
    assert code == 0 and "is gone" in shown and ads.status() is None


def test_a_failed_update_is_rolled_back_and_says_why(ads):
    assert ads.deploy("Seconds=30").returncode == 0
    done = ads.deploy("Seconds=99999")
    assert done.returncode == 1
    first = done.stderr.splitlines()[0]
    assert first.startswith("ads: Queue (AWS::SQS::Queue): ") and "VisibilityTimeout" in first, "the cause comes first"
    assert "UPDATE_ROLLBACK_COMPLETE: everything is as it was before" in done.stderr
    assert ads.status() == "UPDATE_ROLLBACK_COMPLETE"
    assert ads.deploy("Seconds=40").returncode == 0


def test_a_failed_creation_is_made_anew(ads):
    done = ads.deploy("Seconds=99999")
    assert done.returncode == 1 and ads.status() == "ROLLBACK_COMPLETE"
    assert done.stderr.startswith("ads: Queue (AWS::SQS::Queue): ")
    done = ads.run("deploy", "--template", ads.template, "--parameters", "Seconds=30")
    assert done.returncode == 2 and ads.status() == "ROLLBACK_COMPLETE", "not without leave"
    done = ads.deploy("Seconds=30")
    assert done.returncode == 0 and "deleted and made anew" in done.stdout, done.stderr
    assert ads.status() == "CREATE_COMPLETE"


def test_a_stack_in_review_is_created(ads):
    ads.cloudformation.create_change_set(StackName=ads.stack, ChangeSetName="mine", ChangeSetType="CREATE",
                                         TemplateBody=TEMPLATE)
    wait_until(lambda: ads.status() == "REVIEW_IN_PROGRESS", what="the stack in review")
    assert ads.deploy().returncode == 0
    assert ads.status() == "CREATE_COMPLETE"


@pytest.mark.parametrize("status, words", [
    ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback --stack-name"), ("DELETE_FAILED", "ads destroy --stack-name"),
    ("ROLLBACK_FAILED", "ads destroy --stack-name"), ("CREATE_FAILED", "ads destroy --stack-name")])
def test_a_stack_that_needs_a_person(ads, status, words):
    """The states that are hard to bring about are told by the endpoint."""
    assert ads.deploy().returncode == 0

    def answer(method, path, headers, body):
        if b"Action=DescribeStacks" not in body:
            return None
        return 200, {"Content-Type": "text/xml"}, f"""<DescribeStacksResponse><DescribeStacksResult><Stacks><member>
            <StackName>{ads.stack}</StackName><StackId>arn:x</StackId><StackStatus>{status}</StackStatus>
            <StackStatusReason>The disk was full</StackStatusReason></member></Stacks></DescribeStacksResult>
            </DescribeStacksResponse>""".encode()
    with Proxy(ads.cloud.port, answer) as proxy:
        done = ads.deploy(endpoint=proxy.endpoint)
    assert done.returncode == 1
    assert status in done.stderr and words in done.stderr and "The disk was full" in done.stderr


def test_input_is_checked_before_anything_is_sent(ads):
    nowhere = "http://127.0.0.1:9"  # nothing answers there: these never get so far
    broken = ads.write("broken.yaml", "Resources:\n  A:\n    Type: [\n")
    file = ads.write("values.json", '[{"ParameterKey": "Seconds", "ParameterValue": "x"}]')
    cases = {
        ("--template", broken): f"{broken}: Template format error: YAML not well-formed. (line ",
        ("--template", "/does/not/exist"): "cannot open /does/not/exist: No such file or directory",
        ("--template", ads.template, "--parameters", "Second=1"): "did you mean Seconds?",
        ("--template", ads.template, "--parameters", "Seconds=-1"): f"-1 is below 0 ({ads.template}:3)",
        ("--template", ads.template, "--parameters", "Seconds"): "'Seconds' is not of the form Name=Value",
        ("--template", ads.template, "--parameters-file", file): "'x' is not a number",
        ("--code", "/etc/passwd"): "/etc/passwd: this is not a zip file",
        ("--code", BUILD / "function.zip", "--parameters", "Architecture=arm64"): "the parameter Architecture is arm64",
        ("--parameters", "TopicType=big"): "'big' is none of standard, fifo (resources.yaml:",
    }
    for arguments, words in cases.items():
        done = ads.run("deploy", "--yes", *arguments, endpoint=nowhere)
        assert done.returncode == 2 and words in done.stderr, (arguments, done.stderr)


def test_the_services_check_comes_before_the_upload(ads, client):
    template = ads.write("bad.yaml", "Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n    Properties:\n"
                                     "      QueueName: !Ref Nobody\n")
    done = ads.deploy(template=template)
    assert done.returncode == 1 and "bad.yaml: " in done.stderr and "Nobody" in done.stderr
    assert ads.status() is None


def test_a_parameters_file_and_the_command_line(ads):
    for name, text in {"a.json": '{"Seconds": 11, "Name": ""}', "b.json": '["Seconds=12"]', "c.env": "# mine\nSeconds=13\n"}.items():
        done = ads.run("deploy", "--template", ads.template, "--yes", "--parameters-file", ads.write(name, text))
        assert done.returncode == 0, done.stderr
    done = ads.run("deploy", "--template", ads.template, "--yes", "--parameters-file", ads.write("d.json", '{"Seconds": 1}'),
                   "--parameters", "Seconds=14")
    assert done.returncode == 0, done.stderr
    parameters = ads.cloudformation.describe_stacks(StackName=ads.stack)["Stacks"][0]["Parameters"]
    assert {"ParameterKey": "Seconds", "ParameterValue": "14"} in parameters


def test_a_large_template_goes_through_the_bucket(ads, client):
    bucket = ads.stack + "-artefacts"
    large = ads.write("large.yaml", TEMPLATE + "# " + "x" * 60_000 + "\n")
    done = ads.run("deploy", "--template", large, "--yes", "--artefact-bucket", bucket)
    assert done.returncode == 0, done.stderr
    s3 = client("s3")
    keys = [o["Key"] for o in s3.list_objects_v2(Bucket=bucket)["Contents"]]
    assert len(keys) == 1 and re.fullmatch(f"{ads.stack}/template/[0-9a-f]{{64}}.yaml", keys[0])

    # Made once, and as a security reviewer wants it.
    assert "Made the bucket " + bucket in done.stdout
    assert all(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values())
    rules = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
    assert rules == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    rule = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    assert s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"][0]["NoncurrentVersionExpiration"]
    statement = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"][0]
    assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    again = ads.run("deploy", "--template", large, "--yes", "--artefact-bucket", bucket)
    assert again.returncode == 0 and "Made the bucket" not in again.stdout and "Uploaded" not in again.stdout

    done = ads.run("destroy", "--yes", "--artefacts", "--artefact-bucket", bucket)
    assert done.returncode == 0 and "Removed 1 objects" in done.stdout, done.stderr
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket)
    assert not s3.list_object_versions(Bucket=bucket).get("Versions"), "no old version is left either"


def test_a_bucket_that_was_left_half_made_is_completed(ads, client):
    bucket = ads.stack + "-half"
    client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    large = ads.write("large.yaml", TEMPLATE + "# " + "x" * 60_000 + "\n")
    assert ads.run("deploy", "--template", large, "--yes", "--artefact-bucket", bucket).returncode == 0
    assert client("s3").get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"


def test_nothing_is_uploaded_to_a_bucket_of_somebody_else(ads):
    sent = []

    def answer(method, path, headers, body):
        if "/theirs" not in path:
            return None
        sent.append((method, headers.get("x-amz-expected-bucket-owner")))
        return 403, {"Content-Type": "application/xml"}, b""
    large = ads.write("large.yaml", TEMPLATE + "# " + "x" * 60_000 + "\n")
    with Proxy(ads.cloud.port, answer) as proxy:
        done = ads.run("deploy", "--template", large, "--yes", "--artefact-bucket", "theirs", endpoint=proxy.endpoint)
    assert done.returncode == 1 and "belongs to another account" in done.stderr and "--artefact-bucket" in done.stderr
    assert sent == [("HEAD", "000000000000")]


def test_interrupted_it_says_what_goes_on(ads):
    is_executed, may_go_on = threading.Event(), threading.Event()

    def answer(method, path, headers, body):
        if b"Action=ExecuteChangeSet" in body:
            is_executed.set()
        elif b"Action=DescribeStackEvents" in body and is_executed.is_set():
            may_go_on.wait(30)
        return None
    with Proxy(ads.cloud.port, answer) as proxy:
        process = subprocess.Popen(ads.command("deploy", "--template", ads.template, "--yes"), cwd=ROOT, text=True,
                                   env=ads.cloud.environment() | {"AWS_ENDPOINT_URL": proxy.endpoint},
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert is_executed.wait(30)
        wait_until(lambda: ads.status() == "CREATE_COMPLETE", what="the stack, which nobody watches")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
        may_go_on.set()
    assert process.returncode == 130
    assert f"CloudFormation goes on with the stack '{ads.stack}' without this program" in errors


def test_work_of_somebody_else_is_followed_first(ads):
    assert ads.deploy().returncode == 0
    told = []

    def answer(method, path, headers, body):
        # The first look finds it at work; afterwards it is as it is.
        if b"Action=DescribeStacks" not in body or told:
            return None
        told.append(1)
        stack = ads.cloudformation.describe_stacks(StackName=ads.stack)["Stacks"][0]["StackId"]
        return 200, {"Content-Type": "text/xml"}, f"""<DescribeStacksResponse><DescribeStacksResult><Stacks><member>
            <StackName>{ads.stack}</StackName><StackId>{stack}</StackId><StackStatus>CREATE_IN_PROGRESS</StackStatus>
            </member></Stacks></DescribeStacksResult></DescribeStacksResponse>""".encode()
    with Proxy(ads.cloud.port, answer) as proxy:
        done = ads.deploy("Seconds=50", endpoint=proxy.endpoint)
    assert done.returncode == 0, done.stderr
    assert "is CREATE_IN_PROGRESS: following that to its end first" in done.stdout
    assert "UPDATE_COMPLETE" in done.stdout


def test_destroy_says_what_stays_and_empties_nothing(ads, client):
    template = ads.write("kept.yaml", f"""
Resources:
  Kept:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{{AttributeName: id, AttributeType: S}}]
      KeySchema: [{{AttributeName: id, KeyType: HASH}}]
  Bucket:
    Type: AWS::S3::Bucket
    Properties: {{BucketName: {ads.stack}-full}}
  Topic:
    Type: AWS::SNS::Topic
""")
    assert ads.deploy(template=template).returncode == 0
    client("s3").put_object(Bucket=ads.stack + "-full", Key="precious", Body=b"1")
    done = ads.run("destroy", "--yes")
    assert done.returncode == 1
    assert re.search(r"stays: AWS::DynamoDB::Table \S+ \(Kept\)", done.stdout)
    assert f"WARNING: the bucket {ads.stack}-full (Bucket) holds files" in done.stdout
    first = done.stderr.splitlines()[0]
    assert first.startswith("ads: Bucket (AWS::S3::Bucket): ") and "not empty" in first
    assert "DELETE_FAILED" in done.stderr and "--retain Bucket" in done.stderr
    assert client("s3").get_object(Bucket=ads.stack + "-full", Key="precious")["Body"].read() == b"1"

    done = ads.run("destroy", "--yes", "--retain", "Bucket")
    assert done.returncode == 0, done.stderr
    assert "aws dynamodb delete-table --table-name" in done.stdout
    assert f"aws s3api delete-bucket --bucket {ads.stack}-full" in done.stdout
    assert ads.status() is None
    assert client("s3").get_object(Bucket=ads.stack + "-full", Key="precious")["Body"].read() == b"1"
    done = ads.run("destroy", "--yes", "--retain", "Bucket")
    assert done.returncode == 1 and "there is no stack" in done.stderr


def test_destroy_needs_a_failed_removal_to_retain(ads):
    assert ads.deploy().returncode == 0
    done = ads.run("destroy", "--yes", "--retain", "Queue")
    assert done.returncode == 1 and "only after a deletion has failed" in done.stderr
    assert ads.status() == "CREATE_COMPLETE"


def test_a_protected_stack_stays(ads):
    assert ads.deploy().returncode == 0
    ads.cloudformation.update_termination_protection(StackName=ads.stack, EnableTerminationProtection=True)
    done = ads.run("destroy", "--yes")
    assert done.returncode == 1 and "--no-enable-termination-protection" in done.stderr
    assert ads.status() == "CREATE_COMPLETE"


@pytest.mark.parametrize("command", ["deploy", "destroy", "doctor", "template"])
def test_help_teaches_by_example(command):
    done = subprocess.run([BUILD / "ads", command, "--help"], capture_output=True, text=True)
    assert done.returncode == 0 and f"  ads {command}" in done.stdout and "Example" in done.stdout


# ---- What an earlier stack left behind ----

KEEPING = """
Parameters:
  UsersTableName: {Type: String, Default: ''}
  Extra: {Type: String, Default: ''}
Conditions:
  HasName: !Not [!Equals [!Ref UsersTableName, '']]
  HasExtra: !Not [!Equals [!Ref Extra, '']]
Resources:
  BatchBucket:
    Type: AWS::S3::Bucket
    DeletionPolicy: RetainExceptOnCreate
    Properties:
      BucketName: !Sub '${AWS::StackName}-batch'
      VersioningConfiguration: {Status: Enabled}
  UsersTable:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: RetainExceptOnCreate
    Properties:
      TableName: !If [HasName, !Ref UsersTableName, !Ref AWS::NoValue]
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: serviceUUID, AttributeType: S}]
      KeySchema: [{AttributeName: serviceUUID, KeyType: HASH}]
  Queue:
    Type: AWS::SQS::Queue
    Condition: HasExtra
    DependsOn: [BatchBucket, UsersTable]
    Properties: {QueueName: !Ref Extra}
Outputs:
  UsersTable: {Value: !Ref UsersTable}
"""


def test_destroy_then_deploy_keeps_bucket_and_users(ads, client):
    template = ads.write("keeping.yaml", KEEPING)
    s3, dynamodb = client("s3"), client("dynamodb")
    assert ads.deploy(template=template).returncode == 0
    table = ads.cloudformation.describe_stacks(StackName=ads.stack)["Stacks"][0]["Outputs"][0]["OutputValue"]
    bucket = ads.stack.lower() + "-batch"
    dynamodb.put_item(TableName=table, Item={"serviceUUID": {"S": "u-1"}})
    s3.put_object(Bucket=bucket, Key="file", Body=b"kept")
    for _ in range(2):  # what was imported is kept and imported again
        assert ads.run("destroy", "--yes").returncode == 0
        # A dry run shows it and changes nothing.
        shown = ads.run("deploy", "--template", template, "--dry-run")
        assert shown.returncode == 0, shown.stderr
        assert re.search(rf"^  > BatchBucket .*{bucket} exists and is taken over$", shown.stdout, re.M), shown.stdout
        assert f"left its users table {table} behind" in shown.stdout and "2 to import" in shown.stdout
        assert ads.status() is None
        # What fails afterwards leaves both where they were.
        client("sqs").create_queue(QueueName=ads.stack + "-taken", Attributes={"DelaySeconds": "1"})
        failed = ads.deploy(f"Extra={ads.stack}-taken", template=template)
        assert failed.returncode == 1 and ads.status() == "ROLLBACK_COMPLETE", failed.stdout + failed.stderr
        done = ads.deploy(template=template)
        assert done.returncode == 0, done.stdout + done.stderr
        assert f"UsersTable  {table}" in done.stdout
        assert dynamodb.get_item(TableName=table, Key={"serviceUUID": {"S": "u-1"}})["Item"]
        assert s3.get_object(Bucket=bucket, Key="file")["Body"].read() == b"kept"
    # They are the stack's own again: nothing is to be changed, and another stack may not have them.
    assert "nothing to change" in ads.deploy(template=template).stdout
    other = Ads(ads.cloud, ads.stack + "-other", ads.directory)
    refused = other.deploy(f"UsersTableName={table}", template=ads.write("keeping.yaml", KEEPING))
    assert refused.returncode == 1 and "already belongs to the stack" in refused.stderr
    assert other.status() is None
    ads.run("destroy", "--yes")
    # Who wants a new table says so.
    done = ads.deploy("UsersTableName=", template=template)
    assert done.returncode == 0 and table not in done.stdout


SENDING = """
Parameters:
  ReportFrom: {Type: String, Default: ''}
  CreateReportIdentity: {Type: String, Default: 'true'}
Conditions:
  Makes: !And [!Not [!Equals [!Ref ReportFrom, '']], !Equals [!Ref CreateReportIdentity, 'true']]
Resources:
  Topic: {Type: AWS::SNS::Topic}
  Identity: {Type: AWS::SES::EmailIdentity, Condition: Makes, Properties: {EmailIdentity: !Ref ReportFrom}}
"""


def test_a_second_stack_with_the_same_sender_uses_its_identity(ads):
    template = ads.write("sending.yaml", SENDING)
    sender = f"ReportFrom=ads@{ads.stack.lower()}.example"
    assert ads.deploy(sender, template=template).returncode == 0
    again = ads.deploy(sender, template=template)
    assert again.returncode == 0 and "nothing to change" in again.stdout, "the stack's own identity stays its own"
    other = Ads(ads.cloud, ads.stack + "-two", ads.directory)
    refused = other.deploy(sender, "CreateReportIdentity=true", template=template)
    assert refused.returncode == 2 and "deploy with CreateReportIdentity=false" in refused.stderr
    done = other.deploy(sender, template=template)
    assert done.returncode == 0, done.stderr
    assert "CreateReportIdentity=false" in done.stdout and "1 to add" in done.stdout
    done = other.deploy(template=template)
    assert "nothing to change" in done.stdout, "what was chosen is kept"


def test_values_are_checked_before_anything_is_uploaded(ads):
    nowhere = "http://127.0.0.1:9"  # nothing answers there: these never get so far
    for parameter, words in [("TimeZone=Europe/Atlantis", "'Europe/Atlantis' is not a time zone"),
                             ("ReportTo=ops@example.com,oops", "'oops' is not a mail address: it has no '@'"),
                             ("ReportFrom=jörg@example.com", "SES takes only ASCII before the '@'")]:
        done = ads.run("deploy", "--yes", "--parameters", parameter, "NamePrefix=ads-x", endpoint=nowhere)
        assert done.returncode == 2 and words in done.stderr, done.stderr
    bad = Ads(ads.cloud, "my_stack", ads.directory)
    done = bad.run("deploy", "--template", ads.template, "--yes", endpoint=nowhere)
    assert done.returncode == 2 and "'my_stack' cannot be a stack's name" in done.stderr, done.stderr
