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

/// Rows of upsert streams and of stateful steps begin with what they do and the record they come from (abi.h).
static void writeHeader(Code &code, const Frame &frame, const Sink &sink, Value row, Value record, bool isDelete) {
  if (!sink.header)
    return;
  Value head = code.word(isDelete);
  if (frame.stateful)
    head = code.either(head, code.createOrFold<arith::ShLIOp>(record, code.word(32)));
  code.store(head, row, Memory::Out, 8);
}

/// A field of a row.
static void writeField(Code &code, const Sink &sink, unsigned number, Val val, Value row) {
  Type type = const_cast<Sink &>(sink).op.getType().getTypes()[number];
  const RowLayout::Field &field = sink.row.fields[number];
  if (val.valid && !isReference(type)) // the same input gives the same bytes, also of a null
    clearUnless(code, val, val.valid);
  storeValue(code, type, val, code.at(row, field.offset), Memory::Out, std::min(sizeOf(type), 8u));
  if (field.status < 0)
    return;
  Value status = val.valid ? code.resize(code.invert(val.valid), code.i8(), false) : code.constant(code.i8(), MR_VALUE);
  code.store(status, code.at(row, field.status), Memory::Out, 1);
}

void Body::writeRow(exec::EmitOp op, Sink &sink, Value row) {
  writeHeader(code, frame, sink, row, record, /*isDelete=*/false);
  for (auto [i, operand] : llvm::enumerate(op.getValues())) {
    writeField(code, sink, i, expressions.get(operand), row);
  }
  for (unsigned offset : sink.row.padding)
    code.store(code.constant(code.i8(), 0), code.at(row, offset), Memory::Out, 1);
}

/// Where the next row of the sink goes.
Value Body::nextRow(const Sink &sink) {
  Value row = code.load(code.ptr(), frame.outs[sink.index]);
  // A sink that also gets rows from lists has no room taken beforehand that they would leave alone.
  bool shared = nested || frame.unnestedInto.contains(sink.index);
  if (!shared)
    return row;
  return code.call1(Rt::mr_out_room, {frame.task, code.half(int32_t(sink.index)), row, code.word(1)});
}

/// A delete: the fields of the key, everything else zero.
void Body::writeDelete(const UpdateInHand &update, const KeptRow &kept) {
  exec::EmitOp emit = kept.emit;
  Sink &sink = frame.program.sink(emit.getSink());
  Value row = nextRow(sink);
  for (unsigned at = 0; at < sink.row.size; at += 8)
    code.store(code.word(0), code.at(row, at), Memory::Out, 8);
  writeHeader(code, frame, sink, row, record, /*isDelete=*/true);
  for (auto [field, key] : keyFields(kept, update.body(), update.keys.size(), sink.op))
    writeField(code, sink, field, update.keys[key], row);
  code.store(code.at(row, sink.row.size), frame.outs[sink.index]);
}

void Body::emit(exec::EmitOp op) {
  Sink &sink = frame.program.sink(op.getSink());
  Value error = worst(op.getValues()), place = frame.outs[sink.index];
  auto write = [&](Value keep) {
    Value row = nextRow(sink);
    writeRow(op, sink, row);
    Value size = code.word(sink.row.size);
    code.store(code.at(row, keep ? code.select(keep, size, code.word(0)) : size), place);
    noteIn(op);
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
