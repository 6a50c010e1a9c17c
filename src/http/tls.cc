#include "http/tls.h"

#include <unistd.h>

#include <cstdlib>

namespace ads::http {

Result<std::string> find_ca_file(const std::string& named) {
  if (!named.empty()) return named;
  for (const char* variable : {"AWS_CA_BUNDLE", "SSL_CERT_FILE"})
    if (const char* file = std::getenv(variable); file && *file) return std::string(file);
  std::string looked;
  for (const char* file : {"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt",
                           "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/cert.pem"}) {
    if (::access(file, R_OK) == 0) return std::string(file);
    looked += std::string(looked.empty() ? "" : ", ") + file;
  }
  return fail(ErrorKind::invalid, "NoCaBundle",
              "no CA bundle to verify TLS with: set AWS_CA_BUNDLE (looked at " + looked + ")");
}

Result<std::shared_ptr<boost::asio::ssl::context>> make_tls_context(const std::string& ca_file) {
  namespace ssl = boost::asio::ssl;
  auto file = find_ca_file(ca_file);
  if (!file) return fail(file.error());
  auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
  boost::system::error_code error;
  context->set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1, error);
  context->load_verify_file(*file, error);
  if (error)
    return fail(ErrorKind::invalid, "BadCaBundle", "cannot read the CA bundle " + *file + ": " + error.message());
  context->set_verify_mode(ssl::verify_peer, error);
  return context;
}

}  // namespace ads::http
