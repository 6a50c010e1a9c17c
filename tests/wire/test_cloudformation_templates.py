"""Templates as people write them, each through a whole life: its creation fails and is rolled back, it is made, changed
(in place and by replacement), broken in the middle of an update, found as it was before, and deleted.

One template is two files in templates/: NAME.yaml or NAME.json, and NAME.case.json with what the life needs:
  with        "cli": made and changed by `aws cloudformation deploy`; otherwise by boto3
  code        parameters CodeBucket and CodeKey are a deployment package
  named       parameter -> suffix: names of the stack's own, unique to this run
  store       name -> value of the parameter store;   stored: parameter -> value, under a name of this run
  base        {"stack": file, "parameter": P}: another template's stack is made first, P is its name
  update      {parameters, edit: [[old, new]...], stored, replaced, added, removed, outlives: old ones that stay}
  break       {parameters, edit, stored, failing: the resource that fails}, on top of the update
  retained    what the stack leaves when it is deleted
Adding one is adding the two files.
"""
import io
import json
import pathlib
import re
import zipfile

import botocore.exceptions
import pytest

from resource_views import PARTS, clear_away, view

FOLDER = pathlib.Path(__file__).parent / "templates"
CASES = sorted(p.name.removesuffix(".case.json") for p in FOLDER.glob("*.case.json"))


@pytest.fixture(scope="session")
def package(client):
    """A deployment package in a bucket; its function is never invoked."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        archive.writestr(entry, "#!/bin/sh\nexit 1\n")
    client("s3").create_bucket(Bucket="stack-code", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    client("s3").put_object(Bucket="stack-code", Key="f.zip", Body=data.getvalue())
    return {"CodeBucket": "stack-code", "CodeKey": "f.zip"}


class Life:
    """One stack of one template."""

    def __init__(self, template, name, client, aws, package, tmp_path):
        self.client, self.aws, self.stack, self.tmp_path = client, aws, name, tmp_path
        self.cfn = client("cloudformation")
        self.file = next(p for p in FOLDER.glob(template + ".*") if not p.name.endswith(".case.json"))
        self.case = json.loads((FOLDER / (template + ".case.json")).read_text())
        self.body = self.file.read_text()
        self.parameters = {**self.case.get("parameters", {}), **(package if self.case.get("code") else {})}
        self.name_parameters(self.case)
        self.seen_ever = set()  # (type, physical id) of everything that the stack ever had

    def name_parameters(self, part):
        for parameter, suffix in part.get("named", {}).items():
            self.parameters[parameter] = self.stack + suffix
        for parameter, value in part.get("stored", {}).items():
            self.parameters[parameter] = f"/{self.stack}/{parameter}"
            self.client("ssm").put_parameter(Name=self.parameters[parameter], Value=value, Type="String", Overwrite=True)

    def edited(self, body, part):
        for old, new in part.get("edit", []):
            assert old in body, f"{self.file.name} does not contain {old!r}"
            body = body.replace(old, new)
        return body

    def arguments(self, body, parameters, capabilities=None):
        arguments = {"StackName": self.stack, "TemplateBody": body,
                     "Parameters": [{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()],
                     "Capabilities": self.case.get("capabilities", []) if capabilities is None else capabilities}
        if "tags" in self.case:
            arguments["Tags"] = [{"Key": k, "Value": v} for k, v in self.case["tags"].items()]
        return arguments

    def deploy(self, body, parameters):
        """By `aws cloudformation deploy`, or by boto3; the stack's status afterwards."""
        if self.case.get("with") == "cli":
            file = self.tmp_path / self.file.name
            file.write_text(body)
            done = self.aws("cloudformation", "deploy", "--stack-name", self.stack, "--template-file", file,
                            *(["--parameter-overrides", *(f"{k}={v}" for k, v in parameters.items())] if parameters else []),
                            *(["--capabilities", *self.case["capabilities"]] if "capabilities" in self.case else []),
                            *(["--tags", *(f"{k}={v}" for k, v in self.case["tags"].items())] if "tags" in self.case else []), check=False)
            status = self.status()
            assert (done.returncode == 0) == status.endswith(("CREATE_COMPLETE", "UPDATE_COMPLETE")), done.stderr
            return status
        exists = any(s["StackName"] == self.stack for page in self.cfn.get_paginator("describe_stacks").paginate() for s in page["Stacks"])
        (self.cfn.update_stack if exists else self.cfn.create_stack)(**self.arguments(body, parameters))
        try:
            self.cfn.get_waiter("stack_update_complete" if exists else "stack_create_complete").wait(
                StackName=self.stack, WaiterConfig={"Delay": 1, "MaxAttempts": 30})
        except botocore.exceptions.WaiterError:
            pass  # the caller looks at the status
        return self.status()

    def described(self):
        return self.cfn.describe_stacks(StackName=self.stack)["Stacks"][0]

    def status(self):
        return self.described()["StackStatus"]

    def events(self):
        """Oldest first."""
        pages = self.cfn.get_paginator("describe_stack_events").paginate(StackName=self.stack)
        return [e for page in pages for e in page["StackEvents"]][::-1]

    def resources(self):
        """Logical id -> (type, physical id) of what is there."""
        pages = self.cfn.get_paginator("list_stack_resources").paginate(StackName=self.stack)
        found = {r["LogicalResourceId"]: (r["ResourceType"], r["PhysicalResourceId"]) for page in pages
                 for r in page["StackResourceSummaries"] if not r["ResourceStatus"].startswith("DELETE_")}
        self.seen_ever.update(found.values())
        return found

    def world(self):
        """Logical id -> the resource as its own service shows it."""
        out = {}
        for logical_id, (kind, physical_id) in self.resources().items():
            if kind not in PARTS:
                out[logical_id] = view(self.client, kind, physical_id)
                assert out[logical_id] is not None, f"{logical_id} ({physical_id}) is in the stack but not there"
        return out

    def is_there(self, resource):
        kind, physical_id = resource
        return kind not in PARTS and view(self.client, kind, physical_id) is not None

    def failed_first(self, since):
        failed = [e for e in self.events()[since:] if e["ResourceStatus"].endswith("_FAILED")]
        return failed[0]["LogicalResourceId"], failed[0]["ResourceStatusReason"]

    def delete(self):
        stack_id = self.described()["StackId"]
        self.cfn.delete_stack(StackName=self.stack)
        self.cfn.get_waiter("stack_delete_complete").wait(StackName=stack_id, WaiterConfig={"Delay": 1, "MaxAttempts": 30})
        return stack_id


@pytest.fixture(params=CASES)
def life(request, client, aws, package, name, tmp_path):
    lives = []

    def begin(template, stack):
        lives.append(Life(template, stack, client, aws, package, tmp_path))
        return lives[-1]

    case = json.loads((FOLDER / (request.param + ".case.json")).read_text())
    base = None
    if "base" in case:
        base = begin(case["base"]["stack"].rsplit(".", 1)[0], name + "-base")
        assert base.deploy(base.body, base.parameters) == "CREATE_COMPLETE"
    for stored, value in case.get("store", {}).items():
        client("ssm").put_parameter(Name=stored, Value=value, Type="String", Overwrite=True)
    main = begin(request.param, name)
    main.base = base
    if base:
        main.parameters[case["base"]["parameter"]] = base.stack
    yield main
    if base:
        base.delete()


def check_story(events):
    """AWS's order: a resource is in progress before it is complete, and the stack's own events embrace all others."""
    begun = set()
    for event in events:
        key = (event["LogicalResourceId"], event["ResourceStatus"].rsplit("_", 1)[0])
        if event["ResourceStatus"].endswith("_IN_PROGRESS"):
            begun.add((event["LogicalResourceId"], event["ResourceStatus"].removesuffix("_IN_PROGRESS")))
        elif event["ResourceType"] != "AWS::CloudFormation::Stack" and event["ResourceStatus"].startswith(("CREATE_COMPLETE", "UPDATE_COMPLETE")):
            reverted = (event["LogicalResourceId"], "UPDATE") not in begun and key[1] == "UPDATE"
            assert key in begun or reverted, f"{event['ResourceStatus']} of {event['LogicalResourceId']} came from nowhere"
    assert len({e["EventId"] for e in events}) == len(events)
    times = [e["Timestamp"] for e in events]
    assert times == sorted(times)


def test_a_whole_life(life):
    case, update, broken = life.case, life.case["update"], life.case["break"]
    retained = set(case.get("retained", []))

    # A creation that fails is taken back.
    original = dict(life.parameters)
    life.name_parameters(broken)
    failing = life.edited(life.edited(life.body, update), broken)
    assert life.deploy(failing, {**life.parameters, **update.get("parameters", {}), **broken.get("parameters", {})}) == "ROLLBACK_COMPLETE"
    assert life.failed_first(0)[0] == broken["failing"]
    left = life.resources()
    assert set(left) <= set(case.get("retained_when_creation_fails", retained)), left
    for resource in {(e["ResourceType"], e["PhysicalResourceId"]) for e in life.events() if e["ResourceStatus"] == "DELETE_COMPLETE" and e["PhysicalResourceId"]}:
        assert not life.is_there(resource), resource
    skipped = {(e["ResourceType"], e["PhysicalResourceId"]) for e in life.events() if e["ResourceStatus"] == "DELETE_SKIPPED"}
    life.delete()
    for resource in skipped:
        if life.is_there(resource):
            clear_away(life.client, *resource)
    life.parameters = original
    life.seen_ever.clear()
    life.name_parameters(case)

    # Made.
    for too_few in [case["insufficient"]] if "insufficient" in case else []:
        with pytest.raises(botocore.exceptions.ClientError, match="InsufficientCapabilitiesException"):
            life.cfn.create_stack(**life.arguments(life.body, life.parameters, too_few))
    assert life.deploy(life.body, life.parameters) == "CREATE_COMPLETE"
    outputs = {o["OutputKey"]: o["OutputValue"] for o in life.described().get("Outputs", [])}
    for output, pattern in case.get("outputs", {}).items():
        assert re.search(pattern, outputs[output], re.IGNORECASE), (output, outputs[output])
    for output in case.get("absent", []):
        assert output not in outputs
    assert {t["Key"]: t["Value"] for t in life.described()["Tags"]} == case.get("tags", {})
    first = life.resources()
    life.world()
    check_story(life.events())

    # Changed.
    life.name_parameters(update)
    body = life.edited(life.body, update)
    life.parameters.update(update.get("parameters", {}))
    assert life.deploy(body, life.parameters) == "UPDATE_COMPLETE"
    second = life.resources()
    assert set(second) - set(first) == set(update.get("added", []))
    assert set(first) - set(second) == set(update.get("removed", []))
    assert {k for k in first if k in second and first[k] != second[k]} == set(update["replaced"])
    for logical_id in [*update["replaced"], *update.get("removed", [])]:
        if first[logical_id][0] not in PARTS:
            assert life.is_there(first[logical_id]) == (logical_id in update.get("outlives", [])), logical_id
    world = life.world()
    template = life.cfn.get_template(StackName=life.stack)["TemplateBody"]
    statuses = [e["ResourceStatus"] for e in life.events() if e["LogicalResourceId"] == life.stack]
    assert statuses[-3:] == ["UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE"]
    check_story(life.events())

    # Broken in the middle, and as it was before.
    before = len(life.events())
    described = life.described()
    life.name_parameters(broken)
    assert life.deploy(life.edited(body, broken), {**life.parameters, **broken.get("parameters", {})}) == "UPDATE_ROLLBACK_COMPLETE"
    logical_id, reason = life.failed_first(before)
    assert logical_id == broken["failing"] and reason
    assert life.resources() == second
    assert life.world() == world
    after = life.described()
    for member in ("Outputs", "Parameters", "Tags"):
        if member != "Parameters" or "stored" not in broken:
            assert after.get(member) == described.get(member), member
    assert life.cfn.get_template(StackName=life.stack)["TemplateBody"] == template
    check_story(life.events())

    # Deleted.
    if life.base:
        check_exports(life)
    life.delete()
    for resource in sorted(life.seen_ever):
        stays = resource in [second.get(r) for r in retained] or resource in [first[r] for r in update.get("outlives", [])]
        if resource[0] in PARTS:
            continue
        if stays and "Version" not in resource[0]:  # a version goes with its function
            assert life.is_there(resource), resource
            clear_away(life.client, *resource)
        else:
            assert not life.is_there(resource), resource


def check_exports(life):
    """What another stack imports can be neither deleted nor changed."""
    cfn, base = life.cfn, life.base
    export = f"{base.stack}:bus"
    assert cfn.list_imports(ExportName=export)["Imports"] == [life.stack]
    cfn.delete_stack(StackName=base.stack)
    shown = base.described()
    assert shown["StackStatus"] == "CREATE_COMPLETE" and "it is in use by " + life.stack in shown["StackStatusReason"]
    without = base.body.replace("    Export: {Name: !Sub '${AWS::StackName}:bus'}\n", "")
    assert base.deploy(without, {}) == "UPDATE_ROLLBACK_COMPLETE"
    assert f"Export {export} cannot be deleted as it is in use by {life.stack}" in json.dumps(base.events(), default=str)
