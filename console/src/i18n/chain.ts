/** Words of the chain panel. They stand here and not with the others, because only an auditor ever loads them. */
export const CHAIN_TEXTS = {
  title: { zh: '完整性', en: 'Integrity' },
  intact: { zh: '核验完整', en: 'verified whole' },
  broken: { zh: '核验不符', en: 'found broken' },
  never: { zh: '尚未核验', en: 'never verified' },
  verified: { zh: '最近核验', en: 'Last verification' },
  rows: { zh: '核验行数', en: 'rows compared' },
  differences: { zh: '不符处', en: 'differences' },
  first: { zh: '首处不符', en: 'First broken place' },
  anchor: { zh: '最近锚点', en: 'Last anchor' },
  noAnchor: { zh: '尚无锚点', en: 'no anchor yet' },
  anchorNumber: { zh: '编号', en: 'number' },
  make: { zh: '生成锚点', en: 'Make an anchor' },
  lines: { zh: '下载全部锚点', en: 'Download all anchors' },
  sheet: { zh: '下载锚点纸样', en: 'Download the sheet' },
  csv: { zh: '导出 CSV', en: 'Export CSV' },
  none: { zh: '尚无记录入链，约半分钟后再看。', en: 'Nothing was chained yet; look again in half a minute.' },
  stream: { zh: '链', en: 'Chain' },
  block: { zh: '末块', en: 'Last block' },
  upTo: { zh: '已核验至', en: 'Verified up to' },
  sealed: { zh: '封链时间', en: 'Sealed' },
  chained: { zh: '入链行数', en: 'Rows chained' },
  hash: { zh: '末块哈希', en: 'Hash of the last block' },
  note: {
    zh: '每行记录都有哈希，逐块相连；锚点须由数据库管理员以外的人保管，才能发现尾部被截断或整链被重造。',
    en: 'Every row has a hash and every block follows the one before; only an anchor kept by somebody else than the database administrator shows that a tail was cut off or a chain made anew.',
  },
  actorName: { zh: '用户名', en: 'User name' },
  wanted: { zh: '动作（末尾加点为整类）', en: 'Action (a trailing dot for all of a room)' },
  kind: { zh: '类型', en: 'Kind' },
} as const;

export const STREAM_TEXTS: Readonly<Record<string, { zh: string; en: string }>> = {
  audit: { zh: '审计日志', en: 'Audit trail' },
  'ledger-journal': { zh: '记账凭证', en: 'Journals' },
  'ledger-line': { zh: '凭证分录', en: 'Ledger lines' },
  'ledger-period': { zh: '已结账期', en: 'Closed periods' },
};
