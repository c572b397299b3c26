const LONGEST = 40

/**
 * What a value looks like without telling it: letters become `x`, digits `9`, punctuation stays. Empty text and NULL are
 * shown as they are, since a placeholder key is the finding and holds nothing personal.
 */
export function mask(value: string | null): string | null {
  if (value === null || value === '') return value
  const characters = [...value]
  const shape = characters
    .slice(0, LONGEST)
    .join('')
    .replace(/\p{L}\p{M}*|\p{N}|[^\p{P}\s]/gu, (character) => {
      if (/^\p{L}/u.test(character)) return 'x'
      return /^\p{N}/u.test(character) ? '9' : '*'
    })
  return characters.length > LONGEST ? `${shape}… (${characters.length} characters)` : shape
}
