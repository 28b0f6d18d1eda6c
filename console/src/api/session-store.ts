/**
 * Tokens of this browser tab. The access token lives in memory only; the refresh token is kept in
 * sessionStorage so that a reload does not sign the user out, and is gone when the tab closes.
 */
const KEY = 'tongchou.refresh';
let access: string | null = null;
const listeners = new Set<() => void>();

export const sessionStore = {
  access(): string | null {
    return access;
  },
  refresh(): string | null {
    return window.sessionStorage.getItem(KEY);
  },
  set(tokens: { accessToken: string; refreshToken: string }): void {
    access = tokens.accessToken;
    window.sessionStorage.setItem(KEY, tokens.refreshToken);
  },
  /** Forgets the session and tells the frame, which then shows the sign-in page. */
  clear(): void {
    access = null;
    window.sessionStorage.removeItem(KEY);
    for (const listener of listeners) listener();
  },
  onEnd(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
