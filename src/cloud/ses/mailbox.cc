// GET and DELETE /_aws/ses: what was sent, for people and tests, in the form other local clouds have.
//   ?id=MESSAGE-ID     that mail, with its MIME text as RawData     ?email=ADDRESS   mails from or to that address
// At most the newest 1,000 mails or 32 MiB are shown; "truncated": true says that there are more.
#include "cloud/ses/address.h"
#include "cloud/ses/errors.h"
#include "cloud/ses/keys.h"
#include "cloud/ses/service.h"

namespace ads::cloud::ses {
namespace {

constexpr std::size_t kMostMails = 1000;
constexpr std::size_t kMostBytes = 32u << 20;

bool names(const json::value& value, const std::string& address) {
  return value.is_string() && bare_address(std::string_view(value.get_string())) == address;
}

bool concerns(const json::object& mail, const std::string& address) {
  if (names(mail.at("Source"), address)) return true;
  const auto* destination = get_object(mail, "Destination");
  if (!destination) return false;
  for (const auto& list : *destination) {
    for (const auto& entry : list.value().as_array()) {
      if (names(entry, address)) return true;
    }
  }
  return false;
}

}  // namespace

Task<http::Reply> Ses::answer_mailbox(Call& call) {
  const std::string_view query = http::split_target(call.request.head.target).second;
  const auto id = http::query_parameter(query, "id");
  const auto email = http::query_parameter(query, "email");
  Store& store = environment_.store;
  const auto mail_key_of = [&](const std::string& name) {
    const auto time = store.get(mail_time_key(name));
    return time ? mail_key(std::stoull(*time), name) : std::string();
  };
  http::Reply reply;
  reply.headers.set("x-amzn-RequestId", call.request_id);
  if (call.request.head.method == "DELETE") {
    Batch batch;
    if (id) {
      if (const auto key = mail_key_of(*id); !key.empty()) batch.remove(key);
      batch.remove(mime_key(*id));
      batch.remove(mail_time_key(*id));
    } else {
      for (const std::string_view what : {"mail", "mime", "mail-time"}) {
        batch.remove_range(key_of({what}), after_prefix(key_of({what})));
      }
    }
    if (auto done = co_await commit(std::move(batch)); !done) co_return render_rest_json_error(call, done.error());
    reply.status = 204;
    co_return reply;
  }
  if (call.request.head.method != "GET") {
    co_return render_rest_json_error(call, {405, "MethodNotAllowed", "/_aws/ses takes GET and DELETE."});
  }
  std::vector<json::object> mails;  // newest first
  std::size_t bytes = 0;
  bool is_truncated = false;
  const auto add = [&](std::string_view stored) {
    auto mail = parse_json_object(stored);
    if (!mail || (email && !concerns(*mail, *email))) return;
    const std::string name(get_string(*mail, "Id").value_or(""));
    const bool is_raw = mail->erase("IsRaw") > 0;
    bytes += stored.size();
    if (is_raw || id) {
      auto mime = store.get(mime_key(name)).value_or("");
      bytes += mime.size();
      (*mail)["RawData"] = std::move(mime);
    }
    mails.push_back(std::move(*mail));
  };
  if (id) {
    if (const auto key = mail_key_of(*id); !key.empty()) add(store.get(key).value_or(""));
  } else {
    for (auto cursor = store.scan_prefix(key_of({"mail"}), ScanOrder::descending); cursor.valid(); cursor.next()) {
      if (mails.size() == kMostMails || bytes > kMostBytes) {
        is_truncated = true;
        break;
      }
      add(cursor.value());
    }
  }
  json::array messages;
  for (auto mail = mails.rbegin(); mail != mails.rend(); ++mail) messages.push_back(std::move(*mail));
  json::object body{{"messages", std::move(messages)}};
  if (is_truncated) body["truncated"] = true;
  reply.headers.set("Content-Type", "application/json");
  reply.body = json::serialize(body);
  co_return reply;
}

}  // namespace ads::cloud::ses
