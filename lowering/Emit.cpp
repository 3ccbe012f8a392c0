//===- Emit.cpp - rows to sinks -----------------------------------------------===//
//
// The place of a sink's next row is a variable of the function, room for all
// rows of the call is taken beforehand; only rows made from a list ask for room
// one by one.
//
//===----------------------------------------------------------------------===//
#include "lowering/Body.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

void Body::writeRow(exec::EmitOp op, Sink &sink, Value row) {
  for (auto [i, operand] : llvm::enumerate(op.getValues())) {
    Type type = sink.op.getType().getTypes()[i];
    Val val = expressions.get(operand);
    const RowLayout::Field &field = sink.row.fields[i];
    if (val.valid && !isReference(type)) // the same input gives the same bytes, also of a null
      clearUnless(code, val, val.valid);
    storeValue(code, type, val, code.at(row, field.offset), Memory::Out, std::min(sizeOf(type), 8u));
    if (field.status < 0)
      continue;
    Value status =
        val.valid ? code.resize(code.invert(val.valid), code.i8(), false) : code.constant(code.i8(), MR_VALUE);
    code.store(status, code.at(row, field.status), Memory::Out, 1);
  }
  for (unsigned offset : sink.row.padding)
    code.store(code.constant(code.i8(), 0), code.at(row, offset), Memory::Out, 1);
}

void Body::emit(exec::EmitOp op) {
  Sink &sink = frame.program.sink(op.getSink());
  Value error = worst(op.getValues()), place = frame.outs[sink.index];
  auto write = [&](Value keep) {
    Value row = code.load(code.ptr(), place);
    // A sink that also gets rows from lists has no room taken beforehand that they would leave alone.
    bool shared = nested || frame.unnestedInto.contains(sink.index);
    if (shared)
      row = code.call1(Rt::mr_out_room, {frame.task, code.half(int32_t(sink.index)), row, code.word(1)});
    writeRow(op, sink, row);
    Value size = code.word(sink.row.size);
    code.store(code.at(row, keep ? code.select(keep, size, code.word(0)) : size), place);
  };
  if (!pending)
    return judge(op.getTerminal(), error, [&] { write({}); });
  // Without branches: the row is written always and counted if the record is still on its way.
  if (error) {
    // The error is asked first: it is rare, while `pending` is what no branch should depend on.
    Value fine = noError(code, error);
    code.when(code.expect(code.invert(fine), false),
              [&] { code.when(pending, [&] { reportBad(op.getTerminal(), error); }); });
    pending = code.both(pending, fine);
  }
  write(pending);
  pending = {};
}
