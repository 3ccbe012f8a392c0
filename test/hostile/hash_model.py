"""The runtime's hashes of keys (runtime/state/hash.h, runtime/inline/keyed.cpp), and keys that collide under them.

`hostile.state.the_model_of_hashes` compares this with the runtime, so that no case goes on with keys that do not collide.
"""
M64, TOP = (1 << 64) - 1, 1 << 63
SEED, STEP, LAST = 0xA0761D6478BD642F, 0xE7037ED1A0B428DB, 0x8EBC6AF09C88C6E3
PACKED_MASK = 0x9FB21C651E98DF25


def mix(a, b):
    product = a * b
    return (product ^ product >> 64) & M64


def crc32c(word):
    crc = word
    for _ in range(64):
        crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc


def turned_crc(word):
    """The last bit goes through as it is."""
    crc = crc32c(word & ~1)
    return (crc << 4 | crc >> 28) & 0xFFFFFFFF ^ word & 1


def packed_hash(key):
    """Of an i64 key in the layout packed, 32 bits."""
    return turned_crc((key & M64 ^ TOP) ^ PACKED_MASK)


def inline_hash(key):
    """Of an i64 key in the layout inline. Where a key is looked for comes of the upper half."""
    return turned_crc(key & M64) << 32 | TOP


def text_hash(text):
    """Of a key that is one string; `text` is bytes."""
    word = lambda at: int.from_bytes(text[at:at + 8], "little")
    if len(text) <= 12:
        padded = len(text).to_bytes(4, "little") + text.ljust(12, b"\0")
        inner = mix(int.from_bytes(padded[:8], "little") ^ STEP, int.from_bytes(padded[8:], "little") ^ LAST)
    else:
        inner = SEED ^ len(text)
        for at in range(0, len(text) - 15, 16):
            inner = mix(inner ^ word(at) ^ STEP, word(at + 8) ^ LAST)
        inner = mix(inner ^ word(len(text) - 16 if len(text) >= 16 else 0) ^ LAST, word(len(text) - 8) ^ STEP)
    return inner | TOP


def signed(word):
    return word - (1 << 64) if word & TOP else word


def integers_alike(count):
    """i64 keys whose hashes are equal in all bits, packed and inline: the hash is linear, so words of hash 0 add up to such
    words."""
    rows, kernel = {}, []
    for bit in range(64):
        word, value = 1 << bit, turned_crc(1 << bit)
        while value and value.bit_length() in rows:
            other, reduced = rows[value.bit_length()]
            word, value = word ^ other, value ^ reduced
        if value:
            rows[value.bit_length()] = word, value
        else:
            kernel.append(word)
    keys = []
    for i in range(count):
        key = 0x0123456789ABCDEF
        for bit, word in enumerate(kernel):
            if i >> bit & 1:
                key ^= word
        keys.append(signed(key))
    return keys


def texts_alike(count, bits, make):
    """Texts whose hashes are equal in the bits that choose a slot among 2^bits; `make` gives the text of a number."""
    keys, i, mask = [], 0, (1 << bits) - 1
    while len(keys) < count:
        text = make(i)
        if text_hash(text.encode()) >> 32 & mask == 0x5555 & mask:
            keys.append(text)
        i += 1
    return keys
