//===- params.h - values of a pipeline's params ------------------------------------===//
#ifndef MILLRACE_RUNTIME_ENGINE_PARAMS_H
#define MILLRACE_RUNTIME_ENGINE_PARAMS_H

#include "runtime/engine/task.h"

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace millrace {

class Params {
public:
  /// Defaults, then `name=value` settings in their order. False with a message for the user: an unknown name (with the
  /// near miss), or a value that is not of the param's type.
  bool set(const mr_pipeline_desc &pipeline, const std::vector<std::string> &settings, std::string &error);

  std::vector<mr_param_value> values;
  std::vector<std::string> texts; ///< as options take them
};

/// A type's name as pipelines write it.
std::string_view typeName(uint8_t type);

/// Which of the candidates is meant by a mistyped name; empty if none is near.
std::string_view nearest(std::string_view name, const std::vector<std::string_view> &candidates);

} // namespace millrace

#endif
