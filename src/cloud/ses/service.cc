#include "cloud/ses/service.h"

#include "base/encoding.h"
#include "cloud/ses/access.h"
#include "cloud/ses/actions.h"
#include "cloud/ses/address.h"
#include "cloud/ses/errors.h"
#include "cloud/ses/keys.h"

namespace ads::cloud::ses {
namespace {

constexpr std::size_t kBodyLimit = 64u << 20;  // 40 MB of mail are 53 MB of base64
constexpr std::string_view kRoot = "/v2/email/";

struct Route {
  std::string_view method, path, operation;
  Resource resource;
  Action action;
};
constexpr Route kRoutes[] = {
    {"POST", "identities", "CreateEmailIdentity", {On::identity, "EmailIdentity"}, create_email_identity},
    {"GET", "identities", "ListEmailIdentities", On::everything, list_email_identities},
    {"GET", "identities/*", "GetEmailIdentity", {On::identity, "EmailIdentity"}, get_email_identity},
    {"DELETE", "identities/*", "DeleteEmailIdentity", {On::identity, "EmailIdentity"}, delete_email_identity},
    {"POST", "outbound-emails", "SendEmail", On::sender, send_email},
    {"GET", "account", "GetAccount", On::everything, get_account},
    {"POST", "account/details", "PutAccountDetails", On::everything, put_account_details},
    {"PUT", "account/sending", "PutAccountSendingAttributes", On::everything, put_account_sending_attributes},
};

http::Reply json_reply(const Call& call, const json::object& body) {
  http::Reply reply;
  reply.headers.set("Content-Type", "application/json");
  reply.headers.set("x-amzn-RequestId", call.request_id);
  reply.body = json::serialize(body);
  return reply;
}

}  // namespace

Task<http::Reply> Ses::answer(Call& call) {
  auto [path, query] = http::split_target(call.request.head.target);
  if (path.starts_with("/_aws/ses")) co_return co_await answer_mailbox(call);
  const std::string_view method = call.request.head.method;
  const std::string_view rest = path.starts_with(kRoot) ? path.substr(kRoot.size()) : std::string_view();
  const Route* found = nullptr;
  Input input{.query = query};
  for (const Route& route : kRoutes) {
    if (route.method != method) continue;
    const bool has_name = route.path.ends_with("/*");
    const std::string_view stem = route.path.substr(0, route.path.size() - (has_name ? 1 : 0));
    if (!has_name ? rest == stem
                  : rest.starts_with(stem) && rest.find('/', stem.size()) == rest.npos && rest.size() > stem.size()) {
      found = &route;
      if (has_name) input.identity = percent_decode(rest.substr(stem.size()));
    }
  }
  if (!found) co_return render_rest_json_error(call, not_implemented(fmt::format("SESv2 {} {}", method, path)));
  auto body = co_await call.request.body.read_all(kBodyLimit);
  if (!body) {
    const bool is_too_large = body.error().code == "RequestBodyTooLarge";
    co_return render_rest_json_error(
        call, {is_too_large ? 413 : 400, is_too_large ? "RequestEntityTooLarge" : "BadRequestException",
               body.error().message});
  }
  if (!body->empty()) {
    auto object = parse_json_object(*body);
    if (!object) co_return render_rest_json_error(call, {400, "SerializationException", object.error().message});
    input.body = std::move(*object);
  }
  if (auto allowed = authorize(*this, call, found->operation, found->resource, input); !allowed)
    co_return render_rest_json_error(call, allowed.error());
  auto result = co_await found->action(*this, call, std::move(input));
  if (!result) co_return render_rest_json_error(call, result.error());
  co_return json_reply(call, *result);
}

std::optional<Identity> Ses::find_identity(std::string_view region, std::string_view name) {
  const auto stored = environment_.store.get(identity_key(region, name));
  if (!stored) return {};
  return decode_identity(*stored);
}

bool Ses::is_verified(std::string_view region, std::string_view address) {
  if (find_identity(region, address)) return true;
  // example.com covers its subdomains too.
  std::string domain = domain_of(address);
  for (;;) {
    if (find_identity(region, domain)) return true;
    const auto dot = domain.find('.');
    if (dot == std::string::npos) return false;
    domain.erase(0, dot + 1);
  }
}

Account Ses::account(std::string_view region) {
  return decode_account(environment_.store.get(account_key(region)));
}

double Ses::sent_last_24_hours(std::string_view region) {
  const auto hour = static_cast<std::uint64_t>(environment_.clock.now().time_since_epoch().count() / 3'600'000);
  double sent = 0;
  for (auto cursor = environment_.store.scan(sent_key(region, hour - 23), sent_key(region, hour + 1)); cursor.valid();
       cursor.next()) {
    sent += std::stod(std::string(cursor.value()));
  }
  return sent;
}

Task<Outcome<void>> Ses::commit(Batch batch) {
  if (auto done = co_await environment_.store.commit(std::move(batch)); !done)
    co_return refuse(internal_failure(done.error()));
  co_return Outcome<void>();
}

Task<Outcome<void>> Ses::deliver(Mail mail, std::string mime) {
  const auto sent = static_cast<std::uint64_t>(mail.time.time_since_epoch().count());
  // Two mails of one millisecond keep their order: the later one is put a millisecond on.
  std::uint64_t place = sent;
  if (const auto last = environment_.store.scan_prefix(key_of({"mail"}), ScanOrder::descending); last.valid()) {
    std::string_view rest = last.key().substr(key_of({"mail"}).size());
    place = std::max(place, take_number(rest).value_or(0) + 1);
  }
  const std::string counter = sent_key(mail.region, sent / 3'600'000);
  const auto before = environment_.store.get(counter);
  const auto recipients = mail.to.size() + mail.cc.size() + mail.bcc.size();
  Batch batch;
  batch.put(counter, std::to_string((before ? std::stoull(*before) : 0) + recipients));
  json::object shown = to_json(mail);
  if (mail.is_raw) shown["IsRaw"] = true;
  batch.put(mail_key(place, mail.id), json::serialize(shown));
  batch.put(mail_time_key(mail.id), std::to_string(place));
  batch.put(mime_key(mail.id), mime);
  co_return co_await commit(std::move(batch));
}

}  // namespace ads::cloud::ses
