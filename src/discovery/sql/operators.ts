/** Operators of several characters, and what they begin with. */
export const MergedOperators: ReadonlySet<string> = new Set(
  '<= >= <> != !> !< <=> :: || && -> ->> := => == .. ... ~* !~ !~* ~~ ~~* !~~ !~~* @> <@ @@ #> #>> << >> ?| ?&'.split(
    ' ',
  ),
)
