// A mail that was accepted: what the mailbox shows of it, and its MIME text.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"

namespace ads::cloud::ses {

struct Attachment {
  std::string file_name, content_type, content_id, description, bytes;
  bool is_inline = false;
};

struct Mail {
  std::string id, region, source, subject, text, html;
  std::vector<std::string> to, cc, bcc, reply_to;
  std::vector<std::pair<std::string, std::string>> headers, tags;
  std::vector<Attachment> attachments;
  bool is_raw = false;
  SystemTime time;
};

// One element of GET /_aws/ses: {Id, Region, Source, Destination{ToAddresses,CcAddresses,BccAddresses}, Subject,
// Body{text_part, html_part}, Timestamp, ...}. It is also the stored form.
json::object to_json(const Mail& mail);

// The mail as RFC 5322 text, UTF-8, CRLF.
std::string render_mime(const Mail& mail);

// The first header of that name, unfolded; and the address headers, subject and text parts of a raw mail.
std::optional<std::string> header_of(std::string_view mime, std::string_view name);
// Fills subject, text and html from MIME text, as far as they can be read; nested multiparts are looked into.
void read_parts(std::string_view mime, Mail& mail);

}  // namespace ads::cloud::ses
