import type { Phase, Statement } from '../model/script.js'
import { visible } from '../model/visible.js'

/** Lines for a reviewer: as comments, none of which can end before its line does. */
export function commentLines(mark: string, lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.split('\n')).map((line) => `${mark} ${visible(line)}`.trimEnd())
}

/**
 * What has to be sent at once for a phase: its whole transaction, or each statement by itself. Sent in order they are the
 * phase; so they are one after the other in a file.
 */
export function phaseUnits({ transaction, statements }: Phase): string[] {
  const texts = statements.map(statementText)
  if (transaction === 'outside') return texts
  return [['BEGIN ISOLATION LEVEL READ COMMITTED;', ...texts, 'COMMIT;'].join('\n\n')]
}

function statementText({ comment, sql }: Statement): string {
  return [...(comment === null ? [] : commentLines('--', [comment])), `${sql};`].join('\n')
}

export function fileText(header: readonly string[], phases: readonly Phase[]): string {
  const blocks = [commentLines('--', header).join('\n'), ...phases.map(phaseText)]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

function phaseText(phase: Phase): string {
  const about = phase.comment.length === 0 ? [] : ['', ...phase.comment]
  return [commentLines('--', [phase.title, ...about]).join('\n'), body(phase)].join('\n\n')
}

/** A statement without a comment belongs to the one before it. */
function body(phase: Phase): string {
  const units = phaseUnits(phase)
  if (phase.transaction === 'own') return units.join('\n\n')
  return units
    .map((unit, at) => (at > 0 && phase.statements[at]?.comment === null ? unit : `\n${unit}`))
    .join('\n')
    .trimStart()
}
