/**
 * Words that stand in names without naming anybody, folded.
 * @module
 */

/** They do not make a name one of several words. */
export const ARTICLES: ReadonlySet<string> = /* @__PURE__ */ setOf('the a an')

/** Titles and ranks: alone they name nobody, and a full stop behind them ends no sentence. */
export const TITLES: ReadonlySet<string> = /* @__PURE__ */ setOf(
  `mr mrs ms miss dr prof doctor professor sir madam lady lord capt captain col colonel gen general maj major lt
  lieutenant sgt sergeant cpl corporal pvt private cmdr commander adm admiral chief officer agent detective
  inspector sheriff deputy president king queen prince princess father mother sister brother uncle aunt nurse
  rev reverend st saint`,
)

/** Words that are no name by themselves, and that no personal name holds. */
export const STOP_WORDS: ReadonlySet<string> = /* @__PURE__ */ setOf(
  `the a an and or of in on at to for with by from as is it i he she we you they his her him them who man woman
  men women boy girl person people child jr sr`,
)

function setOf(words: string): Set<string> {
  return new Set(words.split(/\s+/))
}
