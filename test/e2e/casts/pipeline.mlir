// Texts as values and values as texts: what is written is read back (rules 46, 50); `try` shows what does not fit.
stream.pipeline @casts {
  %texts = source stdin() as json { s: string }
  %all = map %texts {
    s,
    i8 = cast(try(cast(s as i8)) as string), u8 = cast(try(cast(s as u8)) as string),
    i64 = cast(try(cast(s as i64)) as string), u64 = cast(try(cast(s as u64)) as string),
    f32 = cast(try(cast(s as f32)) as string), f64 = cast(try(cast(s as f64)) as string),
    bool = cast(try(cast(s as bool)) as string), time = cast(try(cast(s as timestamp)) as string),
    date = cast(try(cast(s as date)) as string),
    cut = try(cast(try(cast(s as f64)) as i32))
  }
  sink %all to stdout as json
}
