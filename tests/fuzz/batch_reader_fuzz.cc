// libFuzzer: any bytes, cut in any pieces, unpacked where they are packed, whatever their encoding: no crash, nothing
// lost, no dependence on the cuts nor on the way a line is read, and every shard reads the lines that the whole file
// has.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "batch/byte_scan.h"
#include "batch/decompress.h"
#include "batch/quarantine.h"
#include "batch/reader.h"

namespace {

using namespace ads::batch;

// One letter per line and its place, so that two ways of reading can be compared.
struct Reading {
  std::string text;
  std::uint64_t covered = 0;

  void drain(BatchReader& reader) {
    Line line;
    while (reader.next(line) == BatchReader::Step::line) {
      if (line.offset != covered || line.text.size() > kMaxLine) std::abort();
      covered += line.length;
      text += std::to_string(static_cast<int>(line.kind)) + ":" + std::to_string(line.length) + ",";
      if (line.kind == Line::Kind::record) {
        text += std::to_string(line.status_code) + "," + std::to_string(line.retry_count) + "," +
                std::string(line.service_uuid) + ";";
        if (!is_service_uuid(line.service_uuid)) std::abort();
      }
      if (line.kind != Line::Kind::bad) continue;
      std::string written = quarantine_line(bad_line(line));
      auto back = parse_quarantine_line(std::string_view(written).substr(0, written.size() - 1));
      if (!back || *back != bad_line(line)) std::abort();
    }
  }
};

// Ok, or the code of the error.
std::string unpack(std::string_view bytes, std::size_t step, std::string& content) {
  Decompressor stream(1'000'000);
  auto drain = [&]() -> std::string {
    for (;;) {
      auto block = stream.next();
      if (!block) return block.error().code;
      if (block->empty()) return {};
      content += *block;
      if (content.size() > 4u << 20) return "TooMuch";
    }
  };
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    stream.feed(bytes.substr(at, step));
    if (std::string error = drain(); !error.empty()) return error;
  }
  stream.finish();
  return drain();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  std::size_t step = 1u + data[0];
  auto form = static_cast<UserKeyForm>(data[1] % 3);
  std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);

  std::string content, again;
  std::string error = unpack(bytes, step, content);
  if (unpack(bytes, bytes.size() + 1, again).empty() != error.empty()) std::abort();
  if (error.empty() && content != again) std::abort();

  Reading whole;
  BatchReader at_once({}, form);
  at_once.feed(content);
  whole.drain(at_once);
  at_once.finish();
  whole.drain(at_once);
  // In pieces shorter than kReadAhead, no line is read the fast way.
  for (std::size_t most : {step, kReadAhead - 1}) {
    Reading pieces;
    BatchReader by_pieces({}, form);
    for (std::size_t at = 0; at < content.size(); at += most) {
      by_pieces.feed(std::string_view(content).substr(at, most));
      pieces.drain(by_pieces);
    }
    by_pieces.finish();
    pieces.drain(by_pieces);
    if (whole.text != pieces.text || whole.covered != content.size()) std::abort();
  }

  Layout layout = read_layout(content);
  auto stored = parse_layout(to_string(layout));
  if (!stored || *stored != layout || at_once.layout() != layout) std::abort();
  Reading shards;
  std::uint64_t middle = content.size() * data[1] / 256;
  for (Shard shard : {Shard{0, 0, middle}, Shard{1, middle, content.size()}}) {
    if (shard.start == shard.end) continue;
    BatchReader reader(ReadRange::of(shard, *stored), form);
    reader.feed(std::string_view(content).substr(read_from(shard)));
    reader.finish();
    shards.drain(reader);
  }
  if (shards.text != whole.text) std::abort();
  return 0;
}
