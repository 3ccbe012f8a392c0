//===- params.cpp -------------------------------------------------------------------===//
#include "runtime/engine/params.h"
#include "runtime/time/duration.h"
#include "runtime/values/parse.h"
#include "runtime/values/string_view.h"

#include <algorithm>
#include <bit>
#include <numeric>
#include <optional>

namespace millrace {

std::string_view typeName(uint8_t type) {
  constexpr std::string_view names[] = {"bool",  "i8",        "i16",      "i32",  "i64",  "u8",
                                        "u16",   "u32",       "u64",      "f32",  "f64",  "string",
                                        "bytes", "timestamp", "duration", "date", "list", "record"};
  return type <= MR_RECORD ? names[type] : "unknown";
}

namespace {

/// Edits (insert, delete, replace) from one name to the other.
size_t distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t(0));
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
      diagonal = above;
    }
  }
  return row[b.size()];
}

/// Reads a param's value. Durations may be written as in pipelines (`10 s`) or as in data (`PT10S`).
bool parseParam(std::string_view text, uint8_t type, mr_string &bits) {
  bits = {0, 0};
  if (type == MR_STRING || type == MR_BYTES) {
    bits = stringOf(text);
    return true;
  }
  if (type == MR_DURATION)
    if (std::optional<int64_t> written = parseWrittenDuration(text)) {
      bits.head = uint64_t(*written);
      return true;
    }
  return parseValue(text, mr_type(type), bits.head) == Parse::Ok;
}

} // namespace

std::string_view nearest(std::string_view name, const std::vector<std::string_view> &candidates) {
  std::string_view best;
  size_t least = std::max<size_t>(2, name.size() / 3) + 1;
  for (std::string_view candidate : candidates)
    if (size_t edits = distance(name, candidate); edits < least) {
      least = edits;
      best = candidate;
    }
  return best;
}

bool Params::set(const mr_pipeline_desc &pipeline, const std::vector<std::string> &settings, std::string &error) {
  std::vector<std::string_view> names;
  for (uint32_t i = 0; i < pipeline.num_params; ++i) {
    names.push_back(pipeline.params[i].name);
    texts.emplace_back(pipeline.params[i].default_text);
  }
  for (const std::string &setting : settings) {
    size_t equals = setting.find('=');
    if (equals == std::string::npos) {
      error = "error: --set " + setting + ": expected name=value";
      return false;
    }
    std::string_view name = std::string_view(setting).substr(0, equals);
    auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
      error = "error: --set " + setting + ": there is no param `" + std::string(name) + "`";
      if (std::string_view near = nearest(name, names); !near.empty())
        error += "; did you mean `" + std::string(near) + "`?";
      else if (names.empty())
        error += "; this pipeline has none";
      return false;
    }
    texts[found - names.begin()] = setting.substr(equals + 1);
  }
  values.resize(pipeline.num_params);
  for (uint32_t i = 0; i < pipeline.num_params; ++i)
    if (!parseParam(texts[i], pipeline.params[i].type, values[i].bits)) {
      error = "error: param `" + std::string(names[i]) + "`: expected a value of type " +
              std::string(typeName(pipeline.params[i].type)) + ", found `" + texts[i] + "`";
      return false;
    }
  return true;
}

} // namespace millrace
