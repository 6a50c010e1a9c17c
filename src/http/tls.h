// The TLS settings of the client: verified peers, system CA bundle. Private to src/http.
#pragma once
#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "base/result.h"

namespace ads::http {

// The CA bundle to trust: `named` where it is not empty, else AWS_CA_BUNDLE, SSL_CERT_FILE, else the first that exists
// of the usual places (Debian, Amazon Linux, Alpine). Errors: invalid / "NoCaBundle", listing the places looked at.
Result<std::string> find_ca_file(const std::string& named);

// Errors: as above, and invalid / "BadCaBundle".
Result<std::shared_ptr<boost::asio::ssl::context>> make_tls_context(const std::string& ca_file);

}  // namespace ads::http
