#include "cloud/sqs/queues.h"

#include "base/encoding.h"
#include "cloud/sqs/errors.h"
#include "cloud/sqs/record.h"

namespace ads::cloud::sqs {
namespace {

bool is_queue_name(std::string_view name) {
  return !name.empty() && name.size() <= 80 && std::all_of(name.begin(), name.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_';
  });
}

Outcome<void> check_name(std::string_view name, const Attributes& attributes) {
  const auto fifo = attributes.find("FifoQueue");
  if (fifo != attributes.end() && fifo->second == "true") {
    const bool is_good = name.size() <= 80 && name.ends_with(".fifo") && is_queue_name(name.substr(0, name.size() - 5));
    if (!is_good) {
      return refuse(
          invalid_parameter("The name of a FIFO queue can only include alphanumeric characters, hyphens, or "
                            "underscores, must end with .fifo suffix and be 1 to 80 in length."));
    }
    return {};
  }
  if (name.empty()) return refuse(missing_parameter("QueueName"));
  if (!is_queue_name(name)) {
    return refuse(
        invalid_parameter("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"));
  }
  return {};
}

std::string redrive_target(const Attributes& attributes) {
  const auto settings = settings_of(attributes);
  return settings.redrive ? settings.redrive->dead_letter_arn : "";
}

// A page's token is where it ended.
Outcome<std::string> token_key(std::string_view token) {
  auto key = from_base64(token);
  if (!key) return refuse(invalid_parameter("NextToken", token, "it is not a token that an earlier page ended with."));
  return *key;
}

}  // namespace

std::string Queues::url(const Definition& definition) const {
  return environment_.endpoint + "/" + definition.account + "/" + definition.name;
}

QueuePointer Queues::find(const std::string& region, const std::string& name) {
  const std::string id = region + "/" + name;
  if (const auto found = loaded_.find(id); found != loaded_.end()) return found->second;
  const auto stored = environment_.store.get(definition_key(region, name));
  auto definition = stored ? decode_definition(*stored) : std::nullopt;
  if (!definition) return nullptr;
  auto queue = std::make_shared<Queue>(environment_.store, environment_.executor, std::move(*definition));
  loaded_.emplace(id, queue);
  return queue;
}

QueuePointer Queues::find_arn(std::string_view arn) {
  const auto name = parse_queue_arn(arn);
  if (!name) return nullptr;
  auto queue = find(name->region, name->name);
  return queue && queue->definition().account == name->account ? queue : nullptr;
}

Outcome<QueuePointer> Queues::find_url(const std::string& region, std::string_view url) {
  if (url.empty()) return refuse(missing_parameter("QueueUrl"));
  const auto name = parse_queue_url(url);
  if (!name) return refuse(invalid_address(url));
  auto queue = find(region, name->name);
  if (!queue || queue->definition().account != name->account) return refuse(queue_does_not_exist());
  return queue;
}

QueuePointer Queues::dead_letters_of(const Queue& queue) {
  return queue.settings().redrive ? find_arn(queue.settings().redrive->dead_letter_arn) : nullptr;
}

Outcome<void> Queues::check_redrive(const Definition& source, const Attributes& attributes) {
  const Settings settings = settings_of(attributes);
  if (!settings.redrive) return {};
  const auto& value = attributes.at("RedrivePolicy");
  const auto target = find_arn(settings.redrive->dead_letter_arn);
  const auto bad = [&](std::string_view reason) { return refuse(invalid_parameter("RedrivePolicy", value, reason)); };
  if (!target) return bad("Dead letter target does not exist.");
  if (target->definition().arn() == source.arn()) return bad("A queue can't be its own dead letter target.");
  if (target->definition().region != source.region) return bad("Dead letter target must be in the same region.");
  if (target->settings().is_fifo != settings.is_fifo) {
    return bad("Dead-letter queue must be same type of queue as the source.");
  }
  const auto& sources = target->settings().redrive_sources;
  const bool is_allowed = target->settings().redrive_allow == RedriveAllow::all ||
                          (target->settings().redrive_allow == RedriveAllow::by_queue &&
                           std::find(sources.begin(), sources.end(), source.arn()) != sources.end());
  if (!is_allowed) return bad("The RedriveAllowPolicy of the dead letter target does not allow this source queue.");
  return {};
}

Outcome<QueuePointer> Queues::create(const std::string& region, const std::string& name, const Attributes& attributes,
                                     const std::map<std::string, std::string>& tags, Millis now) {
  auto checked = check_name(name, attributes);
  if (!checked) return refuse(checked.error());
  // AWS does not take FifoQueue=false: a queue is standard by not saying so.
  if (const auto fifo = attributes.find("FifoQueue"); fifo != attributes.end() && fifo->second == "false") {
    return refuse(invalid_attribute_name("FifoQueue"));
  }
  auto merged = merge_attributes({}, attributes, Moment::creating);
  if (!merged) return refuse(merged.error());
  if (auto existing = find(region, name)) {
    const Attributes current = with_defaults(existing->definition().attributes);
    for (const auto& [attribute, value] : *merged) {
      const auto found = current.find(attribute);
      if (found == current.end() || found->second != value) return refuse(queue_name_exists(attribute));
    }
    return existing;
  }
  std::uint64_t number = 1;
  if (const auto stored = environment_.store.get(next_queue_key())) number = RecordReader(*stored).number();
  Definition definition{number, region, environment_.account, name, now, now, 0, *merged, tags};
  if (auto allowed = check_redrive(definition, *merged); !allowed) return refuse(allowed.error());
  Batch batch;
  batch.put(next_queue_key(), RecordWriter().number(number + 1).take());
  batch.put(definition_key(region, name), encode(definition));
  if (const auto target = redrive_target(*merged); !target.empty()) batch.put(source_key(target, region, name), "");
  if (auto applied = environment_.store.apply(std::move(batch)); !applied)
    return refuse(internal_failure(applied.error()));
  return find(region, name);
}

Outcome<void> Queues::set_attributes(Queue& queue, const Attributes& attributes, Millis now) {
  Definition definition = queue.definition();
  auto merged = merge_attributes(definition.attributes, attributes, Moment::changing);
  if (!merged) return refuse(merged.error());
  if (attributes.contains("RedrivePolicy")) {
    if (auto allowed = check_redrive(definition, *merged); !allowed) return refuse(allowed.error());
  }
  definition.attributes = std::move(*merged);
  definition.modified = now;
  return save(queue, std::move(definition));
}

Outcome<void> Queues::save(Queue& queue, Definition definition) {
  const std::string before = redrive_target(queue.definition().attributes);
  const std::string after = redrive_target(definition.attributes);
  Batch batch;
  batch.put(definition_key(definition.region, definition.name), encode(definition));
  if (before != after) {
    if (!before.empty()) batch.remove(source_key(before, definition.region, definition.name));
    if (!after.empty()) batch.put(source_key(after, definition.region, definition.name), "");
  }
  if (auto applied = environment_.store.apply(std::move(batch)); !applied)
    return refuse(internal_failure(applied.error()));
  queue.redefine(std::move(definition));
  return {};
}

Outcome<void> Queues::remove(Queue& queue) {
  const Definition definition = queue.definition();
  Batch batch;
  batch.remove(definition_key(definition.region, definition.name));
  const std::string messages = messages_prefix(definition.number);
  batch.remove_range(messages, after_prefix(messages));
  const std::string moves = move_tasks_prefix(definition.region, definition.name);
  batch.remove_range(moves, after_prefix(moves));
  if (const auto target = redrive_target(definition.attributes); !target.empty()) {
    batch.remove(source_key(target, definition.region, definition.name));
  }
  if (auto applied = environment_.store.apply(std::move(batch)); !applied)
    return refuse(internal_failure(applied.error()));
  queue.retire();
  loaded_.erase(definition.region + "/" + definition.name);
  return {};
}

Outcome<Queues::Page> Queues::list(const std::string& region, std::string_view prefix, std::string_view token,
                                   std::size_t most) {
  const std::string all = definitions_prefix(region);
  // A key holds the name and a terminator: without the terminator it starts every name with that prefix.
  std::string from = all + std::string(prefix);
  const std::string to = after_prefix(from);
  if (!token.empty()) {
    auto key = token_key(token);
    if (!key) return refuse(key.error());
    from = std::max(from, *key);
  }
  Page page;
  for (auto cursor = environment_.store.scan(from, to); cursor.valid(); cursor.next()) {
    if (page.urls.size() == most) {
      page.next_token = to_base64(cursor.key());
      break;
    }
    if (const auto definition = decode_definition(cursor.value())) page.urls.push_back(url(*definition));
  }
  return page;
}

Outcome<Queues::Page> Queues::list_sources(const Queue& dead_letters, std::string_view token, std::size_t most) {
  const std::string all = sources_prefix(dead_letters.definition().arn());
  std::string from = all;
  if (!token.empty()) {
    auto key = token_key(token);
    if (!key) return refuse(key.error());
    from = std::max(from, *key);
  }
  Page page;
  for (auto cursor = environment_.store.scan(from, after_prefix(all)); cursor.valid(); cursor.next()) {
    if (page.urls.size() == most) {
      page.next_token = to_base64(cursor.key());
      break;
    }
    std::string_view rest = cursor.key().substr(all.size());
    const auto region = take_text(rest);
    const auto name = take_text(rest);
    if (!region || !name) continue;
    if (const auto source = find(*region, *name)) page.urls.push_back(url(source->definition()));
  }
  return page;
}

void Queues::each_loaded(const std::function<void(Queue&)>& act) {
  for (auto& [id, queue] : loaded_) act(*queue);
}

}  // namespace ads::cloud::sqs
