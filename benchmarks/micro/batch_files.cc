#include "micro/batch_files.h"

#include <fmt/format.h>

#include <functional>
#include <iterator>
#include <random>

namespace ads::bench {
namespace {

struct Row {
  int status, retry;
  std::string uuid;
};

class Rows {
 public:
  Row next() {
    unsigned dice = random_() % 100;
    Row row{200, 0, uuid()};
    if (dice < 20)
      row = {503, dice < 5 ? 2 : static_cast<int>(dice % 2), std::move(row.uuid)};
    else if (dice < 60)
      row.status = 404;
    return row;
  }

 private:
  std::string uuid() {
    return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:08x}{:04x}", random_(), random_() & 0xffff, random_() & 0xffff,
                       random_() & 0xffff, random_(), random_() & 0xffff);
  }
  std::mt19937 random_{20200406};
};

using Write = std::function<void(std::string&, const Row&)>;

// `text` and a line for each record.
std::function<std::string(std::size_t)> file(std::string beginning, Write write) {
  return [beginning = std::move(beginning), write = std::move(write)](std::size_t bytes) {
    Rows rows;
    std::string text = beginning;
    text.reserve(bytes + 256);
    while (text.size() < bytes) write(text, rows.next());
    return text;
  };
}

// A line per record by a format string whose arguments are status, retry count and UUID.
Write line(std::string format) {
  return [format = std::move(format)](std::string& text, const Row& row) {
    fmt::format_to(std::back_inserter(text), fmt::runtime(format), row.status, row.retry, row.uuid);
  };
}

std::function<std::string(std::size_t)> in_utf16(std::function<std::string(std::size_t)> make) {
  return [make = std::move(make)](std::size_t bytes) {
    std::string text = "\xff\xfe";
    for (char c : make(bytes / 2)) text.append({c, '\0'});
    return text;
  };
}

}  // namespace

std::vector<BatchForm> batch_forms() {
  const std::string header = "status_code,retry_count,service_uuid";
  std::vector<BatchForm> forms{
      {"csv/lf", file("", line("{},{},{}\n"))},
      {"csv/crlf", file(header + "\r\n", line("{},{},{}\r\n"))},
      {"csv/cr", file(header + "\r", line("{},{},{}\r"))},
      {"csv/quoted", file(header + "\n", line("\"{}\",\"{}\",\"{}\"\n"))},
      {"csv/quoted_uuid", file(header + "\n", line("{},{},\"{}\"\n"))},
      {"csv/semicolon", file("status_code;retry_count;service_uuid\r\n", line("{};{};{}\r\n"))},
      {"csv/blanks", file("", line("{}, {}, {} \n"))},
      {"csv/braces", file(header + "\n", line("{},{},{{{}}}\n"))},
      {"csv/decimals", file(header + "\n", line("{}.0,{}.0,{}\n"))},
      {"csv/other_order", file("Service-UUID,Retry Count,StatusCode\n",
                               [](std::string& text, const Row& row) {
                                 fmt::format_to(std::back_inserter(text), "{},{},{}\n", row.uuid, row.retry,
                                                row.status);
                               })},
      {"csv/more_columns_behind", file(header + ",time,reason\n", line("{},{},{},2020-04-06T12:00:00Z,time out\n"))},
      {"csv/more_columns_before",
       file("time,reason," + header + "\n", line("2020-04-06T12:00:00Z,time out,{},{},{}\n"))},
      {"csv/trailing_separators", file(header + "\n", line("{},{},{},,\n"))},
      {"csv/utf16", in_utf16(file(header + "\r\n", line("{},{},{}\r\n")))},
      {"csv/half_bad",
       file(header + "\n", [good = line("{},{},{}\n"), bad = line("{}?,{},{}\n"), n = 0](
                               std::string& text, const Row& row) mutable { (++n % 2 ? good : bad)(text, row); })},
      {"json/compact", file("", line(R"({{"statusCode":{},"retryCount":{},"serviceUUID":"{}"}})"
                                     "\n"))},
      {"json/python", file("", line(R"({{"statusCode": {}, "retryCount": {}, "serviceUUID": "{}"}})"
                                    "\n"))},
      {"json/other_spelling", file("", line(R"({{"status_code":{},"retry_count":{},"service_uuid":"{}"}})"
                                            "\n"))},
      {"json/numbers_as_strings", file("", line(R"({{"statusCode":"{}","retryCount":"{}","serviceUUID":"{}"}})"
                                                "\n"))},
      {"json/more_members",
       file("", line(R"({{"time":"2020-04-06T12:00:00Z","statusCode":{},"retryCount":{},"serviceUUID":"{}",)"
                     R"("reason":"time out","tries":[1,2],"host":{{"name":"a"}}}})"
                     "\n"))},
  };
  return forms;
}

}  // namespace ads::bench
