import { closest, distance } from 'fastest-levenshtein'
import type { RowDataPacket } from 'mysql2/promise'
import type { Connected } from './mysql2-wire.js'

/** The database of that server whose name is nearest, of those that this user may see; else null. */
export async function nearestDatabase(name: string, connect: () => Promise<Connected | null>): Promise<string | null> {
  try {
    const connected = await connect()
    if (connected === null) return null
    const { connection, socket } = connected
    try {
      const [rows] = await connection.query<(RowDataPacket & { readonly name: string })[]>(
        'SELECT schema_name AS name FROM information_schema.schemata',
      )
      return near(
        name,
        rows.map((row) => row.name),
      )
    } finally {
      socket.destroy()
    }
  } catch {
    // Only a courtesy: the error that brought us here says what matters.
    return null
  }
}

function near(name: string, known: readonly string[]): string | null {
  if (known.length === 0) return null
  const candidate = closest(name, [...known])
  return distance(name, candidate) <= Math.max(2, Math.floor(name.length / 3)) ? candidate : null
}
