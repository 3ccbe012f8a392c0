//===- Report.cpp - what a run gave, as JSON ----------------------------------===//
#include "Report.h"
#include "Text.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace millrace::reference;
using namespace millrace;

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

/// Rows come in the order of the records that they are of; deletes on expiry only before the key's next row.
static Order behindState(mlir::Value input, bool deletes) {
  Order order{orderOf(input).total && !deletes, {}};
  for (mlir::StringAttr key : typeOf(input).getKeys())
    order.keys.push_back(key.str());
  return order;
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
      .Case([&](stream::WindowOp op) {
        if (stream == op.getLate()) // as the records came
          return orderOf(op.getInput());
        if (op.getWindow().getKind() == stream::WindowKind::Count)
          return behindState(op.getInput(), false);
        Order order;
        stream::StreamType input = llvm::cast<stream::StreamType>(op.getInput().getType());
        for (mlir::StringAttr key : input.getKeys())
          order.keys.push_back(key.str());
        order.total = order.keys.empty();
        return order;
      })
      .Case([](stream::TopOp op) { // of each window and key the best first
        Order order = behindState(op.getInput(), false);
        order.total = order.keys.empty();
        return order;
      })
      .Case([](stream::OverOp op) { // by time, then as they came
        Order order = behindState(op.getInput(), false);
        for (llvm::StringRef key : order.keys)
          if (op.getOutput().getType().indexOf(key) < 0)
            return Order{order.total, {}};
        return order;
      })
      .Case([](stream::RunningOp op) { return behindState(op.getInput(), op.getDeleteOnExpiry()); })
      .Case([](stream::DeduplicateOp op) { return behindState(op.getInput(), false); })
      .Default([](mlir::Operation *) { return Order{}; });
}

//===-- the document ------------------------------------------------------===//

static void writeCounts(llvm::raw_ostream &os, llvm::StringRef name, const std::map<std::string, uint64_t> &counts) {
  os << "  " << quoteJson(name) << ": {";
  for (const auto &[i, entry] : llvm::enumerate(counts))
    os << (i ? ", " : "") << quoteJson(entry.first) << ": " << entry.second;
  os << "},\n";
}

static void writeNames(llvm::raw_ostream &os, llvm::StringRef name, llvm::ArrayRef<std::string> names) {
  os << ", " << quoteJson(name) << ": [";
  llvm::interleaveComma(names, os, [&](const std::string &text) { os << quoteJson(text); });
  os << "]";
}

static void writeSink(llvm::raw_ostream &os, const SinkResult &sink, const Environment &params) {
  stream::SinkOp op = sink.op;
  stream::StreamType type = typeOf(op.getInput());
  Order order = orderOf(op.getInput());
  Format format = formatOf(op);
  os << "    " << quoteJson(sink.name) << ": {\"connector\": " << quoteJson(op.getConnector());
  if (auto path = optionText(op.getOptions(), op.getArgs(), "path", params))
    os << ", \"path\": " << quoteJson(*path);
  os << ", \"format\": " << quoteJson(op.getFormat().value_or("json"))
     << ", \"delimiter\": " << quoteJson(std::string(1, format.delimiter)) << ", \"header\": "
     << (format.kind == Format::Kind::Csv && format.header ? quoteJson(csvHeader(format, type)) : "null")
     << ", \"total_order\": " << (order.total ? "true" : "false");
  std::vector<std::string> columns;
  if (type.getChanges() == stream::Changes::Upsert)
    columns.push_back("op");
  for (mlir::StringAttr name : type.getNames())
    columns.push_back(name.str());
  writeNames(os, "columns", columns);
  writeNames(os, "keys", order.keys);
  os << ", \"rows\": [";
  for (const auto &[i, row] : llvm::enumerate(sink.rows))
    os << (i ? ",\n      " : "\n      ") << quoteJson(rowText(format, type, row));
  os << "]}";
}

void millrace::reference::writeReport(const Pipeline &pipeline, const Stop &stop, llvm::raw_ostream &os) {
  Counters counters = pipeline.counters();
  os << "{\n";
  os << "  \"exit\": " << stop.exitCode << ",\n  \"message\": " << quoteJson(stop.message) << ",\n";
  static constexpr llvm::StringLiteral places[] = {"turn", "state", "record"};
  os << "  \"stopped\": \"" << (stop.exitCode ? places[size_t(stop.at)] : "") << "\",\n";
  writeCounts(os, "records", counters.records);
  writeCounts(os, "blank", counters.blank);
  writeCounts(os, "bad", counters.bad);
  writeCounts(os, "future", counters.future);
  writeCounts(os, "late", counters.late);
  writeCounts(os, "partly_late", counters.partlyLate);
  writeCounts(os, "in_no_window", counters.inNoWindow);
  os << "  \"sinks\": {";
  for (const auto &[i, sink] : llvm::enumerate(pipeline.sinks())) {
    os << (i ? ",\n" : "\n");
    writeSink(os, sink, pipeline.values());
  }
  os << "\n  }\n}\n";
}
