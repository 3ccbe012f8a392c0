//===- Report.cpp - what a run gave, as JSON ----------------------------------===//
#include "Report.h"
#include "Text.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace millrace::reference;
using namespace millrace;

std::string millrace::reference::rowText(stream::StreamType type, const Row &row) {
  std::string text = "{";
  for (auto [i, name] : llvm::enumerate(type.getNames()))
    text += (i ? "," : "") + quoteJson(name.strref()) + ":" + toJson(row.fields[i], describe(type.getTypes()[i]).kind);
  return text + "}";
}

//===-- order -------------------------------------------------------------===//

/// The keys under the names that a map gives them; no order where one of them does not go through as it is.
static Order renamed(const Order &order, mlir::Region &body, mlir::ArrayAttr fields, stream::StreamType output,
                     unsigned skip) {
  Order result{order.total, {}};
  for (const std::string &key : order.keys) {
    bool found = false;
    for (auto [i, value] : llvm::enumerate(yielded(body))) {
      auto argument = llvm::dyn_cast<mlir::BlockArgument>(value);
      if (!argument || argument.getOwner() != &body.front() || argument.getArgNumber() < skip)
        continue;
      if (llvm::cast<mlir::StringAttr>(fields[argument.getArgNumber() - skip]).getValue() == key && !found) {
        result.keys.push_back(output.getNames()[i].str());
        found = true;
      }
    }
    if (!found)
      return {order.total, {}};
  }
  return result;
}

Order millrace::reference::orderOf(mlir::Value stream) {
  return llvm::TypeSwitch<mlir::Operation *, Order>(stream.getDefiningOp())
      .Case([](stream::FilterOp op) { return orderOf(op.getInput()); })
      .Case([](stream::KeyByOp op) { return orderOf(op.getInput()); })
      .Case([](stream::MapOp op) {
        return renamed(orderOf(op.getInput()), op.getBody(), op.getFields(), op.getOutput().getType(), 0);
      })
      .Case([](stream::FlatMapOp op) {
        return renamed(orderOf(op.getInput()), op.getBody(), op.getBodyFields(), op.getOutput().getType(), 1);
      })
      .Case([](stream::UnionOp op) {
        // Rows of several firings may mix; what arrives from sources does so in one order.
        for (mlir::Value input : op.getInputs())
          if (!orderOf(input).total)
            return Order{false, {}};
        return Order{};
      })
      .Case([](stream::WindowOp op) {
        Order order;
        stream::StreamType input = llvm::cast<stream::StreamType>(op.getInput().getType());
        for (mlir::StringAttr key : input.getKeys())
          order.keys.push_back(key.str());
        order.total = order.keys.empty();
        return order;
      })
      .Default([](mlir::Operation *) { return Order{}; });
}

//===-- the document ------------------------------------------------------===//

static void writeCounts(llvm::raw_ostream &os, llvm::StringRef name, const std::map<std::string, uint64_t> &counts) {
  os << "  " << quoteJson(name) << ": {";
  for (const auto &[i, entry] : llvm::enumerate(counts))
    os << (i ? ", " : "") << quoteJson(entry.first) << ": " << entry.second;
  os << "},\n";
}

static void writeSink(llvm::raw_ostream &os, const SinkResult &sink, const Environment &params) {
  stream::SinkOp op = sink.op;
  stream::StreamType type = llvm::cast<stream::StreamType>(op.getInput().getType());
  Order order = orderOf(op.getInput());
  os << "    " << quoteJson(sink.name) << ": {\"connector\": " << quoteJson(op.getConnector());
  if (auto path = optionText(op.getOptions(), op.getArgs(), "path", params))
    os << ", \"path\": " << quoteJson(*path);
  os << ", \"format\": " << quoteJson(op.getFormat().value_or("json"))
     << ", \"total_order\": " << (order.total ? "true" : "false");
  os << ", \"keys\": [";
  for (const auto &[i, key] : llvm::enumerate(order.keys))
    os << (i ? ", " : "") << quoteJson(key);
  os << "], \"rows\": [";
  for (const auto &[i, row] : llvm::enumerate(sink.rows))
    os << (i ? ",\n      " : "\n      ") << quoteJson(rowText(type, row));
  os << "]}";
}

void millrace::reference::writeReport(const Pipeline &pipeline, const Stop &stop, llvm::raw_ostream &os) {
  Counters counters = pipeline.counters();
  os << "{\n";
  os << "  \"exit\": " << stop.exitCode << ",\n  \"message\": " << quoteJson(stop.message) << ",\n";
  os << "  \"stopped\": \"" << (!stop.exitCode ? "" : stop.byRecord ? "record" : "state") << "\",\n";
  writeCounts(os, "records", counters.records);
  writeCounts(os, "blank", counters.blank);
  writeCounts(os, "bad", counters.bad);
  writeCounts(os, "late", counters.late);
  os << "  \"sinks\": {";
  for (const auto &[i, sink] : llvm::enumerate(pipeline.sinks())) {
    os << (i ? ",\n" : "\n");
    writeSink(os, sink, pipeline.values());
  }
  os << "\n  }\n}\n";
}
