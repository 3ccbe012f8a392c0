//===- schema.cpp - the tree of used paths --------------------------------===//
#include "runtime/io/json/schema.h"
#include <cstring>

using namespace millrace::json;

static uint32_t childOf(Schema &schema, uint32_t parent, const PathStep &step) {
  PathNode &node = schema.nodes[parent];
  uint32_t fresh = uint32_t(schema.nodes.size());
  if (step.isElement) {
    for (auto &element : node.elements)
      if (element.index == step.element)
        return element.node;
    node.elements.push_back({step.element, fresh});
  } else {
    for (auto &member : node.members)
      if (member.name == step.member)
        return member.node;
    node.members.push_back({step.member, fresh});
  }
  schema.nodes.emplace_back();
  return fresh;
}

Schema Schema::build(const mr_source_desc &source, std::string &problem) {
  Schema schema;
  schema.nodes.emplace_back();
  problem.clear();
  for (uint32_t i = 0; i < source.num_fields; ++i) {
    const mr_field_desc &desc = source.fields[i];
    bool isEventTime = source.event_time == int32_t(i);
    if (!desc.used && !isEventTime)
      continue;
    std::vector<PathStep> path;
    size_t at = 0;
    if (!desc.path || !*desc.path) {
      path.push_back({desc.name, 0, false});
    } else if (!parsePath(desc.path, path, at)) {
      problem = std::string("field `") + desc.name + "`: `" + desc.path +
                "` is no path into a JSON record (wrong at byte " + std::to_string(at) +
                "); paths look like `a.b[2]` or `\"odd name\".b`";
      return schema;
    }
    uint32_t position = uint32_t(schema.fields.size());
    if (isEventTime) {
      schema.eventTime = int32_t(position);
      schema.eventTimeName = desc.name;
    }
    schema.fields.push_back({i, desc.type, uint8_t(desc.element & ~MR_ELEMENT_NULLABLE), desc.nullable != 0,
                             (desc.element & MR_ELEMENT_NULLABLE) != 0, timeUnit(desc.unit ? desc.unit : "")});
    uint32_t node = 0;
    for (const PathStep &step : path) {
      schema.nodes[node].below.push_back(position);
      node = childOf(schema, node, step);
    }
    schema.nodes[node].fields.push_back(position);
  }
  return schema;
}
