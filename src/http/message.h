// HTTP requests and replies as plain values: no sockets, no AWS.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ads::http {

// Field names compare without case and keep the case and order they were added in.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<std::pair<std::string, std::string>> fields) : fields_(fields) {}

  std::optional<std::string_view> get(std::string_view name) const;  // the first of that name
  std::string_view get_or(std::string_view name, std::string_view fallback) const;
  bool has(std::string_view name) const { return get(name).has_value(); }
  void set(std::string_view name, std::string value);  // replaces every field of that name
  void add(std::string_view name, std::string value);
  void remove(std::string_view name);

  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }
  std::size_t size() const { return fields_.size(); }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

// `target` is the request line's, percent-encoded as sent: "/bucket/a%20key?list-type=2".
struct Request {
  std::string method = "GET";
  std::string target = "/";
  Headers headers;
  std::string body;
};

struct Response {
  int status = 200;
  Headers headers;
  std::string body;
};

// An open file that several replies may read at once; closed with its last owner.
class OpenFile {
 public:
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  ~OpenFile();
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

// Bytes [offset, offset + length) of a file.
struct FileSlice {
  std::shared_ptr<const OpenFile> file;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
};

// What a server answers: a body in memory, or slices of files sent one after the other and never loaded whole.
struct Reply {
  int status = 200;
  Headers headers;
  std::variant<std::string, std::vector<FileSlice>> body;
};

// The standard reason phrase ("Not Found"); empty for an unknown status.
std::string_view reason_phrase(int status);

// Path and query of a request target, both still percent-encoded: "/a/b?x=1" -> {"/a/b", "x=1"}.
std::pair<std::string_view, std::string_view> split_target(std::string_view target);

// "a=1&b&c=%20" -> {{"a","1"},{"b",""},{"c"," "}}: names and values decoded; `+` stays a plus, as S3 reads it.
std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query);
// The value of one parameter, decoded; nothing where it is absent.
std::optional<std::string> query_parameter(std::string_view query, std::string_view name);

}  // namespace ads::http
