#include "cloud/front_door.h"

#include "base/digest.h"
#include "base/encoding.h"
#include "base/ids.h"
#include "base/log.h"
#include "cloud/json_protocol.h"
#include "cloud/refusal.h"
#include "cloud/route.h"

namespace ads::cloud {
namespace {

// A body that was read already, because its hash is part of the signature.
class ReadBody : public http::IncomingBody {
 public:
  explicit ReadBody(std::string body) : body_(std::move(body)) {}
  Task<Result<std::size_t>> read_some(char* buffer, std::size_t capacity) override {
    std::size_t count = std::min(capacity, body_.size() - used_);
    body_.copy(buffer, count, used_);
    used_ += count;
    co_return count;
  }
  std::optional<std::uint64_t> declared_length() const override { return body_.size(); }

 private:
  std::string body_;
  std::size_t used_ = 0;
};

// The most bytes a request of that service may have: Lambda takes zips and SES mails, the rest are messages.
std::size_t body_limit(std::string_view service) {
  if (service == "lambda" || service == "ses") return 96u << 20;
  return 20u << 20;
}

}  // namespace

struct FrontDoor::State {
  State(Environment& e, Services s, Authentication a)
      : environment(e),
        services(std::move(s)),
        authentication(a),
        verifier([this](std::string_view id) { return find(id); }) {}

  Environment& environment;
  Services services;
  Authentication authentication;
  aws::Verifier verifier;
  std::string id_base = random_hex(16);
  std::uint64_t requests = 0;

  std::string next_request_id();
  std::optional<aws::KnownKey> find(std::string_view access_key_id);
  Task<http::Reply> admit(Call& call, Route route,
                          const std::expected<aws::Authorization, aws::Refused>& authorization);
  http::Reply own(Call& call, std::string_view path);
};

FrontDoor::FrontDoor(Environment& environment, Services services, Authentication authentication)
    : state_(std::make_unique<State>(environment, std::move(services), authentication)) {}
FrontDoor::~FrontDoor() = default;

std::string FrontDoor::State::next_request_id() {
  std::string key;
  append_number(key, ++requests);
  std::string tail = to_hex(key);
  return id_base.substr(0, 8) + "-" + id_base.substr(8, 4) + "-" + id_base.substr(12, 4) + "-" + tail.substr(0, 4) +
         "-" + tail.substr(4);
}

std::optional<aws::KnownKey> FrontDoor::State::find(std::string_view access_key_id) {
  auto identity = environment.identities->find_key(std::string(access_key_id));
  if (!identity) return std::nullopt;
  aws::KnownKey key{identity->secret_access_key, identity->session_token};
  if (identity->expires != SystemTime::max()) key.expires = identity->expires;
  return key;
}

// The cloud's own pages, which are no AWS service's.
http::Reply FrontDoor::State::own(Call& call, std::string_view path) {
  if (path == "/_ads/health")
    return json_reply(call, json::object{{"status", "running"}, {"version", ADS_VERSION}, {"requests", requests}},
                      "application/json");
  return json_reply(call, json::object{{"message", "No such page: " + std::string(path)}}, "application/json", 404);
}

Task<http::Reply> FrontDoor::State::admit(Call& call, Route route,
                                          const std::expected<aws::Authorization, aws::Refused>& authorization) {
  auto service = services.find(route.service);
  if (service == services.end())
    co_return render_refusal(call, route.protocol, not_implemented("the service '" + route.service + "'"));

  const http::Request& head = call.request.head;
  bool verifies = authentication == Authentication::verify;
  std::string root_arn = "arn:aws:iam::" + call.account + ":root";
  call.caller = {root_arn, call.account, authorization ? authorization->access_key_id : ""};
  if (!verifies) co_return co_await service->second->answer(call);
  if (!authorization)
    co_return render_refusal(call, route.protocol, to_wire(authorization.error(), route.protocol, route.service));

  auto declared = aws::declared_payload_hash(head, *authorization);
  auto check = [&](std::string_view hash) { return verifier.verify(head, *authorization, hash, call.now); };
  auto refused = [&](const aws::Refused& why) {
    return render_refusal(call, route.protocol, to_wire(why, route.protocol, route.service));
  };
  auto identify = [&] {
    if (auto identity = environment.identities->find_key(authorization->access_key_id))
      call.caller = {identity->arn, identity->user_id, authorization->access_key_id, identity->principal};
  };

  if (route.service == "s3") {
    // Without it nothing would tie the body to the signature.
    if (!declared)
      co_return render_refusal(
          call, route.protocol,
          {400, "InvalidRequest", "Missing required header for this request: x-amz-content-sha256"});
    // S3's bodies may be larger than memory: the service checks the declared hash while the bytes pass.
    auto verified = check(*declared);
    if (!verified) co_return refused(verified.error());
    if (declared && declared->starts_with("STREAMING-AWS4-HMAC"))
      call.chunk_signer = verifier.chunk_signer(*authorization);
    identify();
    co_return co_await service->second->answer(call);
  }

  auto body = co_await call.request.body.read_all(body_limit(route.service));
  if (!body) {
    bool is_large = body.error().code == "RequestBodyTooLarge";
    co_return render_refusal(
        call, route.protocol,
        {is_large ? 413 : 400, is_large ? "RequestEntityTooLarge" : "SerializationException", body.error().message});
  }
  std::string hash = to_hex(sha256(*body));
  if (declared && !aws::is_payload_keyword(*declared) && *declared != hash)
    co_return refused(
        {aws::Refusal::mismatch, "The body's SHA-256 is not the one that x-amz-content-sha256 declares."});
  auto verified = check(declared.value_or(hash));
  if (!verified) co_return refused(verified.error());
  identify();
  ReadBody read(std::move(*body));
  http::IncomingRequest request{std::move(call.request.head), read, call.request.remote_address};
  Call inner{request, call.caller, call.account, call.region, call.request_id, call.now};
  co_return co_await service->second->answer(inner);
}

Task<http::Reply> FrontDoor::answer(http::IncomingRequest& request) {
  State& state = *state_;
  Call call{request,
            {},
            state.environment.account,
            state.environment.default_region,
            state.next_request_id(),
            state.environment.clock.now()};
  std::string_view path = http::split_target(request.head.target).first;
  if (path.starts_with("/_ads/")) co_return state.own(call, path);
  if (path.starts_with("/_aws/ses")) co_return co_await state.services.at("ses")->answer(call);

  auto authorization = aws::parse_authorization(request.head);
  if (authorization && !authorization->scope.region.empty()) call.region = authorization->scope.region;
  bool is_form = request.head.headers.get_or("Content-Type", "").starts_with("application/x-www-form-urlencoded");
  if (authorization || !is_form) {
    Route to = route(request.head, authorization ? authorization->scope.service : "",
                     http::split_target(request.head.target).second);
    co_return co_await state.admit(call, to, authorization);
  }
  if (state.authentication == Authentication::verify)
    co_return render_refusal(call, Protocol::query, to_wire(authorization.error(), Protocol::query, ""));
  // Unsigned, and nobody asks for a signature: only a form's own words tell a Query service.
  auto body = co_await request.body.read_all(body_limit(""));
  if (!body) co_return render_refusal(call, Protocol::query, {400, "MalformedInput", body.error().message});
  Route to = route(request.head, "", *body);
  ReadBody read(std::move(*body));
  http::IncomingRequest inner{std::move(request.head), read, request.remote_address};
  Call form{inner, {}, call.account, call.region, call.request_id, call.now};
  co_return co_await state.admit(form, to, authorization);
}

}  // namespace ads::cloud
