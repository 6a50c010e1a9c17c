// gzip: RFC 1952.
#include <zlib.h>

#include <algorithm>
#include <new>

#include "batch/content_stream.h"

namespace ads::batch {
namespace {

class GzipStream : public ContentStream {
 public:
  GzipStream() {
    // 15 + 16: the largest window, and a gzip header instead of zlib's.
    if (inflateInit2(&z_, 15 + 16) != Z_OK) throw std::bad_alloc();
  }
  ~GzipStream() override { inflateEnd(&z_); }
  GzipStream(const GzipStream&) = delete;
  GzipStream& operator=(const GzipStream&) = delete;

  Result<std::size_t> run(std::string_view& in, std::span<char> out) override {
    if (is_between_members_ && !in.empty()) {
      // gzip itself ignores zeros after the last member: tapes and some tools pad with them.
      while (!in.empty() && in.front() == '\0') in.remove_prefix(1);
      if (in.empty()) return 0;
      if (inflateReset2(&z_, 15 + 16) != Z_OK) return corrupt_content(Compression::gzip, "it cannot be continued");
      is_between_members_ = false;
    }
    if (is_between_members_) return 0;
    z_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    z_.avail_in = static_cast<uInt>(std::min<std::size_t>(in.size(), 1u << 30));
    z_.next_out = reinterpret_cast<Bytef*>(out.data());
    z_.avail_out = static_cast<uInt>(out.size());
    uInt offered = z_.avail_in;
    int code = inflate(&z_, Z_NO_FLUSH);
    in.remove_prefix(offered - z_.avail_in);
    if (code == Z_STREAM_END)
      is_between_members_ = true;
    else if (code != Z_OK && code != Z_BUF_ERROR)
      return corrupt_content(Compression::gzip, z_.msg ? z_.msg : "the stream makes no sense");
    return out.size() - z_.avail_out;
  }

  bool is_complete() const override { return is_between_members_; }

 private:
  z_stream z_{};
  bool is_between_members_ = false;
};

}  // namespace

std::unique_ptr<ContentStream> gzip_stream() {
  return std::make_unique<GzipStream>();
}

}  // namespace ads::batch
