"""The main job, file in to mail out, record by record against the oracle."""
import gzip
import json
import re
import subprocess

import pytest

from answer import answer, mixed
from local_cloud import wait_until

GOOD = b"503,0,no-address\n200,0,no-address\n404,1,awkward:1\n599,2,nobody.at-all\n"
HOSTILE = (
    b"500,0\n"                                   # FIELD_COUNT
    b"500,0,u,extra\n"                           # FIELD_COUNT
    b'"500,0,u\n'                                # FIELD_COUNT: a quote that does not close
    b"5x0,0,u\n" b",0,u\n"                       # STATUS_NOT_INT
    b"99,0,u\n" b"600,0,u\n" b"-500,0,u\n" b"99999999999999999999,0,u\n"  # STATUS_RANGE
    b"500,one,u\n"                               # RETRY_NOT_INT
    b"500,-1,u\n" b"500,1001,u\n"                # RETRY_RANGE
    b"500,0,\n" b"500,0,a b\n" b"500,0,<script>\n" + b"500,0," + b"u" * 129 + b"\n"  # UUID_SYNTAX
    b"500,0,u\0v\n"                              # NUL
    b"500,0,\xff\xfe\n"                          # BAD_UTF8
    + b"500,0," + b"x" * 5000 + b"\n"            # LINE_TOO_LONG
)


def test_a_mixed_file(stack):
    report = answer(stack, f"DES_Manually_Process_{stack.today()}", b"\n".join(mixed(stack.users, 2000, 1)))
    assert report["processedKey"] == f"DES_Manually_Processed_{stack.today()}"
    for name in ("runId", "seconds", "recordsPerSecond"):
        assert report[name], name


def test_the_second_file_of_a_day_gets_its_own_name(stack):
    key = f"ADS_Manually_Process_{stack.today()}.csv"
    first, second = answer(stack, key, GOOD), answer(stack, key, GOOD + b"200,0,awkward:1\n")
    assert first["processedKey"] == f"ADS_Manually_Processed_{stack.today()}.csv"
    assert second["processedKey"] == f"ADS_Manually_Processed_{stack.today()}_2.csv"
    assert stack.read(first["processedKey"]) == GOOD


CONTENTS = {
    "every reason of quarantine": GOOD * 3 + HOSTILE + GOOD * 3,  # fewer than half: else it is no batch file
    "CRLF, BOM, header in another order": b"\xef\xbb\xbfService_UUID,x,RETRY_COUNT,status_code\r\n"
                                          b"awkward:1,,0,500\r\n\r\nno-address,q,0,200\r\n",
    "quoted fields": b'"503" , 0 ,"no-address"\n"4""04",0,u\n  200 ,"0", awkward:1 \n',
    "no last newline": b"200,0,no-address",
    "blank lines only": b"\n\r\n  \n",
    "empty": b"",
    "one line of 5 MB": GOOD + b"5" * 5_000_000,
    "a profile larger than a message": GOOD + b"200,0,oversize\n" + GOOD,
    "header only": b"status_code,retry_count,service_uuid\n",
}


@pytest.mark.parametrize("name", CONTENTS)
def test_contents(stack, name):
    answer(stack, f"DES_Manually_Process_{stack.today()}.csv", CONTENTS[name])


def test_json_lines(stack):
    content = (b'{"statusCode":503,"retryCount":0,"serviceUUID":"no-address"}\n' * 8 +
               b'{"serviceUUID":"awkward:1","extra":[1,{"a":2}],"retryCount":2,"statusCode":500}\r\n'
               b"not json\n[1]\n"
               b'{"statusCode":503,"retryCount":0}\n'
               b'{"statusCode":"x","retryCount":0,"serviceUUID":"u"}\n'
               b'{"statusCode":700,"retryCount":0,"serviceUUID":"u"}\n'
               b'{"statusCode":200,"retryCount":-1,"serviceUUID":"u"}\n'
               b'{"statusCode":200,"retryCount":0,"serviceUUID":"a b"}\n')
    answer(stack, f"DES_Manually_Process_{stack.today()}.jsonl", content)


def test_gzip(stack):
    report = answer(stack, f"DES_Manually_Process_{stack.today()}.csv.gz", gzip.compress(GOOD * 50 + HOSTILE))
    assert report["compression"] == "gzip"


def test_zstd(stack):
    content = subprocess.run(["zstd", "-qc"], input=GOOD * 50 + HOSTILE, capture_output=True, check=True).stdout
    report = answer(stack, f"ADS_Manually_Process_{stack.today()}.csv.zst", content)
    assert report["compression"] == "zstd"


def test_a_file_larger_than_one_read(stack):
    lines = mixed(stack.users, 3000, 2)
    # Padding columns make it larger than the function's 8 MiB reads without making it long to drain.
    header = b"status_code,retry_count,service_uuid,padding\n"
    content = header + b"\n".join(line + b"," + b"p" * 3500 for line in lines)
    assert len(content) > 10_000_000
    answer(stack, f"DES_Manually_Process_{stack.today()}.csv", content)


REFUSED = {
    "wrong day": ("DES_Manually_Process_01-01-2020.csv", "WRONG_DAY"),
    "no such day": ("ADS_Manually_Process_31-02-2026", "BAD_DATE"),
    "a space and a plus": ("DES_Manually_Process_today a+b.csv", "BAD_NAME"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_files_stay_and_are_told(stack, name):
    key, reason = REFUSED[name]
    before = {m["Id"] for m in stack.mails()}
    stack.put(key, GOOD)

    def told():
        return [m for m in stack.mails() if m["Id"] not in before and key in m["Body"]["text_part"]]
    mail = wait_until(told, 20, f"the mail about {key}")[0]
    assert mail["Destination"]["ToAddresses"] == ["ops@example.com"] and mail["Source"].endswith("ads@example.com")
    assert stack.read(key) == GOOD
    stack.s3.delete_object(Bucket=stack.bucket, Key=key)


def test_the_mail_is_the_report(stack):
    # The first ten bad lines are shown: this one must be among them.
    report = answer(stack, f"ADS_Manually_Process_{stack.today()}", GOOD * 6 + b"500,0,<script>\n" + HOSTILE)
    mail = [m for m in stack.mails() if report["runId"] in m["Body"]["text_part"]][-1]
    assert "<script>" not in mail["Body"]["html_part"] and "&lt;script&gt;" in mail["Body"]["html_part"]
    for part in mail["Body"].values():
        assert report["processedKey"] in part and "Total Processed" in part


def test_files_that_are_none_of_ours_are_left_alone(stack):
    stack.put("notes.txt", b"hello")
    stack.put(f"DES_Manually_Processed_{stack.today()}_999.csv", GOOD)
    answer(stack, f"DES_Manually_Process_{stack.today()}.csv", GOOD)  # by then both would have been seen
    assert stack.read("notes.txt") == b"hello"
    assert stack.read(f"DES_Manually_Processed_{stack.today()}_999.csv") == GOOD


def test_the_retry_queue_ends_empty(stack):
    def depth():
        status = stack.cloud.ads("status")
        return status["retryQueue"] | {"dead": status["deadLetters"]["visible"]}
    wait_until(lambda: not any(depth().values()), 30, "an empty retry queue")


def test_the_log_reports_init_and_memory(stack, capsys):
    done = stack.cloud.ads("logs", "DispatchFunction", "--filter", "REPORT", check=False)
    lines = [json.loads(line)["message"] for line in done.stdout.splitlines()]
    inits = [float(m[1]) for m in (re.search(r"Init Duration: ([0-9.]+) ms", line) for line in lines) if m]
    memory = [int(re.search(r"Max Memory Used: (\d+) MB", line)[1]) for line in lines]
    with capsys.disabled():
        print(f"\ndispatch: {len(lines)} invocations, init {inits} ms, at most {max(memory)} MB")
    assert inits and max(memory) <= 64
