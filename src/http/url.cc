#include <boost/url/parse.hpp>
#include <charconv>

#include "http/client.h"

namespace ads::http {

std::string Origin::authority() const {
  std::string name = host.find(':') == host.npos ? host : "[" + host + "]";
  bool is_default = (scheme == "https" && port == 443) || (scheme == "http" && port == 80);
  return is_default ? name : name + ":" + std::to_string(port);
}

Result<Url> parse_url(std::string_view text) {
  auto refused = [&](const std::string& why) {
    return fail(ErrorKind::invalid, "InvalidUrl", "'" + std::string(text) + "' is not an http(s) URL: " + why);
  };
  auto parsed = boost::urls::parse_uri({text.data(), text.size()});
  if (!parsed) return refused(parsed.error().message());
  Url url;
  url.origin.scheme = std::string(parsed->scheme());
  if (url.origin.scheme != "http" && url.origin.scheme != "https") return refused("the scheme must be http or https");
  url.origin.host = parsed->host_address();
  if (url.origin.host.empty()) return refused("no host");
  url.origin.port = url.origin.scheme == "https" ? 443 : 80;
  if (parsed->has_port()) {
    unsigned port = 0;
    auto digits = parsed->port();
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc{} || port == 0 || port > 65535) return refused("the port must be 1 to 65535");
    url.origin.port = static_cast<std::uint16_t>(port);
  }
  url.path = std::string(parsed->encoded_path());
  while (url.path.ends_with('/')) url.path.pop_back();
  return url;
}

}  // namespace ads::http
