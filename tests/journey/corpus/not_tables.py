"""Content that is not a batch file, and what the one sentence says about it."""
import random
import uuid

from corpus.case import FIVE, HEADER, header, many, people, plain, refused, written
from corpus.compressed import zipped

TYPES = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
TEXT = written([header(), *people()])


def office(*members):
    return zipped({"[Content_Types].xml": TYPES, "_rels/.rels": b"<Relationships/>", **{name: b"<x/>" * 50 for name in members}})


def open_document(kind):
    return zipped({"mimetype": f"application/vnd.oasis.opendocument.{kind}".encode(), "content.xml": b"<office/>" * 50}, method=0)


def noise(count, seed=3):
    return random.Random(seed).randbytes(count)


def binaries():
    yield refused("Excel workbook (.xlsx)", office("xl/workbook.xml", "xl/worksheets/sheet1.xml"), "Excel", "CSV")
    yield refused("Excel workbook with macros", office("xl/workbook.xml", "xl/vbaProject.bin"), "Excel", "CSV")
    yield refused("Excel 97 workbook (.xls)", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + "Workbook".encode("utf-16-le") + noise(3000),
                  "Excel|Office", "CSV")
    yield refused("Word document (.docx)", office("word/document.xml"), "Word|Office", "CSV|text|export")
    yield refused("OpenDocument spreadsheet (.ods)", open_document("spreadsheet"), "OpenDocument|LibreOffice|spreadsheet", "CSV")
    yield refused("PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog>>\nendobj\n" + noise(5000), "PDF")
    yield refused("PNG", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + noise(3000), "PNG|image|picture")
    yield refused("JPEG", b"\xff\xd8\xff\xe0\0\x10JFIF\0" + noise(3000), "JPEG|image|picture")
    yield refused("GIF", b"GIF89a" + noise(2000), "GIF|image|picture")
    yield refused("Parquet", b"PAR1\x15\4" + noise(3000) + b"\x20\0\0\0PAR1", "Parquet")
    yield refused("Avro", b"Obj\x01\x04\x14avro.codec" + noise(2000), "Avro|binary")
    yield refused("ORC", b"ORC\n\x0b" + noise(2000), "ORC|binary")
    yield refused("SQLite", b"SQLite format 3\0\x10\0\1\1\0\x40\x20\x20" + b"\0" * 76 + noise(3000), "SQLite")
    yield refused("ELF program", b"\x7fELF\2\1\1" + b"\0" * 57 + noise(4000), "ELF|program|executable|binary")
    yield refused("Windows program", b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff" + noise(4000), "program|executable|binary")
    yield refused("noise", noise(20_000), "binary|text")
    yield refused("NULs only", b"\0" * 4096, "NUL|binary|zero|empty")
    yield refused("UTF-16 without a mark", written([header(), *people()], "\r\n", "utf-16-le"), "UTF-16")
    yield refused("UTF-16 BE without a mark", written([header(), *people()], "\n", "utf-16-be"), "UTF-16")
    yield refused("UTF-32", written([header(), *people()], "\n", "utf-32-le", b"\xff\xfe\0\0"), "UTF-32|binary|NUL|encoding")


DENIED = """<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>AccessDenied</Code><Message>Access Denied</Message><RequestId>2G7X6</RequestId><HostId>abc=</HostId></Error>"""
PAGE = """<!DOCTYPE html>
<html><head><title>Sign in</title></head>
<body>
<h1>503 Service Unavailable</h1>
<p>The server is temporarily unable to service your request.</p>
</body></html>
"""
LOG = "".join(f"2026-11-22T10:00:{n:02}.123Z INFO  [worker-{n % 4}] request {n} to directory answered with 503, retry 1\n" for n in range(60))
USERS = "serviceUUID,status,firstName,lastName,detailedAddress,lastPingedLocation\n" + "".join(
    f"user-{n},Active,First{n},Last{n},{n} Street,Berlin\n" for n in range(20))


def texts():
    yield refused("an HTML page", PAGE, "HTML|web page")
    yield refused("an HTML page in capitals after blanks", "\n  <HTML>\n<BODY>Proxy error</BODY>\n</HTML>\n", "HTML|web page")
    yield refused("the answer of S3 to a stranger", DENIED, "XML|AccessDenied")
    yield refused("XML", '<?xml version="1.0"?>\n<rows>\n' + "".join(f'  <row status="{s}" retry="{r}">{u}</row>\n' for s, r, u in FIVE) + "</rows>\n", "XML")
    yield refused("Excel's XML spreadsheet", '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook>\n</Workbook>\n', "XML|Excel")
    yield refused("a log", LOG, r"field|separator|status|line")
    yield refused("an access log", "".join(f'10.0.0.{n} - - [22/Nov/2026:10:00:00 +0000] "GET /u/{n} HTTP/1.1" 503 12\n' for n in range(40)), r"field|separator|line")
    yield refused("a users file", USERS, r"users")
    yield refused("a users file with semicolons and a mark", b"\xef\xbb\xbf" + USERS.replace(",", ";").encode(), r"users")
    yield refused("LDIF", "version: 1\n\ndn: CN=Ada,DC=example,DC=com\nchangetype: add\nobjectClass: user\n\n", "LDIF|directory|users")
    yield refused("csvde's CSV", 'DN,objectClass,sn,objectGUID\n"CN=Ada,DC=example,DC=com",user,Lovelace,X\'33221100554477668899aabbccddee01\'\n',
                  "users|header|directory|csvde")
    yield refused("YAML", "records:\n" + "".join(f"  - status: {s}\n    retry: {r}\n    user: {u}\n" for s, r, u in FIVE), r"field|separator")
    yield refused("SQL", "".join(f"INSERT INTO failed VALUES ({s}, {r}, '{u}');\n" for s, r, u in FIVE), r"\w+ \w+")
    yield refused("prose", "Dear colleague,\nplease find attached the failed requests.\nRegards\n", r"\w+ \w+")
    yield refused("columns of blanks", written([header(HEADER.replace(",", " ")), *people(lambda *row: " ".join(map(str, row)))]), "separator|field")
    yield refused("a caret as separator", written([header(HEADER.replace(",", "^")), *people(lambda *row: "^".join(map(str, row)))]), "separator|field")
    yield refused("two columns", written([header("status_code,service_uuid"), *people(lambda s, r, u: f"{s},{u}")]), "retry.?count|field|header")
    yield refused("one column of ids", "".join(f"{uuid.UUID(int=n)}\n" for n in range(20)), "field")
    yield refused("a header that names other things, in another order", written([header("user,code,tries"), *people(lambda s, r, u: f"{u},{s},{r}")]), "header|status|column")
    yield refused("GUIDs in braces first, no header", written(people(lambda s, r, u: f"{{{u}}},{s},{r}")), "header|order|column")
    yield refused("another order, no header", written(people(lambda s, r, u: f"{u},{s},{r}")), "header|order|column")
    yield refused("the file's own name in it", "DES_Manually_Process_01-12-2026.csv\n", r"\w+ \w+")
    yield refused("rows as Java prints a list", written(people(lambda *row: "[" + ", ".join(map(str, row)) + "]")), r"\w+ \w+ \w+")
    yield refused("rows as Python prints a tuple", written(people(lambda s, r, u: f"({s}, {r}, '{u}')")), r"\w+ \w+ \w+")
    yield refused("an HTTP answer with its headers", "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n", r"\w+ \w+ \w+")
    yield refused("an email", "From: ops@example.com\nTo: ads@example.com\nSubject: failed requests\n\nattached\n", r"\w+ \w+ \w+")
    yield refused("a private key", "-----BEGIN PRIVATE KEY-----\nMIIEvQ==\n-----END PRIVATE KEY-----\n", "key")
    yield refused("a header with a name twice", written([header(HEADER + ",status_code"), *people(lambda *row: plain(*row) + ",200")]), "header|field|twice|column")
    yield refused("a mysql box", "+-----+---+--------+\n| status_code | retry_count | service_uuid |\n+-----+---+--------+\n" +
                  "".join(f"| {s} | {r} | {u} |\n" for s, r, u in FIVE) + "+-----+---+--------+\n", r"\w+ \w+")
    yield refused("status codes in words", written([header(), *people(lambda s, r, u: f"Service Unavailable,{r},{u}")]), "status")
    yield refused("base64 of a table", "c3RhdHVzX2NvZGUscmV0cnlfY291bnQsc2VydmljZV91dWlkCjIwMCwwLHVzZXItMQo=\n", "field|separator|line")
    yield refused("a pointer of Git LFS", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", r"\w+ \w+")
    yield refused("a table of Markdown", "# Failed requests\n\n| code | tries | user |\n| --- | --- | --- |\n| 503 | 1 | user-1 |\n", r"\w+ \w+")
    yield refused("RTF", "{\\rtf1\\ansi{\\fonttbl\\f0\\fswiss Helvetica;}\\f0\\pard 200,0,user-1\\par}\n", "RTF|JSON|text")
    yield refused("a stack trace", "Traceback (most recent call last):\n  File \"export.py\", line 3, in <module>\nKeyError: 'x'\n", r"\w+ \w+")
    yield refused("shell errors", "psql: error: connection to server failed: FATAL:  password authentication failed\n", r"\w+ \w+")


def cases():
    yield from binaries()
    yield from texts()
