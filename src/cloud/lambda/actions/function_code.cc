// CreateFunction and UpdateFunctionCode: what brings a deployment package.
#include "base/encoding.h"
#include "base/ids.h"
#include "cloud/lambda/actions/actions.h"
#include "cloud/lambda/errors.h"

namespace ads::cloud::lambda {

namespace {

// The zip's bytes, from the request or from a bucket.
Task<Outcome<std::string>> fetch(Parts& parts, json::object code) {
  if (get_string(code, "ImageUri")) co_return refuse(not_implemented("A function with Code.ImageUri"));
  if (auto key = get_string(code, "SourceKMSKeyArn"); key && !key->empty())
    co_return refuse(not_implemented("A function with Code.SourceKMSKeyArn"));
  auto zip = get_string(code, "ZipFile");
  auto bucket = get_string(code, "S3Bucket"), key = get_string(code, "S3Key");
  if (zip && (bucket || key))
    co_return refuse(
        invalid_parameter("Please do not provide other FunctionCode parameters when providing a ZipFile."));
  if (zip) {
    auto bytes = from_base64(*zip);
    if (!bytes) co_return refuse(invalid_zip());
    if (bytes->size() > kZippedLimit)
      co_return refuse(user_error(
          413, "RequestEntityTooLargeException",
          fmt::format("Request must be smaller than {} bytes for the CreateFunction operation", kZippedLimit)));
    co_return std::move(*bytes);
  }
  if (!bucket || !key) co_return refuse(invalid_parameter("Please provide a source for function code."));
  if (!parts.environment.objects)
    co_return refuse(service_error("S3 is not there to read the deployment package from."));
  std::string version(get_string(code, "S3ObjectVersion").value_or(""));
  auto object =
      co_await parts.environment.objects->read_object(std::string(*bucket), std::string(*key), version, kUnzippedLimit);
  if (!object && object.error().code == "EntityTooLarge")
    co_return refuse(invalid_parameter(fmt::format("Unzipped size must be smaller than {} bytes", kUnzippedLimit)));
  if (!object)
    co_return refuse(
        invalid_parameter(fmt::format("Error occurred while GetObject. S3 Error Code: {}. S3 Error Message: {}",
                                      object.error().code, object.error().message)));
  co_return std::move(*object);
}

Task<Outcome<Package>> keep(Parts& parts, json::object code) {
  auto zip = co_await fetch(parts, std::move(code));
  if (!zip) co_return refuse(zip.error());
  co_return co_await parts.codes.keep(std::move(*zip));
}

Task<Outcome<void>> check_role(Parts& parts, const Function& function) {
  Source source{"lambda.amazonaws.com", function_arn(function.region, parts.environment.account, function.name)};
  std::string role = function.role, session = function.name;
  auto assumed = co_await parts.environment.identities->assume(role, session, source, std::chrono::seconds(900));
  if (!assumed) co_return refuse(invalid_parameter("The role defined for the function cannot be assumed by Lambda."));
  co_return Outcome<void>{};
}

}  // namespace

Task<Reply> create_function(Parts& parts, std::string region, json::object input) {
  auto name = named(parts, region, input);
  if (!name) co_return refuse(name.error());
  if (!name->qualifier.empty() && name->qualifier != "$LATEST")
    co_return refuse(invalid_parameter("A new function has no qualifier."));
  if (!get_string(input, "Role")) co_return refuse(invalid_member("role", "null", "Member must not be null"));
  if (get_string(input, "PackageType").value_or("Zip") == "Zip" &&
      (!get_string(input, "Runtime") || !get_string(input, "Handler")))
    co_return refuse(invalid_parameter(
        "Runtime and Handler are mandatory parameters for functions created with deployment packages."));
  Function function{.region = region, .name = name->name};
  if (auto applied = apply_configuration(function, input); !applied) co_return refuse(applied.error());
  About about;
  if (auto* tags = get_object(input, "Tags"))
    for (auto& [key, value] : *tags)
      if (value.is_string()) about.tags[key] = value.as_string();
  if (about.tags.size() > 50) co_return refuse(invalid_parameter("A function has at most 50 tags."));
  auto exists = [&] { return refuse(conflict("Function already exist: " + function.name)); };
  if (parts.state.find(region, function.name, "$LATEST")) co_return exists();
  if (auto checked = co_await check_role(parts, function); !checked) co_return refuse(checked.error());
  auto* code = get_object(input, "Code");
  if (!code) co_return refuse(invalid_member("code", "null", "Member must not be null"));
  auto package = co_await keep(parts, *code);
  if (!package) co_return refuse(package.error());

  // Somebody may have been first while the package was read: look again, then apply at once.
  if (parts.state.find(region, function.name, "$LATEST")) co_return exists();
  function.code_sha = package->sha;
  function.code_size = package->size;
  function.last_modified = timestamp(parts.environment.clock.now());
  function.revision_id = random_uuid();
  Batch batch;
  parts.state.put(batch, function);
  parts.state.put(batch, region, function.name, about);
  if (auto stored = co_await commit(parts, std::move(batch)); !stored) co_return refuse(stored.error());
  if (get_bool(input, "Publish").value_or(false)) {
    auto version = co_await publish(parts, function, {});
    if (!version) co_return refuse(version.error());
    co_return describe(*version, parts.environment.account, ArnForm::qualified);
  }
  co_return describe(function, parts.environment.account, ArnForm::unqualified);
}

Task<Reply> update_function_code(Parts& parts, std::string region, json::object input) {
  auto name = named(parts, region, input);
  if (!name) co_return refuse(name.error());
  if (!parts.state.find(region, name->name, "$LATEST"))
    co_return refuse(function_not_found(parts.state.arn(region, *name)));
  auto package = co_await keep(parts, input);
  if (!package) co_return refuse(package.error());

  auto function = parts.state.find(region, name->name, "$LATEST");
  if (!function) co_return refuse(function_not_found(parts.state.arn(region, *name)));
  if (auto revision = get_string(input, "RevisionId"); revision && *revision != function->revision_id)
    co_return refuse(precondition_failed());
  if (auto* architectures = input.if_contains("Architectures"))
    if (auto applied = apply_configuration(*function, {{"Architectures", *architectures}}); !applied)
      co_return refuse(applied.error());
  auto old_sha = function->code_sha;
  function->code_sha = package->sha;
  function->code_size = package->size;
  if (get_bool(input, "DryRun").value_or(false))
    co_return describe(*function, parts.environment.account, ArnForm::unqualified);
  function->last_modified = timestamp(parts.environment.clock.now());
  function->revision_id = random_uuid();
  Batch batch;
  parts.state.put(batch, *function);
  if (auto stored = co_await commit(parts, std::move(batch)); !stored) co_return refuse(stored.error());
  parts.pool.retire(region, function->name);
  if (old_sha != function->code_sha && !parts.state.is_code_used(old_sha)) co_await parts.codes.forget(old_sha);
  if (get_bool(input, "Publish").value_or(false)) {
    auto version = co_await publish(parts, *function, {});
    if (!version) co_return refuse(version.error());
    co_return describe(*version, parts.environment.account, ArnForm::qualified);
  }
  co_return describe(*function, parts.environment.account, ArnForm::unqualified);
}

}  // namespace ads::cloud::lambda
