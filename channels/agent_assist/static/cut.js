// @ts-check
/** Texts cut to a length. */

const characters = new Intl.Segmenter("fr");

/**
 * The beginning of a text, in whole characters as a reader has them: half an emoji is none, and servers choke on it.
 *
 * @param {string} text
 * @param {number} length
 */
export function cut(text, length) {
  return text.slice(0, characters.segment(text).containing(length)?.index || length);
}
