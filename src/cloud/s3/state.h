// Everything S3 holds, as its actions see it.
#pragma once
#include "cloud/access.h"
#include "cloud/environment.h"
#include "cloud/s3/blobs.h"
#include "cloud/s3/bucket.h"
#include "cloud/s3/objects.h"
#include "cloud/s3/outbox.h"
#include "cloud/s3/uploads.h"

namespace ads::cloud::s3 {

struct State {
  explicit State(Environment& e);

  Environment& environment;
  Store& store;
  Sequence sequence;
  Blobs blobs;
  Buckets buckets;
  Objects objects;
  Uploads uploads;
  Outbox outbox;
  access::PolicyCache policies;  // of buckets

  // Applies the transaction, starts its events' delivery, and waits for the disk. Errors: InternalError.
  Task<Outcome<void>> commit(Transaction transaction);
  // The first half alone: visible, not yet durable.
  Outcome<void> apply(Transaction transaction);
  Task<Outcome<void>> durable();
};

// A failed disk and the like: 500 InternalError, in S3's words.
WireError internal_error(const Error& error);

}  // namespace ads::cloud::s3
