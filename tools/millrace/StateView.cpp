//===- StateView.cpp - a program's state as text --------------------------===//
#include "StateView.h"

#include "runtime/state/slots.h"
#include "runtime/time/duration.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;

namespace millrace {

std::string placeText(const json::Object &location) {
  auto file = location.getString("file");
  auto line = location.getInteger("line"), column = location.getInteger("column");
  return file && line && column ? formatv("{0}:{1}:{2}", *file, *line, *column).str() : "";
}

//===-- reading -----------------------------------------------------------===//

/// No slot is larger: a manifest that says so is damaged.
static constexpr int64_t kMostBytes = int64_t(1) << 20;

static std::optional<StatePiece> readPiece(const json::Value &value) {
  const json::Object *object = value.getAsObject();
  auto part = object ? object->getString("part") : std::nullopt;
  auto name = object ? object->getString("name") : std::nullopt;
  auto offset = object ? object->getInteger("offset") : std::nullopt;
  auto size = object ? object->getInteger("size") : std::nullopt;
  if (!part || !name || !offset || !size || *offset < 0 || *offset > kMostBytes || *size < 1 || *size > kMostBytes)
    return std::nullopt;
  StatePiece piece{part->str(), name->str(), object->getString("encoding").value_or("").str(), unsigned(*offset),
                   unsigned(*size)};
  piece.bit = int(object->getInteger("bit").value_or(-1));
  piece.cold = object->getBoolean("cold").value_or(false);
  return piece;
}

static std::optional<StateTable> readTable(const json::Object &object) {
  StateTable table;
  const json::Object *layout = object.getObject("layout"), *schema = object.getObject("schema");
  const json::Array *pieces = layout ? layout->getArray("pieces") : nullptr;
  auto slot = layout ? layout->getInteger("slot_bytes") : std::nullopt;
  int64_t cold = layout ? layout->getInteger("cold_bytes").value_or(0) : 0;
  if (!schema || !pieces || !slot || *slot < 1 || *slot > kMostBytes || cold < 0 || cold > kMostBytes)
    return std::nullopt;
  table.name = object.getString("name").value_or("").str();
  table.kind = object.getString("kind").value_or("").str();
  if (auto window = schema->getString("window")) {
    table.kind += (" " + *window).str();
    if (int64_t size = schema->getInteger("size").value_or(0))
      table.kind += " " + writtenDuration(size);
    if (schema->getString("time").value_or("") == "processing_time")
      table.kind += " in processing_time";
  }
  if (const json::Object *location = object.getObject("location"))
    table.place = placeText(*location);
  table.hash = object.getString("schema_hash").value_or("").str();
  table.layoutKind = layout->getString("kind").value_or("").str();
  table.layout = layout->getString("text").value_or("").str();
  table.reason = layout->getString("reason").value_or("").str();
  table.slotBytes = unsigned(*slot);
  table.coldBytes = unsigned(cold);
  table.idealBytes = unsigned(layout->getInteger("ideal_bytes").value_or(0));
  int64_t key = layout->getInteger("key_bytes").value_or(0);
  if (key < 0 || key > kMostBytes)
    return std::nullopt;
  table.keyBytes = unsigned(key);
  table.positions = layout->getInteger("positions");
  table.ttl = object.getInteger("ttl");
  table.deletes = object.getBoolean("deletes").value_or(false);
  if (const json::Array *keys = schema->getArray("keys"))
    for (const json::Value &key : *keys)
      if (const json::Object *field = key.getAsObject())
        table.keys.push_back(
            (field->getString("name").value_or("") + ": " + field->getString("type").value_or("")).str());
  for (const json::Value &value : *pieces) {
    std::optional<StatePiece> piece = readPiece(value);
    if (!piece || piece->offset + piece->size > (piece->cold ? table.coldBytes : table.slotBytes))
      return std::nullopt;
    table.pieces.push_back(std::move(*piece));
  }
  return table;
}

std::optional<std::vector<StateTable>> readState(const json::Object &manifest) {
  std::vector<StateTable> tables;
  const json::Array *operators = manifest.getArray("operators");
  if (!operators)
    return std::nullopt;
  for (const json::Value &value : *operators) {
    const json::Object *object = value.getAsObject();
    if (!object)
      return std::nullopt;
    if (!object->get("layout"))
      continue;
    std::optional<StateTable> table = readTable(*object);
    if (!table)
      return std::nullopt;
    tables.push_back(std::move(*table));
  }
  return tables;
}

//===-- sentences ---------------------------------------------------------===//

std::string StateTable::what() const {
  std::string text = kind;
  if (ttl)
    text += ", ttl " + writtenDuration(*ttl) + (deletes ? ", deletes on expiry" : "");
  return text;
}

std::optional<uint64_t> StateTable::bytesAmong(uint64_t count) const {
  uint64_t bytes = slotBytes + coldBytes; // cold parts lie by position
  if (layoutKind == "packed" || layoutKind == "inline")
    return positionsFor(count, slotBytes) * bytes / count;
  if (layoutKind != "by_id")
    return std::nullopt;
  constexpr uint32_t indexBytes = 8;
  return (PowerOf2Ceil(count) * (bytes + keyBytes) + positionsFor(count, indexBytes) * indexBytes) / count;
}

std::string StateTable::bytesText() const {
  std::string text = formatv("{0} bytes", slotBytes).str();
  if (coldBytes)
    text += formatv(" and {0} aside when they are needed", coldBytes).str();
  text += formatv("; key and members alone are {0}", idealBytes).str();
  if (std::optional<uint64_t> bytes = bytesAmong(1'000'000)) {
    std::string with = "free slots"; // hashing needs some
    if (coldBytes)
      with += keyBytes ? ", parts aside" : " and parts aside";
    if (keyBytes)
      with += " and the dictionary";
    text += formatv("; among a million {0}, {1} counted", *bytes, with).str();
  }
  if (positions)
    text += formatv("; {0} positions, {1} bytes if all are used", *positions,
                    uint64_t(*positions) * (slotBytes + coldBytes))
                .str();
  return text;
}

//===-- the text ----------------------------------------------------------===//

/// One line for each piece, and for each gap between them.
static void printPieces(const StateTable &table, bool cold, raw_ostream &out) {
  unsigned end = 0, limit = cold ? table.coldBytes : table.slotBytes, width = 0;
  for (const StatePiece &piece : table.pieces)
    width = std::max(width, unsigned(piece.name.size() + piece.part.size() + 1));
  auto gap = [&](unsigned upTo) {
    if (end < upTo)
      out << formatv("  {0,6} {1,5}  (unused)\n", end, upTo - end);
    end = std::max(end, upTo);
  };
  for (const StatePiece &piece : table.pieces) {
    if (piece.cold != cold)
      continue;
    if (piece.bit >= 0) {
      std::string what = "flag " + piece.name;
      out << formatv("  {0,6} bit {1}  {2} {3}\n", piece.offset, piece.bit, left_justify(what, width), piece.encoding);
      end = std::max(end, piece.offset + 1);
      continue;
    }
    gap(piece.offset);
    std::string what = piece.part == "head" || piece.part == "time" ? piece.name : piece.part + " " + piece.name;
    out << formatv("  {0,6} {1,5}  {2} {3}\n", piece.offset, piece.size, left_justify(what, width), piece.encoding);
    end = std::max(end, piece.offset + piece.size);
  }
  gap(limit);
}

void printState(StringRef program, ArrayRef<StateTable> tables, raw_ostream &out) {
  if (tables.empty())
    out << "`" << program << "` keeps no state\n";
  for (const StateTable &table : tables) {
    if (&table != tables.begin())
      out << "\n";
    out << table.name << ": " << table.what() << (table.place.empty() ? "" : ", at " + table.place) << "\n";
    out << "  keys     " << (table.keys.empty() ? "none" : join(table.keys, ", ")) << "\n";
    out << "  layout   " << table.layout << (table.reason.empty() ? "" : ": " + table.reason) << "\n";
    out << "  a key    " << table.bytesText() << "\n";
    out << "  schema   " << table.hash << "\n";
    out << "  offset bytes\n";
    printPieces(table, /*cold=*/false, out);
    if (!table.coldBytes)
      continue;
    out << "  aside (cold)\n";
    printPieces(table, /*cold=*/true, out);
  }
}

} // namespace millrace
