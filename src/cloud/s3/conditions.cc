#include "cloud/s3/conditions.h"

#include "base/clock.h"
#include "cloud/s3/errors.h"

namespace ads::cloud::s3 {
namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// HTTP dates have whole seconds; a header that is no date is ignored, as RFC 9110 says.
std::optional<bool> modified_after(std::optional<std::string_view> header, SystemTime modified) {
  if (!header) return std::nullopt;
  auto date = parse_http_date(*header);
  if (!date) return std::nullopt;
  return std::chrono::floor<std::chrono::seconds>(modified) > *date;
}

}  // namespace

bool etag_matches(std::string_view header, std::string_view etag) {
  if (trim(header) == "*") return true;
  while (!header.empty()) {
    auto end = header.find(',');
    auto one = trim(header.substr(0, end));
    header = end == header.npos ? std::string_view{} : header.substr(end + 1);
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one.size() >= 2 && one.front() == '"' && one.back() == '"') one = one.substr(1, one.size() - 2);
    if (one == etag) return true;
  }
  return false;
}

Outcome<Verdict> check_read(const http::Headers& headers, const ObjectSummary& object) {
  if (auto match = headers.get("If-Match")) {
    if (!etag_matches(*match, object.etag)) return refuse(errors::precondition_failed("If-Match"));
  } else if (modified_after(headers.get("If-Unmodified-Since"), object.modified).value_or(false)) {
    return refuse(errors::precondition_failed("If-Unmodified-Since"));
  }
  if (auto none = headers.get("If-None-Match"))
    return etag_matches(*none, object.etag) ? Verdict::not_modified : Verdict::proceed;
  if (!modified_after(headers.get("If-Modified-Since"), object.modified).value_or(true)) return Verdict::not_modified;
  return Verdict::proceed;
}

Outcome<void> check_copy_source(const http::Headers& headers, const ObjectSummary& source) {
  if (auto match = headers.get("x-amz-copy-source-if-match")) {
    if (!etag_matches(*match, source.etag)) return refuse(errors::precondition_failed("x-amz-copy-source-If-Match"));
  } else if (modified_after(headers.get("x-amz-copy-source-if-unmodified-since"), source.modified).value_or(false)) {
    return refuse(errors::precondition_failed("x-amz-copy-source-If-Unmodified-Since"));
  }
  if (auto none = headers.get("x-amz-copy-source-if-none-match")) {
    if (etag_matches(*none, source.etag)) return refuse(errors::precondition_failed("x-amz-copy-source-If-None-Match"));
  } else if (!modified_after(headers.get("x-amz-copy-source-if-modified-since"), source.modified).value_or(true)) {
    return refuse(errors::precondition_failed("x-amz-copy-source-If-Modified-Since"));
  }
  return {};
}

Outcome<void> check_write(const http::Headers& headers, std::string_view key, const ObjectSummary* current) {
  if (auto none = headers.get("If-None-Match")) {
    if (trim(*none) != "*") return refuse(errors::header_not_implemented("If-None-Match"));
    if (current) return refuse(errors::precondition_failed("If-None-Match"));
  }
  if (auto match = headers.get("If-Match")) {
    if (!current) return refuse(errors::no_such_key(key));
    if (!etag_matches(*match, current->etag)) return refuse(errors::precondition_failed("If-Match"));
  }
  return {};
}

Outcome<void> check_delete(const http::Headers& headers, std::string_view key, const ObjectSummary* current) {
  auto match = headers.get("If-Match");
  auto size = headers.get("x-amz-if-match-size");
  auto modified = headers.get("x-amz-if-match-last-modified-time");
  if (!match && !size && !modified) return {};
  if (!current) return refuse(errors::no_such_key(key));
  if (match && !etag_matches(*match, current->etag)) return refuse(errors::precondition_failed("If-Match"));
  if (size && *size != std::to_string(current->size)) return refuse(errors::precondition_failed("x-amz-if-match-size"));
  if (modified) {
    auto date = parse_http_date(*modified);
    if (!date || *date != std::chrono::floor<std::chrono::seconds>(current->modified))
      return refuse(errors::precondition_failed("x-amz-if-match-last-modified-time"));
  }
  return {};
}

}  // namespace ads::cloud::s3
