// What AWS's API model says about a service: its operations, and the shapes of their input. Read from the text that
// scripts/generate_models writes (src/cloud/<service>/model.inc); shapes are read when an operation is asked for.
#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "cloud/operations/pattern.h"

namespace ads::cloud::operations {

enum class Type { string, blob, integer, floating, boolean, timestamp, any, list, map, structure };

// Which part of a REST request carries a member; other protocols have them all in the body.
enum class Location { body, whole_body, header, headers, query, path };

struct Shape;

struct Member {
  std::string_view name;
  std::string_view wire_name;  // in the form, the query or the header
  Location location = Location::body;
  const Shape* shape = nullptr;
  bool is_required = false;
};

struct Shape {
  Type type = Type::string;
  // Of a number its value; of a text, a list or a map its length. As the model writes them.
  std::optional<std::string_view> least = std::nullopt, most = std::nullopt;
  std::string_view pattern = {};                      // a string's
  std::vector<std::string_view> values = {};          // a string's, where it is one of these
  std::vector<Member> members = {};                   // a structure's
  const Shape* key = nullptr;                         // a map's
  const Shape* element = nullptr;                     // a map's values, a list's elements
  std::string_view key_name = {}, element_name = {};  // in a form
  bool is_flat = false;                               // a form has no name between a list's or map's own and the number
  bool is_sensitive = false;                          // no error shows the value

  // The compiled pattern.
  const Pattern& expression() const;

 private:
  mutable std::unique_ptr<Pattern> expression_ = nullptr;
};

// "logEvents" of "LogEvents": how errors spell a member.
std::string lower_first(std::string_view name);

struct ApiOperation {
  std::string_view name;
  const Shape* input = nullptr;  // null: it takes no members
  bool has_result = false;
  std::string_view method = {}, path = {};  // REST: "POST", "/schedules/{Name}"
  int status = 200;
};

class Model {
 public:
  // `text` outlives the model.
  explicit Model(std::string_view text);

  std::string_view version() const { return version_; }  // "2014-03-28"
  bool has(std::string_view operation) const { return operations_.contains(operation); }
  // Null where AWS has no such operation.
  const ApiOperation* find(std::string_view operation);
  // Those that the model names, in alphabetical order.
  std::vector<std::string_view> names() const;

 private:
  const Shape* shape(std::string_view name);
  void read_structure(Shape& out, std::string_view fields);

  std::string_view version_;
  std::map<std::string_view, std::string_view> operations_, lines_;  // by name; what stands behind it
  std::map<std::string_view, std::unique_ptr<Shape>> shapes_;
  std::map<std::string_view, std::unique_ptr<ApiOperation>> found_;
};

}  // namespace ads::cloud::operations
