/** What the planner knows of a column's values. */
export interface ColumnStatistics {
  readonly column: string
  /** Distinct values per row, NULLs left out of both: 1 where no value comes twice. Null where never analysed. */
  readonly distinctness: number | null
  /** Share of rows, 0 to 1. */
  readonly nullFraction: number
  /** Bytes. */
  readonly averageWidth: number
}

/** What makes a column look like a key, or not, beside its name and its indexes. */
export interface TableStatistics {
  readonly estimatedRows: number | null
  /** Columns without statistics are left out. */
  readonly columns: readonly ColumnStatistics[]
  /** Columns of each foreign key of this table. */
  readonly foreignKeys: readonly (readonly string[])[]
}
