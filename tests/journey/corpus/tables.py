"""Tables: CSV and its relatives, as spreadsheets, shells, databases and libraries write them."""
from corpus.case import ACTIVE, FIVE, HEADER, INACTIVE, RETRIED, UNKNOWN, above, bad, blank, case, header, many, people, plain, record

BOM8, BOM_LE, BOM_BE = b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"
CRLF = "\r\n"


def joined(separator):
    return lambda *row: separator.join(str(value) for value in row)


def quoted(separator=","):
    return lambda *row: separator.join(f'"{value}"' for value in row)


def noted(note):
    """A fourth column."""
    return lambda *row: plain(*row) + "," + note


NOTED = header(HEADER + ",note")


def encodings():
    tab, excel = joined("\t"), [header("status_code\tretry_count\tservice_uuid")]
    yield case("Excel: Unicode text, UTF-16 LE, tabs", excel + people(tab), CRLF, "utf-16-le", BOM_LE)
    yield case("UTF-16 BE, commas", [header()] + people(), CRLF, "utf-16-be", BOM_BE)
    yield case("UTF-16 LE, semicolons, no last line end", [header(HEADER.replace(",", ";"))] + people(joined(";")), CRLF,
               "utf-16-le", BOM_LE, ends=False)
    yield case("UTF-16 LE without a header", people(), "\n", "utf-16-le", BOM_LE)
    yield case("UTF-16 LE, CR only", [header()] + people(), "\r", "utf-16-le", BOM_LE)
    yield case("UTF-16 LE, an emoji in a further column", [NOTED] + people(noted("\U0001f600 ok")), CRLF, "utf-16-le", BOM_LE)
    yield case("UTF-16 BE, Greek and Chinese in a further column", [NOTED] + people(noted("Ωμέγα 北京")), CRLF, "utf-16-be", BOM_BE)
    yield case("UTF-16 LE, line feeds among the code units", [NOTED] + people(noted("\u0a0a\u0d0a\u0a0d\u2c2c")), CRLF, "utf-16-le",
               BOM_LE)
    yield case("UTF-16 LE beyond 64 KiB", [NOTED] + many(40, noted("\U0001f600" * 850)), CRLF, "utf-16-le", BOM_LE)
    yield case("UTF-16 LE with bad lines", [header()] + people() + [bad("5x3,0,user-1", "STATUS_NOT_INT")] + people(), CRLF,
               "utf-16-le", BOM_LE)
    yield case("PowerShell 5: Export-Csv -Encoding Unicode", [above("#TYPE System.Management.Automation.PSCustomObject"),
               header('"status_code","retry_count","service_uuid"')] + people(quoted()), CRLF, "utf-16-le", BOM_LE)
    yield case("UTF-8 with a mark, quoted header", [header('"status_code","retry_count","service_uuid"')] + people(quoted()), CRLF, bom=BOM8)
    yield case("UTF-8 with a mark, no header", people(), bom=BOM8)
    yield case("UTF-8 with a mark, blank lines first", [blank(), blank(" \t"), header()] + people(), bom=BOM8)
    yield case("Latin-1 in a further column", [NOTED] + people(noted("Zo\udceb, M\udcfcnchen".replace(",", ""))))
    yield case("Windows-1252 quotes in a further column", [NOTED] + people(noted("\udc93Caf\udce9\udc94 \udc80 5")), CRLF)
    yield case("Latin-1 in the middle column of five", [header("service_uuid,name,status_code,city,retry_count")] +
               people(lambda s, r, u: f"{u},J\udcfcrgen,{s},Z\udcfcrich,{r}"))
    yield case("not UTF-8 where it counts", [header()] + people() + [bad("200,0,user-\udce9", "BAD_UTF8")])
    yield case("a mark in the middle, as after cat", [header()] + people() + [bad("\ufeff" + HEADER, "STATUS_NOT_INT")] + people())
    yield case("a mark in front of a record in the middle", people() + [record("\ufeff200,0,user-1", 200, 0, "user-1")])


def line_ends():
    yield case("CR only", [header()] + people(), "\r")
    yield case("CR only, no header", people(), "\r")
    yield case("CR only, last line without", [header()] + people(), "\r", ends=False)
    yield case("CR only, blank lines and a bad one", [blank(), header(), blank()] + people() + [bad("x,0,user-1", "STATUS_NOT_INT")], "\r")
    yield case("CR only, 3,000 lines", [header()] + many(300), "\r")
    yield case("CR CR LF", [header()] + people(), "\r\r\n")
    yield case("CR LF, no header", people(), CRLF)
    mixed = [header(HEADER + "\r")] + [record(line.text + ("\r" if n % 2 else ""), *line.record) for n, line in enumerate(people())]
    yield case("LF and CR LF mixed", mixed)
    yield case("no last line end", [header()] + people(), ends=False)
    yield case("DOS end of file after CR LF", [header()] + people() + [blank("\x1a")], CRLF, ends=False)
    yield case("DOS end of file and a line end", [header()] + people() + [blank("\x1a")], CRLF)
    yield case("DOS end of file after the last record",
               [header()] + people() + [record("200,0,user-1\x1a", 200, 0, "user-1")], CRLF, ends=False)
    yield case("DOS end of file, padded to 128 bytes", [header()] + people() + [blank("\x1a" * 61)], CRLF, ends=False)
    yield case("a control-Z in the middle", [header()] + people() + [bad("200,0,user\x1a-1", "UUID_SYNTAX")] + people())
    yield case("blank lines everywhere", [blank(), blank("  "), header(), blank("\t")] +
               [each for line in people() for each in (line, blank())])


def separators():
    for name, mark in (("semicolon", ";"), ("tab", "\t"), ("pipe", "|")):
        yield case(f"{name} with a header", [header(HEADER.replace(",", mark))] + people(joined(mark)), CRLF)
        yield case(f"{name} without a header", people(joined(mark)))
        yield case(f"{name}, quoted", [header(quoted(mark)("status_code", "retry_count", "service_uuid"))] + people(quoted(mark)))
        yield case(f"{name}, commas in a further column", [header(HEADER.replace(",", mark) + mark + "name")] +
                   people(lambda s, r, u: mark.join((str(s), str(r), u, "Müller, Hans, Dr."))))
        yield case(f"{name}, header in another order", [header(f"Service UUID{mark}x{mark}Status Code{mark}Retry Count")] +
                   people(lambda s, r, u: mark.join((u, "", str(s), str(r)))))
    yield case("comma, semicolons in a further column", [NOTED] + people(noted("a;b;c;d")))
    yield case("comma, a quoted comma in a further column", [NOTED] + people(noted('"Lovelace, Ada ""the first"""')))
    yield case("sep=; of Excel", [above("sep=;"), header(HEADER.replace(",", ";"))] + people(joined(";")), CRLF)
    yield case("sep=, and no header", [above("sep=,")] + people(), CRLF)
    yield case("SEP=tab in capitals", [above("SEP=\t"), header(HEADER.replace(",", "\t"))] + people(joined("\t")), CRLF)
    yield case("sep=| after a mark", [above("sep=|"), header(HEADER.replace(",", "|"))] + people(joined("|")), CRLF, bom=BOM8)
    yield case("sep=; though commas separate", [above("sep=;"), header()] + people())
    yield case("a comment that is the header", [above("# status_code;retry_count;service_uuid")] + people(joined(";")))
    yield case("comments above the header", [above("# exported 2026-11-22 by jobs, really; yes"), above("#"), blank(), header()] + people())
    yield case("comments above records", [above("# no header here")] + people())
    yield case("psql: aligned columns", [header(" status_code | retry_count |             service_uuid             "),
               bad("-------------+-------------+--------------------------------------", "FIELD_COUNT", "STATUS_NOT_INT")] +
               people(lambda s, r, u: f"         {s} |           {r} | {u}") + [bad("(5 rows)", "FIELD_COUNT", "STATUS_NOT_INT"), blank()])
    yield case("psql: unaligned", [header("status_code|retry_count|service_uuid")] + people(joined("|")) +
               [bad("(5 rows)", "FIELD_COUNT", "STATUS_NOT_INT")])
    yield case("mysql: batch mode", [header("status_code\tretry_count\tservice_uuid")] + people(joined("\t")))
    yield case("mysql: OUTFILE with a NULL", people(joined("\t")) + [bad("\\N\t0\tuser-1", "STATUS_NOT_INT")])
    yield case("SQL*Plus: colsep", [blank(), header("STATUS_CODE|RETRY_COUNT|SERVICE_UUID                            "),
               bad("-----------|-----------|----------------------------------------", "STATUS_NOT_INT")] +
               people(lambda s, r, u: f"{s:11}|{r:11}|{u:40}") + [blank(), bad("5 rows selected.", "FIELD_COUNT", "STATUS_NOT_INT"), blank()])
    yield case("SQL*Plus: markup csv", [blank(), header('"STATUS_CODE","RETRY_COUNT","SERVICE_UUID"')] +
               people(lambda s, r, u: f'{s},{r},"{u}"'))
    yield case("sqlite: list mode", people(joined("|")), ends=False)


def headers():
    spellings = {
        "camel case": "statusCode,retryCount,serviceUUID", "Pascal case": "StatusCode,RetryCount,ServiceUuid",
        "blanks": "Status Code,Retry Count,Service UUID", "hyphens": "status-code,retry-count,service-uuid",
        "capitals": "STATUS_CODE,RETRY_COUNT,SERVICE_UUID", "nothing between": "STATUSCODE,retrycount,Serviceuuid",
        "a mixture": "Status-Code,retry count,SERVICE_uuid", "outer blanks": " status_code , retry_count , service_uuid ",
        "quotes": '"Status Code","Retry Count","Service UUID"',
        "no-break spaces": "Status\u00a0Code,\u00a0retry_count\u00a0,service_uuid",
    }
    for name, text in spellings.items():
        yield case(f"header: {name}", [header(text)] + people())
    yield case("header: camel case in another order", [header("serviceUUID,statusCode,retryCount")] +
               people(lambda s, r, u: f"{u},{s},{r}"))
    yield case("header: a separator at its end", [header(HEADER + ",")] + people(noted("")))
    yield case("header: nine further columns twice the same", [header("a,b,c,status_code,a,b,retry_count,c,service_uuid,a")] +
               people(lambda s, r, u: f"1,2,3,{s},1,2,{r},3,{u},1"))
    yield case("header: names that mean nothing, rows in the usual order", [bad("code,tries,who", "STATUS_NOT_INT")] + people())
    yield case("header again in the middle", [header()] + people() + [bad(HEADER, "STATUS_NOT_INT")] + people())
    yield case("no header, five further columns", people(lambda *row: plain(*row) + ",,,,,"))


def rows():
    yield case("an empty field more", [header()] + people(noted("")))
    yield case("three empty fields more, no header", people(noted(",,")))
    yield case("the last columns missing", [header(HEADER + ",note,who,when")] + people(noted("x")))
    yield case("rows of different length", [header(HEADER + ",note,who")] + [record(line.text + "," * n, *line.record)
               for n, line in enumerate(people())])
    yield case("Excel: rows of commas", [header()] + people() + [blank(",,")] * 20, CRLF)
    yield case("Excel: rows of semicolons in between", [header("status_code;retry_count;service_uuid;note"), blank(";;;")] +
               people(joined(";")) + [blank(";;;"), blank(";;")], CRLF)
    yield case("LibreOffice: text cells quoted", [header('"status_code","retry_count","service_uuid"')] +
               people(lambda s, r, u: f'{s},{r},"{u}"'))
    yield case("Python: QUOTE_ALL", [header(quoted()(*HEADER.split(",")))] + people(quoted()), CRLF)
    yield case("R: write.csv with row names", [header('"","status_code","retry_count","service_uuid"')] +
               [record(f'"{n}",{line.record[0]},{line.record[1]},"{line.record[2]}"', *line.record) for n, line in enumerate(people(), 1)])
    yield case("pandas: index and floats", [header(",status_code,retry_count,service_uuid")] +
               [record(f"{n},{line.record[0]}.0,{line.record[1]}.0,{line.record[2]}", *line.record) for n, line in enumerate(people())])
    yield case("pandas: NaN", [header()] + people(lambda s, r, u: f"{s}.0,{r}.0,{u}") +
               [bad("NaN,0.0,user-1", "STATUS_NOT_INT"), bad("200.0,,user-1", "RETRY_NOT_INT"), bad("200.0,0.0,", "UUID_SYNTAX")])
    yield case("numpy: exponents", [header()] + [record("5.03e+02,2.0e+00,user-1", 503, 2, "user-1"),
               record("2E2,0E0,user-2", 200, 0, "user-2"), record("5.03E2,1.0E1,user-3", 503, 10, "user-3"), record("404.000,2.00,user-4", 404, 2, "user-4"),
               bad("503.5,0,user-5", "STATUS_NOT_INT"), bad("503,0.5,user-5", "RETRY_NOT_INT"), bad("5.035e2,0,user-5", "STATUS_NOT_INT")])
    yield case("numbers out of range as decimals", [header()] + people() +
               [bad("600.0,0,user-1", "STATUS_RANGE"), bad("1e300,0,user-1", "STATUS_RANGE", "STATUS_NOT_INT"),
                bad("500,1001.0,user-1", "RETRY_RANGE"), bad("500,-1.0,user-1", "RETRY_RANGE", "RETRY_NOT_INT")])
    yield case("no-break space around fields", [header()] + people(lambda s, r, u: f"\u00a0{s}\u00a0,\u00a0{r},{u}\u00a0"))
    yield case("zero-width space around fields", [header()] + people(lambda s, r, u: f"{s},\u200b{r}\u200b,\u200b{u}\u200b"))
    yield case("no-break space inside quotes", [header()] + people(lambda s, r, u: f'"{s}","{r}","\u00a0{u} "'))
    yield case("a no-break space within a field", [header()] + people() + [bad("200,0,user\u00a01", "UUID_SYNTAX")])
    yield case("blanks and tabs around fields", [header()] + people(lambda s, r, u: f"  {s} ,\t{r}\t, {u}  "))
    yield case("a further column of 3,900 bytes", [NOTED] + people(noted("n" * 3900)))
    yield case("a further column of 10,000 bytes", [NOTED] + people(noted("n" * 10_000)))
    yield case("an inch in a further column", [NOTED] + people(noted('a 12" disk')))
    yield case("NULs", [header()] + people() + [bad("200,0,user\0-1", "NUL"), bad("\0\0\0\0", "NUL")])
    yield case("a tail of NULs, as after a crash", [header()] + people() + [bad("\0" * 512, "NUL")], ends=False)
    yield case("user ids of every allowed character", people() + [record("200,0,A-z_0.9:x", 200, 0, "A-z_0.9:x"),
               record("200,0," + "u" * 128, 200, 0, "u" * 128), bad("200,0," + "u" * 129, "UUID_SYNTAX")])
    yield case("every reason of a table", [header()] + people() + many(15) + [
        bad("500,0", "FIELD_COUNT"), bad("500,0,user-1,extra", "FIELD_COUNT"), bad('500,0,"user-1', "FIELD_COUNT"), bad("5x0,0,user-1", "STATUS_NOT_INT"),
        bad(",0,user-1", "STATUS_NOT_INT"), bad("99,0,user-1", "STATUS_RANGE"), bad("600,0,user-1", "STATUS_RANGE"), bad("500,one,user-1", "RETRY_NOT_INT"),
        bad("500,1001,user-1", "RETRY_RANGE"), bad("500,0,", "UUID_SYNTAX"), bad("500,0,a b", "UUID_SYNTAX"), bad("500,0,<script>", "UUID_SYNTAX"),
        bad("x" * 5000, "LINE_TOO_LONG", "FIELD_COUNT")])
    yield case("signs and zeros in front", [record("+200,+0,user-1", 200, 0, "user-1"), record("0404,02,user-2", 404, 2, "user-2")])
    yield case("decimal commas", [header(HEADER.replace(",", ";"))] + people(lambda s, r, u: f"{s},0;{r},00;{u}"))
    yield case("all to the retry queue", [record(f"50{n},{n % 2},user-{n}", 500 + n, n % 2, f"user-{n}") for n in range(10)])
    yield case("the same user everywhere", [record(f"{s},{n % 4},{ACTIVE}", s, n % 4, ACTIVE) for n in range(30) for s in (200, 503)])
    yield case("one record", [record(f"200,0,{INACTIVE}", 200, 0, INACTIVE)], ends=False)
    yield case("sorted by user", [record(f"200,0,user-{n // 3}", 200, 0, f"user-{n // 3}") for n in range(600)])
    yield case("one user a thousand times", [header()] + [record(f"404,0,{RETRIED}", 404, 0, RETRIED)] * 1000)
    yield case("only unknown users", [record(f"404,0,{UNKNOWN}", 404, 0, UNKNOWN)] * 3)


GUIDS = {"braces": lambda u: "{" + u + "}", "braces and capitals": lambda u: "{" + u.upper() + "}", "urn:uuid:": lambda u: "urn:uuid:" + u,
         "no hyphens": lambda u: u.replace("-", ""), "capitals": str.upper}


def guids():
    """As they are, only what surrounds them is removed; else they are looked up in the table's spelling."""
    for name, spell in GUIDS.items():
        kept = str.upper if "capitals" in name else spell if name == "no hyphens" else str
        yield case(f"GUIDs: {name}, as they are", [header()] + [record(plain(s, r, spell(u)), s, r, kept(u)) for s, r, u in FIVE])
        yield case(f"GUIDs: {name}, for a table in lower case", [header()] + people(lambda s, r, u: plain(s, r, spell(u))), stack="lower")
    yield case("GUIDs: other ids are left alone", [record(f"200,0,{user}", 200, 0, user) for user in ("User-1", "ABCDEF", "user-1", "A" * 31)], stack="lower")
    yield case("GUIDs: a brace missing", people() + [bad("200,0,{" + UNKNOWN, "UUID_SYNTAX")], stack="lower")


def nothing_to_do():
    yield case("empty", [])
    yield case("a byte-order mark only", [blank()], "", bom=BOM8)
    yield case("a header only", [header()])
    yield case("a header only, UTF-16", [header()], CRLF, "utf-16-le", BOM_LE)
    yield case("blank lines only", [blank(), blank("  "), blank("\t"), blank(",,")], CRLF)
    yield case("a header and rows of commas", [header(), blank(",,"), blank(",,")])


def cases():
    for part in (encodings, line_ends, separators, headers, rows, guids, nothing_to_do):
        yield from part()
