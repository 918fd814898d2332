import type { Session } from '../../../src/schema/index.js'

/** Prompts in all forms and places, each with the word `lamp`; duplicates of an id; a legacy entry without beat. */
export function mixedSession(): Session {
  return JSON.parse(`{
    "scriptText": "The lamp is lit.",
    "analyzedEpisode": { "scenes": [
      { "sceneNumber": 1, "beats": [
        { "core_action": "A lamp, a LAMP falls", "beatId": "a", "prompts": {
          "vertical": "tall lamp", "cinematic": { "seed": 1, "prompt": "a lamp, a second lamp", "negativeprompt": "negalamp" },
          "square": { "prompt": "square lamp" }, "round": { "text": 5 }, "empty": null } },
        { "beatId": "b", "prompt": { "positive": "a lamp", "negative": "negalamp" }, "characters": ["the lamp man"] } ] },
      { "sceneNumber": 2, "beats": [ { "beatId": " a", "prompts": { "marketingVertical": { "prompt": "sell a lamp" } } } ] } ] },
    "prompts": [ { "beatId": "a", "cinematic": "old lamp" }, { "vertical": { "prompt": "newer lamp" }, "beatId": "a" },
      { "beatId": "gone", "cinematic": "lost lamp" } ]
  }`)
}

/** The value with all it holds frozen, so that writing to it throws. */
export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) frozen(part)
    Object.freeze(value)
  }
  return value
}
