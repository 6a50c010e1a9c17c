#include "cloud/front_door.h"

#include <list>

#include "base/digest.h"
#include "base/encoding.h"
#include "base/ids.h"
#include "base/log.h"
#include "cloud/access.h"
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

constexpr std::uint64_t kLargeBody = 64 * 1024;
constexpr std::uint64_t kBodyMemory = 256u << 20;  // of all bodies that are read whole; further ones wait

// Memory for bodies that are read whole, by what has come of them, not by what was promised: who promises much and
// sends little holds nothing. Where it is used up, the oldest request alone may have more, so that one always ends.
class BodyBudget {
 public:
  explicit BodyBudget(asio::any_io_executor executor) : freed_(std::move(executor)) {}

  class Share {
   public:
    explicit Share(BodyBudget& budget) : budget_(budget), place_(budget.shares_.insert(budget.shares_.end(), this)) {}
    ~Share() {
      budget_.held_ -= bytes_;
      budget_.shares_.erase(place_);
      budget_.freed_.ring_all();
    }
    Share(const Share&) = delete;

    Task<void> grow(std::uint64_t bytes) {
      while (budget_.held_ + bytes > kBodyMemory && budget_.shares_.front() != this) co_await budget_.freed_.wait();
      budget_.held_ += bytes;
      bytes_ += bytes;
    }

   private:
    BodyBudget& budget_;
    std::list<Share*>::iterator place_;
    std::uint64_t bytes_ = 0;
  };

 private:
  std::uint64_t held_ = 0;
  std::list<Share*> shares_;  // oldest first
  Bell freed_;
};

// Everything, as IncomingBody::read_all has it; what passes kLargeBody is of the budget.
Task<Result<std::string>> read_whole(http::IncomingBody& body, std::size_t limit, BodyBudget::Share& share) {
  const auto too_large = [&] {
    return fail(ErrorKind::invalid, "RequestBodyTooLarge",
                "the request's body is larger than " + std::to_string(limit) + " bytes");
  };
  const auto length = body.declared_length();
  if (length && *length > limit) co_return too_large();
  constexpr std::size_t kLeast = 16 * 1024, kMost = 1024 * 1024;
  std::string out;
  std::size_t charged = 0;
  for (;;) {
    const std::size_t used = out.size();
    std::size_t wanted = std::clamp(used, kLeast, kMost);
    if (length) wanted = std::min<std::size_t>(wanted, *length - used);
    if (wanted == 0) co_return out;
    if (used + wanted > std::max<std::size_t>(kLargeBody, charged)) {
      co_await share.grow(used + wanted - charged);
      charged = used + wanted;
    }
    if (used >= kMost && length) out.reserve(*length);  // memory that is not used yet costs nothing
    out.resize(used + wanted);
    auto got = co_await body.read_some(out.data() + used, wanted);
    if (!got) co_return fail(got.error());
    out.resize(used + *got);
    if (*got == 0) co_return out;
    if (out.size() > limit) co_return too_large();
  }
}

bool is_payload_hash(std::string_view text) {
  return aws::is_payload_keyword(text) ||
         (text.size() == 64 && text.find_first_not_of("0123456789abcdefABCDEF") == text.npos);
}

// Operations that bear no signature by design: what is wrong with them here is not their credentials.
constexpr std::string_view kUnsigned[] = {"AssumeRoleWithWebIdentity", "AssumeRoleWithSAML"};

// The one of them that a small form names. Reads the form.
Task<std::optional<std::string>> unsigned_operation(http::IncomingRequest& request) {
  const auto length = request.body.declared_length();
  if (!length || *length > kLargeBody) co_return std::nullopt;
  const auto body = co_await request.body.read_all(kLargeBody);
  if (!body) co_return std::nullopt;
  auto action = http::query_parameter(*body, "Action");
  if (!action || std::ranges::find(kUnsigned, *action) == std::end(kUnsigned)) co_return std::nullopt;
  co_return action;
}

// The most bytes a request of that service may have: Lambda takes zips and SES mails, the rest are messages.
std::size_t body_limit(std::string_view service) {
  if (service == "lambda" || service == "ses") return 96u << 20;
  return 20u << 20;
}

}  // namespace

struct FrontDoor::State {
  State(Environment& e, Services s, Admission a)
      : environment(e),
        services(std::move(s)),
        admission(std::move(a)),
        budget(e.executor),
        verifier([this](std::string_view id) { return find(id); }) {}

  Environment& environment;
  Services services;
  Admission admission;
  BodyBudget budget;
  aws::Verifier verifier;
  std::string id_base = random_hex(16);
  std::uint64_t requests = 0;

  std::string next_request_id();
  SystemTime wall_time() const { return admission.wall ? admission.wall->now() : environment.clock.now(); }
  std::optional<aws::KnownKey> find(std::string_view access_key_id);
  // `body` where it was read already.
  Task<http::Reply> admit(Call& call, Route route, const std::expected<aws::Authorization, aws::Refused>& authorization,
                          std::optional<std::string> body = std::nullopt);
  Task<http::Reply> admit_s3(Call& call, Route route, const aws::Authorization& authorization, Service& service);
  void identify(Call& call, const aws::Authorization& authorization);
  Outcome<void> authorize_own(Call& call);
  Task<http::Reply> own(Call& call, std::string_view path);
  Task<http::Reply> answer(http::IncomingRequest& request);
};

FrontDoor::FrontDoor(Environment& environment, Services services, Admission admission)
    : state_(std::make_unique<State>(environment, std::move(services), std::move(admission))) {}
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

// The cloud's own pages are no AWS service's: a signature for any of them will do, of somebody whose policies allow
// ads:GetPage or ads:DeletePage; or the console's token.
Outcome<void> FrontDoor::State::authorize_own(Call& call) {
  const auto& head = call.request.head;
  if (admission.authentication == Authentication::off) return {};
  if (const auto token = head.headers.get("X-Ads-Token")) {
    // Compared by digest: the time it takes says nothing about the token.
    if (!admission.console_token.empty() && sha256(*token) == sha256(admission.console_token)) return {};
    return refuse(403, "AccessDeniedException", "X-Ads-Token is not the token of this local cloud.");
  }
  const auto authorization = aws::parse_authorization(head);
  const auto refused = [](const aws::Refused& why) { return refuse(to_wire(why, Protocol::rest_json, "")); };
  if (!authorization) return refused(authorization.error());
  const auto hash = aws::declared_payload_hash(head, *authorization).value_or(to_hex(sha256("")));
  if (auto verified = verifier.verify(head, *authorization, hash, wall_time()); !verified)
    return refused(verified.error());
  const auto identity = environment.identities->find_key(authorization->access_key_id);
  if (!identity) return refuse(identity.error());
  call.caller = {identity->arn, identity->user_id, authorization->access_key_id, identity->principal};
  const auto action = head.method == "GET" || head.method == "HEAD" ? "ads:GetPage" : "ads:DeletePage";
  return access::authorize(call, access::Need{action, "*"}, access::kRestJsonStyle);
}

Task<http::Reply> FrontDoor::State::own(Call& call, std::string_view path) {
  if (auto allowed = authorize_own(call); !allowed) co_return render_rest_json_error(call, allowed.error());
  if (path == "/_aws/ses") co_return co_await services.at("ses")->answer(call);
  if (path == "/_ads/health")
    co_return json_reply(call, json::object{{"status", "running"}, {"version", ADS_VERSION}, {"requests", requests}},
                         "application/json");
  co_return json_reply(call, json::object{{"message", "No such page: " + std::string(path)}}, "application/json", 404);
}

void FrontDoor::State::identify(Call& call, const aws::Authorization& authorization) {
  if (auto identity = environment.identities->find_key(authorization.access_key_id))
    call.caller = {identity->arn, identity->user_id, authorization.access_key_id, identity->principal};
}

// S3's bodies may be larger than memory: the service checks the declared hash while the bytes pass.
Task<http::Reply> FrontDoor::State::admit_s3(Call& call, Route route, const aws::Authorization& authorization,
                                             Service& service) {
  const http::Request& head = call.request.head;
  const auto declared = aws::declared_payload_hash(head, authorization);
  // Without it nothing would tie the body to the signature.
  if (!declared)
    co_return render_refusal(call, route.protocol,
                             {400, "InvalidRequest", "Missing required header for this request: x-amz-content-sha256"});
  if (!is_payload_hash(*declared))
    co_return render_refusal(call, route.protocol,
                             {400, "InvalidArgument",
                              "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, "
                              "STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a "
                              "valid sha256 value."});
  if (auto verified = verifier.verify(head, authorization, *declared, wall_time()); !verified)
    co_return render_refusal(call, route.protocol, to_wire(verified.error(), route.protocol, route.service));
  if (declared->starts_with("STREAMING-AWS4-HMAC")) call.chunk_signer = verifier.chunk_signer(authorization);
  identify(call, authorization);
  co_return co_await service.answer(call);
}

Task<http::Reply> FrontDoor::State::admit(Call& call, Route route,
                                          const std::expected<aws::Authorization, aws::Refused>& authorization,
                                          std::optional<std::string> body) {
  auto service = services.find(route.service);
  if (service == services.end())
    co_return render_refusal(call, route.protocol, not_implemented("the service '" + route.service + "'"));

  const http::Request& head = call.request.head;
  const bool verifies = admission.authentication == Authentication::verify;
  std::string root_arn = "arn:aws:iam::" + call.account + ":root";
  call.caller = {root_arn, call.account, authorization ? authorization->access_key_id : ""};
  if (!verifies) call.caller.enforcement = Enforcement::off;
  auto refused = [&](const aws::Refused& why) {
    return render_refusal(call, route.protocol, to_wire(why, route.protocol, route.service));
  };
  if (verifies && !authorization) co_return refused(authorization.error());
  if (route.service == "s3") {
    if (verifies) co_return co_await admit_s3(call, route, *authorization, *service->second);
    co_return co_await service->second->answer(call);
  }

  auto check = [&](std::string_view hash) { return verifier.verify(head, *authorization, hash, wall_time()); };
  const auto declared = verifies ? aws::declared_payload_hash(head, *authorization) : std::nullopt;
  // An unknown key, a wrong date, a missing signature: no large body is read for what will be refused anyway. The
  // signature itself covers the body and is checked after it.
  if (verifies && call.request.body.declared_length().value_or(kLargeBody) >= kLargeBody)
    if (auto early = check(declared.value_or("")); !early && early.error().reason != aws::Refusal::mismatch)
      co_return refused(early.error());
  BodyBudget::Share share(budget);  // until the request is answered
  if (!body) {
    auto read = co_await read_whole(call.request.body, body_limit(route.service), share);
    if (!read) {
      bool is_large = read.error().code == "RequestBodyTooLarge";
      co_return render_refusal(
          call, route.protocol,
          {is_large ? 413 : 400, is_large ? "RequestEntityTooLarge" : "SerializationException", read.error().message});
    }
    body = *std::move(read);
  }
  if (verifies) {
    std::string hash = to_hex(sha256(*body));
    if (declared && !aws::is_payload_keyword(*declared) && *declared != hash)
      co_return refused(
          {aws::Refusal::mismatch, "The body's SHA-256 is not the one that x-amz-content-sha256 declares."});
    auto verified = check(declared.value_or(hash));
    if (!verified) co_return refused(verified.error());
    identify(call, *authorization);
  }
  ReadBody read(*std::move(body));
  http::IncomingRequest request{std::move(call.request.head), read, call.request.remote_address};
  Call inner{request, call.caller, call.account, call.region, call.request_id, call.now};
  co_return co_await service->second->answer(inner);
}

Task<http::Reply> FrontDoor::answer(http::IncomingRequest& request) {
  State& state = *state_;
  const auto& visitors = state.admission.visitors;
  if (auto preflight = answer_preflight(visitors, request.head);
      preflight && !reason_to_refuse(visitors, request.head)) {
    co_return *std::move(preflight);
  }
  const std::string origin(request.head.headers.get_or("Origin", ""));
  auto reply = co_await state.answer(request);
  add_cors_headers(visitors, origin, reply.headers);
  co_return reply;
}

Task<http::Reply> FrontDoor::State::answer(http::IncomingRequest& request) {
  Call call{request, {}, environment.account, environment.default_region, next_request_id(), environment.clock.now()};
  if (auto reason = reason_to_refuse(admission.visitors, request.head)) {
    log(LogLevel::warning, "request refused",
        {{"reason", *reason}, {"target", request.head.target.substr(0, 200)}, {"from", request.remote_address}});
    co_return json_reply(call, json::object{{"message", *std::move(reason)}}, "application/json",
                         request.head.headers.has("Host") ? 403 : 400);
  }
  std::string_view path = http::split_target(request.head.target).first;
  if (path.starts_with("/_ads/") || path == "/_aws/ses") co_return co_await own(call, path);

  auto authorization = aws::parse_authorization(request.head);
  if (authorization && !authorization->scope.region.empty()) call.region = authorization->scope.region;
  bool is_form = request.head.headers.get_or("Content-Type", "").starts_with("application/x-www-form-urlencoded");
  // An upload by an HTML form bears its signature among its fields.
  const bool is_upload_form = request.head.method == "POST" && !request.head.headers.has("X-Amz-Target") &&
                              request.head.headers.get_or("Content-Type", "").starts_with("multipart/form-data");
  if (!authorization && is_upload_form)
    co_return render_refusal(call, Protocol::rest_xml, not_implemented("uploads by HTML form (POST Object)"));
  if (authorization || !is_form) {
    Route to = route(request.head, authorization ? authorization->scope.service : "",
                     http::split_target(request.head.target).second);
    co_return co_await admit(call, to, authorization);
  }
  if (admission.authentication == Authentication::verify) {
    if (auto operation = co_await unsigned_operation(request))
      co_return render_refusal(call, Protocol::query, not_implemented(*operation));
    co_return render_refusal(call, Protocol::query, to_wire(authorization.error(), Protocol::query, ""));
  }
  // Unsigned, and authentication is off: only a form's own words name a Query service.
  BodyBudget::Share share(budget);
  auto body = co_await read_whole(request.body, body_limit(""), share);
  if (!body) co_return render_refusal(call, Protocol::query, {400, "MalformedInput", body.error().message});
  Route to = route(request.head, "", *body);
  co_return co_await admit(call, to, authorization, *std::move(body));
}

}  // namespace ads::cloud
