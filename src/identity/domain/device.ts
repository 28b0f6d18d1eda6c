/** Where a sign-in comes from. */
export interface Client {
  readonly address: string;
  /** The browser's own description, shortened. */
  readonly device: string;
}

const MAX_DEVICE = 200;
const MAX_ADDRESS = 64;

/** The client of a request; control characters of a forged header do not reach lists and logs. */
export function clientFrom(address: string, userAgent: string | undefined): Client {
  return {
    address: address.slice(0, MAX_ADDRESS),
    device: (userAgent ?? '').replace(/[^\x20-\x7e]/g, '').slice(0, MAX_DEVICE),
  };
}
