//===- Records.cpp - fields of records that are values ------------------------===//
#include "lowering/Expressions.h"
#include "lowering/Program.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

void Expressions::lowerField(expr::FieldOp op) {
  auto type = cast<expr::RecordType>(valueType(op.getRecord().getType()));
  unsigned number = unsigned(type.indexOf(op.getName()));
  RowLayout row = layoutRow(type.getTypes());
  const RowLayout::Field &place = row.fields[number];
  Type field = type.getTypes()[number];
  const Val &record = get(op.getRecord());
  Val result = strict(op.getRecord());
  Value at = record.scalar();
  if (result.valid || result.error) { // of what is not there a record of zeros is read
    Value nothing = code.block(row.size), isThere = present(code, result);
    for (unsigned word = 0; word < row.size; word += 8)
      code.store(code.word(0), code.at(nothing, word));
    at = code.select(isThere, at, nothing);
  }
  result.parts = loadValue(code, field, code.at(at, place.offset), Memory::Unknown, std::min(sizeOf(field), 8u)).parts;
  if (place.status >= 0) {
    Value status = code.load(code.i8(), code.at(at, place.status), Memory::Unknown, 1);
    result.valid = bothValid(code, result.valid, code.cmp(Code::Cmp::eq, status, code.constant(code.i8(), 0)));
  }
  define(op, result);
}
