"""What cannot be read has no effect: the same sentence before and after, nothing sent, the file keeps its name. And what
can be read but for some lines comes back as a file to correct."""
import gzip
import html
import json
import pathlib
import subprocess

import oracle
import pytest
from local_cloud import BUILD, REGION, ROOT

GOOD = b"503,0,no-address\n200,0,no-address\n404,1,awkward:1\n599,2,nobody.at-all\n"
MANY = b"".join(b"200,0,user-%d\n" % i for i in range(9000))


def spread(object_):
    return json.dumps(object_, indent=2).encode()


UNREADABLE = {
    "PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "PDF"),
    "old Excel": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000, "Excel"),
    "JSON array": (b'[\n{"statusCode":503,"retryCount":0,"serviceUUID":"u"}\n]\n', "JSON array"),
    "JSON over several lines": (spread({"statusCode": 503, "retryCount": 0, "serviceUUID": "u"}), "one object per line"),
    "a login page": (b"<!DOCTYPE html>\n<html><body>Sign in</body></html>\n", "web page"),
    "an error of S3": (b'<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code></Error>', "AccessDenied"),
    "another order": (b"6f9619ff-8b86-d011-b42d-00c04fc964ff,503,0\n" * 50, "column 1 looks like service UUIDs"),
    "another separator": (b"503^0^user-1\n" * 50, "separated by '^'"),
    "one field": (b"6f9619ff-8b86-d011-b42d-00c04fc964ff\n" * 5000, "one field"),
    "other names": (b"user,code,tries\n" + b"u-1,503,0\n" * 20, "status_code"),
    "users": (b"serviceUUID,firstName,lastName\nu-1,Ada,Lovelace\n", "ads users import"),
    "mostly bad": (GOOD + b"nothing of the kind\n" * 10, "MaxBadPercent"),
    "one line of 5 MB": (b"5" * 5_000_000, "4,096 bytes"),
    "gzip cut off": (gzip.compress(MANY)[:-200], "damaged"),
    "gzip with a wrong checksum": (gzip.compress(MANY)[:-8] + b"\0" * 8, "damaged"),
}


def text_of(stack, *arguments):
    """What a person reads: lines as they are printed, and the exit code."""
    done = subprocess.run([BUILD / "ads", "--region", REGION, "--stack-name", stack.name, *map(str, arguments)], cwd=ROOT,
                          env=stack.cloud.environment(), capture_output=True, text=True)
    return done.returncode, done.stdout


def logged(stack, **fields):
    """Lines of the functions' logs that have these fields."""
    done = stack.ads("logs", check=False)
    lines = [json.loads(json.loads(line)["message"]) for line in done.stdout.splitlines() if '{\\"' in line]
    return [line for line in lines if all(line.get(name) == value for name, value in fields.items())]


def same_sentence_everywhere(stack, run, path, sentence, mail):
    """`ads check`, the mail in both its forms, `ads report` in both, `ads status`, `ads runs` and the log."""
    assert sentence in mail["Body"]["text_part"] and sentence in html.unescape(mail["Body"]["html_part"])
    for command in (("check", path), ("report", run), ("status", run)):
        code, text = text_of(stack, *command)
        assert code == 1 and sentence in text, (command, text)
    assert next(r for r in stack.ads("runs")["runs"] if r["runId"] == run)["sentence"] == sentence
    end, = logged(stack, runId=run, message="run failed")
    assert end["reason"] == sentence and end["level"] == "error"
    assert all(line["reason"] == sentence for line in logged(stack, runId=run, message="shard abandoned"))


@pytest.mark.parametrize("name", UNREADABLE)
def test_no_effect_and_one_sentence(stack, name, tmp_path):
    content, part = UNREADABLE[name]
    key = f"DES_Manually_Process_{stack.today()}.csv"
    path = tmp_path / key
    path.write_bytes(content)
    checked = stack.ads("check", path, check=False)
    assert checked.returncode == 1, checked
    summary = json.loads(checked.stdout.splitlines()[-1])["summary"]
    assert summary["outcome"] == "FAILED" and part in summary["sentence"], summary

    run = oracle.run_id(stack.bucket, key, stack.put(key, content))
    report = stack.report(run)
    assert report["status"] == "FAILED" and report["sentence"] == summary["sentence"]
    assert report["processed"] == report["notFound"] == report["notActive"] == report["retryQueued"] == 0
    assert report["processedKey"] == report["quarantineKey"] == "" and stack.read(key) == content
    assert stack.ads("status", run, check=False).returncode == 1
    mail, = stack.mails_about(run, 1)
    same_sentence_everywhere(stack, run, path, summary["sentence"], mail)
    assert mail["Subject"].startswith("[ADS] FAILED DES_") and "MISMATCH" not in mail["Subject"]
    assert summary["sentence"] in mail["Body"]["text_part"]
    assert "Nothing was sent, and the file keeps its name." in mail["Body"]["text_part"]
    assert not stack.hear(0, run)
    stack.s3.delete_object(Bucket=stack.bucket, Key=key)


def test_a_refused_file_of_several_shards_has_one_sentence(deploy, tmp_path):
    stack = deploy("many", ShardBytes=65536)
    stack.set_variables("Dispatch", INLINE_BYTES=0)
    key = f"DES_Manually_Process_{stack.today()}.csv"
    content = b"6f9619ff-8b86-d011-b42d-00c04fc964ff,503,0\n" * 9000
    path = tmp_path / key
    path.write_bytes(content)
    run = oracle.run_id(stack.bucket, key, stack.put(key, content))
    report = stack.report(run)
    sentence = report["sentence"]
    assert report["status"] == "FAILED" and report["shards"] > 3 and "column 1 looks like service UUIDs" in sentence
    mail, = stack.mails_about(run, 1)
    same_sentence_everywhere(stack, run, path, sentence, mail)
    _, text = text_of(stack, "status", run)
    assert text.count(sentence) == 1, "said once, not for each shard"


def test_too_many_bad_lines_at_the_end_are_said_the_same_everywhere(stack, tmp_path):
    key = f"ADS_Manually_Process_{stack.today()}.csv"
    content = b"200,0,no-address\n" * 1100 + b"nothing of the kind\n" * 1500
    path = tmp_path / key
    path.write_bytes(content)
    run = oracle.run_id(stack.bucket, key, stack.put(key, content))
    sentence = stack.report(run)["sentence"]
    mail, = stack.mails_about(run, 1)
    assert sentence in mail["Body"]["text_part"] and sentence in text_of(stack, "report", run)[1]
    assert [line["reason"] for line in logged(stack, runId=run, message="run failed")] == [sentence]
    assert "1,500 of 2,600 records cannot be read" in text_of(stack, "check", path)[1]
    stack.s3.delete_object(Bucket=stack.bucket, Key=key)


def test_bad_lines_come_back_as_a_file_to_correct(stack, tmp_path):
    key = f"ADS_Manually_Process_{stack.today()}.csv"
    content = (b"service_uuid,status_code,retry_count,team\n" + b"no-address,200,0,blue\n" * 5 +
               b"no-address,2oo,0,red\n" + b"no-address,200,0,blue\n" * 3 + b"no-address,404,none,red\n")
    path = tmp_path / key
    path.write_bytes(content)
    assert stack.ads("check", path, check=False).returncode == 3
    done = stack.ads("submit", path, "--wait", check=False)
    report = json.loads(done.stdout)
    assert done.returncode == 3 and report["status"] == "DONE" and report["quarantined"] == 2
    run = report["runId"]
    assert [line["lineNumber"] for line in report["badLines"]] == [7, 11]
    mail, = stack.mails_about(run, 1)
    assert mail["Subject"].startswith("[ADS] DONE WITH QUARANTINE ")
    text = mail["Body"]["text_part"]
    assert "line 7, byte" in text and f"s3://{stack.bucket}/{report['quarantineKey']}" in text
    assert f"ads quarantine {run} --csv" in text

    def printed(*flags):
        return subprocess.run([BUILD / "ads", "--region", REGION, "--stack-name", stack.name, "quarantine", run, *flags], cwd=ROOT,
                              env=stack.cloud.environment(), capture_output=True, check=True)
    original = printed()
    assert original.stdout == (b"service_uuid,status_code,retry_count,team\nno-address,2oo,0,red\n"
                               b"no-address,404,none,red\n")
    assert b"line 7, byte" in original.stderr and b"STATUS_NOT_INT" in original.stderr
    table = printed("--csv").stdout
    assert table.splitlines()[1].startswith(b"2oo,0,no-address,7,STATUS_NOT_INT,")
    assert [line["lineNumber"] for line in map(json.loads, stack.cloud.ads(
        "--stack-name", stack.name, "quarantine", run, check=False).stdout.splitlines())] == [7, 11]

    for corrected in (original.stdout.replace(b"2oo", b"200").replace(b"none", b"2"),
                      table.replace(b"2oo,0,", b"200,0,", 1).replace(b"404,none,", b"404,2,", 1)):
        fixed = pathlib.Path(tmp_path / "fixed.csv")
        fixed.write_bytes(corrected)
        assert stack.ads("check", fixed, "--as", key, check=False).returncode == 0
        done = stack.ads("submit", fixed, "--as", key, "--wait", check=False)
        assert done.returncode == 0, done
        again = json.loads(done.stdout)
        assert (again["status"], again["lines"], again["processed"]) == ("DONE", 3, 2)


def test_an_empty_file_is_done(stack, tmp_path):
    for content in (b"", b"status_code,retry_count,service_uuid\n"):
        path = tmp_path / f"ADS_Manually_Process_{stack.today()}.csv"
        path.write_bytes(content)
        assert stack.ads("check", path, check=False).returncode == 0
        done = stack.ads("submit", path, "--wait", check=False)
        assert done.returncode == 0 and json.loads(done.stdout)["status"] == "DONE"
