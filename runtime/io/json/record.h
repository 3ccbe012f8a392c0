//===- record.h - the general path: any JSON record -----------------------===//
//
// Internal. Checks one record fully (RFC 8259, UTF-8, limits, no used member
// twice: rule 48) and builds the used fields. The other paths are faster ways
// to the same answer for the records they know; whatever they do not know
// comes here, and every message comes from here.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_JSON_RECORD_H
#define MILLRACE_RUNTIME_IO_JSON_RECORD_H

#include "runtime/io/json/value.h"

namespace millrace::json {

/// Where a row's values go, by position in Schema::fields: value i of a field is at values + i * typeSize.
struct FieldColumn {
  uint8_t *values = nullptr, *status = nullptr;
};

/// Why a record is not well-formed.
struct Flaw {
  std::string reason;
  uint64_t byte = 0; ///< from the record's start
};

class RecordParser {
public:
  RecordParser(const Schema &schema, const Limits &limits);

  /// Reads `record` (no longer than Limits::record, no line feed in it; kPadding bytes can be read on both sides) into
  /// row `row` of `columns`, one for each of Schema::fields. False, with `flaw`, if it is not well-formed; the row then
  /// holds nothing of use. `dirty` is set if the status of a field is an error, never cleared.
  bool parse(std::string_view record, const FieldColumn *columns, uint32_t row, Arena &arena, uint32_t &dirty,
             Flaw &flaw);

private:
  bool fail(const uint8_t *where, std::string reason);
  bool expected(const char *what);
  void skipBlanks();
  bool value(const PathNode *node, uint32_t depth);
  bool object(const PathNode *node, uint32_t depth);
  bool array(const PathNode *node, uint32_t depth);
  bool scalar(const PathNode *node);
  bool string(Token &token);
  bool escape();
  bool number(Token &token);
  bool word(const char *text, Token::Kind kind, Token &token);
  bool memberNode(const PathNode *node, const Token &name, const uint8_t *where, const PathNode *&child);
  void assign(const std::vector<uint32_t> &fields, const Token &token);
  void assignWrongType(const std::vector<uint32_t> &fields);
  void mismatch(const PathNode *node, bool isObject);
  void setStatus(uint32_t field, uint8_t status);

  const Schema &schema;
  Limits limits;
  std::vector<uint64_t> seen; ///< by node: the number of the record it was last met in
  uint64_t recordNumber = 0;
  std::string scratch; ///< names without their escapes

  const uint8_t *begin = nullptr, *at = nullptr, *end = nullptr;
  const FieldColumn *columns = nullptr;
  uint32_t row = 0, members = 0;
  Arena *arena = nullptr;
  Flaw *flaw = nullptr;
};

/// The status of a field that is not there: null, or the error MR_MISSING.
inline uint8_t missingStatus(const Field &field) { return field.nullable ? uint8_t(MR_NULL) : statusOf(MR_MISSING); }

} // namespace millrace::json

#endif
