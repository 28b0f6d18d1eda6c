/** A text to be sealed; `bound` is what the sealed form belongs to and is authenticated with it, but not stored in it. */
export interface PlainItem {
  readonly plain: Buffer;
  readonly bound: Buffer;
}

/** A sealed form (nonce, ciphertext, tag) and what it must belong to. */
export interface SealedItem {
  readonly sealed: Buffer;
  readonly bound: Buffer;
}

/** A key that seals and opens. */
export interface DataKey {
  /** Nonce, ciphertext and tag of each item, every one under a nonce of its own. */
  seal(items: readonly PlainItem[]): Promise<Buffer[]>;
  /** The texts; undefined for what was changed in a single bit, moved to another place, or sealed by another key. */
  open(items: readonly SealedItem[]): Promise<(Buffer | undefined)[]>;
}

/** A key that gives equal values the same 32 bytes and tells nothing else about them to who has not got it. */
export interface IndexKey {
  index(values: readonly Buffer[]): Promise<Buffer[]>;
}

/**
 * Where the cryptography happens. The program knows keys only as `material`: the key itself for the software provider, a
 * wrapped key or a slot of the device for a cryptographic machine (密码机), which takes the software's place in the module
 * and nowhere else (GB/T 39786). All work comes in batches and is awaited, because a device is asked over a wire.
 */
export abstract class CryptoProvider {
  /** First byte of everything sealed: names the algorithms, so that a later provider can tell its own from the old. */
  abstract readonly format: number;
  /** Fresh material for a key. */
  abstract newMaterial(): Buffer;
  /** @throws Error that says in one sentence why the material is no key */
  abstract accept(material: Buffer): void;
  /** Eight bytes by which a key is recognised without being told. */
  abstract checkValue(material: Buffer): Promise<Buffer>;
  abstract dataKey(material: Buffer): DataKey;
  abstract indexKey(material: Buffer): IndexKey;
}
