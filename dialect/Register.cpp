//===- Register.cpp - all dialects of Millrace, for tools ---------------------===//
#include "dialect/Register.h"
#include "dialect/exec/Exec.h"
#include "dialect/expr/Expr.h"
#include "dialect/state/State.h"
#include "dialect/stream/Stream.h"

void millrace::registerDialects(mlir::DialectRegistry &registry) {
  registry.insert<expr::ExprDialect, stream::StreamDialect, state::StateDialect, exec::ExecDialect>();
}
