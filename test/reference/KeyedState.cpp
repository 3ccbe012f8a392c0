//===- KeyedState.cpp - state without a window --------------------------------===//
#include "KeyedState.h"

using namespace millrace::reference;
using namespace millrace;

KeyedState::KeyedState(stream::RunningOp op, const Environment &params)
    : op(op), type(typeOf(op.getInput())), ttl(op.getTtl()), deletes(op.getDeleteOnExpiry()),
      aggregation(std::in_place, op, params) {}

KeyedState::KeyedState(stream::DeduplicateOp op, const llvm::BitVector &used)
    : op(op), type(typeOf(op.getInput())), ttl(op.getWithin()), kept(op.getKept()), used(used) {}

//===-- time-to-live (rule 35) --------------------------------------------===//

bool KeyedState::isGone(const Entry &entry, int64_t watermark) const {
  bool atEnd = watermark == plusInfinity; // the end of the input deletes nothing (rule 34)
  return ttl && !atEnd && entry.time && Integer(watermark) >= Integer(*entry.time) + *ttl;
}

/// Only the fields of the key are there.
Row KeyedState::deleteOf(const Key &key) const {
  stream::StreamType output = typeOf(getOutput());
  Row row;
  row.isBehindState = row.isDelete = true;
  row.origin = op;
  row.fields.resize(output.getNames().size(), Value::null());
  for (auto [name, value] : llvm::zip_equal(type.getKeys(), key))
    row.fields[size_t(output.indexOf(name))] = value;
  return row;
}

void KeyedState::expire(const Key &key, int64_t watermark, std::vector<Row> &results) {
  auto found = entries.find(key);
  if (found == entries.end() || !isGone(found->second, watermark))
    return;
  if (typeOf(getOutput()).getChanges() == stream::Changes::Upsert) {
    results.push_back(deleteOf(key));
    results.back().isForgotten = !deletes;
  }
  entries.erase(found);
}

void KeyedState::expire(int64_t watermark, std::vector<Row> &results) {
  for (auto next = entries.begin(); next != entries.end();)
    expire(Key(next++->first), watermark, results); // the copy outlives the entry
}

//===-- records -----------------------------------------------------------===//

KeyedState::Outcome KeyedState::take(const Row &row, int64_t watermark, std::vector<Row> &results, mr_error &error,
                                     std::string &problem) {
  error = row.pathError;
  if (row.isBroken)
    return Outcome::Bad;
  return aggregation ? run(row, watermark, results, error, problem) : deduplicate(row, watermark, results, error);
}

/// A row for each record, with its event time (rule 34).
KeyedState::Outcome KeyedState::run(const Row &row, int64_t watermark, std::vector<Row> &results, mr_error &error,
                                    std::string &problem) {
  Aggregation::Input input = aggregation->evaluate(row);
  error = input.error;
  if (error != MR_NO_ERROR)
    return Outcome::Bad;
  expire(input.key, watermark, results);
  Entry &entry = entries.try_emplace(input.key, Entry{row.time, aggregation->none()}).first->second;
  if (row.time)
    entry.time = std::max(entry.time.value_or(*row.time), *row.time);
  aggregation->fold(entry.group, input, row.time.value_or(0));
  Row result;
  result.isBehindState = true;
  result.origin = op;
  result.time = row.time;
  result.fields = input.key;
  if (auto field = aggregation->append(entry.group, result.fields)) {
    problem = "overflow of `" + *field + "` at " + keyText(input.key, type, type.getKeys()); // rule 23
    return Outcome::Overflow;
  }
  results.push_back(std::move(result));
  return Outcome::Taken;
}

/// Rule 35. Of a record's fields those are used that are used behind it.
KeyedState::Outcome KeyedState::deduplicate(const Row &row, int64_t watermark, std::vector<Row> &results,
                                            mr_error &error) {
  Key key = keyOf(row, type, type.getKeys());
  for (const Value &value : key)
    error = std::min(error, value.error);
  for (unsigned field : used.set_bits())
    error = std::min(error, row.fields[field].error);
  if (error != MR_NO_ERROR)
    return Outcome::Bad;
  expire(key, watermark, results);
  auto [place, isNew] = entries.try_emplace(std::move(key), Entry{row.time, {}});
  std::optional<int64_t> &time = place->second.time;
  bool passes = isNew;
  if (!isNew && kept == stream::Kept::First)
    passes = ttl && row.time && time && Integer(*row.time) >= Integer(*time) + *ttl;
  else if (!isNew)
    passes = !row.time || !time || *row.time >= *time; // older than the newest: changes nothing
  if (!passes)
    return Outcome::Taken;
  time = row.time;
  Row result = row;
  result.isBehindState = true;
  result.origin = op;
  result.route.clear();
  results.push_back(std::move(result));
  return Outcome::Taken;
}
