import type { EnhancedEpisodeContext } from '../../../src/schema/index.js'

/** A character in short: full name, trigger, aliases. */
export type Short = [name: string, trigger: string, ...aliases: string[]]

/** A context with these characters and nothing else. */
export function cast(...characters: Short[]): EnhancedEpisodeContext {
  return {
    episode: {
      characters: characters.map(([character_name, base_trigger, ...aliases]) => ({
        character_name,
        base_trigger,
        aliases,
      })),
    },
  }
}

/** The characters on whom the table of wanted substitutions is based. */
export const TEN: Short[] = [
  ["Liam O'Brien", "liam_o'brien_v1", 'Liam', "Liam O'Brien"],
  ['Maria Santos', 'maria_santos_v1', 'Maria', 'Maria Santos'],
  ['Rei Klepstein', 'rei_klepstein_v1', 'Rei', 'Rei Klepstein'],
  ['Ghost', 'ghost_v1'],
  ["Catherine 'Cat' Mitchell", 'JRUMLV woman', 'Catherine', 'Catherine Mitchell'],
  ["Daniel O'Brien", 'HSCEIA man', 'Daniel', "Daniel O'Brien"],
  ['Colonel Marcus Webb', 'webbman', 'Colonel', 'Colonel Webb'],
  ['Preacher', 'preacher_v1'],
  ["Teresa Cristina 'Tuca' (2K)", '2kwoman', 'Teresa', 'Teresa (2K)'],
  ['Dr. Elara Chen', 'chen chen', 'Dr.', 'Dr. Chen'],
]
