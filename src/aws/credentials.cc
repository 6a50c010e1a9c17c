// The chain of sources, and the cache in front of it.
#include "aws/credentials.h"

#include <fmt/format.h>

#include "aws/configuration.h"
#include "aws/credential_sources.h"
#include "base/log.h"

namespace ads::aws {
namespace {

constexpr std::chrono::minutes kRenewBefore{5};
constexpr std::chrono::minutes kRenewAgain{1};

class Fixed : public CredentialSource {
 public:
  explicit Fixed(Credentials credentials) : credentials_(std::move(credentials)) {}
  Task<Result<Credentials>> get() override { co_return credentials_; }

 private:
  Credentials credentials_;
};

class Chain : public CredentialSource {
 public:
  Chain(http::Client& http, const Configuration& configuration, Variables variables, Clock& clock)
      : http_(http), configuration_(configuration), variables_(std::move(variables)), clock_(clock) {}

  Task<Result<Credentials>> get() override {
    // One renewal at a time; the others wait for it and then look again.
    while (!is_fresh()) {
      if (!bell_) bell_ = std::make_unique<Bell>(co_await asio::this_coro::executor);
      if (renewing_) {
        co_await bell_->wait();
        if (!is_fresh() && failure_) co_return fail(*failure_);
        continue;
      }
      Renewal renewal(*this);
      auto found = co_await find();
      if (found) {
        keep(std::move(*found));
      } else {
        failure_ = found.error();
        if (!cached_ || *cached_->expires <= clock_.now()) co_return fail(*failure_);
        log(LogLevel::warning, "credentials could not be renewed; the old ones are used until they expire",
            {{"error", failure_->message}});
        keep(*cached_);
      }
    }
    co_return *cached_;
  }

 private:
  // Marks that a renewal runs, and tells the waiting when it ended, however it did.
  struct Renewal {
    explicit Renewal(Chain& chain) : chain(chain) { chain.renewing_ = true; }
    ~Renewal() {
      chain.renewing_ = false;
      chain.bell_->ring_all();
    }
    Chain& chain;
  };

  bool is_fresh() const { return cached_ && (!cached_->expires || clock_.now() < renew_at_); }

  // Renewed 5 minutes before the end; those that come shorter-lived, or could not be renewed, after a minute.
  void keep(Credentials credentials) {
    auto now = clock_.now();
    cached_ = std::move(credentials);
    failure_.reset();
    if (!cached_->expires) return;
    renew_at_ = std::max(*cached_->expires - kRenewBefore, std::min(now + kRenewAgain, *cached_->expires));
    if (renew_at_ <= now) renew_at_ = now + std::chrono::milliseconds(1);
  }

  Task<Result<Credentials>> find() {
    std::vector<std::string> tried;
    for (auto source : {from_variables, from_profile, from_container, from_instance}) {
      Search search{http_, configuration_, variables_, clock_};
      auto found = co_await source(search);
      if (!found) co_return fail(found.error());
      if (found->credentials) co_return std::move(*found->credentials);
      tried.push_back(std::move(found->absent));
    }
    co_return fail(ErrorKind::denied, "NoCredentials",
                   fmt::format("no AWS credentials. Tried: {}. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or "
                               "AWS_PROFILE; for the local cloud: eval \"$(ads env)\"",
                               fmt::join(tried, "; ")));
  }

  http::Client& http_;
  const Configuration& configuration_;
  Variables variables_;
  Clock& clock_;
  std::optional<Credentials> cached_;
  SystemTime renew_at_{};
  std::optional<Error> failure_;
  bool renewing_ = false;
  std::unique_ptr<Bell> bell_;
};

}  // namespace

std::shared_ptr<CredentialSource> fixed_credentials(Credentials credentials) {
  return std::make_shared<Fixed>(std::move(credentials));
}

std::shared_ptr<CredentialSource> default_credentials(http::Client& http, const Configuration& configuration,
                                                      Variables variables, Clock& clock) {
  return std::make_shared<Chain>(http, configuration, std::move(variables), clock);
}

}  // namespace ads::aws
