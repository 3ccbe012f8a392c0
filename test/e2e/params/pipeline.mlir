// Params of several types, set on the command line or left at their defaults.
stream.pipeline @params {
  %least = param 10 "the least amount"
  %rate  = param 1.5 "euros for one unit"
  %word  = param "none" "what a missing name is called"
  %rows = source stdin as json { name: string?, amount: i64 }
  %kept = filter %rows where amount >= %least
  %priced = map %kept { name = coalesce(name, %word), euros = amount * %rate }
  sink %priced to stdout as json
}
