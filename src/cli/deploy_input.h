// What `ads deploy` is given: template, parameters and code, read and checked before anything is sent.
#pragma once
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/template_file.h"

namespace ads::cli {

// Flags as given; empty: the default.
struct DeployFiles {
  std::string template_file, parameters_file, code;
  std::vector<std::string> parameters;  // "Name=Value"; they win over the file's
};

struct DeployInput {
  TemplateFile file;
  ParameterMap given;
  std::string code_name, code;  // the zip and its bytes; empty where the template needs none, or CodeKey is given
};

// The template that ads brings along stands for an empty template_file, the zip of the build or the package for an
// empty code. The parameter Architecture follows the zip. Errors: those of parse_template, parse_pairs,
// parse_parameters_file, check_parameters and architecture_of; not_found / "NoFile", "NoCode".
Result<DeployInput> read_deploy_input(const DeployFiles& files);

}  // namespace ads::cli
