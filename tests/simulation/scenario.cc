#include "simulation/scenario.h"

#include <fmt/core.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <stdexcept>

#include "batch/layout.h"
#include "simulation/written_lines.h"

namespace ads::simulation {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

std::string gzip(const std::string& content) {
  z_stream stream{};
  if (deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::runtime_error("zlib");
  std::string out(deflateBound(&stream, content.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  if (deflate(&stream, Z_FINISH) != Z_STREAM_END) throw std::runtime_error("zlib");
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string zstd(const std::string& content) {
  std::string out(ZSTD_compressBound(content.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), content.data(), content.size(), 1));
  return out;
}

std::vector<std::string> draw_users(Scenario& scenario, Dice& dice) {
  std::vector<std::string> names;
  for (std::int64_t i = 0, count = dice.between(1, 25); i < count; ++i) {
    std::string name = fmt::format("user-{}", i);
    names.push_back(name);
    if (dice.chance(0.25)) continue;  // nobody knows this one
    const char* active = i % 5 == 3 ? " aCTIVE" : "Active";
    batch::User user{name, dice.chance(0.7) ? active : kSuspended, "Ada", "Lovelace", "12 Square", "51.5,-0.1"};
    if (i % 4 == 1) user.last_pinged_location = batch::ProfileField::of_json(R"({"cell":[51,-1],"exact":true})");
    if (dice.chance(0.2)) user.last_name = {};
    if (dice.chance(0.05)) scenario.refused_by_topic.insert(name);
    if (dice.chance(0.03)) scenario.refused_by_retry_queue.insert(name);
    scenario.users[name] = std::move(user);
  }
  return names;
}

void draw_content(Upload& upload, Dice& dice, const std::vector<std::string>& users) {
  LineStyle style;
  style.users = users;
  style.is_json = dice.chance(0.2);
  if (!style.is_json && dice.chance(0.4))
    style.header = dice.one_of<std::vector<std::string>>(
        {{"status_code", "retry_count", "service_uuid"}, {"service_uuid", "note", "status_code", "retry_count"}});
  style.bad = dice.one_of({0.0, 0.0, 0.05, 0.05, 0.2, 0.2, 0.6, 0.95});
  style.carriage_return = dice.one_of({0.0, 0.0, 0.5, 1.0});
  if (dice.chance(0.5)) style.in_a_row = static_cast<std::size_t>(dice.one_of({1, 2, 2, 10, 1000}));
  auto count = dice.chance(0.6) ? dice.between(0, 25) : dice.chance(0.7) ? dice.between(20, 80) : dice.between(80, 300);
  upload.lines = write_lines(dice, style, static_cast<std::size_t>(count));
  if (!style.is_json && !upload.lines.empty() && dice.chance(0.1)) {
    upload.lines[0].text.insert(0, batch::kByteOrderMark);
    for (std::size_t i = 1; i < upload.lines.size(); ++i) upload.lines[i].offset += batch::kByteOrderMark.size();
  }
  for (const WrittenLine& line : upload.lines) upload.content += line.text + line.ending;
  upload.is_compressed = dice.chance(0.1);
  upload.is_damaged = false;
  upload.bytes = !upload.is_compressed ? upload.content
                 : dice.chance(0.7)    ? gzip(upload.content)
                                       : zstd(upload.content);
  // Cut where even a small piece of the stream is missing.
  if (upload.is_compressed && upload.bytes.size() > 40 && dice.chance(0.15)) {
    upload.is_damaged = true;
    upload.bytes.resize(
        static_cast<std::size_t>(dice.between(30, static_cast<std::int64_t>(upload.bytes.size()) - 10)));
  }
}

void draw_uploads(Scenario& scenario, Dice& dice, SystemTime start, const std::vector<std::string>& users) {
  std::string usual = fmt::format("{}_Manually_Process_{}.csv", dice.one_of({"DES", "ADS"}), kToday);
  auto count = dice.one_of({1, 1, 1, 2, 2, 3});
  for (int i = 0; i < count; ++i) {
    Upload upload;
    upload.when = start + dice.time(milliseconds(0), i == 0 ? seconds(1) : minutes(dice.one_of({1, 10})));
    upload.key = usual;
    if (dice.chance(0.3)) upload.key = fmt::format("DES_Manually_Process_{}", kToday);
    if (dice.chance(0.05)) {
      upload.is_refused = true;
      upload.key = dice.one_of({"DES_Manually_Process_31-02-2026.csv", "ADS_Manually_Process_21-11-2026",
                                "DES_Manually_Process_today.csv", "DES_Manually_Process_22-11-2026.exe"});
    }
    do {
      upload.content.clear();
      draw_content(upload, dice, users);
      // The same bytes again under the same name are the same file where the bucket has no versions.
    } while (std::any_of(scenario.uploads.begin(), scenario.uploads.end(),
                         [&](const Upload& other) { return other.bytes == upload.bytes; }) &&
             !scenario.is_versioned);
    bool is_again = scenario.is_versioned && !scenario.uploads.empty() && !upload.is_refused && dice.chance(0.1);
    if (is_again) {  // the same file once more: a version of its own
      Upload again = scenario.uploads.back();
      again.when = upload.when;
      upload = std::move(again);
    }
    if (dice.chance(0.04))
      upload.deleted_when = upload.when + dice.time(milliseconds(50), seconds(dice.one_of({2, 60})));
    scenario.uploads.push_back(std::move(upload));
  }
  if (dice.chance(0.2)) {
    scenario.stranger_key = usual;
    scenario.stranger_key.replace(4, 17, "Manually_Processed_");  // over "Manually_Process_"
    scenario.stranger_when = start + dice.time(milliseconds(0), seconds(dice.one_of({1, 20, 120})));
  }
  std::vector<SystemTime> times;
  for (const Upload& upload : scenario.uploads) times.push_back(upload.when);
  std::sort(times.begin(), times.end());
  for (std::size_t i = 0; i < times.size(); ++i) scenario.uploads[i].when = times[i];
}

void draw_settings(Scenario& scenario, Dice& dice) {
  function::Settings& settings = scenario.settings;
  settings.users_table = "users";
  settings.runs_table = "runs";
  settings.topic_arn = dice.chance(0.5) ? "arn:aws:sns:eu-central-1:000000000000:topic.fifo"
                                        : "arn:aws:sns:eu-central-1:000000000000:topic";
  settings.bucket = kBucket;
  settings.mail_from = "ads@example.com";
  settings.mail_to = {"ops@example.com"};
  settings.rules.max_retries = static_cast<int>(dice.one_of({0, 1, 1, 1, 2}));
  if (dice.chance(0.3)) settings.rules.max_bad_percent = static_cast<int>(dice.one_of({0, 10, 100, 100}));
  settings.beginning_lines = static_cast<std::size_t>(dice.one_of({3, 10, 40, 1000}));
  settings.verify_bytes = static_cast<std::uint64_t>(dice.one_of<std::int64_t>({0, 200, 1 << 30, 1 << 30}));
  if (dice.chance(0.1)) settings.rules.publish_rate = static_cast<int>(dice.one_of({5, 50, 1000}));
  if (dice.chance(0.15)) settings.rules.ordering = batch::Config::Ordering::by_file;
  settings.calls_in_flight = static_cast<std::size_t>(dice.one_of({1, 2, 4, 16}));
  settings.range_bytes = static_cast<std::uint64_t>(dice.one_of({64, 333, 1000, 5000}));
  settings.inline_bytes = static_cast<std::uint64_t>(dice.one_of({0, 0, 300, 5000}));
  settings.shards.target_bytes = static_cast<std::uint64_t>(dice.one_of({100, 250, 600, 2000}));
  settings.shards.max_shards = static_cast<std::uint32_t>(dice.one_of({3, 8, 20}));
  settings.chunk_lines = static_cast<std::size_t>(dice.one_of({1, 2, 3, 5, 10, 30}));
  scenario.workers = static_cast<int>(dice.one_of({2, 2, 4, 10}));
  settings.workers = scenario.workers;
  scenario.timeout = seconds(dice.one_of({900, 900, 900, 300, 90}));
  scenario.shard_batch = dice.chance(0.8) ? 1 : static_cast<std::size_t>(dice.between(2, 5));
}

}  // namespace

Scenario Scenario::draw(Dice& dice, SystemTime start) {
  Scenario scenario;
  scenario.is_versioned = dice.chance(0.7);
  scenario.has_operators_topic = dice.chance(0.5);
  auto users = draw_users(scenario, dice);
  draw_settings(scenario, dice);
  draw_uploads(scenario, dice, start, users);
  scenario.settings.chunk_growth = static_cast<std::size_t>(dice.one_of({1, 2, 8, 32}));
  return scenario;
}

}  // namespace ads::simulation
