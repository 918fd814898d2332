/**
 * Speech, which a picture cannot show.
 * @module
 */

// Bounded, so that quotes that nobody closes cost no more than that. Group 1 is all but the speech.
const SPEECH =
  /(\b(?:(?:say|ask|tell|whisper|shout|yell|mutter|murmur|explain|answer|respond|insist|demand)(?:s|ed|ing)?|said|told|warn(?:s|ed)|repl(?:y|ies|ied|ying)|describ(?:es?|ed|ing))\b[^'"\u2018\u201c.;!?<>:,]{0,40}?)[:,]?\s+(?:\u201c[^\u201d]{1,400}\u201d|"[^"]{1,400}"|[\u2018'](?=\S)(?:[^'\u2019]|['\u2019](?=\p{L})){1,400}['\u2019](?!\p{L}))/giu

/** What has letters on it, if it stands right before the verb; or an article, which makes a noun of it. */
const LETTERED =
  /\b(?:(?:sign|screen|monitor|display|letter|note|label|text|poster|banner|board|plaque|headline)s? (?:that |which )?|(?:an?|the) )$/i

/** The text without what somebody says in it: an image model paints words in quotes as letters. What a sign says stays. */
export function unspoken(text: string): string {
  return text.replace(SPEECH, (all, verb: string, at: number) =>
    LETTERED.test(text.slice(Math.max(0, at - 40), at)) ? all : verb,
  )
}
