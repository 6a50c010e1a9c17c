"""resources.yaml deployed, used and updated with the aws CLI alone, on a cloud that keeps nothing."""
import datetime
import json
import subprocess

import pytest

from local_cloud import AWS_CLI, BUILD, REGION, ROOT, Cloud


@pytest.fixture(scope="module")
def ephemeral(tmp_path_factory):
    cloud = Cloud(tmp_path_factory.mktemp("ephemeral") / "none", "--ephemeral").start()
    yield cloud
    cloud.stop()
    assert cloud.process.returncode == 0


def cli(cloud, *arguments, **variables):
    done = subprocess.run([AWS_CLI, "--endpoint-url", cloud.endpoint, "--region", REGION, *arguments],
                          env=cloud.environment() | variables, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return done.stdout


def deploy(cloud, *parameters):
    return cli(cloud, "cloudformation", "deploy", "--template-file", "resources.yaml", "--stack-name", "ads",
               "--capabilities", "CAPABILITY_IAM", "--parameter-overrides", "CodeBucket=code", "CodeKey=f.zip", *parameters)


def test_the_cli_deploys_updates_and_deletes_the_stack(ephemeral, tmp_path):
    cli(ephemeral, "s3", "mb", "s3://code")
    cli(ephemeral, "s3", "cp", "--quiet", str(BUILD / "function.zip"), "s3://code/f.zip")
    deploy(ephemeral, "ReportFrom=ads@example.com", "ReportTo=ops@example.com")
    outputs = ephemeral.client("cloudformation").describe_stacks(StackName="ads")["Stacks"][0]["Outputs"]
    values = {o["OutputKey"]: o["OutputValue"] for o in outputs}
    for name in ("BatchBucket", "UsersTable", "RunsTable", "Topic", "RetryQueueUrl", "RetryDeadLetterQueueUrl"):
        assert values[name], name

    batch = tmp_path / f"DES_Manually_Process_{datetime.datetime.now(datetime.timezone.utc):%d-%m-%Y}"
    batch.write_text("500,0,u\n200,0,v\n")
    report = ephemeral.ads("submit", batch, "--wait")
    assert (report["retryQueued"], report["notFound"], report["reconciled"]) == (1, 1, True)

    deploy(ephemeral, "MaxRetries=0")
    batch.write_text("500,1,u\n200,0,v\n")
    report = ephemeral.ads("submit", batch, "--wait")
    assert (report["retryQueued"], report["notFound"], report["reconciled"]) == (0, 2, True)
    assert report["processedKey"].endswith("_2")

    s3 = ephemeral.client("s3")
    for version in s3.list_object_versions(Bucket=values["BatchBucket"]).get("Versions", []):
        s3.delete_object(Bucket=values["BatchBucket"], Key=version["Key"], VersionId=version["VersionId"])
    for marker in s3.list_object_versions(Bucket=values["BatchBucket"]).get("DeleteMarkers", []):
        s3.delete_object(Bucket=values["BatchBucket"], Key=marker["Key"], VersionId=marker["VersionId"])
    cli(ephemeral, "cloudformation", "delete-stack", "--stack-name", "ads")
    cli(ephemeral, "cloudformation", "wait", "stack-delete-complete", "--stack-name", "ads")
    assert not ephemeral.client("lambda").list_functions()["Functions"]


def endpoint_rules(cloud, directory):
    """`package` uploads without regard to --endpoint-url (and Debian's CLI knows no AWS_ENDPOINT_URL yet): the CLI's own
    rules of S3's endpoints, which it reads from AWS_DATA_PATH, send it to this cloud."""
    names = {"Bucket": "String", "Region": "String", "Endpoint": "String"} | dict.fromkeys((
        "UseFIPS", "UseDualStack", "ForcePathStyle", "Accelerate", "UseGlobalEndpoint", "UseObjectLambdaEndpoint",
        "DisableAccessPoints", "DisableMultiRegionAccessPoints", "UseArnRegion"), "Boolean")
    builtin = {"Region": "AWS::Region", "Endpoint": "SDK::Endpoint"}
    scheme = {"name": "sigv4", "signingName": "s3", "signingRegion": "{Region}", "disableDoubleEncoding": True}
    rules = {"version": "1.0", "parameters": {
        n: {"type": t, "required": False, "documentation": ""} | ({"builtIn": builtin[n]} if n in builtin else {})
        for n, t in names.items()}, "rules": [{
            "conditions": [{"fn": "isSet", "argv": [{"ref": "Bucket"}]}], "type": "endpoint",
            "endpoint": {"url": cloud.endpoint + "/{Bucket}", "properties": {"authSchemes": [scheme]}, "headers": {}}}]}
    place = directory / "models" / "s3" / "2006-03-01"
    place.mkdir(parents=True)
    (place / "endpoint-rule-set-1.json").write_text(json.dumps(rules))
    return {"AWS_DATA_PATH": str(directory / "models")}


def test_the_cli_packages_and_deploys_the_stack(ephemeral, tmp_path):
    """The commands of `ads template --help`, as written there."""
    template, packaged = tmp_path / "template.yaml", tmp_path / "packaged.yaml"
    done = subprocess.run([BUILD / "ads", "template", "--code", BUILD / "function.zip"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    template.write_text(done.stdout)
    cli(ephemeral, "s3", "mb", "s3://packages")
    rules = endpoint_rules(ephemeral, tmp_path)
    cli(ephemeral, "cloudformation", "package", "--template-file", str(template), "--s3-bucket", "packages",
        "--output-template-file", str(packaged), **rules)
    cli(ephemeral, "cloudformation", "deploy", "--template-file", str(packaged), "--stack-name", "packaged",
        "--s3-bucket", "packages", "--capabilities", "CAPABILITY_IAM",
        "--parameter-overrides", "NamePrefix=packaged", **rules)
    batch = tmp_path / f"DES_Manually_Process_{datetime.datetime.now(datetime.timezone.utc):%d-%m-%Y}"
    batch.write_text("500,0,u\n200,0,v\n")
    report = ephemeral.ads("submit", batch, "--wait", "--stack-name", "packaged")
    assert (report["retryQueued"], report["notFound"], report["reconciled"]) == (1, 1, True)
    # `ads` goes on from there: the same stack, its code in the artefact bucket now.
    changed = ephemeral.ads("deploy", "--stack-name", "packaged", "--yes", "--code", BUILD / "function.zip")
    assert changed["status"] == "UPDATE_COMPLETE"


def test_the_template_is_printed_as_it_is_deployed():
    done = subprocess.run([BUILD / "ads", "template"], capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout == (ROOT / "resources.yaml").read_text()
