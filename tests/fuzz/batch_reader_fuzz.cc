// libFuzzer: any bytes, cut in any pieces, with compression recognised: no crash, nothing lost, no dependence on the
// cuts.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

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
      if (line.kind == Line::Kind::record && !is_service_uuid(line.service_uuid)) std::abort();
      if (line.kind != Line::Kind::bad) continue;
      std::string written = quarantine_line(bad_line(line));
      auto back = parse_quarantine_line(std::string_view(written).substr(0, written.size() - 1));
      if (!back || *back != bad_line(line)) std::abort();
    }
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::size_t step = 1 + data[0];
  std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);

  std::string content;
  Decompressor stream;
  auto expand = [&] {
    for (;;) {
      auto block = stream.next();
      if (!block) return false;
      if (block->empty()) return true;
      content += *block;
      if (content.size() > 1u << 20) return false;
    }
  };
  bool ok = true;
  for (std::size_t at = 0; ok && at < bytes.size(); at += step) {
    stream.feed(bytes.substr(at, step));
    ok = expand();
  }
  stream.finish();
  if (ok) expand();

  Reading whole, pieces;
  BatchReader at_once, by_pieces;
  at_once.feed(content);
  whole.drain(at_once);
  at_once.finish();
  whole.drain(at_once);
  for (std::size_t at = 0; at < content.size(); at += step) {
    by_pieces.feed(std::string_view(content).substr(at, step));
    pieces.drain(by_pieces);
  }
  by_pieces.finish();
  pieces.drain(by_pieces);
  if (whole.text != pieces.text || whole.covered != content.size()) std::abort();
  return 0;
}
