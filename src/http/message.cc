#include "http/message.h"

#include <unistd.h>

#include <algorithm>
#include <boost/beast/http/status.hpp>

#include "base/encoding.h"

namespace ads::http {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return (x | (x >= 'A' && x <= 'Z' ? 32 : 0)) == (y | (y >= 'A' && y <= 'Z' ? 32 : 0));
         });
}

}  // namespace

std::optional<std::string_view> Headers::get(std::string_view name) const {
  for (const auto& [field, value] : fields_)
    if (same_name(field, name)) return value;
  return std::nullopt;
}

std::string_view Headers::get_or(std::string_view name, std::string_view fallback) const {
  return get(name).value_or(fallback);
}

void Headers::set(std::string_view name, std::string value) {
  remove(name);
  fields_.emplace_back(name, std::move(value));
}

void Headers::add(std::string_view name, std::string value) {
  fields_.emplace_back(name, std::move(value));
}

void Headers::remove(std::string_view name) {
  std::erase_if(fields_, [&](const auto& field) { return same_name(field.first, name); });
}

OpenFile::~OpenFile() {
  ::close(descriptor_);
}

std::string_view reason_phrase(int status) {
  auto text = boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(unsigned(status)));
  return {text.data(), text.size()};
}

std::pair<std::string_view, std::string_view> split_target(std::string_view target) {
  auto mark = target.find('?');
  if (mark == target.npos) return {target, {}};
  return {target.substr(0, mark), target.substr(mark + 1)};
}

std::vector<std::pair<std::string, std::string>> parse_query(std::string_view query) {
  std::vector<std::pair<std::string, std::string>> parameters;
  while (!query.empty()) {
    auto end = query.find('&');
    std::string_view pair = query.substr(0, end);
    query = end == query.npos ? std::string_view{} : query.substr(end + 1);
    if (pair.empty()) continue;
    auto equals = pair.find('=');
    parameters.emplace_back(percent_decode(pair.substr(0, equals)),
                            equals == pair.npos ? std::string{} : percent_decode(pair.substr(equals + 1)));
  }
  return parameters;
}

std::optional<std::string> query_parameter(std::string_view query, std::string_view name) {
  for (auto& [parameter, value] : parse_query(query))
    if (parameter == name) return std::move(value);
  return std::nullopt;
}

}  // namespace ads::http
