"""Files as people have them, each through `ads check` and a real run: both the same, and what a person expects of that file."""
import collections
import re
import uuid

import pytest

import oracle
from corpus.all_cases import by_name
from corpus_run import CorpusRun

CASES = by_name()


def names(chosen):
    return [name for name, case in CASES.items() if chosen(case)]


def is_read(case):
    return case.lines is not None


def is_refused(case):
    return case.refused is not None


RETRY, LOOKUP = "retry", "lookup"


def test_there_are_enough_of_them():
    assert len(CASES) >= 130 and sum(map(is_read, CASES.values())) >= 100 and sum(map(is_refused, CASES.values())) >= 60


STACKS = {"corpus": {}, "lower": {"UserKeyForm": "uuid-lower"}, "unheard": {}}


@pytest.fixture(scope="module")
def corpora(cloud, tmp_path_factory):
    """A stack's name -> its cases' run, made when the first of them is asked for."""
    runs = {}

    def of(stack):
        if stack not in runs:
            cases = {name: case for name, case in CASES.items() if case.stack == stack}
            runs[stack] = CorpusRun(cloud, tmp_path_factory.mktemp(stack), cases, stack, is_heard=stack != "unheard", **STACKS[stack])
        return runs[stack]
    yield of
    for run in runs.values():
        run.stack.close()


@pytest.fixture
def corpus(corpora, name):
    return corpora(CASES[name].stack)


def is_retry(record):
    status, retries, _ = record
    return 500 <= status <= 599 and retries <= 1


def has_other_spelling(user):
    """A UUID that a table may know by other letters or hyphens."""
    if not re.fullmatch(r"[0-9A-Fa-f]{32}|[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", user):
        return False
    return user not in (str(uuid.UUID(user)), str(uuid.UUID(user)).upper()) or user.lower() != user.upper()


def exit_code(case):
    return 0 if case.is_clean else 3


@pytest.mark.parametrize("name", names(is_read))
def test_check_of_what_is_read(corpus, name):
    case = CASES[name]
    form = STACKS[case.stack].get("UserKeyForm")
    code, lines, summary, errors = corpus.check(case, *(["--user-key-form", form] if form else []))
    assert code == exit_code(case), (summary, errors, lines[:5])
    assert len(lines) == len(case.lines)
    for number, (said, line) in enumerate(zip(lines, case.lines), 1):
        assert said["line"] == number
        if case.offsets:
            assert said["offset"] == case.offsets[number - 1]
        if line.kind == "record":
            assert (said.get("statusCode"), said.get("retryCount"), said.get("serviceUUID")) == line.record, (said, line)
            assert said["effect"] == (RETRY if is_retry(line.record) else LOOKUP)
        elif line.kind == "bad":
            assert said["effect"] == "quarantine" and said["reason"] in line.reasons, (said, line)
        else:
            assert said["effect"] in ({"blank"} if line.kind == "blank" else {"header"}), (said, line)
    assert summary["reconciled"] is True and summary["compression"] == case.compression
    counts = collections.Counter(line.kind for line in case.lines)
    assert (summary["lines"], summary["blank"], summary["header"], summary["quarantined"]) == \
        (len(case.lines), counts["blank"], counts["header"] + counts["above"], counts["bad"])


@pytest.mark.parametrize("name", names(is_read))
def test_run_of_what_is_read(corpus, name):
    case, answer = CASES[name], corpus.answers[name]
    report = answer.report
    assert report["status"] == "DONE" and report["reconciled"] is True, report
    counts = collections.Counter(line.kind for line in case.lines)
    assert (report["lines"], report["blank"], report["header"], report["quarantined"]) == \
        (len(case.lines), counts["blank"], counts["header"] + counts["above"], counts["bad"])
    records = [line.record for line in case.lines if line.kind == "record"]
    outcomes = collections.Counter(oracle.notification(user, corpus.stack.users)[0] for s, r, user in records if not is_retry((s, r, user)))
    assert (report["retryQueued"], report["processed"], report["notActive"], report["notFound"]) == \
        (sum(map(is_retry, records)), outcomes["processed"], outcomes["not-active"], outcomes["not-found"])
    assert report["statusCodes"] == {str(s): n for s, n in collections.Counter(s for s, _, _ in records).items()}
    assert report["bytes"] == report["bytesRead"] == len(case.content) and report["compression"] == case.compression
    assert answer.exit_code == exit_code(case)

    unknown = [user for s, r, user in records if not is_retry((s, r, user)) and user not in corpus.stack.users]
    assert report.get("otherSpelling", 0) == (0 if case.stack == "lower" else sum(map(has_other_spelling, unknown)))

    quarantined = [(q["lineNumber"], q["reason"]) for q in corpus.stack.quarantined(report)]
    expected = [(number, line.reasons) for number, line in enumerate(case.lines, 1) if line.kind == "bad"]
    assert [number for number, _ in quarantined] == [number for number, _ in expected]
    assert all(reason in reasons for (_, reason), (_, reasons) in zip(quarantined, expected)), quarantined

    if corpus.is_heard:
        compare_notifications(corpus, answer, case)
    assert corpus.stack.keys(answer.key) == [] and corpus.stack.read(report["processedKey"]) == case.content


def compare_notifications(corpus, answer, case):
    """One notification a record, looked up at once or by the retry consumer; by record id, where the line's place is known."""
    wanted = []
    for number, line in enumerate(case.lines):
        if line.kind == "record":
            outcome, code, body = oracle.notification(line.record[2], corpus.stack.users)
            identity = oracle.record_id(answer.run, case.offsets[number]) if case.offsets else None
            wanted.append((identity, outcome, code, tuple(sorted(body.items()))))
    heard = []
    for identity, notifications in corpus.stack.ear.runs[answer.run].items():
        assert len(notifications) == 1, f"record {identity} was notified {len(notifications)} times"
        attributes, body = notifications[0]
        heard.append((identity if case.offsets else None, attributes["Outcome"][1], attributes["Status"][1], tuple(sorted(body.items()))))
    assert collections.Counter(heard) == collections.Counter(wanted)


def has_words(sentence, words):
    return [word for word in words if not re.search(word, sentence, re.IGNORECASE)]


@pytest.mark.parametrize("name", names(is_refused))
def test_check_of_what_is_refused(corpus, name):
    case = CASES[name]
    code, _, summary, errors = corpus.check(case)
    assert code == 1, (summary, errors)
    sentence = (summary or {}).get("sentence") or errors
    assert not has_words(sentence, case.refused), sentence
    if not case.late:
        assert sentence == corpus.answers[name].report["sentence"]


@pytest.mark.parametrize("name", names(is_refused))
def test_run_of_what_is_refused(corpus, name):
    case, answer = CASES[name], corpus.answers[name]
    report = answer.report
    assert report["status"] in (("FAILED", "PARTIAL") if case.late else ("FAILED",)), report
    assert not has_words(report["sentence"], case.refused), report["sentence"]
    assert answer.exit_code == 1
    assert report["processedKey"] == "" and corpus.stack.read(answer.key) == case.content, "the file keeps its name"
    if not case.late:
        assert report["retryQueued"] == report["processed"] == report["notActive"] == report["notFound"] == 0
        assert answer.run not in corpus.stack.ear.runs or not corpus.stack.ear.runs[answer.run], "nothing is sent"
    mail = [m for m in corpus.mails if answer.run in m["Body"]["text_part"]]
    assert len(mail) == 1 and "FAILED" in mail[0]["Subject"] and "MISMATCH" not in mail[0]["Subject"], [m["Subject"] for m in mail]
    assert plain_text(report["sentence"]) in plain_text(mail[0]["Body"]["text_part"])


def plain_text(text):
    return " ".join(text.split())
