import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { AnchorHead } from './domain/anchor.js';
import type { Finding } from './domain/findings.js';

/** The head of a stream as an anchor states it. */
export interface StatedHead {
  readonly stream: string;
  /** Number of the last block, as text. */
  readonly seq: string;
  /** Its hash, hex. */
  readonly hash: string;
}

/** What is handed out: how far the chains of a pool reached at an instant. One JSON object on one line, signed. */
export interface Anchor {
  /** `tongchou-anchor-1`. */
  readonly format: string;
  readonly poolArea: string;
  /** Number of this anchor in the pool. */
  readonly seq: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly heads: readonly StatedHead[];
  /** SHA-256 of the line of the anchor before this one, hex; 64 zeros for the first. */
  readonly previous: string;
  /** Which key signed; see keyIdOf. */
  readonly keyId: string;
}

const FORMAT = 'tongchou-anchor-1';
export const NO_ANCHOR_BEFORE = '0'.repeat(64);

/** A key is named by the beginning of the SHA-256 of its public half. */
export function keyIdOf(key: KeyObject): string {
  const half = key.type === 'private' ? createPublicKey(key) : key;
  return createHash('sha256')
    .update(half.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16);
}

export function lineHash(line: string): string {
  return createHash('sha256').update(line, 'utf8').digest('hex');
}

/** The signed line. */
export function signedLine(key: KeyObject, anchor: Omit<Anchor, 'format' | 'keyId'>): string {
  const body = bodyOf({ format: FORMAT, ...anchor, keyId: keyIdOf(key) });
  const signature = sign(null, Buffer.from(body, 'utf8'), key).toString('base64');
  return `${body.slice(0, -1)},"signature":"${signature}"}`;
}

/** The text that is signed: the members in this order and no other. */
function bodyOf({ format, poolArea, seq, at, heads, previous, keyId }: Anchor): string {
  const stated = heads.map(({ stream, seq: block, hash }) => ({ stream, seq: block, hash }));
  return JSON.stringify({ format, poolArea, seq, at, heads: stated, previous, keyId });
}

/** What a file of anchors says about a pool, and what is wrong with the file itself. */
export interface AnchorFile {
  readonly anchors: readonly Anchor[];
  readonly heads: readonly AnchorHead[];
  readonly findings: readonly Finding[];
}

/**
 * Reads a file of anchors, one a line. Lines of other pools are passed over; a line that is not signed by one of the keys, or
 * that follows another one than it says, is a finding, and what it states is not believed.
 */
export function readAnchors(text: string, poolArea: string, keys: readonly KeyObject[]): AnchorFile {
  const anchors: Anchor[] = [];
  const findings: Finding[] = [];
  let before: { seq: string; hash: string } | undefined;
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const anchor = parse(line, keys);
    if (anchor === undefined) {
      findings.push(forged(index, 'not signed by a known key'));
      continue;
    }
    if (anchor.poolArea !== poolArea) continue;
    const follows = before !== undefined && BigInt(anchor.seq) === BigInt(before.seq) + 1n;
    if (follows && anchor.previous !== before?.hash)
      findings.push(forged(index, `does not follow ${before?.seq ?? ''}`));
    before = { seq: anchor.seq, hash: lineHash(line) };
    anchors.push(anchor);
  }
  const heads = anchors.flatMap(({ at, heads: stated }) =>
    stated.map(({ stream, seq, hash }) => ({ stream, seq: BigInt(seq), hash, at })),
  );
  return { anchors, heads, findings };
}

function parse(line: string, keys: readonly KeyObject[]): Anchor | undefined {
  try {
    const { signature, ...anchor } = JSON.parse(line) as Anchor & { signature: string };
    const key = keys.find((candidate) => keyIdOf(candidate) === anchor.keyId);
    const body = Buffer.from(bodyOf(anchor), 'utf8');
    const signed = key !== undefined && verify(null, body, key, Buffer.from(signature, 'base64'));
    return signed && anchor.format === FORMAT ? anchor : undefined;
  } catch {
    return undefined;
  }
}

function forged(index: number, why: string): Finding {
  return {
    ...{
      kind: 'anchor-forged',
      stream: 'anchors',
      table: 'anchors',
      seq: null,
      position: index,
      key: null,
      month: null,
    },
    facts: { line: String(index + 1), why },
  };
}

const GROUP = /(.{4})(?=.)/g;

/** The anchor as a sheet of paper: hashes in groups of four, to be compared by eye or typed in. */
export function anchorSheet(line: string): string {
  const anchor = JSON.parse(line) as Anchor & { signature: string };
  return [
    '审计锚点 Audit anchor',
    '',
    `统筹区 pool area    ${anchor.poolArea}`,
    `编号 number         ${anchor.seq}`,
    `时间 made at        ${anchor.at}`,
    `签名密钥 key        ${anchor.keyId}`,
    '',
    ...anchor.heads.flatMap(({ stream, seq, hash }) => [
      `${stream}  第 ${seq} 块 block ${seq}`,
      `  ${hash.slice(0, 32).replace(GROUP, '$1 ')}`,
      `  ${hash.slice(32).replace(GROUP, '$1 ')}`,
    ]),
    '',
    `上一锚点 SHA-256 of the line before`,
    `  ${anchor.previous.slice(0, 32).replace(GROUP, '$1 ')}`,
    `  ${anchor.previous.slice(32).replace(GROUP, '$1 ')}`,
    '',
    '保管人 kept by ____________________   日期 date ______________   签字 signature ____________________',
    '',
  ].join('\n');
}
