"""Users as tables really have them: `ads users`, profile fields of any type, statuses."""
import base64
import json
import subprocess
import uuid

import pytest

import oracle
from local_cloud import BUILD, REGION

DIRTY = (b"\xef\xbb\xbfserviceUUID,status,firstName\r\nd1,active,A\r\nd2,Aktiv,B\r\nd1,Active,C\r\n,Active,D\r\n"
         b'"d 3",Active,E\r\nd4,Active\r\n')
CSVDE = (b"DN,objectClass,givenName,sn,streetAddress,objectGUID,userAccountControl\n"
         b'"CN=Ada Lovelace,OU=People,DC=example,DC=com",user,Ada,Lovelace,"12 Some Street",X\'33221100554477668899aabbccddee01\',512\n')


@pytest.fixture(scope="module")
def typed(deploy):
    return deploy("typed", ActiveStatus="Aktiv, active")


def users(stack, *arguments, content=None, output="json"):
    return subprocess.run([BUILD / "ads", "--output", output, "--region", REGION, "--stack-name", stack.name, "users",
                           *map(str, arguments)], input=content, env=stack.cloud.environment(), capture_output=True)


def answered(stack, *ids):
    """The notifications about users, by id, after a batch file that asks for each of them."""
    key = f"DES_Manually_Process_{stack.today()}.csv"
    run = oracle.run_id(stack.bucket, key, stack.put(key, "".join(f"200,0,{user}\n" for user in ids).encode()))
    report = stack.report(run)
    heard = [h for many in stack.hear(len(ids), run).values() for h in many]
    return report, {h.body["serviceUUID"]: h.body for h in heard}


def test_profile_fields_of_any_type(typed):
    dynamodb = typed.cloud.client("dynamodb")
    table = typed.outputs["UsersTable"]
    dynamodb.put_item(TableName=table, Item={
        "serviceUUID": {"S": "t1"}, "status": {"S": " ACTIVE "}, "firstName": {"N": "12345678901234567890123456789012345678"},
        "lastName": {"BOOL": True}, "detailedAddress": {"M": {"street": {"S": "12 St"}, "floors": {"L": [{"N": "1"}, {"NULL": True}]}}},
        "lastPingedLocation": {"NS": ["51.5"]}})
    dynamodb.put_item(TableName=table, Item={
        "serviceUUID": {"S": "t2"}, "status": {"S": "aktiv"}, "firstName": {"NULL": True}, "lastName": {"S": ""},
        "detailedAddress": {"B": b"\x01\xff"}})
    dynamodb.put_item(TableName=table, Item={"serviceUUID": {"S": "t3"}, "status": {"S": "Suspended"}})
    report, bodies = answered(typed, "t1", "t2", "t3")
    assert bodies["t1"] == {"firstName": 12345678901234567890123456789012345678, "lastName": True,
                            "detailedAddress": {"street": "12 St", "floors": [1, None]}, "lastPingedLocation": [51.5],
                            "serviceUUID": "t1"}
    assert bodies["t2"] == {"firstName": "", "lastName": "", "detailedAddress": "Af8=", "lastPingedLocation": "", "serviceUUID": "t2"}
    assert "message" in bodies["t3"]
    assert report["missingFields"] == 2, "absent and NULL; an empty text is a text"
    # Bytes and 38 digits do not come back from JSON as they were: the test below lists and reads all there is.
    assert users(typed, "delete", "--yes", "t1", "t2").returncode == 0


def test_a_bad_row_says_what_was_and_was_not_imported(typed):
    done = users(typed, "import", "-", content=DIRTY)
    said = json.loads(done.stdout)
    assert done.returncode == 3, done.stderr
    assert (said["imported"], said["notImported"], said["repeated"]) == (3, 2, 1)
    assert [(bad["line"], bad["entry"]) for bad in said["bad"]] == [(5, ""), (6, "d 3")]
    assert json.loads(users(typed, "get", "d1").stdout) == {"serviceUUID": "d1", "status": "Active", "firstName": "C"}
    text = users(typed, "import", "-", content=DIRTY, output="text").stdout.decode()
    assert "Imported 3 users into" in text and "line 5: no serviceUUID" in text and "line 6, d 3: " in text, text


def test_latin_1_names_line_and_column_and_the_cure(typed):
    latin = "serviceUUID,status,firstName\nl1,Active,Zoë\n".encode("latin-1")
    done = users(typed, "import", "-", content=latin)
    assert done.returncode == 1
    bad = json.loads(done.stdout)["bad"]
    assert bad[0]["line"] == 2 and bad[0]["why"].startswith("firstName: byte 3 (0xEB)") and "--encoding windows-1252" in bad[0]["why"]
    assert users(typed, "import", "--encoding", "windows-1252", "-", content=latin).returncode == 0
    assert json.loads(users(typed, "get", "l1").stdout)["firstName"] == "Zoë"


def test_csvde(typed, tmp_path):
    file = tmp_path / "people.csv"
    file.write_bytes(CSVDE)
    done = users(typed, "import", file)
    assert done.returncode == 0, done.stderr
    user = json.loads(users(typed, "get", "00112233-4455-6677-8899-aabbccddee01").stdout)
    assert user == {"serviceUUID": "00112233-4455-6677-8899-aabbccddee01", "firstName": "Ada", "lastName": "Lovelace",
                    "detailedAddress": "12 Some Street", "status": "Aktiv"}, "active in the stack's own word"


def test_json_keeps_types_and_comes_back(typed):
    people = [{"serviceUUID": "j1", "status": "Active", "detailedAddress": {"street": "12 St", "floor": 3}},
              {"serviceUUID": "j2", "status": "Active", "tags": ["a", True, None, 2.5]}]
    done = users(typed, "import", "-", content=json.dumps(people, indent=1).encode())
    assert done.returncode == 0, done.stderr
    listed = users(typed, "list", "--limit", "0")
    lines = [json.loads(line) for line in listed.stdout.splitlines()]
    assert all(person in lines for person in people)
    again = users(typed, "import", "--only-changes", "--dry-run", "--remove-missing", "-", content=listed.stdout)
    assert again.returncode == 0, again.stderr
    said = json.loads(again.stdout)
    assert (said["same"], said["added"], said["changed"], said["missing"]) == (len(lines), 0, 0, 0), "what is listed is what is read"


def test_a_number_keeps_its_38_digits_from_file_to_notification(typed):
    """file > `ads users import` > DynamoDB > `ads users list` > `ads users import` > notification, as text."""
    number, other = "12345678901234567890123456789012345678", "0.00000012345678901234567890123456789012345678"
    person = '{"serviceUUID":"n1","status":"Active","firstName":%s,"lastName":[%s,{"x":-%s}]}' % (number, other, number)
    assert users(typed, "import", "-", content=person.encode()).returncode == 0
    item = typed.cloud.client("dynamodb").get_item(TableName=typed.outputs["UsersTable"], Key={"serviceUUID": {"S": "n1"}})["Item"]
    assert item["firstName"] == {"N": number} and item["lastName"]["L"][0] == {"N": other}
    listed = users(typed, "get", "n1").stdout
    assert number.encode() in listed and other.encode() in listed
    changed = json.loads(users(typed, "import", "--only-changes", "-", content=person.replace(number, number[:-1] + "9", 1).encode()).stdout)
    assert changed["changedUsers"] == ["n1: firstName"], "two numbers that are one as doubles"
    assert json.loads(users(typed, "import", "--only-changes", "-", content=listed).stdout)["changed"] == 1
    _, bodies = answered(typed, "n1")
    assert bodies["n1"]["firstName"] == int(number) and bodies["n1"]["lastName"][1]["x"] == -int(number)
    refused = users(typed, "import", "-", content=person.replace(number, number + "9").encode())
    assert refused.returncode == 1 and "up to 38 digits" in json.loads(refused.stdout)["bad"][0]["why"]
    assert users(typed, "delete", "--yes", "n1").returncode == 0, "its digits do not come back from JSON as Python reads it"


GUID = "6F9619FF-8B86-D011-B42D-00C04FC964FF"
SPELLINGS = [GUID, GUID.lower(), "{%s}" % GUID, GUID.replace("-", ""), "urn:uuid:" + GUID.lower()]


@pytest.mark.parametrize("form, key", [("uuid-lower", GUID.lower()), ("uuid-upper", GUID)])
def test_an_imported_directory_is_found_whatever_the_spelling(deploy, form, key):
    """The table has the form of the stack's UserKeyForm, and so has every line of a batch file."""
    stack = deploy(form, UserKeyForm=form)
    binary = base64.b64encode(uuid.UUID(GUID).bytes_le).decode()  # as Active Directory stores it
    files = {
        "LDIF": f"dn: CN=Ada,DC=example\nobjectClass: user\nobjectGUID:: {binary}\ngivenName: Ada\nuserAccountControl: 512\n",
        "csvde": f"DN,objectClass,givenName,objectGUID,userAccountControl\nCN=Ada,user,Ada,X'{uuid.UUID(GUID).bytes_le.hex()}',512\n",
        **{f"CSV {spelling}": f"serviceUUID,status,firstName\n{spelling},Active,Ada\n" for spelling in SPELLINGS},
        **{f"JSON {spelling}": json.dumps({"serviceUUID": spelling, "status": "Active", "firstName": "Ada"}) for spelling in SPELLINGS},
    }
    for name, content in files.items():
        assert users(stack, "import", "-", content=content.encode()).returncode == 0, name
        assert json.loads(users(stack, "get", key).stdout)["firstName"] == "Ada", name
        assert users(stack, "get", GUID.lower()).stdout == users(stack, "get", "{%s}" % GUID).stdout != b"", "commands take any spelling"
        assert users(stack, "delete", "--yes", key).returncode == 0
    assert users(stack, "import", "-", content=files["LDIF"].encode()).returncode == 0
    batch = f"DES_Manually_Process_{stack.today()}.csv"
    run = oracle.run_id(stack.bucket, batch, stack.put(batch, "".join(f"200,0,{s}\n" for s in SPELLINGS).encode()))
    report = stack.report(run)
    assert (report["processed"], report["notFound"]) == (len(SPELLINGS), 0), report
    heard = [h.body["serviceUUID"] for many in stack.hear(len(SPELLINGS), run).values() for h in many]
    assert heard == [key] * len(SPELLINGS)
    # What --remove-missing compares has the same form: nobody is missing.
    said = json.loads(users(stack, "import", "--dry-run", "--remove-missing", "-", content=files["LDIF"].encode()).stdout)
    assert said["same"] == 1 and key not in said["missingUsers"]


def test_list_get_set_status_and_delete(typed):
    assert users(typed, "import", "-", content=b"serviceUUID,status,firstName\ns1,Active,S\ns2,On Leave,T\n").returncode == 0
    listed = users(typed, "list", "--status", "on leave")
    assert [json.loads(line)["serviceUUID"] for line in listed.stdout.splitlines()] == ["s2"]
    assert b"... and more: --limit 0" in users(typed, "list", "--limit", "1", output="text").stdout
    changed = users(typed, "set-status", "s1", "Suspended", output="text")
    assert changed.stdout.decode() == "s1: Active -> Suspended\n"
    assert json.loads(users(typed, "get", "s1").stdout) == {"serviceUUID": "s1", "status": "Suspended", "firstName": "S"}
    nobody = users(typed, "set-status", "nobody", "Active")
    assert nobody.returncode == 1 and b"no user 'nobody'" in nobody.stderr
    assert users(typed, "get", "nobody").returncode == 1, "and makes none"
    asked = users(typed, "delete", "s1")
    assert asked.returncode == 1 and b"--yes" in asked.stderr
    deleted = users(typed, "delete", "--yes", "s1", "s2", "nobody")
    assert deleted.returncode == 1 and json.loads(deleted.stdout)["deleted"] == ["s1", "s2"] and b"nobody" in deleted.stderr
    assert users(typed, "get", "s1").returncode == 1


@pytest.mark.parametrize("content, said", [
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "an Excel workbook"), (b"%PDF-1.7", "a PDF document"), (b"<html>", "a web page"),
    (b"name,mail\na,b\n", "--map serviceUUID=COLUMN"), (b"version: 2\ndn: a\n", "LDIF version 2")])
def test_what_has_no_users_is_named(typed, content, said):
    done = users(typed, "import", "-", content=content)
    assert done.returncode == 1 and said in done.stderr.decode(), done.stderr


def test_a_change_record_is_refused_by_name(typed):
    done = users(typed, "import", "-", content=b"dn: cn=a\nchangetype: modify\nreplace: sn\nsn: B\n-\n")
    bad = json.loads(done.stdout)["bad"]
    assert done.returncode == 1 and bad == [{"line": 2, "entry": "cn=a", "why": bad[0]["why"]}] and "changetype: modify" in bad[0]["why"]
