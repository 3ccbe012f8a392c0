//===- StateDrawing.cpp - a program's state as a picture ------------------===//
//
// A line of the picture is a cache line: 64 bytes, to scale. What is in the
// first slot has colours and names; slots that share its cache line are pale.
//
//===----------------------------------------------------------------------===//
#include "StateView.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include <algorithm>

using namespace llvm;

namespace millrace {

namespace {

constexpr unsigned kLine = 64;     ///< bytes of a cache line
constexpr unsigned kByte = 14;     ///< pixels of a byte
constexpr unsigned kLeft = 64;     ///< pixels before the first byte: offsets stand there
constexpr unsigned kBox = 36;      ///< pixels of a line's height
constexpr unsigned kCharacter = 8; ///< pixels, a little more than what is usual

/// As XML has it: UTF-8, and of the control characters only the line end.
std::string escaped(StringRef text) {
  std::string plain = json::isUTF8(text) ? text.str() : json::fixUTF8(text), result;
  for (char &c : plain)
    c = uint8_t(c) < 0x20 && c != '\n' ? '?' : c;
  raw_string_ostream stream(result);
  printHTMLEscaped(plain, stream);
  return result;
}

/// The begin of a name, in whole characters, if not all of it fits.
std::string cut(StringRef name, size_t columns) {
  if (name.size() <= columns)
    return name.str();
  if (columns < 3)
    return "";
  size_t end = columns - 1;
  while (end && (uint8_t(name[end]) & 0xc0) == 0x80)
    --end;
  return name.substr(0, end).str() + "…";
}

/// Boxes: pieces that share bytes (flags) are one.
struct Box {
  unsigned offset, size;
  std::string name, tip;
  const char *colour;
};

class Drawing {
public:
  void text(unsigned x, StringRef words, const char *style = "") {
    body += formatv("  <text x=\"{0}\" y=\"{1}\"{2}>{3}</text>\n", x, y, style, escaped(words)).str();
    right = std::max(right, x + unsigned(words.size()) * kCharacter);
  }

  void title(StringRef program) {
    y += 20;
    text(8, program, " class=\"title\"");
  }

  void table(const StateTable &table) {
    y += 40;
    text(8, table.name + ": " + table.what(), " class=\"name\"");
    if (!table.place.empty())
      note(table.place);
    note(table.layout + (table.reason.empty() ? "" : ": " + table.reason));
    note("a key: " + table.bytesText());
    part(table, /*cold=*/false);
    if (table.coldBytes) {
      y += 18;
      note("aside (cold), at the same position:");
      part(table, /*cold=*/true);
    }
  }

  void none() {
    y += 40;
    text(8, "no operator keeps any state");
  }

  void print(raw_ostream &out) {
    unsigned width = std::max(right, kLeft + kLine * kByte) + 16, height = y + 24;
    out << formatv("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\" "
                   "font-family=\"monospace\" font-size=\"12\">\n",
                   width, height);
    out << "  <style>.title{font-size:16px;font-weight:bold}.name{font-size:14px;font-weight:bold}"
           ".dim{fill:#555}.line{fill:none;stroke:#222;stroke-width:1.5}</style>\n";
    out << formatv("  <rect width=\"{0}\" height=\"{1}\" fill=\"#fff\"/>\n", width, height) << body << "</svg>\n";
  }

private:
  void note(StringRef words) {
    y += 17;
    text(8, words, " class=\"dim\"");
  }

  /// The pieces of a member have its colour, aside too.
  static const char *colourOf(const StateTable &table, const StatePiece &piece) {
    static const char *const palette[] = {"#a6d8a8", "#f7c6c7", "#d7c4e8", "#ffe0a3", "#b5e3e0", "#e3d5b8"};
    if (piece.part == "key")
      return "#a9cdf0";
    if (piece.part == "time")
      return "#c9d3a0";
    if (piece.part != "member")
      return "#d0d0d0";
    std::vector<StringRef> members;
    for (const StatePiece &each : table.pieces)
      if (StringRef name = StringRef(each.name).split('.').first; each.part == "member" && !is_contained(members, name))
        members.push_back(name);
    size_t number = find(members, StringRef(piece.name).split('.').first) - members.begin();
    return palette[number % std::size(palette)];
  }

  static std::vector<Box> boxesOf(const StateTable &table, bool cold) {
    std::vector<Box> boxes;
    for (const StatePiece &piece : table.pieces) {
      if (piece.cold != cold)
        continue;
      std::string tip = piece.name + ": " + piece.encoding;
      if (piece.bit < 0) {
        boxes.push_back({piece.offset, piece.size, piece.name, tip, colourOf(table, piece)});
        continue;
      }
      Box *around = nullptr;
      for (Box &box : boxes)
        if (piece.offset >= box.offset && piece.offset < box.offset + box.size)
          around = &box;
      if (!around) // flags take words of 4 bytes
        around = &boxes.emplace_back(Box{piece.offset & ~3u, 4, "flags", "flags", "#d0d0d0"});
      around->tip += formatv("\nbit {0}: {1}", 8 * (piece.offset - around->offset) + piece.bit, tip).str();
    }
    unsigned end = 0;
    std::vector<Box> all;
    llvm::sort(boxes, [](const Box &a, const Box &b) { return a.offset < b.offset; });
    auto gap = [&](unsigned upTo) {
      if (end < upTo)
        all.push_back({end, upTo - end, "", "unused", "#f4f4f4"});
    };
    for (Box &box : boxes) {
      gap(box.offset);
      end = std::max(end, box.offset + box.size);
      all.push_back(std::move(box));
    }
    gap(cold ? table.coldBytes : table.slotBytes);
    return all;
  }

  /// The cache lines that one slot, or its cold part, touches.
  void part(const StateTable &table, bool cold) {
    unsigned size = cold ? table.coldBytes : table.slotBytes;
    std::vector<Box> boxes = boxesOf(table, cold);
    for (unsigned line = 0; line < size; line += kLine) {
      y += 12;
      unsigned top = y;
      y += kBox / 2 + 4;
      text(8, std::to_string(line), " class=\"dim\"");
      y = top;
      for (unsigned slot = 0; slot < line + kLine; slot += size)
        for (const Box &box : boxes)
          boxIn(box, slot, line, top);
      body += formatv("  <rect class=\"line\" x=\"{0}\" y=\"{1}\" width=\"{2}\" height=\"{3}\"/>\n", kLeft, top,
                      kLine * kByte, kBox)
                  .str();
      y += kBox;
    }
    y += 6;
  }

  /// What of a box of the slot at `slot` lies in the cache line at `line`.
  void boxIn(const Box &box, unsigned slot, unsigned line, unsigned top) {
    unsigned from = std::max(slot + box.offset, line), to = std::min(slot + box.offset + box.size, line + kLine);
    if (from >= to)
      return;
    unsigned x = kLeft + (from - line) * kByte, width = (to - from) * kByte;
    body += formatv("  <g{0}><title>{1}</title><rect x=\"{2}\" y=\"{3}\" width=\"{4}\" height=\"{5}\" fill=\"{6}\" "
                    "stroke=\"#888\"/>",
                    slot ? " opacity=\"0.3\"" : "", escaped(box.tip), x, top, width, kBox, box.colour)
                .str();
    std::string name = cut(box.name, width / kCharacter);
    if (!slot && !name.empty())
      body += formatv("<text x=\"{0}\" y=\"{1}\" text-anchor=\"middle\">{2}</text>", x + width / 2, top + kBox / 2 + 4,
                      escaped(name))
                  .str();
    body += "</g>\n";
  }

  std::string body;
  unsigned y = 0, right = 0;
};

} // namespace

void drawState(StringRef program, ArrayRef<StateTable> tables, raw_ostream &out) {
  Drawing drawing;
  drawing.title(program);
  for (const StateTable &table : tables)
    drawing.table(table);
  if (tables.empty())
    drawing.none();
  drawing.print(out);
}

} // namespace millrace
