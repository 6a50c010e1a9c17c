// https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
#include "base/encoding.h"
#include "base/ids.h"
#include "cloud/ses/actions.h"
#include "cloud/ses/address.h"
#include "cloud/ses/errors.h"

namespace ads::cloud::ses {
namespace {

constexpr std::size_t kMostRecipients = 50;
constexpr std::size_t kLargest = 40u << 20;

std::string text_of(const json::object& input, std::string_view name) {
  return std::string(get_string(input, name).value_or(""));
}

std::vector<std::string> texts_of(const json::object& input, std::string_view name) {
  std::vector<std::string> texts;
  if (const auto* array = get_array(input, name)) {
    for (const auto& value : *array) {
      if (value.is_string()) texts.emplace_back(value.get_string());
    }
  }
  return texts;
}

// {"Data": .., "Charset": ..}. JSON is UTF-8 already; the charset says what goes out, which here is always UTF-8.
Outcome<std::string> content_of(const json::object& parent, std::string_view name) {
  const auto* content = get_object(parent, name);
  if (!content) return std::string();
  const auto data = get_string(*content, "Data");
  if (!data) return refuse(bad_request(fmt::format("{}: Data must be given.", name)));
  return std::string(*data);
}

Outcome<Attachment> attachment_of(const json::object& input) {
  Attachment attachment;
  attachment.file_name = text_of(input, "FileName");
  auto bytes = from_base64(text_of(input, "RawContent"));
  if (attachment.file_name.empty() || !bytes) {
    return refuse(bad_request("Attachments: each needs a FileName, and a RawContent in base64."));
  }
  attachment.bytes = std::move(*bytes);
  attachment.content_type = text_of(input, "ContentType");
  if (attachment.content_type.empty()) attachment.content_type = "application/octet-stream";
  attachment.content_id = text_of(input, "ContentId");
  attachment.description = text_of(input, "ContentDescription");
  attachment.is_inline = text_of(input, "ContentDisposition") == "INLINE";
  return attachment;
}

Outcome<void> read_simple(const json::object& simple, Mail& mail) {
  const auto* body = get_object(simple, "Body");
  if (!get_object(simple, "Subject") || !body)
    return refuse(bad_request("Content.Simple: Subject and Body must be given."));
  auto subject = content_of(simple, "Subject");
  if (!subject) return refuse(subject.error());
  auto text = content_of(*body, "Text");
  if (!text) return refuse(text.error());
  auto html = content_of(*body, "Html");
  if (!html) return refuse(html.error());
  if (!body->contains("Text") && !body->contains("Html"))
    return refuse(bad_request("Content.Simple.Body: Text or Html must be given."));
  mail.subject = std::move(*subject);
  mail.text = std::move(*text);
  mail.html = std::move(*html);
  if (const auto* headers = get_array(simple, "Headers")) {
    if (headers->size() > 15) return refuse(bad_request("Headers: at most 15."));
    for (const auto& header : *headers) {
      if (header.is_object())
        mail.headers.emplace_back(text_of(header.get_object(), "Name"), text_of(header.get_object(), "Value"));
    }
  }
  if (const auto* attachments = get_array(simple, "Attachments")) {
    for (const auto& one : *attachments) {
      auto attachment =
          one.is_object() ? attachment_of(one.get_object()) : Outcome<Attachment>(refuse(bad_request("Attachments")));
      if (!attachment) return refuse(attachment.error());
      mail.attachments.push_back(std::move(*attachment));
    }
  }
  return {};
}

// Sender and recipients not given in the request are those of the mail's own header.
Outcome<std::string> read_raw(const json::object& raw, Mail& mail) {
  auto mime = from_base64(text_of(raw, "Data"));
  if (!mime || mime->empty()) return refuse(bad_request("Content.Raw: Data must be a MIME message in base64."));
  mail.is_raw = true;
  read_parts(*mime, mail);
  if (mail.source.empty()) mail.source = header_of(*mime, "From").value_or("");
  if (mail.to.empty() && mail.cc.empty() && mail.bcc.empty()) {
    mail.to = split_addresses(header_of(*mime, "To").value_or(""));
    mail.cc = split_addresses(header_of(*mime, "Cc").value_or(""));
    mail.bcc = split_addresses(header_of(*mime, "Bcc").value_or(""));
  }
  return std::move(*mime);
}

Outcome<void> refuse_unknown(const json::object& input) {
  for (const char* member : {"EndpointId", "TenantName", "ListManagementOptions"}) {
    if (input.contains(member)) return refuse(not_implemented(std::string("SendEmail with ") + member));
  }
  if (const auto set = get_string(input, "ConfigurationSetName"); set && !set->empty()) {
    return refuse(not_found(fmt::format("Configuration set <{}> does not exist.", *set)));
  }
  return {};
}

bool is_simulator(std::string_view address) {
  return domain_of(address) == "simulator.amazonses.com";
}

// Sender, and in the sandbox every recipient, must be verified. Errors: MessageRejected naming all that are not.
Outcome<void> check_verified(Ses& ses, const Mail& mail, const Account& account) {
  std::vector<std::string> failed;
  const auto look_at = [&](const std::string& entry) {
    const std::string address = bare_address(entry);
    if (!ses.is_verified(mail.region, address) && std::find(failed.begin(), failed.end(), entry) == failed.end())
      failed.push_back(entry);
  };
  look_at(mail.source);
  if (!account.is_in_production) {
    for (const auto* list : {&mail.to, &mail.cc, &mail.bcc}) {
      for (const auto& entry : *list) {
        if (!is_simulator(bare_address(entry))) look_at(entry);
      }
    }
  }
  if (failed.empty()) return {};
  std::string region = mail.region, names;
  for (char& c : region) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  for (const auto& entry : failed) names += (names.empty() ? "" : ", ") + entry;
  return refuse(message_rejected(fmt::format(
      "Email address is not verified. The following identities failed the check in region {}: {}", region, names)));
}

}  // namespace

Answer send_email(Ses& ses, Call& call, Input input) {
  const json::object& body = input.body;
  if (auto known = refuse_unknown(body); !known) co_return refuse(known.error());
  const auto* content = get_object(body, "Content");
  if (!content)
    co_return refuse(bad_request(
        "1 validation error detected: Value at 'content' failed to satisfy constraint: Member must not be null"));
  if (content->contains("Template")) co_return refuse(not_implemented("SendEmail with Content.Template"));
  Mail mail;
  mail.region = call.region;
  mail.time = call.now;
  mail.id = fmt::format("0107{:012x}-{}-000000", call.now.time_since_epoch().count(), random_uuid());
  mail.source = text_of(body, "FromEmailAddress");
  mail.reply_to = texts_of(body, "ReplyToAddresses");
  if (const auto* destination = get_object(body, "Destination")) {
    mail.to = texts_of(*destination, "ToAddresses");
    mail.cc = texts_of(*destination, "CcAddresses");
    mail.bcc = texts_of(*destination, "BccAddresses");
  }
  if (const auto* tags = get_array(body, "EmailTags")) {
    for (const auto& tag : *tags) {
      if (tag.is_object())
        mail.tags.emplace_back(text_of(tag.get_object(), "Name"), text_of(tag.get_object(), "Value"));
    }
  }
  std::string mime;
  const auto* raw = get_object(*content, "Raw");
  const auto* simple = get_object(*content, "Simple");
  if ((raw != nullptr) == (simple != nullptr))
    co_return refuse(bad_request("Content: exactly one of Simple, Raw and Template must be given."));
  if (raw) {
    auto read = read_raw(*raw, mail);
    if (!read) co_return refuse(read.error());
    mime = std::move(*read);
  } else {
    if (auto read = read_simple(*simple, mail); !read) co_return refuse(read.error());
  }
  if (mail.source.empty()) co_return refuse(bad_request("Missing required header 'From'."));
  if (!is_address(bare_address(mail.source)))
    co_return refuse(bad_request(fmt::format("Illegal address: {}", mail.source)));
  const std::size_t recipients = mail.to.size() + mail.cc.size() + mail.bcc.size();
  if (recipients == 0)
    co_return refuse(
        bad_request("Missing final recipient: at least one of ToAddresses, CcAddresses and BccAddresses."));
  if (recipients > kMostRecipients)
    co_return refuse(message_rejected(fmt::format("Recipient count exceeds {}.", kMostRecipients)));
  for (const auto* list : {&mail.to, &mail.cc, &mail.bcc, &mail.reply_to}) {
    for (const auto& entry : *list) {
      if (!is_address(bare_address(entry))) co_return refuse(bad_request(fmt::format("Illegal address: {}", entry)));
    }
  }
  if (!raw) mime = render_mime(mail);
  if (mime.size() > kLargest) {
    co_return refuse(
        message_rejected(fmt::format("Message length is more than {} bytes long: '{}'.", kLargest, mime.size())));
  }
  const Account account = ses.account(call.region);
  if (!account.is_sending_on) co_return refuse(sending_paused());
  if (auto verified = check_verified(ses, mail, account); !verified) co_return refuse(verified.error());
  if (ses.sent_last_24_hours(call.region) + static_cast<double>(recipients) > account.most_in_24_hours()) {
    co_return refuse(daily_quota_exceeded());
  }
  const std::string id = mail.id;
  if (auto delivered = co_await ses.deliver(std::move(mail), std::move(mime)); !delivered)
    co_return refuse(delivered.error());
  co_return json::object{{"MessageId", id}};
}

}  // namespace ads::cloud::ses
