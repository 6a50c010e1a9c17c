"""JSON as jq, loggers and libraries write it: objects line by line are read, everything else is refused by its name."""
import json

from corpus.case import FIVE, bad, blank, case, many, people, record, refused

NAMES = ("statusCode", "retryCount", "serviceUUID")


def objects(names=NAMES, compact=False, numbers=int, **more):
    separators = (",", ":") if compact else None
    return lambda s, r, u: json.dumps({names[0]: numbers(s), names[1]: numbers(r), names[2]: u, **more}, separators=separators)


def shuffled(status, retries, user):
    return json.dumps({"serviceUUID": user, "nested": {"statusCode": 1, "list": [1, {"a": None}]}, "retryCount": retries, "statusCode": status})


def values():
    return [dict(zip(NAMES, each)) for each in FIVE]


def read():
    yield case("JSON Lines: jq -c", people(objects(compact=True)))
    yield case("JSON Lines: Python", people(objects()))
    yield case("JSON Lines: a byte-order mark and CR LF", people(objects()), "\r\n", bom=b"\xef\xbb\xbf")
    yield case("JSON Lines: UTF-16, as PowerShell's > writes", people(objects()), "\r\n", "utf-16-le", b"\xff\xfe")
    yield case("JSON Lines: CR only", people(objects()), "\r")
    yield case("JSON Lines: blank lines first and between", [blank(), blank("  ")] + [x for line in people(objects()) for x in (line, blank())])
    yield case("JSON Lines: numbers as strings", people(objects(numbers=str)))
    yield case("JSON Lines: floats", people(objects(numbers=float)))
    yield case("JSON Lines: floats as strings", people(objects(numbers=lambda n: f"{n}.0")))
    yield case("JSON Lines: exponents", [record('{"statusCode":5.03e2,"retryCount":2E0,"serviceUUID":"user-1"}', 503, 2, "user-1")])
    yield case("JSON Lines: snake case", people(objects(("status_code", "retry_count", "service_uuid"))))
    yield case("JSON Lines: kebab case", people(objects(("status-code", "retry-count", "service-uuid"))))
    yield case("JSON Lines: words", people(objects(("Status Code", "Retry Count", "Service UUID"))))
    yield case("JSON Lines: Pascal case", people(objects(("StatusCode", "RetryCount", "ServiceUuid"))))
    yield case("JSON Lines: further members, another order", people(shuffled))
    yield case("JSON Lines: blanks around the id", people(lambda s, r, u: objects()(s, r, f" {u}\u00a0")))
    yield case("JSON Lines: escapes in the id", [record('{"statusCode":200,"retryCount":0,"serviceUUID":"\\u0075ser-\\u0031"}', 200, 0, "user-1")])
    yield case("JSON Lines: blanks in front", people(lambda *each: "  " + objects()(*each)))
    yield case("JSON Lines: no last line end", people(objects()), ends=False)
    yield case("JSON Lines: bad ones among good ones", people(objects()) + many(5, objects()) + [
        bad("not json", "BAD_JSON"), bad("[1]", "BAD_JSON"), bad('{"statusCode":503,"retryCount":0}', "FIELD_COUNT"),
        bad('{"statusCode":"x","retryCount":0,"serviceUUID":"user-1"}', "STATUS_NOT_INT"),
        bad('{"statusCode":700,"retryCount":0,"serviceUUID":"user-1"}', "STATUS_RANGE"),
        bad('{"statusCode":200,"retryCount":null,"serviceUUID":"user-1"}', "RETRY_NOT_INT"),
        bad('{"statusCode":200.5,"retryCount":0,"serviceUUID":"user-1"}', "STATUS_NOT_INT"),
        bad('{"statusCode":true,"retryCount":0,"serviceUUID":"user-1"}', "STATUS_NOT_INT"),
        bad('{"statusCode":200,"retryCount":0,"serviceUUID":17}', "UUID_SYNTAX")])
    yield case("JSON Lines: cut off in the last one", people(objects()) + [bad('{"statusCode": 200, "retryCo', "BAD_JSON")], ends=False)
    yield case("JSON Lines: Latin-1 in a further member", people(lambda *each: objects()(*each)[:-1] + ', "name": "J\udcfcrgen"}'))
    yield case("JSON Lines: Latin-1 where it counts", people(objects()) + [bad('{"statusCode":200,"retryCount":0,"serviceUUID":"a\udce9"}', "BAD_UTF8", "UUID_SYNTAX")])


def not_read():
    array = ("JSON", "array", "line")
    yield refused("JSON: an array on one line", json.dumps(values()), *array)
    yield refused("JSON: a pretty array", json.dumps(values(), indent=2), *array)
    yield refused("JSON: an array, one object a line", "[\n" + ",\n".join(map(json.dumps, values())) + "\n]\n", *array)
    yield refused("JSON: an array after a mark and blank lines", b"\xef\xbb\xbf\n\n" + json.dumps(values()).encode(), *array)
    yield refused("JSON: an empty array", "[]\n", "JSON", "array")
    yield refused("JSON: pretty objects, as jq writes", "\n".join(json.dumps(v, indent=2) for v in values()) + "\n", "JSON", "line")
    yield refused("JSON: one document with a list", json.dumps({"Items": values(), "Count": 5}) + "\n", "JSON")
    yield refused("JSON: arrays line by line", "".join(json.dumps(list(each)) + "\n" for each in FIVE), "JSON", "array|object")
    yield refused("JSON: objects without a line end between", "".join(map(json.dumps, values())), "JSON|line")
    yield refused("JSON: an error of an API", '{"message":"Forbidden"}\n', r"\w+ \w+")
    yield refused("JSON: DynamoDB's export", "".join(json.dumps({"Item": {"statusCode": {"N": str(s)}, "serviceUUID": {"S": u}}}) + "\n"
                                                     for s, _, u in FIVE), "JSON|member|statusCode")
    yield refused("JSON: other members", "".join(json.dumps({"code": s, "tries": r, "user": u}) + "\n" for s, r, u in FIVE), "statusCode|member")


def cases():
    for each in (*read(), *not_read()):
        yield each.__class__(**{**each.__dict__, "extension": ".jsonl"})
