// What goes wrong, and how often: drawn from the seed, so that there are calm days, single accidents and storms.
#pragma once
#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "simulation/dice.h"

namespace ads::simulation {

enum class Service { objects, users, topic, retry_queue, shard_queue, runs, mail };
inline constexpr std::size_t kServices = 7;
std::string_view to_string(Service service);

enum class Fault {
  throttled,         // the call has no effect: told to slow down
  unavailable,       // the call has no effect: the network or the service failed
  denied,            // the call has no effect: a permission is missing for a while
  answer_lost,       // the call has its effect, the caller hears "unavailable"
  late_effect,       // the caller gives up waiting, and then the call has its effect
  slow,              // the answer takes long, perhaps past the lease or the deadline
  crash_before,      // the sandbox dies as it sends the call
  crash_after,       // the sandbox dies as the call has its effect
  frozen,            // the sandbox stands still after the answer, outlives its lease and goes on
  entry_failed,      // an entry of a batch is answered as failed
  entry_fail_lied,   // the same, but it had its effect
  entry_forgotten,   // an entry of a batch is not in the answer
  unprocessed_keys,  // of a look-up
  mail_refused,      //
  event_twice,       // the upload is told twice
  event_late,        // hours after the upload
  message_twice,     // a standard queue delivers a message to two
  delete_lost,       // a message that was dealt with comes again
  invoked_twice,     // Lambda runs one asynchronous event twice at the same time
  deadline,          // a sandbox is killed by it
  // -- what the storms lead to
  to_dead_letters,   //
  event_failed,      // the third attempt of an asynchronous event failed
  second_upload,     // under the name of a file that is not done yet
  file_deleted,      // by somebody, while it is being processed
  file_damaged,      // a compressed file that lacks its end
  operator_resumed,  //
  operator_redrove,  //
  operator_resent,   // an event from the failed ones
};
inline constexpr std::size_t kFaults = 28;
std::string_view to_string(Fault fault);

// How often each has happened.
using FaultCounts = std::array<std::uint64_t, kFaults>;

struct FaultPlan {
  // What may happen to one call.
  struct Rates {
    double throttled = 0, unavailable = 0, answer_lost = 0, late_effect = 0, slow = 0, crash_before = 0,
           crash_after = 0, frozen = 0;
  };
  // Nearly every call to a service fails for a while.
  struct Burst {
    Service service;
    SystemTime from, until;
    Fault fault;  // throttled, unavailable or denied
  };
  struct Accident {
    std::uint64_t call;  // the number of the call that it hits
    Fault fault;
  };

  Rates rates;
  double entry_failed = 0, entry_fail_lied = 0, entry_forgotten = 0, unprocessed_keys = 0, mail_refused = 0;
  double event_twice = 0, event_late = 0, message_twice = 0, delete_lost = 0, invoked_twice = 0, early_resume = 0;
  std::vector<Burst> bursts;
  std::optional<Accident> accident;
  milliseconds skew{0};  // by which a sandbox's clock may be wrong
  milliseconds latency_low{5}, latency_high{30};
  bool is_good_day = false;  // no call fails
  SystemTime calm;           // from then on nothing goes wrong any more

  static FaultPlan draw(Dice& dice, SystemTime start);
};

}  // namespace ads::simulation
