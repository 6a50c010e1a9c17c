#include "cloud/cloudformation/template_url.h"

#include "base/encoding.h"
#include "cloud/cloudformation/errors.h"
#include "http/message.h"

namespace ads::cloud::cloudformation {

Outcome<ObjectAddress> parse_template_url(std::string_view url) {
  const auto invalid = [&] {
    return refuse(validation(fmt::format("TemplateURL must be a supported URL of an object in S3, not {}", url)));
  };
  if (url.size() > 1024) return refuse(validation("TemplateURL is longer than 1024 characters."));
  std::string_view rest = url;
  if (rest.starts_with("https://")) {
    rest.remove_prefix(8);
  } else if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else {
    return invalid();
  }
  const auto slash = rest.find('/');
  if (slash == std::string_view::npos) return invalid();
  const auto host = rest.substr(0, slash);
  const auto [path, query] = http::split_target(rest.substr(slash));
  ObjectAddress out{.version_id = http::query_parameter(query, "versionId").value_or("")};
  std::string_view key = path.substr(1);
  // "bucket.s3.eu-central-1.amazonaws.com" or "bucket.s3.localhost:4566" has the bucket in the host.
  const auto mark = host.rfind(".s3");
  const bool has_bucket = mark != std::string_view::npos && mark > 0 &&
                          (host.substr(mark + 3).starts_with('.') || host.substr(mark + 3).starts_with('-'));
  if (has_bucket) {
    out.bucket = host.substr(0, mark);
  } else {
    const auto end = key.find('/');
    if (end == std::string_view::npos) return invalid();
    out.bucket = percent_decode(key.substr(0, end));
    key.remove_prefix(end + 1);
  }
  out.key = percent_decode(key);
  if (out.bucket.empty() || out.key.empty()) return invalid();
  return out;
}

}  // namespace ads::cloud::cloudformation
