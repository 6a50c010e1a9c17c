// The queues there are: found by name, URL or ARN, made, changed, listed and deleted.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

#include "cloud/environment.h"
#include "cloud/sqs/queue.h"

namespace ads::cloud::sqs {

using QueuePointer = std::shared_ptr<Queue>;

class Queues {
 public:
  explicit Queues(Environment& environment) : environment_(environment) {}

  // Nothing where no such queue exists. A queue's memory is made when it is first asked for.
  QueuePointer find(const std::string& region, const std::string& name);
  QueuePointer find_arn(std::string_view arn);
  // The queue of a request's QueueUrl. Errors: MissingParameter, InvalidAddress, QueueDoesNotExist.
  Outcome<QueuePointer> find_url(const std::string& region, std::string_view url);

  // `attributes` and `tags` as they came. Errors: InvalidParameterValue (name), QueueNameExists, the attributes' own.
  Outcome<QueuePointer> create(const std::string& region, const std::string& name, const Attributes& attributes,
                               const std::map<std::string, std::string>& tags, Millis now);
  // Errors: the attributes' own.
  Outcome<void> set_attributes(Queue& queue, const Attributes& attributes, Millis now);
  Outcome<void> save(Queue& queue, Definition definition);
  Outcome<void> remove(Queue& queue);

  struct Page {
    std::vector<std::string> urls;
    std::string next_token;  // empty: that was all
  };
  Outcome<Page> list(const std::string& region, std::string_view prefix, std::string_view token, std::size_t most);
  // The queues that name this one as their dead-letter queue.
  Outcome<Page> list_sources(const Queue& dead_letters, std::string_view token, std::size_t most);

  std::string url(const Definition& definition) const;
  QueuePointer dead_letters_of(const Queue& queue);
  void each_loaded(const std::function<void(Queue&)>& act);

 private:
  // That the dead-letter queue exists, is of the same kind, and allows this source.
  Outcome<void> check_redrive(const Definition& source, const Attributes& attributes);

  Environment& environment_;
  std::unordered_map<std::string, QueuePointer> loaded_;  // by region + "/" + name
};

}  // namespace ads::cloud::sqs
