//===- TableDescriptor.h - a table's layout, told to the runtime ----*- C++ -*-===//
#ifndef MILLRACE_LOWERING_TABLE_TABLEDESCRIPTOR_H
#define MILLRACE_LOWERING_TABLE_TABLEDESCRIPTOR_H

#include "lowering/Constants.h"
#include "lowering/Program.h"

namespace millrace::lowering {

/// Sets the fields of mr_window_desc.table, all from the layout that folds and fires use.
void describeTable(StructConstant &window, ConstantTable &constants, const Table &table);

} // namespace millrace::lowering

#endif
