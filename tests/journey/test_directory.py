"""From a live directory to an answered batch file: slapd, ldapsearch, `ads users import`."""
import json
import shutil
import subprocess

import pytest

import oracle
from local_cloud import BUILD, REGION
from slapd import BASE, Person, Slapd

PEOPLE = 20_000
ATTRIBUTES = ["objectClass", "entryUUID", "givenName", "sn", "street", "pwdAccountLockedTime"]
PERSONS = "(objectClass=inetOrgPerson)"

pytestmark = pytest.mark.skipif(not shutil.which("/usr/sbin/slapd"), reason="slapd is missing: run scripts/setup")


@pytest.fixture(scope="module")
def people():
    return [Person(i) for i in range(PEOPLE)]


@pytest.fixture(scope="module")
def slapd(tmp_path_factory, people):
    server = Slapd(tmp_path_factory.mktemp("slapd"), people)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def directory(deploy):
    """A stack whose table has users already: none of them is in the directory."""
    return deploy("people")


def sync(slapd, stack, search, *flags):
    """ldapsearch | ads users import, as a person types it; the finished import, and what it said as JSON."""
    source = subprocess.Popen(slapd.command(*search), stdout=subprocess.PIPE)
    done = subprocess.run([BUILD / "ads", "--output", "json", "--region", REGION, "--stack-name", stack.name, "users", "import",
                           *flags, "-"], stdin=source.stdout, env=stack.cloud.environment(), capture_output=True, text=True)
    source.stdout.close()
    source.wait(60)
    return done, json.loads(done.stdout) if done.stdout.strip() else None


def table(stack):
    """The users table, read by an official client."""
    pages = stack.cloud.client("dynamodb").get_paginator("scan").paginate(TableName=stack.outputs["UsersTable"])
    return {item["serviceUUID"]["S"]: {name: value["S"] for name, value in item.items()}
            for page in pages for item in page["Items"]}


PAGED = ["-E", "pr=1000/noprompt", PERSONS, *ATTRIBUTES]


def test_a_directory_becomes_users_and_stays_in_step(slapd, directory, people):
    before = table(directory)
    expected = {person.uuid: person.item() for person in people}

    # Without pages slapd sends 500 entries and says so: that is no import of a directory.
    done, said = sync(slapd, directory, [PERSONS, *ATTRIBUTES])
    assert done.returncode == 1 and "Size limit exceeded" in done.stderr and "pr=1000" in done.stderr, done.stderr
    assert said["imported"] == 500

    # -LLL leaves out everything but entries; all classes: what is not a person is passed over.
    done, said = sync(slapd, directory, ["-LLL", "-E", "pr=1000/noprompt", "(objectClass=*)", *ATTRIBUTES], "--only-changes")
    assert done.returncode == 0, done.stderr + done.stdout
    assert (said["added"], said["same"], said["changed"]) == (PEOPLE - 500, 500, 0)
    assert sum(said["statuses"].values()) == PEOPLE
    assert said["statuses"]["Locked"] == sum(person.is_locked for person in people)
    assert any("2 entries are not people" in remark for remark in said["remarks"]), said["remarks"]
    assert {key: item for key, item in table(directory).items() if key not in before} == expected
    assert {key: item for key, item in table(directory).items() if key in before} == before

    # Again: nothing to do, and what other programs keep beside is left alone.
    dynamodb = directory.cloud.client("dynamodb")
    dynamodb.update_item(TableName=directory.outputs["UsersTable"], Key={"serviceUUID": {"S": people[3].uuid}},
                         UpdateExpression="SET lastPingedLocation = :l", ExpressionAttributeValues={":l": {"S": "51.5"}})
    done, said = sync(slapd, directory, PAGED, "--only-changes")
    assert done.returncode == 0 and (said["added"], said["changed"], said["same"]) == (0, 0, PEOPLE), said
    assert table(directory)[people[3].uuid]["lastPingedLocation"] == "51.5"

    # Someone marries, someone is locked, someone's street is cleared, someone leaves.
    married, locked, moved, left = people[1], people[2], people[4], people[5]
    slapd.modify(f"dn: {married.dn}\nchangetype: modify\nreplace: sn\nsn: King\n\n"
                 f"dn: {locked.dn}\nchangetype: modify\nadd: pwdAccountLockedTime\npwdAccountLockedTime: 000001010000Z\n\n"
                 f"dn: {moved.dn}\nchangetype: modify\ndelete: street\n")
    slapd.delete(left.dn)
    done, said = sync(slapd, directory, PAGED, "--only-changes", "--remove-missing", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert (said["added"], said["changed"], said["missing"], said["removed"]) == (0, 3, len(before) + 1, 0)
    assert set(said["changedUsers"]) == {f"{married.uuid}: lastName", f"{locked.uuid}: status", f"{moved.uuid}: detailedAddress"}
    assert table(directory)[married.uuid]["lastName"] == married.last, "a dry run writes nothing"

    done, _ = sync(slapd, directory, PAGED, "--only-changes", "--remove-missing")
    assert done.returncode == 1 and "--yes" in done.stderr, "it asks, and a pipe cannot answer"
    assert len(table(directory)) == PEOPLE + len(before)

    done, said = sync(slapd, directory, PAGED, "--only-changes", "--remove-missing", "--yes")
    assert done.returncode == 0, done.stderr
    assert (said["changed"], said["removed"], said["same"]) == (3, len(before) + 1, PEOPLE - 4)
    married.last, locked.is_locked, moved.address = "King", True, None
    expected = {person.uuid: person.item() for person in people if person is not left}
    expected[people[3].uuid]["lastPingedLocation"] = "51.5"
    assert table(directory) == expected

    # A part of the directory is not the directory.
    done, _ = sync(slapd, directory, ["(uid=p1*)", *ATTRIBUTES, "-E", "pr=1000/noprompt"], "--only-changes", "--remove-missing", "--yes")
    assert done.returncode == 1 and "more than 20 %" in done.stderr and "--force" in done.stderr, done.stderr
    assert table(directory) == expected

    # And the batch file that it was for.
    lines = [f"200,0,{person.uuid}" for person in (people[0], married, locked, left)]
    run = oracle.run_id(directory.bucket, key := f"DES_Manually_Process_{directory.today()}.csv",
                        directory.put(key, "\n".join(lines).encode()))
    report = directory.report(run)
    assert (report["status"], report["processed"], report["notActive"], report["notFound"]) == (
        "DONE", 2, 1, 1), report
    heard = [h.body for many in directory.hear(4, run).values() for h in many]
    assert {"King", people[0].last} == {body["lastName"] for body in heard if "lastName" in body}


def test_references_are_said(slapd, directory):
    done, said = sync(slapd, directory, ["-E", "pr=1000/noprompt", "(|(uid=p1)(objectClass=referral))", *ATTRIBUTES],
                      "--only-changes", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert any(remark.startswith("1 reference to other servers") for remark in said["remarks"]), said["remarks"]


def test_slapcat_is_ldif_too(slapd, directory, people):
    base = slapd.search("-LLL", f"(uid={people[9].dn[4:].split(',')[0]})", "*", "+")
    assert base.returncode == 0 and BASE in base.stdout.decode()
    done = subprocess.run([BUILD / "ads", "--output", "json", "--region", REGION, "--stack-name", directory.name, "users", "import",
                           "--only-changes", "--format", "ldif", "-"], input=base.stdout, capture_output=True,
                          env=directory.cloud.environment())
    assert done.returncode == 0 and json.loads(done.stdout)["same"] == 1, done.stderr
