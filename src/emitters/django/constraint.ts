import type { ModelChange } from '../../model/plan.js'
import type { Model } from './models.js'
import { pythonCall, pythonString } from './python-text.js'
import { type Condition, type Constant, parseConditions, parseFold } from './sql-expressions.js'

/** How a model says what the database guarantees, or why it can't. */
export type Constraint =
  | {
      readonly kind: 'constraint'
      readonly args: readonly string[]
      /** What has to be imported from `django.db.models.functions`. */
      readonly functions: readonly string[]
      /** The first version of Django that takes it; null: any. */
      readonly needs: string | null
    }
  | { readonly kind: 'none'; readonly why: string }

export function constraintOf(change: ModelChange, model: Model): Constraint {
  const key = keyOf(change, model)
  if (typeof key === 'string') return { kind: 'none', why: key }
  const condition = change.predicate === null ? [] : conditionOf(change.predicate, model)
  if (condition === null) {
    return { kind: 'none', why: `its condition, ${change.predicate}, has no simple form in Django` }
  }
  const { fields, functions } = key
  const list = functions.length === 0 ? [`fields=[${fields.join(', ')}]`] : fields
  const nulls = change.nullsNotDistinct ? ['nulls_distinct=False'] : []
  return {
    kind: 'constraint',
    args: [...list, ...condition, ...nulls, `name=${pythonString(change.name)}`],
    functions,
    needs: change.nullsNotDistinct ? '5.0' : functions.length > 0 ? '4.0' : null,
  }
}

export function constraintText(args: readonly string[], indent: string, before = ''): string {
  return pythonCall('models.UniqueConstraint', args, indent, before)
}

interface Key {
  readonly fields: readonly string[]
  readonly functions: readonly string[]
}

/** Or the reason why it can't be had. */
function keyOf({ members }: ModelChange, model: Model): Key | string {
  const fields: string[] = []
  const functions = new Set<string>()
  for (const member of members) {
    const folded = 'column' in member ? member : parseFold(member.expression)
    if (folded === null) {
      return `Django has no sure form of ${'expression' in member ? member.expression : member.column}`
    }
    const field = model.fields.get(folded.column)
    if (field === undefined) return `the migrations show no field for the column ${folded.column}`
    const wrapper = folded.fold === null ? null : folded.fold === 'lower' ? 'Lower' : 'Upper'
    if (wrapper !== null) functions.add(wrapper)
    fields.push(wrapper === null ? pythonString(field) : `${wrapper}(${pythonString(field)})`)
  }
  return { fields, functions: [...functions].sort() }
}

/** The argument `condition`; null: it can't be told. */
function conditionOf(predicate: string, model: Model): string[] | null {
  const conditions = parseConditions(predicate)
  if (conditions === null) return null
  const lookups = new Map<string, string>()
  for (const condition of conditions) {
    const field = model.fields.get(condition.column)
    const [suffix, value] = lookupOf(condition)
    // A keyword can stand in a call only once.
    if (field === undefined || lookups.has(field + suffix)) return null
    lookups.set(field + suffix, value)
  }
  return [`condition=models.Q(${[...lookups].map(([lookup, value]) => `${lookup}=${value}`).join(', ')})`]
}

function lookupOf(condition: Condition): [suffix: string, value: string] {
  if ('isNull' in condition) return ['__isnull', pythonBoolean(condition.isNull)]
  return ['', pythonConstant(condition.equals)]
}

function pythonConstant(constant: Constant): string {
  if (typeof constant === 'boolean') return pythonBoolean(constant)
  return 'number' in constant ? constant.number : pythonString(constant.text)
}

const pythonBoolean = (value: boolean): string => (value ? 'True' : 'False')
