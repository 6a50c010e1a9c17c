// The quarantine of a run while it runs: a piece per chunk.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "batch/quarantine.h"
#include "batch/shard.h"
#include "function/flow.h"

namespace ads::function {

// "quarantine/<runId>/00000000000000001000.000001.jsonl": the chunk that begins at `offset`, as the lease with that
// fence found it. Names are in the order of the file. Of several pieces of one chunk the one with the highest fence
// counts: its checkpoint was the one that was stored. So who repeats a chunk puts its piece even where no line is bad.
std::string quarantine_piece_key(std::string_view run_id, std::uint64_t offset, std::uint64_t fence);
Task<Result<void>> put_quarantine_piece(World& world, Flow& flow, std::string bucket, std::string key,
                                        const std::vector<batch::BadLine>& lines);

// "quarantine/retries/<runId>/<recordId>.jsonl": a retry that can never be delivered, its message as the line's text.
Task<Result<void>> put_quarantined_retry(World& world, Flow& flow, std::string bucket, std::string run_id,
                                         std::string record_id, const batch::BadLine& line);
// "quarantine/messages/<messageId>.json": {"reason","body"}: a message of the retry queue that is none of ours.
Task<Result<void>> put_quarantined_message(World& world, Flow& flow, std::string bucket, std::string message_id,
                                           std::string body, std::string reason);

// "quarantine/<runId>/<start>-<end>.jsonl": all pieces of one shard, in the order of the pieces' names before the
// first.
std::string quarantine_shard_key(std::string_view run_id, const batch::Shard& range);
// What a key says: the bytes of the file it is about; for a single piece, `end` is absent. Nothing for other keys.
struct QuarantineKey {
  std::uint64_t start = 0;
  std::optional<std::uint64_t> end;
};
std::optional<QuarantineKey> parse_quarantine_key(std::string_view run_id, std::string_view key);

// Keys after `after`, at most a page, in the order of the file.
Task<Result<ObjectPage>> list_quarantine(World& world, Flow& flow, std::string bucket, std::string run_id,
                                         std::string after);
// Only once what they were joined into is stored: all of the run's, or those of a shard's single pieces.
Task<Result<void>> remove_quarantine_pieces(World& world, Flow& flow, std::string bucket, std::string run_id);
Task<Result<void>> remove_quarantine_pieces(World& world, Flow& flow, std::string bucket, std::string run_id,
                                            batch::Shard range);

// The first lines of the joined object.
Task<Result<std::vector<batch::BadLine>>> first_bad_lines(World& world, Flow& flow, std::string bucket, std::string key,
                                                          std::size_t count);

}  // namespace ads::function
