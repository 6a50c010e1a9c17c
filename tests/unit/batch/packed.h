// Packs text in every way that Decompressor reads, in memory.
#pragma once
#include <bzlib.h>
#include <gtest/gtest.h>
#include <lzma.h>
#include <zlib.h>
#include <zstd.h>

#include <string>
#include <string_view>
#include <vector>

namespace ads::batch {

inline std::string deflated(std::string_view text, int window_bits) {
  z_stream z{};
  deflateInit2(&z, 6, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&z, text.size()) + 32, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&z, Z_FINISH), Z_STREAM_END);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

inline std::string gzip(std::string_view text) {
  return deflated(text, 15 + 16);
}

inline std::string zstd(std::string_view text, int window_log = 0) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  if (window_log) {
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window_log);
    ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
  }
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  std::string out(ZSTD_compressBound(text.size()), '\0');
  ZSTD_inBuffer in{text.data(), text.size(), 0};
  ZSTD_outBuffer output{out.data(), out.size(), 0};
  // In two steps, so that the encoder does not know the size and keeps the window that it was given.
  ZSTD_compressStream2(context, &output, &in, ZSTD_e_continue);
  EXPECT_EQ(ZSTD_compressStream2(context, &output, &in, ZSTD_e_end), 0u);
  out.resize(output.pos);
  ZSTD_freeCCtx(context);
  return out;
}

inline std::string bzip2(std::string_view text) {
  unsigned size = static_cast<unsigned>(text.size() + text.size() / 100 + 700);
  std::string out(size, '\0');
  EXPECT_EQ(BZ2_bzBuffToBuffCompress(out.data(), &size, const_cast<char*>(text.data()),
                                     static_cast<unsigned>(text.size()), 1, 0, 0),
            BZ_OK);
  out.resize(size);
  return out;
}

inline std::string xz(std::string_view text, std::uint32_t dictionary = 1 << 20) {
  lzma_options_lzma options;
  lzma_lzma_preset(&options, 1);
  options.dict_size = dictionary;
  lzma_filter filters[]{{LZMA_FILTER_LZMA2, &options}, {LZMA_VLI_UNKNOWN, nullptr}};
  std::string out(lzma_stream_buffer_bound(text.size()), '\0');
  std::size_t size = 0;
  EXPECT_EQ(
      lzma_stream_buffer_encode(filters, LZMA_CHECK_CRC32, nullptr, reinterpret_cast<const std::uint8_t*>(text.data()),
                                text.size(), reinterpret_cast<std::uint8_t*>(out.data()), &size, out.size()),
      LZMA_OK);
  out.resize(size);
  return out;
}

struct ZipMember {
  std::string name, content;
  int method = 8;               // 0: stored
  bool has_descriptor = false;  // sizes behind the data, as programs write that cannot seek
  bool is_zip64 = false;
  int flags = 0;
};

inline std::string zip(const std::vector<ZipMember>& members) {
  std::string out, directory;
  auto number = [](std::string& text, std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) text += static_cast<char>(value >> (8 * i));
  };
  for (const ZipMember& m : members) {
    std::string data = m.method == 8 ? deflated(m.content, -15) : m.content;
    auto crc = crc32(0, reinterpret_cast<const Bytef*>(m.content.data()), static_cast<uInt>(m.content.size()));
    std::size_t begin = out.size();
    auto sizes = [&](std::string& text, int width) {
      number(text, crc, 4);
      number(text, data.size(), width);
      number(text, m.content.size(), width);
    };
    std::string extra;
    if (m.is_zip64) {
      number(extra, 1, 2);
      number(extra, 16, 2);
      number(extra, m.content.size(), 8);
      number(extra, data.size(), 8);
    }
    auto header = [&](std::string& text) {
      number(text, 45, 2);
      number(text, static_cast<unsigned>(m.flags | (m.has_descriptor ? 8 : 0)), 2);
      number(text, static_cast<unsigned>(m.method), 2);
      number(text, 0, 4);
      if (m.has_descriptor) {
        text.append(12, '\0');
      } else if (m.is_zip64) {
        number(text, crc, 4);
        text.append(8, '\xff');
      } else {
        sizes(text, 4);
      }
      number(text, m.name.size(), 2);
      number(text, extra.size(), 2);
    };
    out += "PK\x03\x04";
    header(out);
    out += m.name + extra + data;
    if (m.has_descriptor) {
      out += "PK\x07\x08";
      sizes(out, m.is_zip64 ? 8 : 4);
    }
    directory += "PK\x01\x02";
    number(directory, 45, 2);
    header(directory);
    directory.append(10, '\0');
    number(directory, begin, 4);
    directory += m.name + extra;
  }
  std::string end = "PK\x05\x06";
  end.append(4, '\0');
  number(end, members.size(), 2);
  number(end, members.size(), 2);
  number(end, directory.size(), 4);
  number(end, out.size(), 4);
  end.append(2, '\0');
  return out + directory + end;
}

inline std::string zip_of(std::string_view text) {
  return zip({{.name = "batch.csv", .content = std::string(text)}});
}

// `text` is ASCII.
inline std::string utf16(std::string_view text, bool is_big = false) {
  std::string out = is_big ? "\xfe\xff" : "\xff\xfe";
  for (char c : text) out += is_big ? std::string{'\0', c} : std::string{c, '\0'};
  return out;
}

struct Packing {
  const char* name;
  std::string (*pack)(std::string_view);
};
inline const std::vector<Packing>& packings() {
  static const std::vector<Packing> all{
      {"gzip", [](std::string_view text) { return gzip(text); }},
      {"zstd", [](std::string_view text) { return zstd(text); }},
      {"bzip2", [](std::string_view text) { return bzip2(text); }},
      {"xz", [](std::string_view text) { return xz(text); }},
      {"zip", [](std::string_view text) { return zip_of(text); }},
      {"zip with its sizes behind",
       [](std::string_view text) {
         return zip({{.name = "b", .content = std::string(text), .has_descriptor = true}});
       }},
      {"zip that stores",
       [](std::string_view text) { return zip({{.name = "b", .content = std::string(text), .method = 0}}); }},
      {"utf-16", [](std::string_view text) { return utf16(text); }},
      {"utf-16, big endian", [](std::string_view text) { return utf16(text, true); }},
      {"utf-16 in gzip", [](std::string_view text) { return gzip(utf16(text)); }},
      {"gzip in zip", [](std::string_view text) { return zip_of(gzip(text)); }},
  };
  return all;
}

}  // namespace ads::batch
