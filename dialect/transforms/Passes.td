//===- Passes.td - from streams to steps -----------------------*- tablegen -*-===//
//
// One entry here, one .cpp, one lit file of the pass's name. Each decision is a
// remark (`--remarks-filter-passed=<flag>`) and counts in a statistic.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_TRANSFORMS_PASSES_TD
#define MILLRACE_DIALECT_TRANSFORMS_PASSES_TD

include "mlir/Pass/PassBase.td"

def NoteWritten : Pass<"stream-note-written", "::millrace::stream::PipelineOp"> {
  let summary = "note what depends on how the pipeline is written, before a pass changes it";
  let description = [{
    Names of operators, error sites, terminals and used fields are noted as
    discardable attributes, so that no pass can change what a user observes
    (rules 46 and 47). An operator that feeds no sink is warned about.

    ```mlir
    %halves = map %rows { n = a / b }
    sink %halves to stdout
    // =>
    %halves = map %rows { n = a / b }          // the expr.div has expr.site = 2
    sink %halves to stdout                     // stream.name = "halves_stdout", stream.terminal = 0
    ```
  }];
  let statistics = [Statistic<"numSites", "sites", "error sites">, Statistic<"numDead", "dead-operators", "operators that feed no sink">];
}

def SplitFilters : Pass<"stream-split-filters", "::millrace::stream::PipelineOp"> {
  let summary = "make each conjunct of a filter a filter of its own (rule 46)";
  let description = [{
    This is part of the meaning, not an optimisation: `null and error` is an
    error, but a filter whose first conjunct is null rejects. It runs once, on
    the pipeline as written; an `and` that comes to the top later stays.

    ```mlir
    %f = filter %in where a > 0 and b < 9
    // =>
    %0 = filter %in where a > 0
    %f = filter %0 where b < 9
    ```
  }];
  let statistics = [Statistic<"numSplit", "split", "conjuncts made filters">];
}

def PruneFields : Pass<"stream-prune-fields", "::millrace::stream::PipelineOp"> {
  let summary = "do not build what nobody uses: operators, fields of maps and of sources, aggregates so far";
  let description = [{
    Only what a path uses can make a record bad (rule 47), so this changes no
    result. A source's unused field is checked for its syntax and not built.

    ```mlir
    %m = map %in { a, b = upper(name), c = a / 2 }
    %k = key_by %m on a
    %w = window %k global { n = sum(c) }
    // =>
    %m = map %in { a, c = a / 2 }
    ```
  }];
  let statistics = [Statistic<"numPruned", "pruned", "fields of maps, and aggregates, not built">, Statistic<"numUnused", "unused", "fields of sources not built">,
                    Statistic<"numErased", "erased", "operators removed">];
}

def PushFilters : Pass<"stream-push-filters", "::millrace::stream::PipelineOp"> {
  let summary = "move filters above maps, key_by and unions";
  let description = [{
    ```mlir
    %m = map %in { name, euros = cents / 100 }
    %f = filter %m where euros > 10
    // =>
    %f = filter %in where cents / 100 > 10
    %m = map %f { name, euros = cents / 100 }
    ```
  }];
  let options = [Option<"longest", "longest", "unsigned", "8", "expressions of a map that are copied into a filter to move it, at most">];
  let statistics = [Statistic<"numPushed", "pushed", "operators that filters were moved above">];
}

def SpecializeWindows : Pass<"stream-specialize-windows", "::millrace::stream::PipelineOp"> {
  let summary = "choose how the results of each window come from its slices";
  let description = [{
    By the table of algorithms (WindowAlgorithms.h), from how many slices a window
    has and the facts of its aggregates. Each window's choice and its reason are a
    remark. A forced algorithm that a window cannot have is an error; where there is
    one way only, a remark says so.

    ```mlir
    %w = window %in sliding 1 min every 1 s { n = count(), most = max(a) }
    // =>
    %w = window %in sliding 1 min every 1 s { n = count(), most = max(a) }
      {stream.algorithm = #stream.algorithm<two_stacks>, stream.algorithm_reason = "..."}
    ```
  }];
  let options = [Option<"algorithm", "algorithm", "std::string", "\"auto\"",
                        "the algorithm that is forced, by its name in the table; `auto`: the first that a window can have">];
  let statistics = [Statistic<"numChosen", "chosen", "windows whose algorithm was chosen">];
}

def FormSteps : Pass<"stream-form-steps", "::mlir::ModuleOp"> {
  let summary = "turn pipelines into programs: ports, tables, and the steps behind each source and window";
  let description = [{
    Maps are substituted, so that records are never built between operators;
    filters become keeps; a stream with several consumers becomes branches; a
    union's consumers are copied into each way that leads there, in the order
    that rule 10 asks for (dialect/stream/Routes.h); what stands behind a running
    or deduplicate goes into the region of its update. Expressions are computed
    only where their first use needs them.

    ```mlir
    stream.pipeline @p {
      %in = source stdin as json { a: i64, b: string }
      %f = filter %in where a > 0
      sink %f to stdout as json
    }
    // =>
    exec.program @p sites [...] terminals ["f_stdout"] {
      exec.source @in : ...
      exec.sink @f_stdout : ...
      exec.step @in fields [0, 1] {
      ^bb0(%a: i64, %b: !expr.string):
        %0 = expr.constant(0 : i64) : i64
        %1 = expr.cmp gt %a, %0 : (i64, i64) -> i1
        exec.keep %1 : i1 filter "f"
        exec.emit @f_stdout terminal 0 (%a, %b : i64, !expr.string)
      }
    }
    ```
  }];
  let dependentDialects = ["::millrace::exec::ExecDialect", "::millrace::state::StateDialect"];
  let statistics = [Statistic<"numSteps", "steps", "steps formed">, Statistic<"numCopies", "copies", "operators copied because ways meet in a union">];
}

def VerifyFormed : Pass<"exec-verify-formed", "::mlir::ModuleOp"> {
  let summary = "check the border: no operator of the stream dialect is left";
}

def PruneMembers : Pass<"state-prune-members", "::millrace::exec::ProgramOp"> {
  let summary = "do not keep what nothing reads of a key's state";
  let description = [{
    The arguments of what goes are still judged (rule 47).

    ```mlir
    state.fold @t terminal 0 keys(%k : i64) args(%a, %b : i64, i64) filters [false, false] ()
    exec.fire @t { ... }                       // uses the first member alone
    // =>
    exec.demand %b : i64
    state.fold @t terminal 0 keys(%k : i64) args(%a : i64) filters [false] ()
    ```
  }];
  let statistics = [Statistic<"numPruned", "pruned", "members not kept">];
}

def ShareMembers : Pass<"state-share-members", "::millrace::exec::ProgramOp"> {
  let summary = "keep once what several aggregates of the same values keep";
  let description = [{
    A member whose state is a part of another one's is read out of that: a sum and a count out of a mean, all three out
    of a variance of integers, every quantile out of one list, a count of different values out of the set of a sum over them.
    Results do not change by a bit. Windows per record (`over`) keep rows, not members, and are left.

    ```mlir
    (<"n" = "count"(i64) : i64>, <"total" = "sum"(i64) : i64>, <"mean" = "avg"(i64) : f64>)
    // =>
    (<"n" = "count"(i64) : i64, {kept_with = "mean"}>, <"total" = "sum"(i64) : i64, {kept_with = "mean"}>, <"mean" = "avg"(i64) : f64>)
    ```
  }];
  let statistics = [Statistic<"numShared", "shared", "members read out of others">];
}

def ShareSlices : Pass<"stream-share-slices", "::millrace::exec::ProgramOp"> {
  let summary = "make windows over the same records of the same slices, so that a record is folded once";
  let description = [{
    Windows in event time that fire once each and are fed by folds of the same record side by side. Time is cut at the
    edges of all of them; a slice has the members of all, equal ones once. Each window makes its results of the slices
    by its own algorithm. Results do not change, but for the last bits of sums of floats (rule 24).

    ```mlir
    state.fold @last_minute terminal 0 keys(%k : i64) at %t : !expr.timestamp args(%x : i64) filters [false] ()
    state.fold @last_hour terminal 1 keys(%k : i64) at %t : !expr.timestamp args(%x : i64) filters [false] ()
    // =>
    state.fold @last_minute terminal 0 keys(%k : i64) at %t : !expr.timestamp args(%x : i64) filters [false] ()
      also [@last_hour] terminals [1]
    ```
  }];
  let options = [
    Option<"sharing", "sharing", "::millrace::SharingMode", "::millrace::SharingMode::Auto", "who decides",
           [{::llvm::cl::values(
             clEnumValN(::millrace::SharingMode::Auto, "auto", "what it saves and costs"),
             clEnumValN(::millrace::SharingMode::Off, "off", "each window has slices of its own"),
             clEnumValN(::millrace::SharingMode::Always, "always", "wherever windows can share"))}]>];
  let statistics = [Statistic<"numShared", "shared", "windows that are made of the slices of another">];
}

def LayoutState : Pass<"stream-layout-state", "::millrace::exec::ProgramOp"> {
  let summary = "choose the layout of each table";
  let description = [{
    By what is known of the keys (declared ranges, types, expressions, filters
    before) and by a table of rows, one a layout. A forced layout that a table
    cannot have gives way to the one it would get by itself, with a remark.
    Warns of state that nothing bounds (rule 35).

    ```mlir
    state.table @hourly : !state.table<(net: !expr.string) (...) layout ?> ...
    // =>
    state.table @hourly : !state.table<(net: !expr.string) (...) layout inline> ...
    ```
  }];
  let options = [
    Option<"layout", "layout", "::millrace::LayoutMode", "::millrace::LayoutMode::Auto", "who decides",
           [{::llvm::cl::values(
             clEnumValN(::millrace::LayoutMode::Auto, "auto", "the table of layouts: the first that a table can have"),
             clEnumValN(::millrace::LayoutMode::Dense, "dense", "an array, by the key"),
             clEnumValN(::millrace::LayoutMode::Packed, "packed", "hashed, the key in one word"),
             clEnumValN(::millrace::LayoutMode::Inline, "inline", "hashed, the key in the slot"),
             clEnumValN(::millrace::LayoutMode::ById, "by-id", "an array, by the key's number in a dictionary"))}]>,
    Option<"memory", "memory", "uint64_t", "0", "bytes that all state may have, which no array alone goes beyond; 0: not known">];
  let statistics = [Statistic<"numResolved", "resolved", "layouts chosen">];
}

def VerifyResolved : Pass<"state-verify-resolved", "::millrace::exec::ProgramOp"> {
  let summary = "check the border: no table's layout is `?`";
}
def StageLoops : Pass<"exec-stage-loops", "::millrace::exec::ProgramOp"> {
  let summary = "operator fusion with staging: where one loop ends and the next goes on with what is left";
  let description = [{
    Behind a filter whose outcome the processor cannot guess, a branch costs more
    than what it saves. Where the pass rate is unknown or between 15 and 85 %:
    if all that is left to do is a cheap row that cannot be bad, it is written
    for each record (`branch_free`); else the indices of the records that pass
    are collected without a branch, and a second loop goes on with them
    (`exec.stage`). A filter that nearly never or nearly always passes stays a
    branch. Consecutive cheap filters are judged together.

    A stage never makes rows of one terminal come in another order: it stands
    only where all that reaches that terminal is behind it. A step that keeps
    state (`state.update`, `state.admit`) goes record by record, in one loop.

    ```mlir
    exec.keep %big : i1 filter "f"
    state.fold @t ...
    // =>
    exec.keep %big : i1 filter "f" {branch_free}
    exec.stage "f passes an unknown share, and more than a cheap row follows"
    state.fold @t ...
    ```
  }];
  let options = [
    Option<"mode", "mode", "::millrace::StagingMode", "::millrace::StagingMode::Auto", "who decides",
           [{::llvm::cl::values(
             clEnumValN(::millrace::StagingMode::Auto, "auto", "the cost model"),
             clEnumValN(::millrace::StagingMode::Fused, "fused", "no stage: one loop, branching"),
             clEnumValN(::millrace::StagingMode::Unfused, "unfused", "a stage after every operator"),
             clEnumValN(::millrace::StagingMode::Staged, "staged", "a stage after every filter"),
             clEnumValN(::millrace::StagingMode::BranchFree, "branch-free", "no branch wherever that is allowed"))}]>,
    ListOption<"likely", "likely", "std::string", "pass rates in percent, by filter: `likely=strong:30,recent:95`">];
  let statistics = [Statistic<"numStages", "stages", "loops ended">, Statistic<"numBranchFree", "branch-free", "filters without a branch">];
}
#endif
