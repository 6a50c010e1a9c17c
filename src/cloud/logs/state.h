// Log groups, streams and events as they are stored. Nothing is kept in memory but a counter.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "cloud/ports.h"
#include "cloud/store.h"
#include "cloud/wire_error.h"

namespace ads::cloud::logs {

struct Group {
  std::string name, id, kms_key_id, log_class = "STANDARD";
  std::uint64_t created = 0;  // milliseconds, as every time here
  std::optional<int> retention_days;
  std::map<std::string, std::string> tags;
};

struct Stream {
  std::string name;
  std::uint64_t created = 0, ingested = 0;
  std::optional<std::uint64_t> first, last;  // times of events
};

// Where an event stands: by time, then by arrival.
struct Position {
  std::uint64_t time = 0, sequence = 0;
  auto operator<=>(const Position&) const = default;
};

struct StoredEvent {
  Position position;
  std::uint64_t ingested = 0;
  std::string stream, message;
};

class State {
 public:
  State(Store& store, Clock& clock);

  std::optional<Group> find_group(std::string_view region, std::string_view name) const;
  std::optional<Stream> find_stream(const Group& group, std::string_view name) const;
  std::uint64_t stored_bytes(const Group& group) const;
  // The oldest time that the group's retention still shows; 0 without one.
  std::uint64_t oldest_kept(const Group& group) const;

  // Each adds to `batch`; the caller applies it.
  void put_group(Batch& batch, std::string_view region, const Group& group) const;
  void put_stream(Batch& batch, const Group& group, const Stream& stream) const;
  // Drops the group with its streams and events, whatever their number, in a constant number of range removals.
  void remove_group(Batch& batch, std::string_view region, const Group& group) const;

  // Stores events (sorted by time) and moves the stream's times. Events past retention are dropped from disk on the
  // way.
  Result<void> append(const Group& group, Stream stream, const std::vector<LogEvent>& events);
  // Removes a stream's events, piece by piece, then the stream.
  Result<void> remove_stream(const Group& group, std::string_view stream);

  // Walks events strictly between two positions; `visit` returns false to stop. `stream` empty: the whole group.
  void walk(const Group& group, std::string_view stream, Position after, Position before, ScanOrder order,
            const std::function<bool(const StoredEvent&)>& visit) const;

  Group new_group(std::string name) const;
  std::uint64_t now() const;

  static std::optional<Group> read_group(std::string_view json);
  static std::optional<Stream> read_stream(std::string_view name, std::string_view json);
  Store& store() { return store_; }
  const Store& store() const { return store_; }

 private:
  Store& store_;
  Clock& clock_;
  std::uint64_t next_sequence_;
};

inline constexpr Position kFirstPosition{0, 0};
inline constexpr Position kLastPosition{UINT64_MAX, UINT64_MAX};

}  // namespace ads::cloud::logs
