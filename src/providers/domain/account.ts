/** A bank account by its last four digits; null stays null. */
export function maskAccount(account: string | null): string | null {
  return account === null ? null : `****${account.slice(-4)}`;
}
