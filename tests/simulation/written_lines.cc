#include "simulation/written_lines.h"

#include <fmt/core.h>

#include "batch/layout.h"

namespace ads::simulation {
namespace {

using batch::Reason;
using Kind = WrittenLine::Kind;

struct Fields {
  std::string status, retry, user;
};

std::string quoted(std::string text) {
  return '"' + text + '"';
}

class Writer {
 public:
  Writer(Dice& dice, const LineStyle& style) : dice_(dice), style_(style) {}

  WrittenLine record() {
    WrittenLine line;
    line.status_code = static_cast<int>(dice_.one_of({200, 204, 404, 500, 503, 503, 503, 599, 100}));
    line.retry_count = static_cast<int>(dice_.one_of({0, 0, 0, 1, 2, 1000}));
    line.user = next_user();
    line.text = style_.is_json ? fmt::format(R"({{"serviceUUID":"{}","statusCode":{},"retryCount":{}}})", line.user,
                                             line.status_code, line.retry_count)
                               : row({std::to_string(line.status_code), std::to_string(line.retry_count), line.user});
    return line;
  }

  WrittenLine bad() {
    WrittenLine line;
    line.kind = Kind::bad;
    const std::string& user = dice_.pick(style_.users);
    if (dice_.chance(0.01)) {
      line.reason = Reason::line_too_long;
      line.text = std::string(batch::kMaxLine + 1 + dice_.below(50), 'x');
      if (style_.is_json) line.text[0] = '{';
      return line;
    }
    if (style_.is_json) return bad_json(std::move(line), user);
    switch (dice_.below(9)) {
      case 0:
        return with(std::move(line), Reason::field_count, "503,0");
      case 1:
        return with(std::move(line), Reason::field_count, "503,0,\"" + user + ",1");
      case 2:
        return with(std::move(line), Reason::status_not_int, row({"5o3", "0", user}));
      case 3:
        return with(std::move(line), Reason::status_range, row({"600", "0", user}));
      case 4:
        return with(std::move(line), Reason::retry_not_int, row({"503", "none", user}));
      case 5:
        return with(std::move(line), Reason::retry_range, row({"503", "1001", user}));
      case 6:
        return with(std::move(line), Reason::uuid_syntax, row({"503", "0", "no user!"}));
      case 7:
        return with(std::move(line), Reason::bad_utf8,
                    row({"503", "0",
                         "us\xff"
                         "er"}));
      default:
        return with(std::move(line), Reason::nul, row({"503", "0", std::string("a\0b", 3)}));
    }
  }

  WrittenLine blank() {
    WrittenLine line;
    line.kind = Kind::blank;
    line.text = dice_.one_of({"", " ", "\t "});
    return line;
  }

  WrittenLine header() {
    WrittenLine line;
    line.kind = Kind::header;
    for (const std::string& column : style_.header) line.text += (line.text.empty() ? "" : ",") + column;
    return line;
  }

 private:
  // Each user so often in a row, as in a file that is sorted by user.
  const std::string& next_user() {
    if (style_.in_a_row == 0) return dice_.pick(style_.users);
    return style_.users[records_++ / style_.in_a_row % style_.users.size()];
  }

  static WrittenLine with(WrittenLine line, Reason reason, std::string text) {
    line.reason = reason;
    line.text = std::move(text);
    return line;
  }

  WrittenLine bad_json(WrittenLine line, const std::string& user) {
    switch (dice_.below(4)) {
      case 0:
        return with(std::move(line), Reason::bad_json, "{\"statusCode\":503,");
      case 1:
        return with(std::move(line), Reason::field_count, R"({"statusCode":503,"retryCount":0})");
      case 2:
        return with(std::move(line), Reason::status_range,
                    fmt::format(R"({{"serviceUUID":"{}","statusCode":99,"retryCount":0}})", user));
      default:
        return with(std::move(line), Reason::retry_not_int,
                    fmt::format(R"({{"serviceUUID":"{}","statusCode":503,"retryCount":"none"}})", user));
    }
  }

  // A CSV line with the columns in the header's order.
  std::string row(Fields fields) {
    if (style_.header.empty()) {
      if (dice_.chance(0.1)) return quoted(fields.status) + ", " + fields.retry + " ," + quoted(fields.user);
      return fields.status + "," + fields.retry + "," + fields.user;
    }
    std::string text;
    for (std::size_t i = 0; i < style_.header.size(); ++i) {
      const std::string& column = style_.header[i];
      if (i > 0) text += ",";
      text += column == "status_code"    ? fields.status
              : column == "retry_count"  ? fields.retry
              : column == "service_uuid" ? fields.user
                                         : "anything";
    }
    return text;
  }

  Dice& dice_;
  const LineStyle& style_;
  std::size_t records_ = 0;
};

}  // namespace

std::vector<WrittenLine> write_lines(Dice& dice, const LineStyle& style, std::size_t count) {
  Writer writer(dice, style);
  std::vector<WrittenLine> lines;
  if (!style.header.empty()) lines.push_back(writer.header());
  for (std::size_t i = 0; i < count; ++i) {
    // The first line decides how a file without a header is read: it must look like what it is.
    bool is_first = lines.empty();
    double throw_ = dice.real();
    if (!is_first && throw_ < style.blank)
      lines.push_back(writer.blank());
    else if (!is_first && throw_ < style.blank + style.bad)
      lines.push_back(writer.bad());
    else
      lines.push_back(writer.record());
  }
  std::uint64_t offset = 0;
  for (WrittenLine& line : lines) {
    line.ending = dice.chance(style.carriage_return) ? "\r\n" : "\n";
    bool may_lack_it = &line == &lines.back() && !line.text.empty() && line.kind != Kind::blank;
    if (may_lack_it && dice.chance(0.3)) line.ending.clear();
    line.offset = offset;
    offset += line.length();
  }
  return lines;
}

}  // namespace ads::simulation
