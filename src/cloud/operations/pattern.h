// A regular expression of AWS's models: Java's dialect, matched against a whole value.
#pragma once
#include <memory>
#include <string_view>

namespace ads::cloud::operations {

class Pattern {
 public:
  explicit Pattern(std::string_view expression);
  ~Pattern();
  Pattern(Pattern&&) noexcept;

  // False also where the expression gives up on a value.
  bool matches(std::string_view value) const;
  // Whether our engine reads this expression; one that it does not read matches everything.
  bool is_readable() const { return compiled_ != nullptr; }

 private:
  struct Compiled;
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace ads::cloud::operations
