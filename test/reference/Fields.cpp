//===- Fields.cpp - the fields of a record, from its JSON ---------------------===//
#include "Fields.h"
#include "Text.h"

using namespace millrace::reference;

std::vector<PathStep> millrace::reference::parsePath(std::string_view path) {
  std::vector<PathStep> steps;
  for (size_t at = 0; at < path.size();) {
    PathStep step;
    if (path[at] == '[') {
      for (++at; path[at] != ']'; ++at)
        step.element = step.element * 10 + size_t(path[at] - '0');
      ++at;
    } else {
      at += path[at] == '.' ? 1 : 0;
      step.member.emplace();
      if (path[at] == '"') {
        for (++at; path[at] != '"'; ++at) {
          at += path[at] == '\\' ? 1 : 0;
          *step.member += path[at];
        }
        ++at;
      } else {
        while (at < path.size() && path[at] != '.' && path[at] != '[')
          *step.member += path[at++];
      }
    }
    steps.push_back(std::move(step));
  }
  return steps;
}

//===-- values ------------------------------------------------------------===//

static Fitted fitScalar(const Json &json, const TypeInfo &type, const std::string &unit);

/// An element that is an error makes the whole list that error.
static Fitted fitList(const Json &json, const TypeInfo &type, const std::string &unit) {
  TypeInfo element = describe(type.element);
  List list;
  for (const Json &item : json.items) {
    if (item.kind == Json::Kind::Null) {
      if (!element.nullable)
        return {Value::null(), MR_MISSING};
      list.push_back(Value::null());
      continue;
    }
    Fitted fitted = fitScalar(item, element, unit);
    if (fitted.problem)
      return fitted;
    list.push_back(std::move(fitted.value));
  }
  return {Value::ofList(std::move(list)), std::nullopt};
}

/// A JSON value other than null as a value of a type (the table stands at the head of the decoder's contract).
static Fitted fitScalar(const Json &json, const TypeInfo &type, const std::string &unit) {
  const Fitted wrong = {Value::null(), MR_WRONG_TYPE};
  bool isString = json.kind == Json::Kind::String, isNumber = json.kind == Json::Kind::Number;
  switch (type.kind) {
  case Kind::Bool: {
    bool isTrue = json.kind == Json::Kind::True;
    return isTrue || json.kind == Json::Kind::False ? Fitted{Value::ofBool(isTrue), std::nullopt} : wrong;
  }
  case Kind::F32:
  case Kind::F64:
    if (json.text == "NaN" || json.text == "Infinity" || json.text == "-Infinity")
      return isString ? fitText(json.text, type.kind) : wrong;
    return isNumber ? fitNumber(json.text, type.kind) : wrong;
  case Kind::String:
    return isString ? Fitted{Value::ofText(json.text), std::nullopt} : wrong;
  case Kind::Bytes: {
    auto bytes = isString ? decodeBase64(json.text) : std::nullopt;
    return bytes ? Fitted{Value::ofText(*bytes), std::nullopt} : wrong;
  }
  case Kind::Timestamp:
  case Kind::Duration:
    if (unit == "s" || unit == "ms" || unit == "us" || unit == "ns") {
      int power = unit == "s" ? 6 : unit == "ms" ? 3 : unit == "us" ? 0 : -3;
      return isNumber ? fitScaled(json.text, power, type.kind) : wrong;
    }
    return isString ? fitTimeText(json.text, type.kind) : wrong;
  case Kind::Date:
    return isString ? fitTimeText(json.text, type.kind) : wrong;
  case Kind::List:
    return json.kind == Json::Kind::Array ? fitList(json, type, unit) : wrong;
  default:
    return isNumber ? fitNumber(json.text, type.kind) : wrong;
  }
}

//===-- paths -------------------------------------------------------------===//

namespace {
/// Where a path ended.
struct Place {
  const Json *json = nullptr; ///< null: missing
  bool wrongKind = false;     ///< a scalar, or the other kind of container, stands on the way
  bool repeated = false;      ///< a member on the way stands there twice
};
} // namespace

/// Missing, null and past the end of an array are the same (rule 48).
static Place follow(const Json &record, const std::vector<PathStep> &path) {
  const Json *json = &record;
  Place place;
  for (const PathStep &step : path) {
    if (json->kind == Json::Kind::Null)
      return place;
    if (json->kind != (step.member ? Json::Kind::Object : Json::Kind::Array)) {
      place.wrongKind = true;
      return place;
    }
    const Json *next = nullptr;
    if (!step.member)
      next = step.element < json->items.size() ? &json->items[step.element] : nullptr;
    else
      for (size_t i = 0; i < json->names.size(); ++i)
        if (json->names[i] == *step.member) {
          place.repeated |= next != nullptr;
          next = &json->items[i];
        }
    if (!next || place.repeated)
      return place;
    json = next;
  }
  place.json = json;
  return place;
}

static bool isWithin(const Value &value, Integer least, Integer greatest) {
  return value.integer() >= least && value.integer() <= greatest;
}

std::optional<std::vector<Value>> millrace::reference::readFields(const Json &record,
                                                                  const std::vector<FieldSpec> &fields) {
  if (record.kind != Json::Kind::Object)
    return std::nullopt;
  std::vector<Value> values;
  for (const FieldSpec &field : fields) {
    Value &value = values.emplace_back();
    if (!field.used)
      continue;
    Place place = follow(record, field.path);
    if (place.repeated)
      return std::nullopt;
    TypeInfo type = describe(field.type);
    if (place.wrongKind) {
      value = Value::ofError(field.site, MR_WRONG_TYPE);
    } else if (!place.json || place.json->kind == Json::Kind::Null) {
      value = type.nullable ? Value::null() : Value::ofError(field.site, MR_MISSING);
    } else {
      Fitted fitted = fitScalar(*place.json, type, field.unit);
      if (!fitted.problem && field.least && !isWithin(fitted.value, *field.least, *field.greatest))
        fitted.problem = MR_OUT_OF_RANGE;
      value = fitted.problem ? Value::ofError(field.site, *fitted.problem) : std::move(fitted.value);
    }
  }
  return values;
}
