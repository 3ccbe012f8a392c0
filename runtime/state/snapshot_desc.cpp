//===- snapshot_desc.cpp - descriptions of layouts in saved state ------------------===//
#include "runtime/state/snapshot_bytes.h"

#include "runtime/state/codes.h"
#include "runtime/state/hash.h"
#include "runtime/state/kept_forms.h"

#include <iterator>

using namespace millrace;

void millrace::writeDesc(SnapshotWriter &out, const mr_table_desc &desc) {
  out.number(kHashVersion);
  out.number(MR_PACKED_MASK);
  out.number(std::size(kKeptForms));
  for (const KeptForm &form : kKeptForms)
    out.number(form.version);
  for (uint64_t number :
       {uint64_t(desc.layout), uint64_t(desc.occupied_bit), uint64_t(desc.slot_size), uint64_t(desc.cold_size),
        uint64_t(desc.key_words), uint64_t(desc.key_strings), uint64_t(desc.num_keys), desc.positions,
        uint64_t(desc.occupied_offset), uint64_t(int64_t(desc.time_offset)), uint64_t(desc.num_pieces)})
    out.number(number);
  for (uint32_t i = 0; i < desc.num_keys; ++i) {
    KeyField field = keyField(desc, i);
    out.number(desc.key_types[i]);
    out.number(uint64_t(field.least));
    out.number(field.values);
  }
  for (uint32_t i = 0; i < desc.num_pieces; ++i) {
    const mr_piece_desc &piece = desc.pieces[i];
    out.text(piece.name);
    for (uint32_t number : {uint32_t(piece.kind), uint32_t(piece.cold), uint32_t(piece.bit), piece.offset, piece.size})
      out.number(number);
  }
}

/// Does a piece lie within its part of the slot?
static bool lies(const mr_piece_desc &piece, const mr_table_desc &desc) {
  uint64_t size = piece.kind == MR_PIECE_BYTES ? piece.size : piece.kind == MR_PIECE_STRING ? 16 : 8;
  return piece.kind <= MR_PIECE_BIT && piece.bit < 64 &&
         piece.offset + size <= (piece.cold ? desc.cold_size : desc.slot_size);
}

/// False: there are other forms, or one of another version.
static bool readForms(SnapshotReader &in, SavedDesc &saved) {
  if (in.number() != std::size(kKeptForms))
    return false;
  for (const KeptForm &form : kKeptForms)
    if (in.number() != form.version && !saved.otherForm)
      saved.otherForm = form.what;
  return !saved.otherForm;
}

bool millrace::readDesc(SnapshotReader &in, SavedDesc &saved) {
  mr_table_desc &desc = saved.desc;
  saved.hashVersion = in.number();
  if (in.number() != MR_PACKED_MASK || !readForms(in, saved))
    return false;
  constexpr uint64_t most = uint64_t(1) << 20; // of a slot, of pieces: more is no description
  auto number = [&](uint64_t limit) {
    uint64_t value = in.number();
    in.good &= value <= limit;
    return in.good ? value : 0;
  };
  desc.layout = uint8_t(number(MR_LAYOUT_BY_ID));
  desc.occupied_bit = uint8_t(number(255));
  desc.slot_size = uint32_t(number(most));
  desc.cold_size = uint32_t(number(most));
  desc.key_words = uint32_t(number(65));
  desc.key_strings = uint32_t(number(64));
  desc.num_keys = uint32_t(number(64));
  desc.positions = number(uint64_t(1) << 32);
  desc.occupied_offset = uint32_t(number(most));
  desc.time_offset = int32_t(int64_t(in.number()));
  desc.num_pieces = uint32_t(number(most));
  for (uint32_t i = 0; in.good && i < desc.num_keys; ++i) {
    saved.types.push_back(uint8_t(number(255)));
    saved.least.push_back(int64_t(in.number()));
    saved.values.push_back(in.number());
  }
  desc.key_types = saved.types.data();
  desc.key_least = saved.least.data();
  desc.key_values = saved.values.data();
  for (uint32_t i = 0; in.good && i < desc.num_pieces; ++i) {
    mr_piece_desc piece = {};
    piece.name = saved.names.emplace_back(in.text()).c_str();
    piece.kind = uint8_t(number(255));
    piece.cold = uint8_t(number(1));
    piece.bit = uint8_t(number(255));
    piece.offset = uint32_t(number(most));
    piece.size = uint32_t(number(most));
    in.good &= lies(piece, desc);
    saved.pieces.push_back(piece);
  }
  desc.pieces = saved.pieces.data();
  bool inSlot = desc.layout == MR_LAYOUT_PACKED || desc.layout == MR_LAYOUT_INLINE;
  uint64_t least = desc.layout == MR_LAYOUT_INLINE ? 8 + 8 * (desc.key_words + 2 * desc.key_strings) : 8;
  return in.good && desc.slot_size >= least && desc.slot_size % 8 == 0 &&
         (inSlot || desc.occupied_offset + 8 <= desc.slot_size);
}

static std::string bytesOf(const mr_table_desc &desc) {
  std::string bytes;
  SnapshotWriter out(bytes);
  writeDesc(out, desc);
  return bytes;
}

bool millrace::isSameLayout(const SavedDesc &saved, const mr_table_desc &desc) {
  return saved.hashVersion == kHashVersion && bytesOf(saved.desc) == bytesOf(desc);
}

std::string millrace::whyNotAlike(const mr_table_desc &saved, const mr_table_desc &desc) {
  if (saved.num_keys != desc.num_keys || saved.key_words != desc.key_words || saved.key_strings != desc.key_strings ||
      (desc.num_keys && std::memcmp(saved.key_types, desc.key_types, desc.num_keys) != 0))
    return "is of other key fields";
  auto has = [](const mr_table_desc &in, const mr_piece_desc &piece) {
    for (uint32_t i = 0; i < in.num_pieces; ++i)
      if (std::strcmp(in.pieces[i].name, piece.name) == 0)
        return in.pieces[i].kind == piece.kind && (piece.kind == MR_PIECE_BIT || in.pieces[i].size == piece.size);
    return false;
  };
  for (uint32_t i = 0; i < saved.num_pieces; ++i)
    if (!has(desc, saved.pieces[i]))
      return std::string("holds `") + saved.pieces[i].name + "`, which the pipeline does not keep, or not so";
  for (uint32_t i = 0; i < desc.num_pieces; ++i)
    if (!has(saved, desc.pieces[i]))
      return std::string("does not hold `") + desc.pieces[i].name + "`";
  return {};
}
