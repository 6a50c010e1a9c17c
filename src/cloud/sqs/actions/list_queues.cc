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

Answer list_queues(Sqs& sqs, Call& call, json::object input) {
  auto most = whole_in(input, "MaxResults", 1, 1000);
  if (!most) co_return refuse(most.error());
  auto page = sqs.queues().list(call.region, text_of(input, "QueueNamePrefix"), text_of(input, "NextToken"),
                                static_cast<std::size_t>(most->value_or(1000)));
  if (!page) co_return refuse(page.error());
  if (!*most) page->next_token.clear();
  co_return to_json(*page, "QueueUrls", false);
}

Answer list_dead_letter_source_queues(Sqs& sqs, Call& call, json::object input) {
  auto queue = sqs.queue_of(call, input);
  if (!queue) co_return refuse(queue.error());
  auto most = whole_in(input, "MaxResults", 1, 1000);
  if (!most) co_return refuse(most.error());
  auto page =
      sqs.queues().list_sources(**queue, text_of(input, "NextToken"), static_cast<std::size_t>(most->value_or(1000)));
  if (!page) co_return refuse(page.error());
  if (!*most) page->next_token.clear();
  co_return to_json(*page, "queueUrls", true);
}

}  // namespace ads::cloud::sqs
