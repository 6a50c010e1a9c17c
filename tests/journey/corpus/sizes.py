"""Files around the sizes where something changes, and files of which a part is bad."""
import dataclasses

from corpus.case import HEADER, bad, blank, case, header, junk, many, padded, people, plain, record, refused, written
from corpus.compressed import exactly

KIB, MIB = 1024, 1024 * 1024
NOTED = header(HEADER + ",note")


def sizes():
    for name, size in (("64 KiB", 64 * KIB), ("4 MiB", 4 * MIB), ("8 MiB", 8 * MIB)):
        for more in (-1, 0, 1):
            yield case(f"{name}{more or '':+}" if more else name, exactly(size + more))
    yield case("CR LF across 64 KiB", exactly_crlf(64 * KIB), "\r\n")
    yield case("CR LF across 8 MiB", exactly_crlf(8 * MIB), "\r\n")
    for count in (999, 1000, 1001, 2000):
        yield case(f"{count:,} lines", many(count))
    yield case("1,000 records under a header", [header()] + many(1000))
    for width in (4095, 4096):
        yield case(f"lines of {width:,} bytes", [NOTED] + many(5, padded(width)))
        yield case(f"lines of {width:,} bytes and CR LF", [NOTED] + many(5, padded(width)), "\r\n")
    yield case("a header of 5,000 bytes", [header(HEADER + "," + "h" * 5000)] + people(lambda *row: plain(*row) + ",x"))
    yield case("what counts is behind 5,000 bytes", [header("note," + HEADER)] + people(lambda *row: "n," + plain(*row)) +
               [bad("n" * 5000 + ",200,0,user-1", "LINE_TOO_LONG")])


def exactly_crlf(size):
    """A CR is the last byte before `size`, its LF the first one after: of a record's line, with records around it."""
    lines = [NOTED] + many(10)
    left = size + 1 - sum(len(line.text) + 2 for line in lines)
    while left > 20_000:
        lines.append(blank("," * 3998))
        left -= 4000
    while left:
        length = left if left <= 4000 else min(4000, left - 100)
        lines.append(record(padded(length - 2)(404, 0, f"user-{len(lines) % 2000}"), 404, 0, f"user-{len(lines) % 2000}"))
        left -= length
    content = written(lines, "\r\n")
    assert content[size - 1:] == b"\r\n"
    return lines + many(10)


def interleaved(good, wrong):
    """Good and bad lines, evenly spread."""
    lines, count = [], good + wrong
    records, rubbish = iter(many(good)), iter(junk(wrong))
    for n in range(count):
        lines.append(next(rubbish if (n + 1) * wrong // count > n * wrong // count else records))
    return lines


def shares():
    yield case("49 % bad of 100", interleaved(51, 49))
    yield case("50 % bad of 100", interleaved(50, 50))
    yield refused("51 % bad of 100", written(interleaved(49, 51)), r"51|percent|%|status")
    yield case("50 % bad of 1,000", interleaved(500, 500))
    yield refused("51 % bad of 1,000", written(interleaved(490, 510)), r"51|percent|%|status")
    yield case("half of two", people()[:1] + junk(1))
    yield refused("two of three", written(people()[:1] + junk(2)), r"status|percent|%|lines")
    yield case("half bad, blank lines and a header not counted", [header()] + [blank()] * 10 + people() + junk(5) + [blank(",,")] * 10)
    yield refused("60 % bad, blank lines do not help", written([header()] + [blank()] * 50 + people()[:2] + junk(3) + [blank()] * 50), r"\w+")
    yield refused("1,000 bad, then 3,000 good", written(junk(1000) + many(3000)), r"first|status|lines")
    yield refused("999 bad, then 3,000 good", written(junk(999) + many(3000)), r"\w+")
    yield case("400 bad, then 1,000 good", junk(400) + many(1000))
    yield dataclasses.replace(refused("1,000 good, then 3,000 bad", written(many(1000) + junk(3000)), r"\w+"), late=True)
    yield case("1,000 good, then 900 bad", many(1000) + junk(900))
    yield refused("1,500 blank lines, then records", written([blank()] * 1500 + people()), "blank")
    yield case("900 blank lines, then records", [blank()] * 900 + people())
    yield refused("the last line only is good", written(junk(50) + people()[:1]), r"\w+")
    yield case("the first line only is bad", junk(1) + many(20))


def cases():
    yield from sizes()
    yield from shares()
