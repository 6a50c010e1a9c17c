#include "cloud/operations/gzip.h"

#include <zlib.h>

namespace ads::cloud::operations {

Result<std::string> gunzip(std::string_view bytes, std::size_t limit) {
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 16) != Z_OK) return fail(ErrorKind::unavailable, "NoMemory", "zlib has no memory.");
  std::string out(limit + 1, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const int status = inflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  if (status != Z_STREAM_END || out.size() > limit) {
    return fail(ErrorKind::invalid, "MalformedInput", "The gzipped body is broken or too large.");
  }
  return out;
}

}  // namespace ads::cloud::operations
