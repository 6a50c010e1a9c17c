// zip (PKWARE's APPNOTE), read from its front: local headers and data; the directory at the end is only looked for.
//
//   "PK\3\4" version(2) flags(2) method(2) time(4) crc(4) packed(4) size(4) name length(2) extra length(2) name extra
//   data, then, where flag 8 is set, ["PK\7\8"] crc(4) packed(4 or 8) size(4 or 8)
//   ... "PK\1\2" directory ... "PK\5\6" end(18)
#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <new>
#include <string>

#include "batch/content_stream.h"
#include "batch/file_kind.h"

namespace ads::batch {
namespace {

constexpr std::size_t kHeader = 30, kEnd = 18;
constexpr std::string_view kMember = "PK\x03\x04", kDirectory = "PK\x01\x02", kDirectoryEnd = "PK\x05\x06",
                           kDescriptor = "PK\x07\x08";
constexpr std::uint32_t kIsInExtra = 0xffffffff;

std::uint64_t little_endian(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = size; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

// Folders, and what macOS puts beside a file.
bool is_byproduct(std::string_view name) {
  return name.ends_with('/') || name.starts_with("__MACOSX/") || name == ".DS_Store" || name.ends_with("/.DS_Store");
}

class ZipStream : public ContentStream {
 public:
  ZipStream() {
    if (inflateInit2(&z_, -15) != Z_OK) throw std::bad_alloc();
  }
  ~ZipStream() override { inflateEnd(&z_); }
  ZipStream(const ZipStream&) = delete;
  ZipStream& operator=(const ZipStream&) = delete;

  Result<std::size_t> run(std::string_view& in, std::span<char> out) override {
    for (;;) {
      Result<Step> step = Step::need_more;
      std::size_t written = 0;
      switch (state_) {
        case State::header:
          step = read_header(in);
          break;
        case State::data: {
          std::span<char> target = is_byproduct_ ? std::span<char>(scratch_) : out;
          auto count = read_data(in, target);
          if (!count) return fail(count.error());
          if (*count > 0 && !is_byproduct_) written = *count;
          step = *count > 0 || state_ != State::data ? Step::go_on : Step::need_more;
          break;
        }
        case State::descriptor:
          step = read_descriptor(in);
          break;
        case State::directory:
          find_end(in);
          break;
      }
      if (!step) return fail(step.error());
      if (written > 0 || *step == Step::need_more) return written;
    }
  }

  bool is_complete() const override { return state_ == State::directory && after_end_ >= kEnd; }

 private:
  enum class State { header, data, descriptor, directory };
  enum class Step { go_on, need_more };

  // True when `held_` has that many bytes.
  bool take(std::string_view& in, std::size_t size) {
    std::size_t count = std::min(in.size(), size - std::min(size, held_.size()));
    held_ += in.substr(0, count);
    in.remove_prefix(count);
    return held_.size() >= size;
  }

  Result<Step> read_header(std::string_view& in) {
    if (!take(in, 4)) return Step::need_more;
    if (held_ == kDirectory || held_ == kDirectoryEnd) {
      if (!has_member_) return unreadable("This zip archive contains no file: pack the batch file again.");
      state_ = State::directory;
      tail_ = held_;
      if (held_ == kDirectoryEnd) is_end_found_ = true;
      return Step::go_on;
    }
    if (held_ != kMember) return corrupt_content(Compression::zip, "what follows a member is not known");
    if (!take(in, kHeader)) return Step::need_more;
    std::size_t name_size = little_endian(held_, 26, 2), extra_size = little_endian(held_, 28, 2);
    if (!take(in, kHeader + name_size + extra_size)) return Step::need_more;
    auto begun = begin_member(std::string_view(held_).substr(kHeader, name_size),
                              std::string_view(held_).substr(kHeader + name_size));
    if (!begun) return fail(begun.error());
    held_.clear();
    return Step::go_on;
  }

  Result<void> begin_member(std::string_view name, std::string_view extra) {
    std::uint64_t flags = little_endian(held_, 6, 2);
    method_ = little_endian(held_, 8, 2);
    crc_ = static_cast<std::uint32_t>(little_endian(held_, 14, 4));
    packed_ = little_endian(held_, 18, 4);
    size_ = little_endian(held_, 22, 4);
    is_zip64_ = false;
    read_extra(extra);
    has_descriptor_ = (flags & 8) != 0;
    is_byproduct_ = is_byproduct(name);
    if ((flags & 1) != 0 || method_ == 99)
      return unreadable("This zip archive is encrypted: pack the batch file again without a password.");
    if (!is_byproduct_ && has_member_)
      return unreadable(
          "This zip archive contains more than one file: submit each of them on its own, as it is or compressed.");
    if (!is_byproduct_) has_member_ = true;
    if (method_ != 0 && method_ != 8)
      return unreadable(fmt::format(
          "This zip archive uses compression method {}: pack it again with the usual one (deflate).", method_));
    if (method_ == 0 && has_descriptor_ && packed_ == 0 && !is_byproduct_)
      return unreadable("This zip archive does not say how long its file is: pack it again.");
    in_total_ = out_total_ = 0;
    actual_crc_ = 0;
    if (inflateReset2(&z_, -15) != Z_OK) return corrupt_content(Compression::zip, "it cannot be continued");
    state_ = State::data;
    return {};
  }

  // Sizes that need 64 bits: id 1.
  void read_extra(std::string_view extra) {
    while (extra.size() >= 4) {
      std::size_t size = little_endian(extra, 2, 2);
      if (size > extra.size() - 4) return;
      std::string_view field = extra.substr(4, size);
      if (little_endian(extra, 0, 2) == 1) {
        is_zip64_ = true;
        for (std::uint64_t* value : {&size_, &packed_}) {
          if (*value != kIsInExtra || field.size() < 8) continue;
          *value = little_endian(field, 0, 8);
          field.remove_prefix(8);
        }
      }
      extra.remove_prefix(4 + size);
    }
  }

  Result<std::size_t> read_data(std::string_view& in, std::span<char> out) {
    std::size_t used = 0, written = 0;
    bool is_over = false;
    if (method_ == 0) {
      used = written =
          static_cast<std::size_t>(std::min<std::uint64_t>(std::min(in.size(), out.size()), packed_ - in_total_));
      std::copy_n(in.data(), used, out.data());
      is_over = in_total_ + used == packed_;
    } else {
      z_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
      z_.avail_in = static_cast<uInt>(std::min<std::size_t>(in.size(), 1u << 30));
      z_.next_out = reinterpret_cast<Bytef*>(out.data());
      z_.avail_out = static_cast<uInt>(out.size());
      uInt offered = z_.avail_in;
      int code = inflate(&z_, Z_NO_FLUSH);
      if (code != Z_OK && code != Z_BUF_ERROR && code != Z_STREAM_END)
        return corrupt_content(Compression::zip, z_.msg ? z_.msg : "the stream makes no sense");
      used = offered - z_.avail_in;
      written = out.size() - z_.avail_out;
      is_over = code == Z_STREAM_END;
    }
    in.remove_prefix(used);
    in_total_ += used;
    out_total_ += written;
    actual_crc_ = static_cast<std::uint32_t>(
        crc32(actual_crc_, reinterpret_cast<const Bytef*>(out.data()), static_cast<uInt>(written)));
    if (!is_over) return written;
    state_ = has_descriptor_ ? State::descriptor : State::header;
    if (!has_descriptor_ && !is_as_said()) return corrupt_content(Compression::zip, "a checksum is wrong");
    return written;
  }

  bool is_as_said() const { return crc_ == actual_crc_ && packed_ == in_total_ && size_ == out_total_; }

  Result<Step> read_descriptor(std::string_view& in) {
    if (!take(in, 4)) return Step::need_more;
    std::size_t at = held_.starts_with(kDescriptor) ? 4 : 0;
    std::size_t width = is_zip64_ ? 8 : 4;
    if (!take(in, at + 4 + 2 * width)) return Step::need_more;
    crc_ = static_cast<std::uint32_t>(little_endian(held_, at, 4));
    packed_ = little_endian(held_, at + 4, width);
    size_ = little_endian(held_, at + 4 + width, width);
    if (!is_as_said()) {
      if (is_zip64_) return corrupt_content(Compression::zip, "a checksum is wrong");
      is_zip64_ = true;  // some write 64 bits without having said so
      return Step::go_on;
    }
    held_.clear();
    state_ = State::header;
    return Step::go_on;
  }

  void find_end(std::string_view& in) {
    while (!in.empty() && !is_end_found_) {
      tail_ += in.front();
      in.remove_prefix(1);
      if (tail_.size() > 4) tail_.erase(0, tail_.size() - 4);
      is_end_found_ = tail_ == kDirectoryEnd;
    }
    after_end_ = std::min<std::size_t>(after_end_ + in.size(), kEnd);
    in = {};
  }

  z_stream z_{};
  State state_ = State::header;
  std::string held_;  // of a header or descriptor that is not whole yet
  bool has_member_ = false;

  // Of the member that is read.
  std::uint64_t method_ = 0, packed_ = 0, size_ = 0, in_total_ = 0, out_total_ = 0;
  std::uint32_t crc_ = 0, actual_crc_ = 0;
  bool has_descriptor_ = false, is_zip64_ = false, is_byproduct_ = false;
  std::array<char, 16 * 1024> scratch_;

  std::string tail_;
  bool is_end_found_ = false;
  std::size_t after_end_ = 0;
};

}  // namespace

std::unique_ptr<ContentStream> zip_stream() {
  return std::make_unique<ZipStream>();
}

}  // namespace ads::batch
