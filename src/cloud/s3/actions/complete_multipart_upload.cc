// POST /bucket/key?uploadId. The object is the list of its parts' slices: no byte is copied.
#include <charconv>
#include <pugixml.hpp>

#include "base/encoding.h"
#include "cloud/query_protocol.h"
#include "cloud/s3/actions.h"
#include "cloud/s3/body.h"
#include "cloud/s3/conditions.h"
#include "cloud/s3/errors.h"
#include "cloud/s3/lookup.h"
#include "cloud/s3/object_headers.h"
#include "cloud/s3/parts.h"
#include "cloud/s3/xml.h"

namespace ads::cloud::s3 {
namespace {

constexpr std::uint64_t kSmallestPart = 5u << 20;  // all but the last
constexpr std::uint64_t kMostParts = 10'000;
constexpr std::string_view kShape =
    "CompleteMultipartUpload{Part*{PartNumber!,ETag!,ChecksumCRC32,ChecksumCRC32C,ChecksumCRC64NVME,ChecksumSHA1,"
    "ChecksumSHA256}}";

struct ListedPart {
  std::uint64_t number = 0;
  std::string etag;
  NamedValues checksums;  // element name, value
};

Outcome<std::vector<ListedPart>> parse_list(std::string_view body, std::string_view upload_id) {
  auto text = normalise_xml(body, kShape);
  if (!text) return refuse(text.error());
  pugi::xml_document document;
  auto root = parse_xml(document, *text, "CompleteMultipartUpload");
  if (!root) return refuse(root.error());
  std::vector<ListedPart> list;
  for (auto node : root->children("Part")) {
    ListedPart part;
    std::string_view number = child_text(node, "PartNumber");
    auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), part.number);
    if (error != std::errc{} || end != number.data() + number.size()) return refuse(errors::malformed_xml());
    std::string_view etag = child_text(node, "ETag");
    if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"') etag = etag.substr(1, etag.size() - 2);
    part.etag = etag;
    for (auto inner : node.children())
      if (local_name(inner).starts_with("Checksum"))
        part.checksums.emplace_back(local_name(inner), inner.child_value());
    if (!list.empty() && part.number <= list.back().number) return refuse(errors::invalid_part_order(upload_id));
    list.push_back(std::move(part));
  }
  if (list.empty() || list.size() > kMostParts) return refuse(errors::malformed_xml());
  return list;
}

std::string lower_name(ChecksumAlgorithm algorithm) {
  std::string name(to_string(algorithm));
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return name;
}

Outcome<void> check_part_checksum(const UploadRecord& upload, const ListedPart& listed, const PartRecord& part) {
  auto algorithm = upload.checksum_algorithm;
  if (algorithm == ChecksumAlgorithm::none) return {};
  auto wanted = element_name(algorithm);
  for (const auto& [name, value] : listed.checksums)
    if (name == wanted) {
      if (value != part.checksum) return refuse(errors::invalid_part());
      return {};
    }
  if (upload.checksum_type == ChecksumType::composite)
    return refuse(
        errors::invalid_request("The upload was created using a " + lower_name(algorithm) +
                                " checksum. The complete request must include the checksum for each part. It was "
                                "missing for part " +
                                std::to_string(listed.number) + " in the request."));
  return {};
}

// The object that the listed parts make. Errors: InvalidPart, EntityTooSmall, InvalidRequest, BadDigest.
Outcome<ObjectRecord> assemble(const Request& request, const UploadRecord& upload, const std::vector<ListedPart>& list,
                               const std::map<std::uint64_t, PartRecord>& parts) {
  ObjectRecord record;
  record.is_multipart = true;
  Digest etag(Digest::md5);
  CombinedChecksum checksum(upload.checksum_algorithm, upload.checksum_type);
  bool has_checksum = upload.checksum_algorithm != ChecksumAlgorithm::none;
  // Every part is looked for before any is measured.
  for (const auto& listed : list) {
    auto found = parts.find(listed.number);
    if (found == parts.end() || found->second.etag != listed.etag) return refuse(errors::invalid_part());
  }
  for (const auto& listed : list) {
    const auto& part = parts.at(listed.number);
    if (part.size < kSmallestPart && &listed != &list.back())
      return refuse(errors::entity_too_small(listed.number, part.size, part.etag));
    if (auto checked = check_part_checksum(upload, listed, part); !checked) return refuse(checked.error());
    etag.update(from_hex(part.etag).value_or(""));
    if (has_checksum) checksum.add(from_base64(part.checksum).value_or(""), part.size);
    for (const auto& slice : part.slices) append_slice(record.slices, slice);
    record.size += part.size;
    record.parts.push_back({listed.number, part.size, part.checksum});
  }
  record.etag = to_hex(etag.finish()) + "-" + std::to_string(list.size());
  if (has_checksum) record.checksum = checksum.finish();
  if (auto size = request.header("x-amz-mp-object-size"); size && *size != std::to_string(record.size))
    return refuse(errors::invalid_request("The provided 'x-amz-mp-object-size' header value " + std::string(*size) +
                                          " does not match what was computed: " + std::to_string(record.size)));
  for (const auto& [name, value] : request.headers()) {
    auto algorithm = algorithm_of_header(name);
    if (!algorithm) continue;
    if (*algorithm != upload.checksum_algorithm || value != record.checksum.value)
      return refuse(errors::bad_digest(lower_name(*algorithm)));
  }
  return record;
}

Slices unused(const std::map<std::uint64_t, PartRecord>& parts, const std::vector<ListedPart>& list,
              std::uint64_t blob) {
  Slices dead;
  for (const auto& [number, part] : parts) {
    bool is_listed = std::any_of(list.begin(), list.end(), [&](auto& listed) { return listed.number == number; });
    if (is_listed) continue;
    for (const auto& slice : in_blob(part.slices, blob)) dead.push_back(slice);
  }
  return dead;
}

}  // namespace

Task<Outcome<http::Reply>> complete_multipart_upload(State& state, Request& request) {
  auto body = co_await read_body(request, kXmlLimit, ChecksumHeaders::of_object);
  if (!body) co_return refuse(body.error());
  auto bucket = refresh_bucket(state, request);
  if (!bucket) co_return refuse(bucket.error());
  auto upload = find_upload(state, request);
  if (!upload) co_return refuse(upload.error());
  auto list = parse_list(*body, upload->upload_id);
  if (!list) co_return refuse(list.error());
  auto parts = state.uploads.parts(upload->upload_id, 0, kMostParts);
  auto record = assemble(request, *upload, *list, parts);
  if (!record) co_return refuse(record.error());
  auto current = state.objects.current_summary(**bucket, request.key());
  if (auto held = check_write(request.headers(), request.key(), current ? &*current : nullptr); !held)
    co_return refuse(held.error());

  record->modified = request.call.now;
  record->storage_class = upload->storage_class;
  record->headers = upload->headers;
  record->tags = upload->tags;
  Transaction transaction;
  state.uploads.complete(transaction, **bucket, request.key(), *upload, record->slices);
  state.objects.put(transaction, **bucket, request.key(), *record);
  state.outbox.add(transaction, request.call, **bucket,
                   {"ObjectCreated:CompleteMultipartUpload", request.key(), record->etag, record->version_id,
                    record->size, record->sequence});
  if (auto committed = co_await state.commit(std::move(transaction)); !committed) co_return refuse(committed.error());
  if (!in_blob(record->slices, upload->blob).empty())
    co_await punch_holes(state, upload->blob, unused(parts, *list, upload->blob));

  XmlWriter xml;
  xml.open("CompleteMultipartUploadResult", kS3Namespace);
  xml.element("Location",
              state.environment.endpoint + "/" + request.address.bucket + "/" + percent_encode_path(request.key()));
  xml.element("Bucket", request.address.bucket).element("Key", request.key()).element("ETag", in_quotes(record->etag));
  if (record->checksum)
    xml.element(element_name(record->checksum.algorithm), record->checksum.value)
        .element("ChecksumType", to_string(record->checksum.type));
  xml.close();
  auto reply = xml_reply(request, xml.take());
  add_encryption_headers(reply.headers, record->headers);
  if ((*bucket)->versioning != Versioning::never) reply.headers.add("x-amz-version-id", record->version_name());
  co_return reply;
}

}  // namespace ads::cloud::s3
