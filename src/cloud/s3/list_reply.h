// What the list replies share: ?encoding-type=url, and common prefixes.
#pragma once
#include "base/encoding.h"
#include "cloud/query_protocol.h"
#include "cloud/s3/errors.h"
#include "cloud/s3/request.h"

namespace ads::cloud::s3 {

// Keys may hold what XML cannot; ?encoding-type=url percent-encodes them all.
class KeyEncoding {
 public:
  // Errors: InvalidArgument.
  static Outcome<KeyEncoding> read(const Request& request) {
    KeyEncoding encoding;
    if (const auto* type = request.find_query("encoding-type")) {
      if (*type != "url")
        return refuse(errors::invalid_argument("Invalid Encoding Method specified in Request", "encoding-type", *type));
      encoding.is_url_ = true;
    }
    return encoding;
  }
  std::string operator()(std::string_view text) const {
    return is_url_ ? percent_encode_path(text) : std::string(text);
  }
  void write(XmlWriter& xml) const {
    if (is_url_) xml.element("EncodingType", "url");
  }
  void write_prefixes(XmlWriter& xml, const std::vector<std::string>& prefixes) const {
    for (const auto& prefix : prefixes) xml.open("CommonPrefixes").element("Prefix", (*this)(prefix)).close();
  }

 private:
  bool is_url_ = false;
};

}  // namespace ads::cloud::s3
