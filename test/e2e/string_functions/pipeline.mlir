// Every function of strings, on texts in place and out of place, ASCII and not (rule 44).
stream.pipeline @string_functions {
  %texts = source stdin() as json { id: i64, s: string?, t: string }
  %all = map %texts {
    id,
    length = length(s), both = s || t, contains = contains(s, t), starts = starts_with(s, t), ends = ends_with(s, t),
    middle = substring(s, 2, 3), rest = substring(s, 3), before = substring(s, 0, 2), position = position(s, t),
    second = split_part(s, t, 2), pieces = size(split(s, t)), lower = lower(s), upper = upper(s), trimmed = trim(s),
    less = s < t, same = s = t
  }
  sink %all to stdout as json
}
