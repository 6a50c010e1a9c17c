// The quarantine of a run: a piece per chunk while it runs, one object in the end.
#pragma once
#include <string>
#include <vector>

#include "batch/quarantine.h"
#include "function/flow.h"

namespace ads::function {

// "quarantine/<runId>/00000000000000001000.jsonl": the chunk that begins at `offset`. The same name when the chunk is
// repeated, and names in the order of the file.
std::string quarantine_piece_key(std::string_view run_id, std::uint64_t offset);

// Nothing for no lines.
Task<Result<void>> put_quarantine_piece(World& world, Flow& flow, std::string bucket, std::string run_id,
                                        std::uint64_t offset, const std::vector<batch::BadLine>& lines);

// "quarantine/retries/<runId>/<recordId>.jsonl": a retry that can never be delivered, its message as the line's text.
Task<Result<void>> put_quarantined_retry(World& world, Flow& flow, std::string bucket, std::string run_id,
                                         std::string record_id, const batch::BadLine& line);
// "quarantine/messages/<messageId>.json": {"reason","body"}: a message of the retry queue that is none of ours.
Task<Result<void>> put_quarantined_message(World& world, Flow& flow, std::string bucket, std::string message_id,
                                           std::string body, std::string reason);

// Joins the pieces into batch::quarantine_key(run_id), which it gives; the pieces stay. Repeatable.
Task<Result<std::string>> join_quarantine(World& world, Flow& flow, std::string bucket, std::string run_id);
// Only once the joined object's key is stored.
Task<Result<void>> remove_quarantine_pieces(World& world, Flow& flow, std::string bucket, std::string run_id);

// The first lines of the joined object.
Task<Result<std::vector<batch::BadLine>>> first_bad_lines(World& world, Flow& flow, std::string bucket, std::string key,
                                                          std::size_t count);

}  // namespace ads::function
