"""A file as a user's program writes it, and what that user expects of it. The expectation is stated beside each line as
it is written; nothing here parses what it wrote."""
import dataclasses
import pathlib

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "fixtures" / "inputs"

ACTIVE = "11111111-1111-4111-8111-111111111111"
INACTIVE = "22222222-2222-4222-8222-222222222222"
UNKNOWN = "33333333-3333-4333-8333-333333333333"
RETRIED = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"  # Active too

# Looked up, looked up, to the retry queue, retries used up, looked up.
FIVE = ((200, 0, ACTIVE), (404, 0, INACTIVE), (503, 1, RETRIED), (503, 2, ACTIVE), (400, 0, UNKNOWN))
HEADER = "status_code,retry_count,service_uuid"


def users():
    """The rows of the users file: the people above, and user-0 ... user-1999."""
    rows = [(ACTIVE, "Active", "Ada", "Lovelace", "12 Some Street", "51.5,-0.1"),
            (INACTIVE, "Inactive", "Alan", "Turing", "1 Other Street", "52.0,0.7"),
            (RETRIED, "Active", "Grace", "Hopper", "", "Berlin")]
    states = ("Active", "Active", "Inactive", None, "Active")
    rows += [(f"user-{n}", states[n % 5], f"First{n}", f"Last{n}", f"{n} Street", "0,0") for n in range(2000) if states[n % 5]]
    return rows


@dataclasses.dataclass(frozen=True)
class Line:
    """`text` is what is written; str in the file's encoding (lone surrogates stand for raw bytes)."""
    text: str
    kind: str  # record, blank, header, bad; "above": a line above the header, not part of the table
    record: tuple = None  # (status, retries, user)
    reasons: tuple = ()   # of a bad line: one of these


def record(text, status, retries, user):
    return Line(text, "record", (status, retries, user))


def header(text=HEADER):
    return Line(text, "header")


def above(text):
    return Line(text, "above")


def blank(text=""):
    return Line(text, "blank")


def bad(text, *reasons):
    return Line(text, "bad", None, reasons)


def plain(status, retries, user):
    return f"{status},{retries},{user}"


def people(form=plain):
    """The five people's records, each written by `form(status, retries, user)`."""
    return [record(form(*each), *each) for each in FIVE]


def many(count, form=plain, first=0):
    """Records about user-0, user-1, ...: none of them for the retry queue."""
    written = []
    for n in range(first, first + count):
        each = ((200, 404, 500)[n % 3], 2, f"user-{n % 2000}")
        written.append(record(form(*each), *each))
    return written


def junk(count, reason="STATUS_NOT_INT"):
    return [bad(f"abc,0,user-{n % 2000}", reason) for n in range(count)]


def padded(width):
    """A form whose lines have `width` bytes without their ending, in a fourth column."""
    def form(status, retries, user):
        start = plain(status, retries, user) + ","
        return start + "p" * (width - len(start))
    return form


def to_bytes(text, encoding):
    return text.encode(encoding, "surrogateescape" if encoding == "utf-8" else "surrogatepass")


def written(lines, eol="\n", encoding="utf-8", bom=b"", ends=True):
    text = "".join(line.text + eol for line in lines)
    if lines and not ends and eol:
        text = text[:-len(eol)]
    return bom + to_bytes(text, encoding)


@dataclasses.dataclass(frozen=True)
class Case:
    """`lines`: what the content says, in order; or `refused`: words (regular expressions) that the one sentence must
    have, and nothing is done; `late`: the run starts, and fails all the same. `offsets`: where each line begins in the
    decoded content, where that is known without decoding."""
    name: str
    content: bytes
    lines: tuple = None
    refused: tuple = None
    late: bool = False
    extension: str = ".csv"
    compression: str = "none"
    offsets: tuple = None
    stack: str = "corpus"  # "lower": UserKeyForm is uuid-lower; "unheard": too many notifications to compare each

    @property
    def is_clean(self):
        return self.lines is not None and not any(line.kind == "bad" for line in self.lines)


def case(name, lines, eol="\n", encoding="utf-8", bom=b"", ends=True, compress=None, **more):
    """A table or JSON Lines, written line by line."""
    content = written(lines, eol, encoding, bom, ends)
    offsets = None
    if encoding == "utf-8":
        offsets, at = [], 0
        for line in lines:
            offsets.append(at)
            at += len(to_bytes(line.text + eol, encoding)) + (len(bom) if not offsets[1:] else 0)
    elif not compress:
        more["compression"] = "utf-16"
    if compress:
        content = compress(content)
    return Case(name, content, tuple(lines), offsets=tuple(offsets) if offsets is not None else None, **more)


def refused(name, content, *words, **more):
    content = content.encode() if isinstance(content, str) else content
    return Case(name, content, refused=words or (r"\w+ \w+ \w+",), **more)


def fixture(name):
    return (FIXTURES / name).read_bytes()
