// Makes batch files out of a seed: good lines and every kind of bad one, in any mixture.
#pragma once
#include <random>
#include <string>

namespace ads::batch {

class HostileFile {
 public:
  explicit HostileFile(unsigned seed) : random_(seed) {}

  std::string make(int max_lines) {
    std::string text = pick(4) == 0 ? "\xef\xbb\xbf" : "";
    bool is_json = pick(5) == 0;
    bool has_header = !is_json && pick(2) == 0;
    if (has_header) text += pick(2) ? "status_code,retry_count,service_uuid" : "x,service_uuid,retry_count,status_code";
    if (has_header) text += line_end();
    for (int lines = pick(max_lines); lines > 0; --lines) text += (is_json ? json_line() : csv_line()) + line_end();
    if (!text.empty() && pick(3) == 0) text.pop_back();
    return text;
  }

  int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }

 private:
  std::string line_end() { return pick(4) ? "\n" : "\r\n"; }

  std::string uuid() {
    std::string text;
    for (int i = 1 + pick(40); i > 0; --i) text += "abcdefghijklmnopqrstuvwxyz0123456789-_.:"[pick(40)];
    return text;
  }

  std::string noise(int max) {
    std::string text;
    for (int i = pick(max); i > 0; --i) {
      char c = static_cast<char>(random_());
      text += c == '\n' ? '\r' : c;
    }
    return text;
  }

  std::string csv_line() {
    switch (pick(12)) {
      case 0:
        return noise(60);
      case 1:
        return std::string(static_cast<std::size_t>(4080 + pick(40)), pick(2) ? ' ' : 'x');
      case 2:
        return "";
      case 3:
        return std::to_string(pick(900)) + "," + std::to_string(pick(2000) - 500) + "," + uuid() + noise(3);
      case 4:
        return "\"503\",\"0\",\"" + uuid() + (pick(2) ? "\"" : "");
      case 5:
        return "x," + uuid() + ",1,500";
      case 6:
        return " 404 ,\t3, " + uuid() + " ";
      default:
        return std::to_string(100 + pick(500)) + "," + std::to_string(pick(5)) + "," + uuid();
    }
  }

  std::string json_line() {
    switch (pick(8)) {
      case 0:
        return "{" + noise(40);
      case 1:
        return "{\"statusCode\":\"x\",\"retryCount\":1,\"serviceUUID\":\"" + uuid() + "\"}";
      case 2:
        return "{\"a\":\"" + std::string(static_cast<std::size_t>(pick(5000)), 'a') + "\"}";
      default:
        return "{\"statusCode\":" + std::to_string(90 + pick(530)) + ",\"retryCount\":1,\"serviceUUID\":\"" + uuid() +
               "\"}";
    }
  }

  std::mt19937 random_;
};

}  // namespace ads::batch
