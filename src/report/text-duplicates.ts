import type { DuplicateCounts } from '../model/duplicates.js'
import { number, plural } from '../model/words.js'
import type { ReportedDuplicates } from './report.js'
import type { Terminal } from './terminal.js'
import { sampleLines } from './text-finding.js'

/** All that was counted for one key set, and how. */
export function duplicateLines(duplicates: ReportedDuplicates | null, showsValues: boolean, out: Terminal): string[] {
  if (duplicates === null) return out.prose('Nothing to count here.', 2)
  if (!duplicates.counted) return out.prose(`Not counted: ${duplicates.detail}.`, 2)
  return [...facts(duplicates).flatMap((fact) => out.item(fact)), ...sampleLines(duplicates, showsValues, out)]
}

function facts(counts: DuplicateCounts): string[] {
  const policy = counts.nulls === 'excluded' ? 'NULL keys not counted' : 'NULL keys counted as equal'
  if (!counts.exact && counts.groups > 0) return [`At least one duplicate group; counting stopped there (${policy}).`]
  const found = [
    `By the lookup's equality: ${plural(counts.groups, 'duplicate group')}, ${plural(counts.surplusRows, 'surplus row')} (${policy}).`,
    `By the equality of a unique index: ${plural(counts.constraintGroups, 'duplicate group')}, ${plural(counts.constraintSurplusRows, 'surplus row')}.`,
  ]
  if (counts.groups > 0) found.push(...groupFacts(counts))
  return [...found, ...counts.notes]
}

function groupFacts(counts: DuplicateCounts): string[] {
  const found = [
    `Largest group: ${plural(counts.largestGroup, 'row')}. Identical outside the key: ${plural(counts.identicalGroups, 'group')}; divergent: ${plural(counts.divergentGroups, 'group')}.`,
  ]
  if (counts.referencesToSurplus !== null)
    found.push(`References to surplus rows: ${number(counts.referencesToSurplus)}.`)
  if (counts.firstSeen !== null && counts.lastSeen !== null)
    found.push(
      counts.firstSeen === counts.lastSeen
        ? `Rows of the groups were created at ${counts.firstSeen}.`
        : `Rows of the groups were created between ${counts.firstSeen} and ${counts.lastSeen}.`,
    )
  if (counts.bornWithinSecond !== null)
    found.push(`Groups with two rows created within a second, the mark of a race: ${number(counts.bornWithinSecond)}.`)
  return found
}
