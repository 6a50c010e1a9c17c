"""Compressed files, sound ones and others. What is damaged has no effect at all, wherever the damage is."""
import bz2
import functools
import gzip
import io
import lzma
import random
import subprocess
import tarfile
import tempfile
import zipfile

from corpus.case import HEADER, bad, blank, case, header, many, padded, people, plain, record, refused, written

TABLE = (header(), *people())
TEXT = written(TABLE)
DAMAGED = r"damaged|truncated|incomplete|cut off|ends (early|too early|before|in the middle)|corrupt|broken"


@functools.cache
def noise(count=6000):
    """Records that compress badly, so that their beginning is read long before the damage at their end."""
    chance = random.Random(5)
    return b"".join(b"404,0,%032x\n" % chance.getrandbits(128) for _ in range(count))


def run(*command, content=b""):
    return subprocess.run(command, input=content, capture_output=True, check=True).stdout


def zstd(content, *options):
    """Knows the size, as of a file."""
    return run("zstd", "-qc", f"--stream-size={len(content)}", *options, content=content)


def from_stream(*options):
    """zstd that does not know the size, as at the end of a pipe: the window is what the options say."""
    return lambda content: run("sh", "-c", "cat | zstd -qc " + " ".join(options), content=content)


def skippable(content=b"made by pzstd"):
    return b"\x50\x2a\x4d\x18" + len(content).to_bytes(4, "little") + content


def with_dictionary(content):
    with tempfile.TemporaryDirectory() as directory:
        samples = []
        for n in range(400):
            samples.append(f"{directory}/{n}")
            with open(samples[-1], "wb") as file:
                file.write(noise()[n * 120:n * 120 + 1200])
        run("zstd", "-q", "--train", *samples, "-o", f"{directory}/dictionary", "--maxdict=4096")
        return zstd(content, "-D", f"{directory}/dictionary")


def zipped(members, method=zipfile.ZIP_DEFLATED, streamed=False):
    buffer = io.BytesIO()
    target = Unseekable(buffer) if streamed else buffer
    with zipfile.ZipFile(target, "w", method) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return buffer.getvalue()


class Unseekable(io.RawIOBase):
    """What zipfile writes here has sizes and checksum behind the data, as `zip -` and Java write it."""

    def __init__(self, buffer):
        self.buffer = buffer

    def writable(self):
        return True

    def write(self, piece):
        return self.buffer.write(piece)


def encrypted_zip():
    content = bytearray(zipped({"DES.csv": TEXT}))
    content[6] |= 1  # the flag in the local header, and the one in the directory
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def flipped(content, at):
    changed = bytearray(content)
    changed[at] ^= 0x55
    return bytes(changed)


def tar(**members):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as file:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            file.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def sound():
    gz, zst = {"extension": ".csv.gz", "compression": "gzip"}, {"extension": ".csv.zst", "compression": "zstd"}
    yield case("gzip", TABLE, compress=gzip.compress, **gz)
    yield case("gzip named .csv", TABLE, compress=gzip.compress, compression="gzip")
    yield case("gzip with a name and a comment", TABLE, compress=lambda c: b"\x1f\x8b\x08\x18" + b"\0" * 6 + b"jobs.csv\0by cron\0" + gzip.compress(c)[10:], **gz)
    yield case("gzip of three members, cut within a line", TABLE, **gz,
               compress=lambda c: gzip.compress(c[:50]) + gzip.compress(c[50:90]) + gzip.compress(c[90:]))
    yield case("gzip with zeros at the end, as on tape", TABLE, compress=lambda c: gzip.compress(c) + b"\0" * 1024, **gz)
    yield case("gzip with bad lines", [*TABLE, bad("x,0,user-1", "STATUS_NOT_INT")], compress=gzip.compress, **gz)
    yield case("gzip of UTF-16", TABLE, "\r\n", "utf-16-le", b"\xff\xfe", compress=gzip.compress, **gz)
    yield case("gzip of JSON Lines", people(lambda s, r, u: f'{{"statusCode":{s},"retryCount":{r},"serviceUUID":"{u}"}}'),
               compress=gzip.compress, extension=".jsonl.gz", compression="gzip")
    yield case("gzip of CR only", TABLE, "\r", compress=gzip.compress, **gz)
    yield case("zstd without a checksum", TABLE, compress=lambda c: zstd(c, "--no-check"), **zst)
    yield case("zstd with a checksum", TABLE, compress=lambda c: zstd(c, "--check"), **zst)
    yield case("zstd from a pipe", TABLE, compress=from_stream(), **zst)
    yield case("zstd of two frames, cut within a line", TABLE, compress=lambda c: zstd(c[:77]) + zstd(c[77:]), **zst)
    yield case("zstd with skippable frames", TABLE, **zst,
               compress=lambda c: skippable() + zstd(c[:77]) + skippable(b"") + zstd(c[77:]) + skippable(b"x" * 100))
    yield case("zstd --ultra -22 of a small file", TABLE, compress=lambda c: zstd(c, "--ultra", "-22"), **zst)
    yield case("zstd --ultra -22 from a pipe", TABLE, compress=from_stream("--ultra", "-22"), **zst)
    yield case("zstd --long of a small file", TABLE, compress=lambda c: zstd(c, "--long=27"), **zst)
    yield case("gzip in gzip, as some proxies make it", TABLE, compress=lambda c: gzip.compress(gzip.compress(c)), **gz)
    yield case("zstd in gzip", TABLE, compress=lambda c: gzip.compress(zstd(c)), **gz)
    for size in (65_535, 65_536, 65_537, 131_072):
        yield case(f"zstd of {size:,} bytes", exactly(size), compress=zstd, **zst)
        yield case(f"gzip of {size:,} bytes", exactly(size), compress=gzip.compress, **gz)
    yield case("bzip2", TABLE, compress=bz2.compress, compression="bzip2")
    yield case("bzip2 of two streams", TABLE, compress=lambda c: bz2.compress(c[:60]) + bz2.compress(c[60:]), compression="bzip2")
    yield case("xz", TABLE, compress=lzma.compress, compression="xz")
    yield case("xz of two streams and padding", TABLE, compress=lambda c: lzma.compress(c[:60]) + b"\0" * 8 + lzma.compress(c[60:]), compression="xz")
    yield case("xz with CRC-32 only", TABLE, compress=lambda c: lzma.compress(c, check=lzma.CHECK_CRC32), compression="xz")
    yield case("zip", TABLE, compress=lambda c: zipped({"DES.csv": c}), compression="zip")
    yield case("named .zip", TABLE, compress=lambda c: zipped({"DES.csv": c}), compression="zip", extension=".zip")
    yield case("named .CSV.ZIP", TABLE, compress=lambda c: zipped({"DES.csv": c}), compression="zip", extension=".CSV.ZIP")
    yield case("named .csv.bz2", TABLE, compress=bz2.compress, compression="bzip2", extension=".csv.bz2")
    yield case("named .xz", TABLE, compress=lzma.compress, compression="xz", extension=".xz")
    for extension in (".txt", ".tsv", ".CSV", ".ndjson"):
        yield case(f"named {extension}", TABLE, extension=extension)
    yield case("zip, stored", TABLE, compress=lambda c: zipped({"DES.csv": c}, zipfile.ZIP_STORED), compression="zip")
    yield case("zip from a Mac", TABLE, compress=lambda c: zipped({"DES.csv": c, "__MACOSX/._DES.csv": b"\0\5\x16\7"}), compression="zip")
    yield case("zip with the folder itself", TABLE, compress=lambda c: zipped({"out/": b"", "out/DES.csv": c}), compression="zip")
    yield case("gzip in zip", TABLE, compress=lambda c: zipped({"DES.csv.gz": gzip.compress(c)}, zipfile.ZIP_STORED), compression="zip")
    yield case("zip in a folder, streamed", TABLE, compress=lambda c: zipped({"out/DES.csv": c}, streamed=True), compression="zip")
    yield case("zip of UTF-16, as Explorer makes it of Excel's", TABLE, "\r\n", "utf-16-le", b"\xff\xfe",
               compress=lambda c: zipped({"Mappe1.txt": c}), compression="zip")


def exactly(size):
    """Records at its beginning and at its end, rows of commas between them: `size` bytes with header and line ends."""
    lines = [header(HEADER + ",note")] + many(10)
    left = size - sum(len(line.text) + 1 for line in lines)
    while left > 20_000:
        lines.append(blank("," * 3999))
        left -= 4000
    while left:
        length = left if left <= 4000 else min(4000, left - 100)
        lines.append(record(padded(length - 1)(404, 0, f"user-{len(lines)}"), 404, 0, f"user-{len(lines)}"))
        left -= length
    return lines


def broken():
    gz, zst = {"extension": ".csv.gz"}, {"extension": ".csv.zst"}
    whole = {"gzip": gzip.compress(noise()), "zstd": zstd(noise()), "bzip2": bz2.compress(noise()), "xz": lzma.compress(noise()),
             "zip": zipped({"DES.csv": noise()})}
    for name, content in whole.items():
        yield refused(f"{name}, cut off near its end", content[:-len(content) // 10], name, DAMAGED)
        yield refused(f"{name}, cut off by three bytes", content[:-3], name, DAMAGED)
        yield refused(f"{name}, a bit changed near its end", flipped(content, len(content) * 9 // 10), name, DAMAGED)
        yield refused(f"{name}, only its first ten bytes", content[:10], name, DAMAGED)
    yield refused("gzip, checksum wrong", flipped(whole["gzip"], -8), "gzip", DAMAGED, **gz)
    yield refused("gzip, length wrong", flipped(whole["gzip"], -1), "gzip", DAMAGED, **gz)
    yield refused("gzip, something else behind it", gzip.compress(noise()) + b"404,0,user-1\n" * 3, "gzip", r"\w+", **gz)
    yield refused("gzip, the second member cut off", gzip.compress(noise()) + gzip.compress(TEXT)[:-9], "gzip", DAMAGED, **gz)
    yield refused("gzip in gzip in gzip", gzip.compress(gzip.compress(gzip.compress(TEXT))), "gzip", **gz)
    yield refused("gzip of a workbook", gzip.compress(zipped({"[Content_Types].xml": TEXT, "xl/workbook.xml": TEXT})), "Excel", **gz)
    yield refused("gzip of a tar", gzip.compress(tar(a=TEXT)), "tar", extension=".gz")
    yield refused("gzip of a PDF", gzip.compress(b"%PDF-1.7\n" + noise()), "PDF", **gz)
    yield refused("zstd, checksum wrong", flipped(zstd(noise(), "--check"), -1), "zstd", DAMAGED, **zst)
    yield refused("zstd, something else behind it", zstd(TEXT) + b"404,0,user-1\n", "zstd", **zst)
    yield refused("zstd --long=28 from a pipe", from_stream("--long=28")(TEXT * 4), "zstd", "window|--long", **zst)
    yield refused("zstd with a dictionary", with_dictionary(TEXT * 4), "zstd", "dictionary", **zst)
    yield refused("zip of two members", zipped({"a.csv": TEXT, "b.csv": TEXT}), "zip", "2|two|several|more than one|one member|one file")
    yield refused("zip without a member", zipped({}), "zip", "empty|no file|no member|one")
    yield refused("zip with a password", encrypted_zip(), "zip", "encrypted|password")
    yield refused("zip of bzip2", zipped({"DES.csv": TEXT}, zipfile.ZIP_BZIP2), "zip", "method|compress|deflate")
    yield refused("lz4", b"\x04\x22\x4d\x18\x64\x40\xa7" + b"\x20\0\0\x80" + TEXT[:32] + b"\0\0\0\0", "lz4")
    yield refused("compress (.Z)", b"\x1f\x9d\x90" + bytes(range(1, 200)), r"compress|\.Z")
    yield refused("7-Zip", b"7z\xbc\xaf\x27\x1c\0\4" + bytes(range(100, 200)), "7-?z")
    yield refused("RAR", b"Rar!\x1a\x07\x01\0" + bytes(range(100, 200)), "RAR")
    yield refused("tar", tar(a=TEXT, b=TEXT), "tar")


def cases():
    yield from sound()
    yield from broken()
