/** The session token: all that the widget keeps on the device. The server signs it, and only it can read the conversation. */

export class Session {
  private readonly key: string;
  private memory: string | null = null;

  /** `onReplaced`: another tab has erased the conversation, or begun another, which this tab follows. */
  constructor(
    server: string,
    private readonly onReplaced: () => void,
  ) {
    this.key = `aiguilleur ${server}`;
    addEventListener("storage", this.onStorage);
  }

  get token(): string | null {
    try {
      return localStorage.getItem(this.key) ?? this.memory;
    } catch {
      return this.memory; // storage is forbidden here: the session lasts as long as the page
    }
  }

  set token(token: string | null) {
    this.memory = token;
    try {
      if (token) localStorage.setItem(this.key, token);
      else localStorage.removeItem(this.key);
    } catch {
      // see above
    }
  }

  close(): void {
    removeEventListener("storage", this.onStorage);
  }

  private readonly onStorage = (event: StorageEvent): void => {
    if (event.key !== this.key || event.newValue === this.memory) return;
    this.memory = event.newValue;
    this.onReplaced();
  };
}
