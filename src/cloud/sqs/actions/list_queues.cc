// ListQueues and ListDeadLetterSourceQueues: a page of URLs. Without MaxResults AWS answers up to a thousand and no
// token. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html
#include "cloud/sqs/actions.h"
#include "cloud/sqs/errors.h"
#include "cloud/sqs/input.h"

namespace ads::cloud::sqs {
namespace {

json::object to_json(const Queues::Page& page, std::string_view list, bool shows_empty) {
  json::object answer;
  json::array urls;
  for (const auto& url : page.urls) urls.emplace_back(url);
  if (!urls.empty() || shows_empty) answer[list] = std::move(urls);
  if (!page.next_token.empty()) answer["NextToken"] = page.next_token;
  return answer;
}

}  // namespace

Reply list_queues(Context& context, const json::object& input) {
  auto most = whole_in(input, "MaxResults", 1, 1000);
  if (!most) return refuse(most.error());
  auto page = context.sqs.queues().list(context.call.region, text(input, "QueueNamePrefix"), text(input, "NextToken"),
                                        static_cast<std::size_t>(most->value_or(1000)));
  if (!page) return refuse(page.error());
  if (!*most) page->next_token.clear();
  return to_json(*page, "QueueUrls", false);
}

Reply list_dead_letter_source_queues(Context& context, const json::object& input) {
  auto queue = context.queue(input);
  if (!queue) return refuse(queue.error());
  auto most = whole_in(input, "MaxResults", 1, 1000);
  if (!most) return refuse(most.error());
  auto page = context.sqs.queues().list_sources(**queue, text(input, "NextToken"),
                                                static_cast<std::size_t>(most->value_or(1000)));
  if (!page) return refuse(page.error());
  if (!*most) page->next_token.clear();
  return to_json(*page, "queueUrls", true);
}

}  // namespace ads::cloud::sqs
