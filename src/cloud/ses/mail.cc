#include "cloud/ses/mail.h"

#include "base/encoding.h"

namespace ads::cloud::ses {
namespace {

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// RFC 2047: words of at most 45 bytes, never inside a character.
std::string encoded_words(std::string_view text) {
  if (is_ascii(text)) return std::string(text);
  std::string out;
  while (!text.empty()) {
    std::size_t size = std::min<std::size_t>(45, text.size());
    while (size < text.size() && size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
    if (size == 0) size = std::min<std::size_t>(45, text.size());
    if (!out.empty()) out += "\r\n ";
    out += "=?UTF-8?B?" + to_base64(text.substr(0, size)) + "?=";
    text.remove_prefix(size);
  }
  return out;
}

// A header's value can't end its line.
std::string one_line(std::string_view text) {
  std::string out(text);
  std::replace_if(out.begin(), out.end(), [](char c) { return c == '\r' || c == '\n'; }, ' ');
  return out;
}

std::string base64_lines(std::string_view bytes) {
  const std::string all = to_base64(bytes);
  std::string out;
  for (std::size_t i = 0; i < all.size(); i += 76) out += all.substr(i, 76) + "\r\n";
  return out;
}

std::string joined(const std::vector<std::string>& entries) {
  std::string out;
  for (const auto& entry : entries) out += (out.empty() ? "" : ", ") + one_line(entry);
  return out;
}

std::string part(std::string_view type, std::string_view text) {
  return fmt::format("Content-Type: {}; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}", type,
                     base64_lines(text));
}

std::string in_quotes(std::string_view text) {
  std::string out = one_line(text);
  std::replace(out.begin(), out.end(), '"', '\'');
  return '"' + out + '"';
}

std::string part(const Attachment& attachment) {
  std::string head = fmt::format(
      "Content-Type: {}; name={}\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: {}; filename={}\r\n",
      one_line(attachment.content_type), in_quotes(attachment.file_name),
      attachment.is_inline ? "inline" : "attachment", in_quotes(attachment.file_name));
  if (!attachment.content_id.empty()) head += "Content-ID: <" + one_line(attachment.content_id) + ">\r\n";
  if (!attachment.description.empty()) head += "Content-Description: " + one_line(attachment.description) + "\r\n";
  return head + "\r\n" + base64_lines(attachment.bytes);
}

std::string multipart(std::string_view kind, std::string_view boundary, const std::vector<std::string>& parts) {
  std::string out = fmt::format("Content-Type: multipart/{}; boundary=\"{}\"\r\n\r\n", kind, boundary);
  for (const auto& one : parts) out += fmt::format("--{}\r\n{}\r\n", boundary, one);
  return out + fmt::format("--{}--\r\n", boundary);
}

json::array to_array(const std::vector<std::string>& texts) {
  json::array array;
  for (const auto& text : texts) array.emplace_back(text);
  return array;
}

std::string quoted_printable(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '=') {
      out += text[i];
    } else if (i + 1 < text.size() && text[i + 1] == '\n') {
      i += 1;
    } else if (i + 2 < text.size() && text[i + 1] == '\r') {
      i += 2;
    } else if (i + 2 < text.size()) {
      if (auto byte = from_hex(text.substr(i + 1, 2))) out += *byte;
      i += 2;
    }
  }
  return out;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

// Head and body of MIME text: parted by the first empty line.
std::pair<std::string_view, std::string_view> split(std::string_view mime) {
  if (mime.starts_with("\r\n")) return {"", mime.substr(2)};
  for (const std::string_view gap : {"\r\n\r\n", "\n\n"}) {
    const auto at = mime.find(gap);
    if (at != std::string_view::npos) return {mime.substr(0, at), mime.substr(at + gap.size())};
  }
  return {mime, ""};
}

std::string parameter(std::string_view header, std::string_view name) {
  const std::string wanted = lower(name) + "=";
  const auto at = lower(header).find(wanted);
  if (at == std::string::npos) return "";
  auto value = header.substr(at + wanted.size());
  if (value.starts_with('"')) return std::string(value.substr(1, value.find('"', 1) - 1));
  return std::string(value.substr(0, value.find_first_of("; \t")));
}

std::string decoded_words(std::string_view text) {
  std::string out;
  bool was_word = false;
  while (!text.empty()) {
    const auto start = text.find("=?");
    const auto charset = start == std::string_view::npos ? start : text.find('?', start + 2);
    const auto encoding = charset == std::string_view::npos ? charset : text.find('?', charset + 1);
    const auto end = encoding == std::string_view::npos ? encoding : text.find("?=", encoding + 1);
    if (end == std::string_view::npos) break;
    const auto between = text.substr(0, start);
    if (!was_word || between.find_first_not_of(" \t\r\n") != std::string_view::npos) out += between;
    const auto body = text.substr(encoding + 1, end - encoding - 1);
    const char kind = static_cast<char>(std::tolower(static_cast<unsigned char>(text[charset + 1])));
    if (kind == 'b') {
      out += from_base64(body).value_or(std::string(body));
    } else {
      std::string spaced(body);
      std::replace(spaced.begin(), spaced.end(), '_', ' ');
      out += quoted_printable(spaced);
    }
    was_word = true;
    text.remove_prefix(end + 2);
  }
  return out.append(text);
}

void read_part(std::string_view mime, Mail& mail, int depth) {
  if (depth > 8) return;
  const auto [head, body] = split(mime);
  const std::string type = header_of(mime, "Content-Type").value_or("text/plain");
  if (lower(type).starts_with("multipart/")) {
    const std::string delimiter = "--" + parameter(type, "boundary");
    auto at = delimiter.size() > 2 ? body.find(delimiter) : std::string_view::npos;
    while (at != std::string_view::npos) {
      auto start = body.find('\n', at);
      if (start == std::string_view::npos || body.substr(at + delimiter.size()).starts_with("--")) return;
      const auto next = body.find("\n" + delimiter, start);
      if (next == std::string_view::npos) return;
      std::string_view inner = body.substr(start + 1, next - start - 1);
      if (inner.ends_with('\r')) inner.remove_suffix(1);
      read_part(inner, mail, depth + 1);
      at = next + 1;
    }
    return;
  }
  if (lower(header_of(mime, "Content-Disposition").value_or("")).starts_with("attachment")) return;
  const std::string encoding = lower(header_of(mime, "Content-Transfer-Encoding").value_or(""));
  std::string text(body);
  if (encoding == "base64") {
    std::erase_if(text, [](char c) { return std::isspace(static_cast<unsigned char>(c)); });
    text = from_base64(text).value_or("");
  } else if (encoding == "quoted-printable") {
    text = quoted_printable(text);
  }
  const bool is_html = lower(type).starts_with("text/html");
  std::string& into = is_html ? mail.html : mail.text;
  if ((is_html || lower(type).starts_with("text/plain")) && into.empty()) into = std::move(text);
}

}  // namespace

json::object to_json(const Mail& mail) {
  json::object destination{{"ToAddresses", to_array(mail.to)}};
  if (!mail.cc.empty()) destination["CcAddresses"] = to_array(mail.cc);
  if (!mail.bcc.empty()) destination["BccAddresses"] = to_array(mail.bcc);
  json::object answer{
      {"Id", mail.id},
      {"Region", mail.region},
      {"Source", mail.source},
      {"Destination", std::move(destination)},
      {"Subject", mail.subject},
      {"Body", json::object{{"text_part", mail.text.empty() ? json::value(nullptr) : json::value(mail.text)},
                            {"html_part", mail.html.empty() ? json::value(nullptr) : json::value(mail.html)}}},
      {"Timestamp", iso8601(mail.time)}};
  if (!mail.reply_to.empty()) answer["ReplyToAddresses"] = to_array(mail.reply_to);
  if (!mail.tags.empty()) {
    json::array tags;
    for (const auto& [name, value] : mail.tags) tags.push_back(json::object{{"Name", name}, {"Value", value}});
    answer["Tags"] = std::move(tags);
  }
  if (!mail.attachments.empty()) {
    json::array attachments;
    for (const auto& attachment : mail.attachments) {
      attachments.push_back(json::object{{"FileName", attachment.file_name},
                                         {"ContentType", attachment.content_type},
                                         {"Bytes", attachment.bytes.size()}});
    }
    answer["Attachments"] = std::move(attachments);
  }
  return answer;
}

std::string render_mime(const Mail& mail) {
  std::string out = "From: " + encoded_words(one_line(mail.source)) + "\r\n";
  if (!mail.reply_to.empty()) out += "Reply-To: " + encoded_words(joined(mail.reply_to)) + "\r\n";
  if (!mail.to.empty()) out += "To: " + encoded_words(joined(mail.to)) + "\r\n";
  if (!mail.cc.empty()) out += "Cc: " + encoded_words(joined(mail.cc)) + "\r\n";
  out += "Subject: " + encoded_words(one_line(mail.subject)) + "\r\n";
  out += fmt::format("Message-ID: <{}@{}.amazonses.com>\r\n", mail.id, mail.region);
  out += "Date: " + http_date(mail.time) + "\r\nMIME-Version: 1.0\r\n";
  for (const auto& [name, value] : mail.headers) out += one_line(name) + ": " + encoded_words(one_line(value)) + "\r\n";
  std::vector<std::string> alternatives;
  if (!mail.text.empty() || mail.html.empty()) alternatives.push_back(part("text/plain", mail.text));
  if (!mail.html.empty()) alternatives.push_back(part("text/html", mail.html));
  std::string body =
      alternatives.size() == 1 ? alternatives[0] : multipart("alternative", "=_a_" + mail.id, alternatives);
  if (mail.attachments.empty()) return out + body;
  std::vector<std::string> parts{std::move(body)};
  for (const auto& attachment : mail.attachments) parts.push_back(part(attachment));
  return out + multipart("mixed", "=_m_" + mail.id, parts);
}

std::optional<std::string> header_of(std::string_view mime, std::string_view name) {
  std::string_view head = split(mime).first;
  const std::string wanted = lower(name) + ":";
  while (!head.empty()) {
    const auto end = head.find('\n');
    std::string line(head.substr(0, end));
    head = end == std::string_view::npos ? std::string_view() : head.substr(end + 1);
    const bool is_it = lower(std::string_view(line).substr(0, wanted.size())) == wanted;
    while (!head.empty() && (head.front() == ' ' || head.front() == '\t')) {  // folded: the line goes on
      const auto more = head.find('\n');
      line += head.substr(0, more);
      head = more == std::string_view::npos ? std::string_view() : head.substr(more + 1);
    }
    if (!is_it) continue;
    std::erase(line, '\r');
    auto value = std::string_view(line).substr(wanted.size());
    while (value.starts_with(' ') || value.starts_with('\t')) value.remove_prefix(1);
    return std::string(value);
  }
  return {};
}

void read_parts(std::string_view mime, Mail& mail) {
  mail.subject = decoded_words(header_of(mime, "Subject").value_or(""));
  read_part(mime, mail, 0);
}

}  // namespace ads::cloud::ses
