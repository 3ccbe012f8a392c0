//===- TableDescriptor.cpp - a table's layout, told to the runtime ------------===//
#include "lowering/table/TableDescriptor.h"

#include "lowering/table/Keys.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

static mr_layout layoutOf(state::LayoutKind kind) {
  switch (kind) {
  case state::LayoutKind::Dense:
    return MR_LAYOUT_DENSE;
  case state::LayoutKind::Packed:
    return MR_LAYOUT_PACKED;
  case state::LayoutKind::Inline:
    return MR_LAYOUT_INLINE;
  case state::LayoutKind::ById:
    return MR_LAYOUT_BY_ID;
  }
  llvm_unreachable("covered");
}

static Constant pieceTable(ConstantTable &constants, const Table &table, StringRef name, uint32_t &count) {
  SmallVector<StructConstant> pieces;
  for (const Piece &piece : piecesOf(table.type(), table.slot)) {
    StructConstant desc(sizeof(mr_piece_desc));
    MR_FIELD(desc, mr_piece_desc, name, constants.text(piece.name));
    MR_FIELD(desc, mr_piece_desc, kind, piece.kind);
    MR_FIELD(desc, mr_piece_desc, cold, piece.place.cold);
    MR_FIELD(desc, mr_piece_desc, bit, piece.bit);
    MR_FIELD(desc, mr_piece_desc, pad, 0);
    MR_FIELD(desc, mr_piece_desc, offset, piece.place.offset);
    MR_FIELD(desc, mr_piece_desc, size, piece.place.size);
    pieces.push_back(desc);
  }
  count = uint32_t(pieces.size());
  return constants.array(("pieces_" + name).str(), pieces);
}

void millrace::lowering::describeTable(StructConstant &window, ConstantTable &constants, const Table &table) {
  const SlotLayout &slot = table.slot;
  state::TableType type = table.type();
  std::string name = state::TableOp(table.op).getSymName().str();
  SmallVector<Constant> types, least, values;
  ArrayRef<state::KeyRange> ranges = type.getLayout().getRanges();
  uint64_t positions = slot.kind == state::LayoutKind::Dense;
  for (auto [i, key] : llvm::enumerate(type.getKeyTypes())) {
    types.push_back(Constant::integer(8, mrTypeOf(key) | (isNullable(key) ? MR_KEY_NULLABLE : 0)));
    if (i >= ranges.size())
      continue;
    least.push_back(Constant::integer(64, leastOf(key, ranges[i])));
    values.push_back(Constant::integer(64, int64_t(ranges[i].values)));
    positions *= ranges[i].values + isNullable(key);
  }
  uint32_t numPieces = 0;
  Constant pieces = pieceTable(constants, table, name, numPieces);
  FlagPlace flag = slot.occupiedFlag < 0 ? FlagPlace{} : slot.flag(unsigned(slot.occupiedFlag));
  unsigned flagWord = flag.offset & ~7u;
  MR_FIELD(window, mr_window_desc, table.layout, layoutOf(slot.kind));
  MR_FIELD(window, mr_window_desc, table.occupied_bit,
           slot.occupiedFlag < 0 ? 255 : flag.bit + 8 * (flag.offset - flagWord));
  MR_FIELD(window, mr_window_desc, table.pad, 0);
  MR_FIELD(window, mr_window_desc, table.slot_size, slot.size);
  MR_FIELD(window, mr_window_desc, table.cold_size, slot.coldSize);
  MR_FIELD(window, mr_window_desc, table.key_words, slot.words);
  MR_FIELD(window, mr_window_desc, table.key_strings, slot.strings);
  MR_FIELD(window, mr_window_desc, table.num_keys, types.size());
  MR_FIELD(window, mr_window_desc, table.key_types, constants.array("keys_" + name, types));
  MR_FIELD(window, mr_window_desc, table.key_least, constants.array("least_" + name, least));
  MR_FIELD(window, mr_window_desc, table.key_values, constants.array("values_" + name, values));
  MR_FIELD(window, mr_window_desc, table.positions, int64_t(positions));
  MR_FIELD(window, mr_window_desc, table.occupied_offset, slot.occupiedFlag < 0 ? slot.occupied : flagWord);
  MR_FIELD(window, mr_window_desc, table.time_offset, slot.time ? int64_t(slot.time.offset) : -1);
  MR_FIELD(window, mr_window_desc, table.pieces, pieces);
  MR_FIELD(window, mr_window_desc, table.num_pieces, numPieces);
}
