import type { Change } from './change.js'
import { constraintText } from './constraint.js'

/** What a person has to add to the models, or need not: a text for each model. Lines of code start with blanks. */
export function modelNotes(changes: readonly Change[]): string[] {
  const models = [...new Set(changes.map(({ model }) => model))]
  return models.flatMap((model) => {
    const own = changes.filter((change) => change.model === model)
    return [...additionNote(own), ...own.flatMap(indexNote), ...own.flatMap(untoldNote)]
  })
}

function additionNote(changes: readonly Change[]): string[] {
  const told = changes.flatMap(({ constraint }) => (constraint.kind === 'constraint' ? [constraint] : []))
  const [first] = changes
  if (first === undefined || told.length === 0) return []
  const functions = [...new Set(told.flatMap((constraint) => constraint.functions))].sort()
  const needs = told
    .flatMap(({ needs }) => needs ?? [])
    .sort()
    .at(-1)
  const [noun, pronoun] = told.length === 1 ? ['constraint', 'it'] : ['constraints', 'them']
  const version = needs === undefined ? '' : ` It needs Django ${needs} or newer.`
  return [
    [
      `The model ${first.model.name} of the app ${first.app.label} needs the ${noun} too, or the next makemigrations will remove ${pronoun} from the database.${version}`,
      '',
      ...(functions.length === 0 ? [] : [`    from django.db.models.functions import ${functions.join(', ')}`, '']),
      `    class ${first.model.name}(models.Model):`,
      '        class Meta:',
      '            constraints = [',
      ...told.flatMap(({ args }) => {
        const text = constraintText(args, '                ', ',')
        return `                ${text},`
      }),
      '            ]',
    ].join('\n'),
  ]
}

/** Django drops a constraint where it would have made one. */
function indexNote({ change, constraint }: Change): string[] {
  const isPlain = change.predicate === null && constraint.kind === 'constraint' && constraint.functions.length === 0
  if (change.constraint || !isPlain) return []
  return [
    `In the database ${change.name} is a unique index without a constraint: to remove it one day, use RunSQL with DROP INDEX in place of RemoveConstraint.`,
  ]
}

function untoldNote({ change, app, model, constraint }: Change): string[] {
  if (constraint.kind === 'constraint') return []
  return [
    `The model ${model.name} of the app ${app.label} can't say ${change.name}: ${constraint.why}. The database keeps it all the same, and makemigrations leaves it alone.`,
  ]
}
