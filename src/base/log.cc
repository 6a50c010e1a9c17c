#include "base/log.h"

#include <unistd.h>

#include <cstdlib>

#include "base/clock.h"

namespace ads {
namespace {

constexpr std::string_view kNames[] = {"debug", "info", "warning", "error"};

LogLevel level_from_environment() {
  if (const char* text = std::getenv("ADS_LOG_LEVEL"))
    for (int i = 0; i < 4; ++i)
      if (kNames[i] == text) return static_cast<LogLevel>(i);
  return LogLevel::info;
}

LogLevel& threshold() {
  static LogLevel level = level_from_environment();
  return level;
}

json::object& context() {
  static json::object fields;
  return fields;
}

}  // namespace

void set_log_level(LogLevel level) {
  threshold() = level;
}
void set_log_context(json::object fields) {
  context() = std::move(fields);
}

void log(LogLevel level, std::string_view message, const json::object& fields) {
  if (level < threshold()) return;
  json::object line{
      {"time", iso8601(system_clock().now())}, {"level", kNames[static_cast<int>(level)]}, {"message", message}};
  for (const auto& [name, value] : context()) line[name] = value;
  for (const auto& [name, value] : fields) line[name] = value;
  std::string text = json::serialize(line) + "\n";
  [[maybe_unused]] auto written = ::write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace ads
