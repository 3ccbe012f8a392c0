//===- EventTime.cpp - event times and watermarks that are expressions --------===//
#include "lowering/Functions.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

namespace {
/// What one of these functions is made of while its loop over the batch is.
struct Reading {
  Code &code;
  FieldLoader &loader;
  Expressions &expressions;
  Value record;
  ValueRange yielded;
  Value out, statuses; ///< what the function writes to, one for each record
};
} // namespace

/// A function (task, batch, out, statuses) that runs `op`'s body for each record of the batch; `finish` writes what it
/// yields.
template <typename OpT>
static LogicalResult lowerReading(Context &context, OpT op, StringRef prefix, bool hasTime,
                                  function_ref<void(Reading &)> finish) {
  Source &source = context.program.source(op.getInput());
  Code code(op.getLoc(), context.runtime);
  LLVM::LLVMFuncOp function =
      beginFunction(context, code, (prefix + op.getInput()).str(), {code.ptr(), code.ptr(), code.ptr(), code.ptr()},
                    LLVM::LLVMVoidType::get(code.getContext()));
  auto arguments = function.getArguments();
  Value task = arguments[0], batch = arguments[1];
  Frame frame(code, context.program, task);
  if (failed(frame.lowerOuter(op)))
    return failure();
  FieldLoader loader(code, source, op.getFields(), batch, hasTime, /*dirty=*/true);
  Value size = code.load(code.i32(), code.at(batch, offsetof(mr_batch, size)), Memory::Unknown, 4);
  LogicalResult done = success();
  code.loop(code.word(0), code.resize(size, code.i64(), false), [&](Value record) {
    Expressions expressions(frame.base);
    Block &block = op.getBody().front();
    for (BlockArgument argument : block.getArguments())
      expressions.bind(argument, loader.load(argument, record));
    for (Operation &inner : block.without_terminator())
      if (failed(expressions.lower(&inner)))
        done = failure();
    if (failed(done))
      return;
    Reading reading{
        code,         loader,      expressions, record, cast<expr::YieldOp>(block.getTerminator()).getValues(),
        arguments[2], arguments[3]};
    finish(reading);
  });
  LLVM::ReturnOp::create(code, ValueRange());
  return done;
}

/// The status byte for `val`: there, null or the kind of its error.
static Value statusOf(Code &code, const Val &val) {
  Value status = code.constant(code.i8(), MR_VALUE);
  if (val.valid)
    status = code.select(val.valid, status, code.constant(code.i8(), MR_NULL));
  if (val.error) {
    Value kind = code.add(code.both(val.error, code.half(7)), code.half(MR_ERROR_BASE));
    status = code.select(noError(code, val.error), status, code.resize(kind, code.i8(), false));
  }
  return status;
}

LogicalResult millrace::lowering::lowerEventTime(Context &context, exec::EventTimeOp op) {
  return lowerReading(context, op, "time_", /*hasTime=*/false, [](Reading &r) {
    const Val &time = r.expressions.get(r.yielded[0]);
    r.code.store(time.scalar(), r.code.at(r.out, r.code.mul(r.record, r.code.word(8))), Memory::Out, 8);
    r.code.store(statusOf(r.code, time), r.code.at(r.statuses, r.record), Memory::Out, 1);
  });
}

/// INT64_MIN where the record moves nothing. Null is false, so a status tells of errors only.
LogicalResult millrace::lowering::lowerPunctuation(Context &context, exec::PunctuationOp op) {
  return lowerReading(context, op, "watermark_", /*hasTime=*/true, [](Reading &r) {
    Code &code = r.code;
    const Val &condition = r.expressions.get(r.yielded[0]);
    Value holds = condition.scalar(), none = code.word(INT64_MIN);
    if (condition.valid)
      holds = code.both(holds, condition.valid);
    if (condition.error)
      holds = code.both(holds, noError(code, condition.error));
    Val judged = condition;
    judged.valid = {};
    Value status = statusOf(code, judged), moved;
    if (r.yielded.size() == 2) {
      const Val &watermark = r.expressions.get(r.yielded[1]);
      moved = watermark.scalar();
      status = code.select(holds, statusOf(code, watermark), status);
    } else {
      moved = code.sub(r.loader.loadTime(r.record), code.word(1));
    }
    code.store(code.select(holds, moved, none), code.at(r.out, code.mul(r.record, code.word(8))), Memory::Out, 8);
    code.store(status, code.at(r.statuses, r.record), Memory::Out, 1);
  });
}
