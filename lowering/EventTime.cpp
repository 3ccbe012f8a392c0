//===- EventTime.cpp - event times that are expressions -----------------------===//
#include "lowering/Functions.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

LogicalResult millrace::lowering::lowerEventTime(Context &context, exec::EventTimeOp op) {
  Source &source = context.program.source(op.getInput());
  Code code(op.getLoc(), context.runtime);
  std::string name = ("time_" + op.getInput()).str();
  LLVM::LLVMFuncOp function = beginFunction(context, code, name, {code.ptr(), code.ptr(), code.ptr(), code.ptr()},
                                            LLVM::LLVMVoidType::get(code.getContext()));
  auto arguments = function.getArguments();
  Value task = arguments[0], batch = arguments[1], times = arguments[2], statuses = arguments[3];
  Frame frame(code, context.program, task);
  if (failed(frame.lowerOuter(op)))
    return failure();
  FieldLoader loader(code, source, op.getFields(), batch, /*hasTime=*/false, /*dirty=*/true);
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
    const Val &time = expressions.get(cast<expr::YieldOp>(block.getTerminator()).getValues()[0]);
    Value status = code.constant(code.i8(), MR_VALUE);
    if (time.valid)
      status = code.select(time.valid, status, code.constant(code.i8(), MR_NULL));
    if (time.error) {
      Value kind = code.add(code.both(time.error, code.half(7)), code.half(MR_ERROR_BASE));
      status = code.select(noError(code, time.error), status, code.resize(kind, code.i8(), false));
    }
    code.store(time.scalar(), code.at(times, code.mul(record, code.word(8))), Memory::Out, 8);
    code.store(status, code.at(statuses, record), Memory::Out, 1);
  });
  LLVM::ReturnOp::create(code, ValueRange());
  return done;
}
