// @ts-check
/** Which cards the agent has really had before their eyes: half of it on the screen for half a second, in a page that is shown. */

const SHARE = 0.5;
/** Milliseconds. */
const LONG_ENOUGH = 500;

export class Seen {
  /** @type {Map<Element, () => void>} */
  #watched = new Map();
  /** @type {Map<Element, ReturnType<typeof setTimeout>>} */
  #timers = new Map();
  /** @type {Set<Element>} */
  #inSight = new Set();
  #observer = new IntersectionObserver((entries) => this.#note(entries), { threshold: [0, 0.25, SHARE, 0.75, 1] });

  constructor() {
    document.addEventListener("visibilitychange", () => {
      for (const element of this.#inSight) this.#start(element);
    });
  }

  /**
   * @param {Element} element
   * @param {() => void} onSeen called once
   */
  watch(element, onSeen) {
    this.forget(element);
    this.#watched.set(element, onSeen);
    this.#observer.observe(element);
  }

  /** @param {Element} element */
  forget(element) {
    this.#observer.unobserve(element);
    clearTimeout(this.#timers.get(element));
    this.#watched.delete(element);
    this.#inSight.delete(element);
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #note(entries) {
    for (const { target, intersectionRatio, intersectionRect } of entries) {
      // A card higher than the screen is seen when it fills half of that.
      const isInSight = intersectionRatio >= SHARE || intersectionRect.height >= SHARE * innerHeight;
      clearTimeout(this.#timers.get(target));
      if (isInSight && intersectionRect.height) {
        this.#inSight.add(target);
        this.#start(target);
      } else this.#inSight.delete(target);
    }
  }

  /** @param {Element} element */
  #start(element) {
    clearTimeout(this.#timers.get(element));
    if (document.visibilityState !== "visible") return;
    const seen = () => {
      const onSeen = this.#watched.get(element);
      this.forget(element);
      onSeen?.();
    };
    this.#timers.set(element, setTimeout(seen, LONG_ENOUGH));
  }
}
