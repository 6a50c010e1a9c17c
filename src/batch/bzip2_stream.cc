// bzip2, several streams one after the other too, as `bzip2` and `pbzip2` write them.
#include <bzlib.h>

#include <algorithm>
#include <new>

#include "batch/content_stream.h"

namespace ads::batch {
namespace {

class Bzip2Stream : public ContentStream {
 public:
  Bzip2Stream() { begin(); }
  ~Bzip2Stream() override { BZ2_bzDecompressEnd(&z_); }
  Bzip2Stream(const Bzip2Stream&) = delete;
  Bzip2Stream& operator=(const Bzip2Stream&) = delete;

  Result<std::size_t> run(std::string_view& in, std::span<char> out) override {
    if (is_between_streams_) {
      if (in.empty()) return 0;
      BZ2_bzDecompressEnd(&z_);
      begin();
    }
    z_.next_in = const_cast<char*>(in.data());
    z_.avail_in = static_cast<unsigned>(std::min<std::size_t>(in.size(), 1u << 30));
    z_.next_out = out.data();
    z_.avail_out = static_cast<unsigned>(out.size());
    unsigned offered = z_.avail_in;
    int code = BZ2_bzDecompress(&z_);
    in.remove_prefix(offered - z_.avail_in);
    if (code == BZ_STREAM_END) {
      is_between_streams_ = true;
    } else if (code == BZ_MEM_ERROR) {
      throw std::bad_alloc();
    } else if (code != BZ_OK) {
      return corrupt_content(Compression::bzip2,
                             code == BZ_DATA_ERROR_MAGIC ? "what follows is not bzip2" : "a checksum is wrong");
    }
    return out.size() - z_.avail_out;
  }

  bool is_complete() const override { return is_between_streams_; }

 private:
  void begin() {
    z_ = {};
    if (BZ2_bzDecompressInit(&z_, 0, 0) != BZ_OK) throw std::bad_alloc();
    is_between_streams_ = false;
  }

  bz_stream z_{};
  bool is_between_streams_ = false;
};

}  // namespace

std::unique_ptr<ContentStream> bzip2_stream() {
  return std::make_unique<Bzip2Stream>();
}

}  // namespace ads::batch
