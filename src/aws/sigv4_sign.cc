#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "aws/signing_key.h"
#include "aws/sigv4.h"
#include "base/encoding.h"

namespace ads::aws {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";

// Proxies and transports change these, or we set them after signing: botocore's list.
constexpr std::array<std::string_view, 12> kUnsigned = {"authorization",
                                                        "connection",
                                                        "expect",
                                                        "keep-alive",
                                                        "proxy-authenticate",
                                                        "proxy-authorization",
                                                        "te",
                                                        "trailer",
                                                        "upgrade",
                                                        "transfer-encoding",
                                                        "user-agent",
                                                        "x-amzn-trace-id"};

std::vector<std::string> names_to_sign(const http::Headers& headers) {
  std::vector<std::string> names;
  for (auto& [field, value] : headers) {
    std::string name(field);
    for (char& c : name)
      if (c >= 'A' && c <= 'Z') c = char(c + 32);
    if (std::find(kUnsigned.begin(), kUnsigned.end(), name) == kUnsigned.end()) names.push_back(std::move(name));
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::string joined(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, ";"));
}

std::string signature(const http::Request& request, const std::vector<std::string>& names, const Scope& scope,
                      std::string_view secret, std::string_view signed_at, std::string_view payload_hash) {
  auto date = signed_at.substr(0, 8);
  auto text = fmt::format("{}\n{}\n{}\n{}", kAlgorithm, signed_at, credential_scope(date, scope),
                          sha256_hex(canonical_request(request, names, scope.service, payload_hash)));
  return signing_key(secret, date, scope)->sign(text);
}

}  // namespace

bool is_payload_keyword(std::string_view content_sha256) {
  return content_sha256 == kUnsignedPayload || content_sha256.starts_with("STREAMING-");
}

void sign(http::Request& request, const Credentials& credentials, const Scope& scope, SystemTime now) {
  auto signed_at = iso8601_basic(now);
  request.headers.remove("Authorization");
  request.headers.set("X-Amz-Date", signed_at);
  if (credentials.session_token.empty()) {
    request.headers.remove("X-Amz-Security-Token");
  } else {
    request.headers.set("X-Amz-Security-Token", credentials.session_token);
  }
  std::string payload_hash(request.headers.get_or("X-Amz-Content-Sha256", ""));
  if (payload_hash.empty()) {
    payload_hash = sha256_hex(request.body);
    if (is_s3(scope.service)) request.headers.set("X-Amz-Content-Sha256", payload_hash);
  }
  auto names = names_to_sign(request.headers);
  auto made = signature(request, names, scope, credentials.secret_access_key, signed_at, payload_hash);
  request.headers.set(
      "Authorization",
      fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", kAlgorithm, credentials.access_key_id,
                  credential_scope(std::string_view(signed_at).substr(0, 8), scope), joined(names), made));
}

void presign(http::Request& request, const Credentials& credentials, const Scope& scope, SystemTime now,
             std::chrono::seconds expires) {
  auto signed_at = iso8601_basic(now);
  auto date = std::string_view(signed_at).substr(0, 8);
  auto names = names_to_sign(request.headers);
  auto parameter = [&](std::string_view name, std::string_view value) {
    request.target += request.target.find('?') == std::string::npos ? '?' : '&';
    request.target.append(name).append(1, '=').append(percent_encode(value));
  };
  parameter("X-Amz-Algorithm", kAlgorithm);
  parameter("X-Amz-Credential", credentials.access_key_id + "/" + credential_scope(date, scope));
  parameter("X-Amz-Date", signed_at);
  parameter("X-Amz-Expires", std::to_string(expires.count()));
  parameter("X-Amz-SignedHeaders", joined(names));
  if (!credentials.session_token.empty()) parameter("X-Amz-Security-Token", credentials.session_token);
  std::string payload_hash(is_s3(scope.service) ? std::string(kUnsignedPayload) : sha256_hex(request.body));
  if (auto declared = request.headers.get("X-Amz-Content-Sha256")) payload_hash = *declared;
  parameter("X-Amz-Signature",
            signature(request, names, scope, credentials.secret_access_key, signed_at, payload_hash));
}

}  // namespace ads::aws
