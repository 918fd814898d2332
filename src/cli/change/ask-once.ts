/**
 * Asking a generator no question twice.
 * @module
 */
import type { PromptGenerator, PromptRequestItem, PromptResult } from 'storyart-sdk/prompt'

/**
 * A generator that remembers its answers: when somebody writes while it thinks, the session is filled anew, and only what
 * has not been asked is. A beat that says something else by then is another question.
 */
export function askOnce(generator: PromptGenerator): PromptGenerator {
  const answers = new Map<string, PromptResult>()
  const asked = new Set<string>()
  return {
    name: generator.name,
    async generate({ items, ...request }) {
      const fresh = items.filter((item) => !asked.has(questionOf(item)))
      if (fresh.length > 0) {
        const results = new Map<string, PromptResult>()
        for (const result of await generator.generate({ ...request, items: fresh })) {
          if (!results.has(result.key)) results.set(result.key, result)
        }
        for (const item of fresh) {
          const [question, result] = [questionOf(item), results.get(item.key)]
          asked.add(question)
          if (result && !answers.has(question)) answers.set(question, result)
        }
      }
      return items.flatMap((item) => {
        const answer = answers.get(questionOf(item))
        return answer ? [{ ...answer, key: item.key }] : []
      })
    },
  }
}

function questionOf({ place, format, composed }: PromptRequestItem): string {
  return JSON.stringify([place.sceneNumber, place.beatId, format, composed.prompt])
}
