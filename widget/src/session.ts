/** The session token: all that the widget keeps on the device. The server signs it, and only it can read the conversation. */

export class Session {
  private readonly key: string;
  /** What this tab knows; it takes the place of the storage where that is forbidden. */
  private known: string | null;
  private isForbidden = false;

  /** `onReplaced`: another tab, or the site, has erased the token (`isErased`) or put another in its place. */
  constructor(
    server: string,
    private readonly onReplaced: (isErased: boolean) => void,
  ) {
    this.key = `aiguilleur ${server}`;
    this.known = this.token;
    addEventListener("storage", this.onStorage);
  }

  get token(): string | null {
    if (this.isForbidden) return this.known;
    try {
      return localStorage.getItem(this.key);
    } catch {
      this.isForbidden = true;
      return this.known ?? null;
    }
  }

  set token(token: string | null) {
    this.known = token;
    try {
      if (token) localStorage.setItem(this.key, token);
      else localStorage.removeItem(this.key);
    } catch {
      this.isForbidden = true; // the session lasts as long as the page
    }
  }

  /** Do something that gives a first token: one tab at a time, so that all have the same. Where tabs cannot wait for each other,
   * the last token counts. */
  async alone<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.token || !navigator.locks ? work() : navigator.locks.request(this.key, work);
  }

  close(): void {
    removeEventListener("storage", this.onStorage);
  }

  /** A key of null: everything was erased, as sites do when people sign out. */
  private readonly onStorage = ({ key, newValue }: StorageEvent): void => {
    if ((key !== this.key && key !== null) || newValue === this.known) return;
    this.known = newValue;
    this.onReplaced(newValue === null);
  };
}
