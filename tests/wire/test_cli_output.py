"""What every command prints: it fits the terminal, text of others cannot write to it, and each message is in plain words."""
import datetime
import gzip
import json
import re
import subprocess
import time

import pytest

from local_cloud import wait_until
from terminal import ADS, on_terminal, piped, write
from test_cli_operations import Stack, lines

# Clears the screen, names the window, begins a C1 control sequence, turns the direction of reading, begins a line.
HOSTILE = "\x1b[2J\x1b]0;owned\x07\x9b31m\u202egnp.\u2066x\u2028\x7f"
# What must never reach a terminal, whatever was stored.
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
REFUSED_KEY = f"DES_Manually_Process_{HOSTILE}.csv"
TODAY = datetime.datetime.now(datetime.timezone.utc).strftime("%d-%m-%Y")
UUID = "6f9619ff-8b86-d011-b42d-00c04fc964ff"


@pytest.fixture(scope="module")
def stack(tmp_path_factory):
    made = Stack(tmp_path_factory.mktemp("output"))
    yield made
    made.cloud.stop()
    assert made.cloud.process.returncode == 0


@pytest.fixture(scope="module")
def stored(stack):
    """One of everything that commands show, with hostile text wherever another may write it. Values for the commands below."""
    values = {"port": stack.cloud.port}
    dynamodb = stack.cloud.client("dynamodb")
    dynamodb.put_item(TableName=stack.outputs["UsersTable"], Item={
        "serviceUUID": {"S": UUID}, "status": {"S": f"Active {HOSTILE}"}, "firstName": {"S": f"Ada {HOSTILE}"},
        "lastName": {"S": "Lovelace, Countess of somewhere that has a long name"}, f"more{HOSTILE}": {"M": {HOSTILE: {"S": HOSTILE}}}})
    stack.s3.put_object(Bucket=stack.outputs["BatchBucket"], Key=REFUSED_KEY, Body=b"x")
    values["refused"] = wait_until(lambda: [r["runId"] for r in stack.ads("runs")["runs"] if r["batch"] == REFUSED_KEY], 30,
                                   "the refusal")[0]
    content = f"status_code{HOSTILE},x\n".encode() + lines(5) + f"200,0,{UUID}\n503,0,{UUID}\n".encode()
    bad = f"200,0,user{HOSTILE}\n2{HOSTILE},0,{UUID}\n".encode()
    values["file"] = stack.directory / f"export{HOSTILE[:4]}.csv"
    values["file"].write_bytes(b"# " + HOSTILE.encode() + b"\nstatus_code,retry_count,service_uuid\n" + content.split(b"\n", 1)[1] + bad)
    done = stack.cloud.ads("submit", values["file"], "--as", stack.key(), "--wait", check=False)
    assert done.returncode == 3, done
    values["run"] = json.loads(done.stdout)["runId"]
    values["users"] = write(stack, f"serviceUUID,status\nok,Active\nu{HOSTILE},Active\n".encode())
    values["not-a-file"] = f"/nowhere/{HOSTILE}.csv"
    # Two dead-lettered messages: one of ADS, and one that another program wrote.
    stack.bury_record(UUID, values["run"])
    stack.sqs.send_message(QueueUrl=stack.outputs["RetryDeadLetterQueueUrl"], MessageBody=json.dumps({"x": HOSTILE}),
                           MessageGroupId="other", MessageDeduplicationId="other",
                           MessageAttributes={"note": {"DataType": "String", "StringValue": "\u202egnp.\u2066"}})
    letters = wait_until(lambda: len(found := stack.ads("dlq", "list")["messages"]) == 2 and found, 30, "the dead-lettered messages")
    values["message"] = next(m["messageId"] for m in letters if m.get("problem"))
    group = f"/aws/lambda/{stack.outputs['WorkerFunction']}"
    stack.logs.create_log_stream(logGroupName=group, logStreamName="hostile")
    stack.logs.put_log_events(logGroupName=group, logStreamName="hostile", logEvents=[
        {"timestamp": int(time.time() * 1000), "message": f"function output {HOSTILE}\n2026-01-01T00:00:00Z Forged line"}])
    ses = stack.cloud.client("sesv2")
    ses.create_email_identity(EmailIdentity="ads@example.org")
    values["mail"] = ses.send_email(FromEmailAddress="ads@example.org", Destination={"ToAddresses": ["ops@example.org"]}, Content={
        "Simple": {"Subject": {"Data": "Report \u202egnp.\u2066"}, "Body": {"Text": {"Data": f"text {HOSTILE}"},
                                                                           "Html": {"Data": f"<p>{HOSTILE}"}}}})["MessageId"]
    return values


# Every command that prints what is stored, or what it was given. {name}: a value of the fixture.
COMMANDS = {
    "runs": "runs", "runs, filtered": "runs --status failed --since 1h", "status": "status", "status of a run": "status {run}",
    "status of a refused file": "status {refused}", "report": "report {run}", "report of a refused file": "report {refused}",
    "quarantine": "quarantine {run}", "quarantine as CSV": "quarantine {run} --csv", "retries": "retries", "retries of a run": "retries {run}",
    "dlq list": "dlq list", "dlq list, shards": "dlq list --queue shards", "dlq show": "dlq show {message}", "logs": "logs", "mail": "mail",
    "one mail": "mail {mail}", "HTML of a mail": "mail {mail} --html", "users list": "users list", "users get": "users get " + UUID,
    "users set-status": "users set-status ok Off{hostile}", "users delete": "users delete --yes gone{hostile}",
    "users import": "users import {users}", "users import, dry": "users import --dry-run --remove-missing {users}",
    "check": "check {file}", "check, all lines": "check {file} --lines all --as DES{hostile}", "check of nothing": "check {not-a-file}",
    "plan": "plan {file}", "plan of figures": "plan --records 1000000", "submit": "submit {file} --as x{hostile}",
    "submit of nothing": "submit {not-a-file} --as x", "cancel": "cancel {run}", "cancel of nothing": "cancel {hostile}",
    "resume": "resume {run}", "resume of a refused file": "resume {refused}", "doctor": "doctor", "env": "env --port {port}",
    "another stack": "--stack-name other{hostile} runs", "deploy": "deploy --yes --parameters ReportTo={hostile}",
    "destroy": "--stack-name other{hostile} destroy --yes", "an unknown command": "sub{hostile}", "an unknown option": "runs --x{hostile}",
    "a wrong value": "runs --status {hostile}", "help": "--help", "help of submit": "submit --help", "help of users import": "users import --help",
}


def arguments_of(name, stored):
    return [word.format(hostile=HOSTILE, **stored) for word in COMMANDS[name].split()]


@pytest.mark.parametrize("name", COMMANDS)
def test_text_of_others_cannot_write_to_the_terminal(stack, stored, name):
    for flags in ([], ["--output", "json"]):
        shown = on_terminal(stack, *flags, *arguments_of(name, stored), columns=200, NO_COLOR="1").finish(600)
        text = shown.text.replace("\r\n", "\n")
        if "checking" in text or "importing" in text:  # the progress's own carriage return and erasure
            text = text.replace("\r", "").replace("\x1b[K", "")
        found = CONTROLS.search(text)
        assert not found, f"{flags} {text[max(0, found.start() - 60):found.end() + 20]!r}"
        assert shown.code in (0, 1, 2, 3), shown.text


@pytest.mark.parametrize("name, shown", [
    ("runs", r"\u001b[2J"), ("status of a refused file", r"\u202egnp"), ("quarantine", r"user\u001b[2J"), ("users list", r"Ada \u001b[2J"),
    ("users get", r"more\u001b[2J"), ("dlq show", r"\u202egnp"), ("logs", r"function output \u001b[2J"), ("one mail", r"text \u001b[2J"),
    ("users import", r"u\u001b[2J"), ("check", r"user"), ("submit", r"x\u001b[2J"), ("another stack", r"other\u001b[2J")])
def test_and_is_shown_as_escapes(stack, stored, name, shown):
    assert shown in on_terminal(stack, *arguments_of(name, stored), columns=900, NO_COLOR="1").finish().text


def test_a_line_of_a_log_cannot_be_forged(stack, stored):
    rows = on_terminal(stack, "logs", columns=300).finish().rows()
    assert "  2026-01-01T00:00:00Z Forged line" in rows


@pytest.mark.parametrize("columns", [40, 80])
@pytest.mark.parametrize("name", COMMANDS)
def test_every_line_fits_the_terminal(stack, stored, name, columns):
    """But for the file that `quarantine` prints, what other programs read, and error sentences, which the terminal wraps."""
    if name in ("quarantine", "quarantine as CSV", "HTML of a mail", "dlq show", "env"):
        pytest.skip("prints text that is not its own, as it is")
    shown = on_terminal(stack, *arguments_of(name, stored), columns=columns).finish(600)
    rows = [row.split("\r")[-1] for row in shown.rows() if not row.startswith("ads: ")]
    wide = [row for row in rows if len(row) > columns and " " in row.strip()]
    assert not wide, f"{columns} columns: {wide}"


@pytest.mark.parametrize("name", ["runs", "status", "status of a run", "doctor", "users list", "dlq list", "retries", "check", "plan", "mail"])
def test_no_color(stack, stored, name):
    assert "\x1b" not in on_terminal(stack, *arguments_of(name, stored), NO_COLOR="1").finish().text.replace("\x1b[K", "")


def test_a_page_is_not_folded_behind_a_pipe(stack, stored):
    row, = [line for line in piped(stack, "users", "list").stdout.decode().splitlines() if line.startswith(UUID)]
    assert row.endswith("long name")


# ---- messages ----

MESSAGES = {
    "no command": ([], 2, "Usage: ads [OPTIONS] COMMAND"),
    "an unknown command": (["sumbit"], 2, "ads: ads has no command 'sumbit': did you mean submit?; `ads --help` lists its commands (Usage)"),
    "a command of another tool": (["frobnicate"], 2, "ads: ads has no command 'frobnicate'; `ads --help` lists its commands (Usage)"),
    "an unknown command of a command": (["users", "imprt"], 2,
                                        "ads: ads users has no command 'imprt': did you mean import?; `ads users --help` lists its commands (Usage)"),
    "an unknown option": (["submit", "--wiat"], 2, "ads: ads submit has no option --wiat: did you mean --wait?; `ads submit --help` lists its options (Usage)"),
    "a missing command": (["users"], 2, "ads: ads users needs a command; `ads users --help` lists them (Usage)"),
    "a missing argument": (["check"], 2, "ads: ads check needs FILE; see `ads check --help` (Usage)"),
    "one argument too many": (["check", "a", "b"], 2, "ads: ads check takes no further argument: 'b' is one too many; see `ads check --help` (Usage)"),
    "a missing run": (["report"], 2, "ads: ads report needs RUN or --last; see `ads report --help` (Usage)"),
    "YAML": (["--output", "yaml", "runs"], 2, "ads: --output yaml: it must be text or json; see `ads runs --help` (Usage)"),
    "not a number": (["runs", "--limit", "many"], 2, "ads: --limit: 'many' is not a number; see `ads runs --help` (Usage)"),
    "a number out of range": (["runs", "--limit", "0"], 2, "ads: --limit: 0 is outside the range 1 to 1000; see `ads runs --help` (Usage)"),
    "an option without a value": (["runs", "--limit"], 2, "ads: --limit needs a value; see `ads runs --help` (Usage)"),
    "no such file": (["check", "/nowhere/x.csv"], 1, "ads: cannot open /nowhere/x.csv: No such file or directory (NoFile)"),
    "a directory": (["check", "/tmp"], 1, "ads: cannot open /tmp: it is a directory; name a file in it (NoFile)"),
    "no such file to plan": (["plan", "/nowhere/x.csv"], 1, "ads: cannot open /nowhere/x.csv: No such file or directory (NoFile)"),
    "nothing to plan": (["plan"], 2, "ads: ads plan needs FILE or --records; see `ads plan --help` (Usage)"),
    "nothing": (["runs", "--since"], 2, "ads: --since needs a value; see `ads runs --help` (Usage)"),
    "a time of nothing": (["logs", "--since", "0"], 2, "ads: --since: 0 must be more than 0; see `ads logs --help` (Usage)"),
    "fewer than no records": (["generate", "batch", "--records", "-5"], 2, "is outside the range 0 to 1000000000000"),
    "fewer than no users": (["users", "list", "--limit", "-1"], 2, "is outside the range 0 to 1000000000000"),
    "a port that there is not": (["env", "--port", "99999"], 2, "ads: --port: 99999 is outside the range 1 to 65535; see `ads env --help` (Usage)"),
    "no credentials": (["runs"], 1, "credentials"),
    "no local cloud": (["--endpoint-url", "http://127.0.0.1:1", "runs"], 1, "Is the local cloud running? `ads cloud` starts it"),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_the_message_about(name):
    words, code, says = MESSAGES[name]
    clean = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", **({"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"} if name == "no local cloud" else {}), "AWS_EC2_METADATA_DISABLED": "true", "AWS_REGION": "eu-central-1"}
    done = subprocess.run([ADS, *words], capture_output=True, text=True, env=clean, stdin=subprocess.DEVNULL)
    assert done.returncode == code, done
    if says.startswith("ads: "):
        assert done.stderr == says + "\n"
    else:
        assert says in done.stderr, done.stderr


STACK_MESSAGES = {
    "no such stack": (["--stack-name", "other", "runs"], 1,
                      "ads: there is no stack 'other' in eu-central-1: deploy it with `ads deploy --stack-name other`, or name another with --stack-name or --region (NoStack)"),
    "no such file": (["submit", "/nowhere/x.csv"], 1, "ads: cannot open /nowhere/x.csv: No such file or directory (NoFile)"),
    "no such file of users": (["users", "import", "/nowhere/x.csv"], 1, "ads: cannot open /nowhere/x.csv: No such file or directory (NoFile)"),
    "a directory of users": (["users", "import", "/tmp"], 1, "ads: cannot open /tmp: it is a directory; name a file in it (NoFile)"),
    "a name without an event": (["submit", "{file}", "--as", "report.csv"], 1,
                                "ads: no event rule of the bucket matches 'report.csv': it would lie there and nothing would happen. Submit it with "
                                f"--as DES_Manually_Process_{TODAY}.csv, or with --force to send it nevertheless (NO_EVENT)"),
    "not a day": (["submit", "{file}", "--as", "DES_Manually_Process_31-02-2026.csv"], 1, "is not a day of the calendar"),
    "standard input without a name": (["submit", "-"], 1,
                                      f"ads: standard input has no name: give it one with --as DES_Manually_Process_{TODAY}.csv (NoName)"),
    "not an id": (["status", "zzz"], 1,
                  "ads: 'zzz' is not the id of a run: 32 hexadecimal digits, or the first of them; `ads runs` lists the runs (NoRun)"),
    "no such run": (["status", "f" * 32], 1, f"ads: there is no run {'f' * 32}, or it has not begun yet: `ads runs` lists them (NoRun)"),
    "not a time": (["runs", "--since", "yesterday"], 2,
                   "ads: --since yesterday: it must be like 30m, 12h, 7d, 2026-12-01 or 2026-12-01T08:00:00Z (BadTime)"),
    "cancel too late": (["cancel", "{run}"], 1, "is DONE, nothing of it is at work"),
    "resume of a run that is done": (["resume", "{run}"], 1, "nothing is left to do"),
    "a purge without a terminal": (["dlq", "purge"], 2, "--yes"),
    "no such message": (["dlq", "show", "no-such"], 1,
                        "ads: the dead-letter queue of retry has no message no-such, or SQS does not hand it out now: `ads dlq list --queue retry` lists the others "
                        "(NoSuchMessage)"),
    "no such function": (["logs", "Nothing"], 1, "the stack has no function 'Nothing'; it has DispatchFunction"),
    "no such user": (["users", "get", "nobody"], 1, "no user nobody in "),
    "no users at all": (["users", "import", "-"], 1, "ads: standard input has no user: nothing was imported (NoUsers)"),
    "a batch file as users": (["users", "import", "{file}"], 1, "this is a batch file, not one of users: `ads check` and `ads submit` are for it (NotUsers)"),
}


@pytest.mark.parametrize("name", STACK_MESSAGES)
def test_the_message_of_a_stack_about(stack, stored, name):
    words, code, says = STACK_MESSAGES[name]
    done = piped(stack, *[word.format(**stored) for word in words], content=b"")
    assert done.returncode == code, done
    text = done.stderr.decode()
    assert text == says + "\n" if says.startswith("ads: ") else says in text, text


def test_help_as_a_command():
    for words, page in ((["help"], ["--help"]), (["help", "runs"], ["runs", "--help"]), (["help", "users", "import"], ["users", "import", "--help"])):
        typed, meant = (subprocess.run([ADS, *w], capture_output=True, text=True) for w in (words, page))
        assert typed.returncode == 0 and typed.stdout == meant.stdout != ""


def test_each_page_of_help_lists_the_options_of_every_command():
    page = subprocess.run([ADS, "--help"], capture_output=True, text=True, check=True).stdout
    commands = re.findall(r"^  ([a-z]+)  ", page.split("Commands:")[1].split("\nOptions")[0], re.M)
    assert len(commands) >= 20
    for command in commands:
        page = subprocess.run([ADS, command, "--help"], capture_output=True, text=True, check=True).stdout
        common = page.split("Options of every command:")[1]
        assert all(option in common for option in ("--output", "--region", "--profile", "--endpoint-url", "--stack-name")), command


def test_the_beginning_of_an_id_must_be_unique(stack, stored):
    for _ in range(20):  # of 17 runs two begin with the same digit
        stack.submit(lines(1))
    ids = [r["runId"] for r in stack.ads("runs", "--limit", 100)["runs"]]
    twice = next(digit for digit in "0123456789abcdef" if sum(i.startswith(digit) for i in ids) > 1)
    refused = piped(stack, "report", twice)
    assert refused.returncode == 1
    assert re.search(rf"runs begin with {twice}: {twice}[0-9a-f]{{31}}, .*; give more digits", refused.stderr.decode()), refused.stderr


def test_check_judges_expansion_as_the_stack_does(tmp_path):
    path = tmp_path / f"DES_Manually_Process_{TODAY}.csv.gz"
    path.write_bytes(gzip.compress(b"200,0,user-1\n" * 2_000_000))  # 26 MB, of which the first 16 MiB are not judged
    def check(*flags):
        done = subprocess.run([ADS, "--output", "json", "check", path, *flags], capture_output=True, text=True)
        return done.returncode, json.loads(done.stdout.splitlines()[-1])["summary"]
    assert check()[0] == 0
    code, summary = check("--max-expansion", "50")
    assert code == 1 and summary["outcome"] == "FAILED" and "MaxExpansion" in summary["sentence"] and "50 times" in summary["sentence"], summary
    assert check("--max-expansion", "5000")[0] == 0
