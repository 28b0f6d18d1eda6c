import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { INestApplicationContext } from '@nestjs/common';
import { Anchors, AuditVerifier, ChainKeeper, findingLine, type VerifyReport } from '../audit/index.js';
import { parseMonth } from '../common/time/index.js';
import { type Command, print, withApplication } from './command.js';

interface Wish {
  readonly from?: string;
  readonly to?: string;
  readonly anchor?: readonly string[];
  readonly key?: readonly string[];
}

export const auditVerifyCommand: Command = {
  name: 'audit-verify',
  usage: '[--from YYYY-MM] [--to YYYY-MM] [--anchor FILE]… [--key FILE]…',
  about:
    'prove that audit trail and books are what was chained and anchored; exit 1 and the first broken row otherwise',
  run(argv) {
    const month = { type: 'string' } as const;
    const files = { type: 'string', multiple: true } as const;
    const { values } = parseArgs({ args: [...argv], options: { from: month, to: month, anchor: files, key: files } });
    return withApplication(async (app) => {
      let sound = true;
      for (const poolArea of await app.get(ChainKeeper).pools()) {
        const report = await verify(app, poolArea, values);
        print(reportText(report));
        sound &&= report.count === 0;
      }
      return sound ? 0 : 1;
    });
  },
};

async function verify(app: INestApplicationContext, poolArea: string, wish: Wish): Promise<VerifyReport> {
  const verifier = app.get(AuditVerifier);
  const keys = await Promise.all((wish.key ?? []).map(async (file) => createPublicKey(await readFile(file, 'utf8'))));
  const texts = await Promise.all((wish.anchor ?? []).map((file) => readFile(file, 'utf8')));
  const files = texts.map((text) => app.get(Anchors).read(text, poolArea, keys.length === 0 ? undefined : keys));
  const own = files.length === 0 ? await verifier.ownAnchors(poolArea) : {};
  return verifier.verifyAndRecord(poolArea, {
    ...own,
    ...(files.length === 0
      ? {}
      : {
          anchors: files.flatMap(({ heads }) => heads),
          anchorFindings: files.flatMap(({ findings }) => findings),
        }),
    from: wish.from === undefined ? undefined : parseMonth(wish.from),
    to: wish.to === undefined ? undefined : parseMonth(wish.to),
  });
}

/** The report for a terminal: what was checked, then what is broken, the first row first. */
function reportText({ poolArea, streams, anchors, findings, count, seconds }: VerifyReport): string {
  const rows = streams.reduce((sum, stream) => sum + stream.rows, 0);
  const blocks = streams.reduce((sum, stream) => sum + stream.blocks, 0);
  const lines = streams.map(
    (stream) =>
      `${stream.stream.padEnd(15)} ${String(stream.blocks)} blocks, ${String(stream.rows)} rows, ` +
      `${String(stream.pending)} not chained yet, ${String(stream.archived)} archived` +
      (stream.head === undefined ? '' : `, head ${String(stream.head.seq)} ${stream.head.hash.slice(0, 16)}`),
  );
  const speed = seconds === 0 ? 0 : Math.round(rows / seconds);
  return [
    `pool ${poolArea}`,
    ...lines,
    `${String(anchors)} anchored heads compared`,
    `${String(rows)} rows, ${String(blocks)} blocks in ${seconds.toFixed(1)} s (${String(speed)} rows/s)`,
    ...findings.map((finding) => `BROKEN  ${findingLine(finding)}${factsText(finding.facts)}`),
    ...(count > findings.length ? [`        … ${String(count - findings.length)} more`] : []),
    count === 0
      ? `pool ${poolArea}: 记录完整 the record is whole`
      : `pool ${poolArea}: ${String(count)} 处不符 differences`,
  ].join('\n');
}

function factsText(facts: Readonly<Record<string, string>>): string {
  const parts = Object.entries(facts).map(([name, value]) => `${name} ${value}`);
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}
