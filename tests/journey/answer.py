"""What a stack made of a batch file, compared with the oracle: report, quarantine, notifications, objects."""
import json
import random

import oracle


def mixed(users, count, seed):
    """Lines of every kind about those users, and about others."""
    users = [user for user in users if user != "oversize"]
    chance = random.Random(seed)
    lines = []
    for _ in range(count):
        uuid = chance.choice(users) if chance.random() < 0.9 else f"unknown-{chance.randrange(10**9)}"
        lines.append(f"{chance.choice([200, 404, 429, 500, 503])},{chance.randrange(4)},{uuid}".encode())
    return lines


def answer(stack, key, content, status="DONE"):
    """Submits, waits, and compares everything there is to compare with the oracle. Returns the report."""
    run = oracle.run_id(stack.bucket, key, stack.put(key, content))
    report = stack.report(run)
    assert report["status"] == status, report
    compare(stack, report, key, content)
    return report


def compare(stack, report, key, content, repeats=0):
    """`repeats`: notifications that may have come once more, with the same RecordId. Returns how many did."""
    expected = oracle.Expected(content)
    compare_report(stack, report, key, content, expected)
    heard = stack.hear(len(expected.records), report["runId"])
    repeated = compare_heard(stack, report["runId"], expected, heard)
    assert repeated <= repeats, f"{repeated} notifications came again"
    compare_objects(stack, report, key, content, expected)
    return repeated


def compare_report(stack, report, key, content, expected):
    by_status = {}
    for status_code, _, _ in expected.records.values():
        by_status[str(status_code)] = by_status.get(str(status_code), 0) + 1
    assert report["statusCodes"] == by_status
    expected.set_aside_oversize(content, stack.users)

    assert report["reconciled"] is True, report
    assert report["batch"] == key and report["bytes"] == report["bytesRead"] == len(content)
    assert (report["lines"], report["blank"], report["header"]) == (expected.lines, expected.blank, expected.header)
    assert report["contentBytes"] == expected.bytes

    outcomes = {"processed": 0, "not-active": 0, "not-found": 0}
    retries = 0
    for record in expected.records.values():
        if expected.is_retry(record):
            retries += 1
        else:
            outcomes[oracle.notification(record[2], stack.users)[0]] += 1
    assert report["retryQueued"] == retries
    assert [report[n] for n in ("processed", "notActive", "notFound")] == list(outcomes.values())
    by_reason = {}
    for _, reason in expected.bad.values():
        by_reason[reason] = by_reason.get(reason, 0) + 1
    assert report["quarantinedByReason"] == by_reason and report["quarantined"] == len(expected.bad)


def compare_heard(stack, run, expected, heard):
    """Every record that could be read ends in exactly one notification, looked up at once or by the retry consumer, once
    those with the same RecordId are counted as one."""
    wanted = {}
    for offset, (_, _, uuid) in expected.records.items():
        outcome, code, body = oracle.notification(uuid, stack.users)
        identity = oracle.record_id(run, offset)
        wanted[identity] = ({"Status": ("Number", code), "Outcome": ("String", outcome),
                             "RecordId": ("String", identity), "RunId": ("String", run)}, body)
    assert heard.keys() == wanted.keys()
    repeated = 0
    for identity, notifications in heard.items():
        repeated += len(notifications) - 1
        for each in notifications:
            assert each == wanted[identity]
    return repeated


def compare_objects(stack, report, key, content, expected):
    """Accepted, blank, header and quarantined lines are the file again; it is renamed, and the same to the byte."""
    if expected.bad:
        text = oracle.decompress(content)
        lines = [json.loads(line) for line in stack.read(report["quarantineKey"]).splitlines()]
        assert {q["offset"]: (q["length"], q["reason"]) for q in lines} == expected.bad
        assert [q["offset"] for q in lines] == sorted(expected.bad)
        for q in lines:
            if "line" in q and not q["truncated"]:
                line = q["line"].encode()
                assert text[q["offset"]:q["offset"] + q["length"]].removeprefix(b"\xef\xbb\xbf").rstrip(b"\r\n") == line
    else:
        assert report["quarantineKey"] == ""
    assert key not in stack.keys(key)
    assert stack.read(report["processedKey"]) == content


def outcomes_of_retries(stack, content):
    """What report["retries"] must say of that file once they are settled."""
    expected = oracle.Expected(content)
    tally = {"processed": 0, "notActive": 0, "notFound": 0, "quarantined": 0, "dead": 0, "reordered": 0}
    names = {"processed": "processed", "not-active": "notActive", "not-found": "notFound"}
    for record in expected.records.values():
        if expected.is_retry(record):
            tally[names[oracle.notification(record[2], stack.users)[0]]] += 1
    return tally
